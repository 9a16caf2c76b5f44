import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPolicy } from '../policy.ts';
import { fact, hours, type Series } from './facts.ts';
import { promtool, writeRules } from './promtool.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-files-'));
  writeRules(directory, readPolicy(join(import.meta.dirname, 'policy.yaml')), 'maintenance_filesystem_');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What node_exporter says of a file system, with a reserve for root in it. */
function files(mountpoint: string, avail: number, more = 'device="/dev/sda1",fstype="ext4"'): Series {
  const labels = `customer="acme",instance="app-1",job="node",role="server",mountpoint="${mountpoint}",${more}`;
  return {
    [`node_filesystem_size_bytes{${labels}}`]: '100x300',
    [`node_filesystem_free_bytes{${labels}}`]: `${avail + 5}x300`,
    [`node_filesystem_avail_bytes{${labels}}`]: `${avail}x300`,
  };
}

const full = 'sum by (object) (object:maintenance_control_compliant:bool{control="capacity"})';

test('file systems of node_exporter are judged by what users may still write', () => {
  expect(() =>
    promtool(
      directory,
      {
        ...files('/', 40),
        ...files('/srv', 3),
        ...files('/mnt/share', 0, 'device="nas:/x",fstype="nfs4"'),
        ...files('/snap/core', 0, 'device="/dev/loop0",fstype="squashfs"'),
      },
      6 * hours,
      {
        // That it is not full is known; how fast it grows is not, within the first week.
        [full]: { '{object="/"}': 0, '{object="/srv"}': 0 },
        'object:maintenance_space_used:ratio': {
          'object:maintenance_space_used:ratio{customer="acme",instance="app-1",object="/",role="server"}': 0.6,
          'object:maintenance_space_used:ratio{customer="acme",instance="app-1",object="/srv",role="server"}': 0.97,
        },
        'object:maintenance_control_known:bool{control="capacity"} == 1': {
          'object:maintenance_control_known:bool{control="capacity",customer="acme",instance="app-1",object="/srv",role="server"}': 1,
        },
      },
    ),
  ).not.toThrow();
});

test('where our own exporter tells, nobody is asked twice', () => {
  const ours = { mountpoint: '/srv', fstype: 'ext4' } as const;
  expect(() =>
    promtool(
      directory,
      {
        ...files('/srv', 3),
        ...fact('maintenance_filesystem_size_bytes', ours, 100),
        ...fact('maintenance_filesystem_free_bytes', ours, 50),
      },
      6 * hours,
      {
        'object:maintenance_space_used:ratio': {
          'object:maintenance_space_used:ratio{customer="acme",instance="app-1",object="/srv",role="server"}': 0.5,
        },
      },
    ),
  ).not.toThrow();
});
