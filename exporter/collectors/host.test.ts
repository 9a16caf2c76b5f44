import { expect, test } from 'vitest';
import type { Machine } from '../collector.ts';
import { replay } from '../replay.ts';
import { host } from './host.ts';

const machine: Machine = {
  hostname: 'db1',
  os: 'Debian GNU/Linux',
  osVersion: '12',
  kernel: '6.1.0-28-amd64',
  architecture: 'x64',
  manufacturer: 'Dell Inc.',
  model: 'PowerEdge R650',
  virtual: false,
  cpus: 64,
  memory: 270_000_000_000,
  booted: 1_794_913_620,
  fileSystems: [
    { mountpoint: '/', fstype: 'ext4', size: 1000, free: 550 },
    { mountpoint: '/srv', fstype: 'xfs', size: 5000, free: 0 },
  ],
};

const series = async (facts: Partial<Machine>) => {
  const { samples, problems } = await host.collect(replay({ machine: facts }), {});
  return {
    series: Object.fromEntries(
      samples.map(({ name, labels, value }) => [
        `${name.replace('maintenance_', '')}${labels['mountpoint'] ?? ''}`,
        value,
      ]),
    ),
    info: samples.find(({ name }) => name === 'maintenance_host_info')?.labels,
    problems,
  };
};

test('host states what the machine is and has', async () => {
  const found = await series(machine);
  expect(found.problems).toEqual([]);
  expect(found.info).toEqual({
    hostname: 'db1',
    os: 'Debian GNU/Linux',
    os_version: '12',
    kernel: '6.1.0-28-amd64',
    architecture: 'x64',
    manufacturer: 'Dell Inc.',
    model: 'PowerEdge R650',
    virtual: 'false',
  });
  expect(found.series).toEqual({
    host_info: 1,
    host_boot_timestamp_seconds: 1_794_913_620,
    host_cpus: 64,
    host_memory_bytes: 270_000_000_000,
    'filesystem_size_bytes/': 1000,
    'filesystem_free_bytes/': 550,
    'filesystem_size_bytes/srv': 5000,
    'filesystem_free_bytes/srv': 0,
  });
});

test('host leaves out what is unknown and says which facts are missing', async () => {
  const found = await series({ hostname: 'db1' });
  expect(found.series).toEqual({ host_info: 1 });
  expect(found.info).toMatchObject({ hostname: 'db1', os: '', virtual: '' });
  expect(found.problems).toEqual([
    {
      reason: 'unsupported',
      message: expect.stringContaining('the start time, the processors, the memory, the local file systems'),
    },
  ]);
});

test('host misses no identity that a machine does not have', async () => {
  const found = await series({ ...machine, manufacturer: undefined, model: undefined, virtual: undefined });
  expect(found.problems).toEqual([]);
  expect(found.info).toMatchObject({ manufacturer: '', model: '', virtual: '' });
});

test('host claims nothing where nothing is known', async () => {
  const found = await series({});
  expect(found.series).toEqual({});
  expect(found.problems).toHaveLength(1);
});
