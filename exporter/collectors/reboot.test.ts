import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CollectorError, type Collection } from '../collector.ts';
import { localHost } from '../host.ts';
import { replay, type Replay } from '../replay.ts';
import {
  kernelPackageFormat,
  kernelPackagePatterns,
  newerKernels,
  parseKernelPackages,
} from './reboot/kernel-packages.ts';
import { reboot } from './reboot.ts';

const day = 86_400;
const booted = 1_790_000_000;
const query = `dpkg-query -W -f ${kernelPackageFormat} ${kernelPackagePatterns.join(' ')}`;
const packagesOf = (...releases: readonly string[]) =>
  releases.map((release) => `ii \tlinux-image-${release}\t1.0\n`).join('');
const listOf = (release: string) => `/var/lib/dpkg/info/linux-image-${release}.list`;
const writer = '/usr/share/update-notifier/notify-reboot-required';

/** Runs the collector on a host that was started at `booted` and runs 6.1.0-25-amd64. */
function collectOn(change: Replay) {
  return reboot.collect(
    replay({
      now: booted + 10 * day,
      ...change,
      files: {
        '/proc/sys/kernel/osrelease': '6.1.0-25-amd64\n',
        '/proc/sys/kernel/version': '#1 SMP PREEMPT_DYNAMIC Debian 1.0 (2026-08-26)\n',
        '/proc/stat': `cpu  1 2 3\nbtime ${booted}\nprocesses 5\n`,
        ...change.files,
      },
    }),
    {},
  );
}
const facts = ({ samples }: Collection) =>
  samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);
const flag = (value: 0 | 1) => `maintenance_reboot_required{flag_file} ${value}`;
const kernel = (value: 0 | 1) => `maintenance_reboot_required{kernel} ${value}`;
const since = (time: number) => `maintenance_reboot_required_since_timestamp_seconds{} ${time}`;

describe('the flag file', () => {
  test('its presence asks for a reboot, since its date', async () => {
    const collection = await collectOn({
      files: { '/run/reboot-required': '*** System restart required ***\n' },
      modified: { '/run/reboot-required': booted + day },
    });
    expect(facts(collection)).toEqual([flag(1), since(booted + day)]);
    expect(collection.problems).toEqual([]);
  });

  test.each([writer, '/etc/kernel/postinst.d/unattended-upgrades'])(
    'its absence is a 0 where %s would write it',
    async (path) => {
      expect(facts(await collectOn({ files: { [path]: '#!/bin/sh' } }))).toEqual([flag(0)]);
    },
  );

  test('its absence is no answer where nothing writes it, as on plain Debian', async () => {
    const collection = await collectOn({ commands: { [query]: packagesOf('6.1.0-25-amd64') } });
    expect(facts(collection)).toEqual([kernel(0)]);
    expect(collection.problems).toEqual([]);
  });

  test('a further update that touches it does not make the wait younger', async () => {
    const state = new Map<string, unknown>();
    const touched = (time: number, now: number) =>
      collectOn({
        state,
        now,
        files: { '/run/reboot-required': '' },
        modified: { '/run/reboot-required': time },
      });
    await touched(booted + day, booted + 2 * day);
    expect(facts(await touched(booted + 8 * day, booted + 9 * day))).toEqual([flag(1), since(booted + day)]);
  });

  test('after a reboot the wait starts anew, also when nobody looked in between', async () => {
    const state = new Map<string, unknown>([['reboot-first-seen', { flag_file: { pending: booted - day } }]]);
    const collection = await collectOn({
      state,
      files: { '/run/reboot-required': '' },
      modified: { '/run/reboot-required': booted + day },
    });
    expect(facts(collection)).toEqual([flag(1), since(booted + day)]);
  });
});

describe('the kernel', () => {
  test('a newer one asks for a reboot since the first newer one was installed', async () => {
    const collection = await collectOn({
      commands: {
        [query]: packagesOf('6.1.0-9-amd64', '6.1.0-25-amd64', '6.1.0-26-amd64', '6.1.0-27-amd64'),
      },
      files: {
        [listOf('6.1.0-26-amd64')]: '',
        [listOf('6.1.0-27-amd64')]: '',
        [listOf('6.1.0-9-amd64')]: '',
      },
      modified: {
        [listOf('6.1.0-9-amd64')]: booted - 300 * day,
        [listOf('6.1.0-26-amd64')]: booted + 2 * day,
        [listOf('6.1.0-27-amd64')]: booted + 6 * day,
      },
    });
    expect(facts(collection)).toEqual([kernel(1), since(booted + 2 * day)]);
  });

  test('the removal of the first newer one does not make the wait younger', async () => {
    const state = new Map<string, unknown>([
      ['reboot-first-seen', { kernel: { pending: booted + 2 * day } }],
    ]);
    const collection = await collectOn({
      state,
      commands: { [query]: packagesOf('6.1.0-25-amd64', '6.1.0-27-amd64') },
      files: { [listOf('6.1.0-27-amd64')]: '' },
      modified: { [listOf('6.1.0-27-amd64')]: booted + 6 * day },
    });
    expect(facts(collection)).toEqual([kernel(1), since(booted + 2 * day)]);
  });

  test('one installed before the last start, and still not running, is dated by its installation', async () => {
    const state = new Map<string, unknown>([
      ['reboot-first-seen', { kernel: { pending: booted - 9 * day } }],
    ]);
    const collection = await collectOn({
      state,
      commands: { [query]: packagesOf('6.1.0-25-amd64', '6.1.0-26-amd64') },
      files: { [listOf('6.1.0-26-amd64')]: '' },
      modified: { [listOf('6.1.0-26-amd64')]: booted - 10 * day },
    });
    expect(facts(collection)).toEqual([kernel(1), since(booted - 10 * day)]);
  });

  test('the flag file and the kernel together count from the older of the two', async () => {
    const collection = await collectOn({
      commands: { [query]: packagesOf('6.1.0-25-amd64', '6.1.0-26-amd64') },
      files: { [listOf('6.1.0-26-amd64')]: '', '/run/reboot-required': '' },
      modified: { [listOf('6.1.0-26-amd64')]: booted + day, '/run/reboot-required': booted + 3 * day },
    });
    expect(facts(collection)).toEqual([flag(1), kernel(1), since(booted + day)]);
  });

  test('one that no package owns is unknown, never 0, and the flag file still counts', async () => {
    const container = {
      commands: {
        [query]: {
          exitCode: 1,
          stdout: packagesOf('6.1.0-30-amd64'),
          stderr: 'dpkg-query: no packages found matching pve-kernel-*',
        },
      },
      files: { '/proc/sys/kernel/osrelease': '6.8.12-4-custom\n', [writer]: '' },
    };
    const collection = await collectOn(container);
    expect(facts(collection)).toEqual([flag(0)]);
    expect(collection.problems).toEqual([]);
  });

  test('one whose package was removed while it runs asks for a reboot into a newer one, and is unknown without', async () => {
    const removed = 'rc \tlinux-image-6.1.0-25-amd64\t1.0\n';
    const replaced = await collectOn({ commands: { [query]: removed + packagesOf('6.1.0-26-amd64') } });
    expect(facts(replaced)).toContain(kernel(1));
    await expect(collectOn({ commands: { [query]: removed } })).rejects.toMatchObject({
      reason: 'unsupported',
    });
  });

  test('when neither can be told, that is said', async () => {
    await expect(collectOn({ commands: { [query]: { exitCode: 1 } } })).rejects.toMatchObject({
      reason: 'unsupported',
    });
    await expect(collectOn({})).rejects.toMatchObject({ reason: 'unsupported' });
  });

  test('init configures it only where something can be told', async () => {
    expect(await reboot.detect(replay({ files: { [writer]: '' } }))).toEqual({});
    expect(await reboot.detect(replay({}))).toBeUndefined();
  });

  test.each([
    ['fails', { exitCode: 2, stderr: 'dpkg-query: error: parsing file /var/lib/dpkg/status' }, 'tool_failed'],
    ['hangs', new CollectorError('timeout', 'dpkg-query took longer than 30 s'), 'timeout'],
  ])('when dpkg-query %s the kernel is unknown and the flag file still counts', async (_, answer, reason) => {
    const collection = await collectOn({ commands: { [query]: answer }, files: { [writer]: '' } });
    expect(facts(collection)).toEqual([flag(0)]);
    expect(collection.problems.map((problem) => problem.reason)).toEqual([reason]);
  });
});

describe('kernel packages', () => {
  test('only fully installed kernels count', () => {
    const text = [
      'ii \tlinux-image-6.1.0-25-amd64\t6.1.106-3',
      'hi \tlinux-image-6.1.0-26-amd64\t6.1.112-1',
      'rc \tlinux-image-6.1.0-18-amd64\t6.1.76-1',
      'iF \tlinux-image-6.1.0-27-amd64\t6.1.115-1',
      'iiR\tlinux-image-6.1.0-28-amd64\t6.1.119-1',
      'un \tlinux-image-6.1.0-29-amd64\t',
      'ii \tlinux-image-amd64\t6.1.112-1',
      'ii \tlinux-image-6.1.0-25-amd64-dbg\t6.1.106-3',
      'ii \tlinux-image-unsigned-6.8.0-45-generic\t6.8.0-45.45',
      'ii \tlinux-image-6.8.0-45-generic-dbgsym\t6.8.0-45.45',
      'ii \tproxmox-kernel-6.8\t6.8.12-4',
      'ii \tproxmox-kernel-6.8.12-4-pve-signed\t6.8.12-4',
      '',
    ].join('\n');
    const installed = parseKernelPackages(text).filter((one) => one.installed);
    expect(parseKernelPackages(text)).toHaveLength(installed.length + 3);
    expect(installed.map(({ release }) => release)).toEqual([
      '6.1.0-25-amd64',
      '6.1.0-26-amd64',
      '6.8.0-45-generic',
      '6.8.12-4-pve',
    ]);
  });

  test.each([
    ['6.1.0-9-amd64', '6.1.0-26-amd64', true],
    ['6.1.0-26-amd64', '6.1.0-9-amd64', false],
    ['6.1.0-26-amd64', '6.12.48+deb13-amd64', true],
    ['6.12.48+deb13-amd64', '6.12.57+deb13-amd64', true],
    ['6.1.0-26-amd64', '6.1.0-27-cloud-amd64', false],
    ['6.1.0-26-cloud-amd64', '6.1.0-27-cloud-amd64', true],
    ['6.1.0-26-686', '6.1.0-27-686-pae', false],
    ['6.1.0-26-686-pae', '6.1.0-27-686-pae', true],
    ['6.1.0-0.deb11.17-amd64', '6.1.0-0.deb11.21-amd64', true],
    ['6.8.0-45-generic', '6.8.0-48-generic', true],
    ['6.8.0-1018-aws', '6.8.0-48-generic', false],
    ['6.6.31+rpt-rpi-v8', '6.6.51+rpt-rpi-v8', true],
    ['6.6.31+rpt-rpi-v8', '6.6.51+rpt-rpi-2712', false],
    ['6.8.12-4-pve', '6.8.12-5-pve', true],
  ])('%s running and %s installed asks for a reboot: %s', (running, installed, expected) => {
    const newer = newerKernels(running, '', parseKernelPackages(packagesOf(running, installed)));
    expect(newer?.map(({ release }) => release)).toEqual(expected ? [installed] : []);
  });

  test.each([
    ['#1 SMP PREEMPT_DYNAMIC Debian 6.1.112-1 (2024-09-30)', ['linux-image-6.1.0-26-amd64']],
    ['#1 SMP PREEMPT_DYNAMIC Debian 6.1.115-1 (2024-11-01)', []],
    ['#45-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 30 12:02:04 UTC 2024', []],
  ])('6.1.115-1 installed under the same release as the running %s', (build, expected) => {
    const packages = parseKernelPackages('ii \tlinux-image-6.1.0-26-amd64\t6.1.115-1\n');
    expect(newerKernels('6.1.0-26-amd64', build, packages)?.map(({ name }) => name)).toEqual(expected);
  });
});

const statusParagraph = (name: string, status: string) =>
  `Package: ${name}\nStatus: ${status}\nMaintainer: x <x@example.org>\nArchitecture: amd64\nVersion: 1.2-3\nDescription: x\n\n`;

describe.skipIf(spawnSync('dpkg', ['--version']).status !== 0)('dpkg-query (needs dpkg)', () => {
  const records = mkdtempSync(join(tmpdir(), 'maintenance-dpkg-'));
  afterAll(() => rmSync(records, { recursive: true, force: true }));

  test('answers in the format that is parsed, also when a pattern matches nothing', async () => {
    writeFileSync(
      join(records, 'status'),
      statusParagraph('linux-image-6.1.0-25-amd64', 'install ok installed') +
        statusParagraph('linux-image-6.1.0-26-amd64', 'hold ok installed') +
        statusParagraph('linux-image-6.1.0-27-amd64', 'install ok half-configured') +
        statusParagraph('linux-image-amd64', 'install ok installed'),
    );
    const host = localHost({ stateDirectory: records });
    const args = ['-W', '-f', kernelPackageFormat, ...kernelPackagePatterns];
    const { exitCode, stdout } = await host.run('dpkg-query', args, { env: { DPKG_ADMINDIR: records } });
    expect(exitCode).toBe(1);
    expect(
      parseKernelPackages(stdout).map(({ release, version, installed }) => [release, version, installed]),
    ).toEqual([
      ['6.1.0-25-amd64', '1.2-3', true],
      ['6.1.0-26-amd64', '1.2-3', true],
      ['6.1.0-27-amd64', '1.2-3', false],
    ]);
  });
});

describe.skipIf(!existsSync('/proc/sys/kernel/osrelease'))('this host (needs Linux)', () => {
  const state = mkdtempSync(join(tmpdir(), 'maintenance-reboot-'));
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  test('says 1 where a flag lies, and nothing about a kernel no package owns', async () => {
    const host = localHost({ stateDirectory: state });
    const release = spawnSync('uname', ['-r'], { encoding: 'utf8' }).stdout.trim();
    const owned = existsSync(listOf(release));
    const flagged = existsSync('/run/reboot-required');
    try {
      const reasons = new Map(
        (await reboot.collect(host, {})).samples
          .filter(({ name }) => name === 'maintenance_reboot_required')
          .map(({ labels, value }) => [labels['reason'], value]),
      );
      expect(reasons.has('kernel')).toBe(owned);
      expect(reasons.get('flag_file') === 1).toBe(flagged);
    } catch (error) {
      expect(error).toMatchObject({ reason: 'unsupported' });
      expect([owned, flagged]).toEqual([false, false]);
    }
  });
});
