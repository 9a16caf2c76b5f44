import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type ToolOutput } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import {
  kernelPackageFormat,
  kernelPackagePatterns,
  newerKernels,
  parseKernelPackages,
} from './reboot/kernel-packages.ts';
import { needrestartArguments } from './reboot/needrestart.ts';
import { reboot } from './reboot.ts';

const day = 86_400;
const booted = 1_790_000_000;
const query = `dpkg-query -W -f ${kernelPackageFormat} ${kernelPackagePatterns.join(' ')}`;
const packagesOf = (...releases: readonly string[]) =>
  releases.map((release) => `ii \tlinux-image-${release}\t1.0\n`).join('');
const listOf = (release: string) => `/var/lib/dpkg/info/linux-image-${release}.list`;
const writer = '/usr/share/update-notifier/notify-reboot-required';

/** Runs the collector on a host that was started at `booted` and runs 6.1.0-25-amd64. */
function collectOn(change: Replay, settings: Readonly<Record<string, unknown>> = {}) {
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
    settings,
  );
}
/** What is remembered of one reason. */
const remembered = (reason: string, seen: number) =>
  new Map<string, unknown>([['reboot-first-seen', { format: 1, entries: [[reason, seen, null]] }]]);
/** For tests of the flag file alone. */
const noKernel = { kernel: false };
const facts = ({ samples }: Collection) =>
  samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);
const flag = (value: 0 | 1) => `maintenance_reboot_required{flag_file} ${value}`;
const kernel = (value: 0 | 1) => `maintenance_reboot_required{kernel} ${value}`;
const since = (time: number) => `maintenance_reboot_required_since_timestamp_seconds{} ${time}`;

describe('the flag file', () => {
  test('its presence asks for a reboot, since its date', async () => {
    const collection = await collectOn(
      {
        files: { '/run/reboot-required': '*** System restart required ***\n' },
        modified: { '/run/reboot-required': booted + day },
      },
      noKernel,
    );
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
    const state = remembered('flag_file', booted - day);
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
    const state = remembered('kernel', booted + 2 * day);
    const collection = await collectOn({
      state,
      commands: { [query]: packagesOf('6.1.0-25-amd64', '6.1.0-27-amd64') },
      files: { [listOf('6.1.0-27-amd64')]: '' },
      modified: { [listOf('6.1.0-27-amd64')]: booted + 6 * day },
    });
    expect(facts(collection)).toEqual([kernel(1), since(booted + 2 * day)]);
  });

  test('one installed before the last start, and still not running, is dated by its installation', async () => {
    const state = remembered('kernel', booted - 9 * day);
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
    expect(collection.problems).toEqual([
      { reason: 'unsupported', message: expect.stringContaining('6.8.12-4-custom') },
    ]);
    expect((await collectOn(container, noKernel)).problems).toEqual([]);
  });

  test('one whose package was removed while it runs asks for a reboot into a newer one, and is unknown without', async () => {
    const removed = 'rc \tlinux-image-6.1.0-25-amd64\t1.0\n';
    const replaced = await collectOn({ commands: { [query]: removed + packagesOf('6.1.0-26-amd64') } });
    expect(facts(replaced)).toContain(kernel(1));
    const alone = await collectOn({ commands: { [query]: removed } });
    expect(alone).toMatchObject({ samples: [], problems: [{ reason: 'unsupported' }] });
  });

  test('when neither can be told, that is said', async () => {
    const untold = { samples: [], problems: [{ reason: 'unsupported' }] };
    expect(await collectOn({ commands: { [query]: { exitCode: 1 } } })).toMatchObject(untold);
    expect(await collectOn({})).toMatchObject(untold);
    await expect(collectOn({}, noKernel)).rejects.toMatchObject({ reason: 'unsupported' });
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

/** A host of Debian with libc6 and dbus installed when it was set up. */
const core = (times: Readonly<Record<string, number>>): Replay => ({
  commands: { [query]: packagesOf('6.1.0-25-amd64') },
  files: Object.fromEntries(['libc6:amd64', 'dbus', 'bash'].map((name) => [debianList(name), ''])),
  modified: {
    [debianList('libc6:amd64')]: booted - 30 * day,
    [debianList('dbus')]: booted - 30 * day,
    [debianList('bash')]: booted + 5 * day,
    ...times,
  },
});
const debianList = (name: string) => `/var/lib/dpkg/info/${name}.list`;
const libraries = (value: 0 | 1) => `maintenance_reboot_required{libraries} ${value}`;

describe('core packages of Debian', () => {
  test('that were there at the start ask for nothing', async () => {
    expect(facts(await collectOn(core({})))).toEqual([kernel(0), libraries(0)]);
  });

  test('node_reboot_required is 0 on plain Debian although libc6 was replaced: the flag file is never written for it', async () => {
    const collection = await collectOn(
      core({ [debianList('libc6:amd64')]: booted + 2 * day, [debianList('dbus')]: booted + 3 * day }),
    );
    expect(facts(collection)).toEqual([kernel(0), libraries(1), since(booted + 2 * day)]);
    expect(collection.problems).toEqual([]);
  });

  test('that are replaced once more do not make the wait younger', async () => {
    const state = new Map<string, unknown>();
    const replacedAt = (time: number, now: number) =>
      collectOn({ ...core({ [debianList('dbus')]: time }), state, now });
    await replacedAt(booted + 2 * day, booted + 3 * day);
    expect(facts(await replacedAt(booted + 8 * day, booted + 9 * day))).toContain(since(booted + 2 * day));
  });

  test('are unknown where the time of the start is hidden', async () => {
    const files = { ...core({}).files, '/proc/stat': 'cpu  1 2 3\n' };
    const collection = await collectOn({ ...core({}), files });
    expect(facts(collection)).toEqual([kernel(0)]);
    expect(collection.problems).toMatchObject([{ reason: 'source_missing' }]);
  });
});

test('node_reboot_required is 0 on plain Debian although a newer kernel is installed: the flag file is never written there', async () => {
  const collection = await collectOn({
    commands: { [query]: packagesOf('6.1.0-25-amd64', '6.1.0-26-amd64') },
  });
  expect(facts(collection)).toEqual([kernel(1), since(booted + 10 * day)]);
});

describe('in a container', () => {
  const mark = { '/run/systemd/container': 'lxc\n' };

  test('the running kernel belongs to the host and nothing replaced since the start can be told', async () => {
    const newer = { [query]: packagesOf('6.1.0-25-amd64', '6.1.0-26-amd64') };
    const told = collectOn({ commands: newer, files: { ...core({}).files, ...mark } });
    await expect(told).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('in a container the running kernel belongs to the machine below'),
    });
  });

  test('its own flag file still counts', async () => {
    const collection = await collectOn({ files: { ...mark, '/run/reboot-required': '' } });
    expect(facts(collection)).toEqual([flag(1), since(booted + 10 * day)]);
    expect(collection.problems).toEqual([]);
  });
});

describe('microcode, from needrestart', () => {
  const ask = `needrestart ${needrestartArguments.join(' ')}`;
  const said = (lines: string) => `NEEDRESTART-VER: 3.6\nNEEDRESTART-KCUR: 6.1.0-25-amd64\n${lines}`;
  const collectSaid = (answer: string | Partial<ToolOutput> | CollectorError, installed = '6.1.0-25-amd64') =>
    collectOn({ commands: { [query]: packagesOf(installed), [ask]: answer } });

  test('that is older than the one on disk asks for a reboot', async () => {
    const collection = await collectSaid(
      said('NEEDRESTART-UCSTA: 2\nNEEDRESTART-UCCUR: 0x00f0\nNEEDRESTART-UCEXP: 0x00f4\n'),
    );
    expect(facts(collection)).toEqual([
      kernel(0),
      'maintenance_reboot_required{microcode} 1',
      since(booted + 10 * day),
    ]);
  });

  test('that is the newest one asks for nothing', async () => {
    const collection = await collectSaid(
      said('NEEDRESTART-UCSTA: 1\nNEEDRESTART-UCCUR: 0x00f4\nNEEDRESTART-UCEXP: 0x00f4\n'),
    );
    expect(facts(collection)).toEqual([kernel(0), 'maintenance_reboot_required{microcode} 0']);
  });

  test.each([
    ['3', 1],
    ['2', 1],
    ['1', 0],
  ] as const)('a kernel of no package is told by its state %s', async (state, expected) => {
    const collection = await collectSaid(said(`NEEDRESTART-KSTA: ${state}\n`), '6.1.0-1-rt-amd64');
    expect(facts(collection)).toContain(kernel(expected));
    expect(collection.problems).toEqual([]);
  });

  test('packages know better: needrestart compares all files in /boot, also those of other flavours', async () => {
    expect(facts(await collectSaid(said('NEEDRESTART-KSTA: 3\n')))).toEqual([kernel(0)]);
  });

  test.each([
    ['fails', { exitCode: 2, stderr: 'Died at /usr/sbin/needrestart line 5.' }, 'tool_failed'],
    ['prints nothing', '', 'tool_failed'],
    ['hangs', new CollectorError('timeout', 'needrestart took longer than 30 s'), 'timeout'],
  ])('when it %s that is said, and the kernel still counts', async (_, answer, reason) => {
    const collection = await collectSaid(answer);
    expect(facts(collection)).toEqual([kernel(0)]);
    expect(collection.problems.map((problem) => problem.reason)).toEqual([reason]);
  });
});

describe('memory of reasons', () => {
  test('a clock that was ahead does no lasting harm, one that was never set dates nothing', async () => {
    const state = new Map<string, unknown>();
    const at = (now: number, time: number) =>
      collectOn(
        { state, now, files: { '/run/reboot-required': '' }, modified: { '/run/reboot-required': time } },
        noKernel,
      );
    expect(facts(await at(booted + 900 * day, booted + 800 * day))).toContain(since(booted + 800 * day));
    expect(facts(await at(booted + 2 * day, booted + day))).toContain(since(booted + day));
    expect((await at(86_400, 3600)).problems).toMatchObject([{ reason: 'clock_wrong' }]);
    expect(facts(await at(booted + 4 * day, booted + 3 * day))).toContain(since(booted + day));
  });
});

const shared = new URL('../../../shared/fixtures/sources/', import.meta.url);
const sharedHere = existsSync(shared);
if (!sharedHere) console.warn('../shared is not here: samples of reboot state are not read');

describe.skipIf(!sharedHere)('samples of real hosts', () => {
  const sample = (name: string) => readFileSync(new URL(name, shared), 'utf8');

  test('a file in /var/run asks for a reboot of Debian; which packages asked does not matter', async () => {
    const text = sample('reboot/ubuntu_reboot.toml');
    expect(text).toContain('[files."/var/run/reboot-required"]');
    const release = /stdout = "(4\S+)"/.exec(text)?.[1] ?? '';
    const collection = await collectOn({
      now: booted + day,
      files: {
        '/proc/sys/kernel/osrelease': release,
        '/var/run/reboot-required': '*** System restart required ***\n',
        '/var/run/reboot-required.pkgs': 'libssl1.1\nlinux-base\n',
      },
    });
    expect(facts(collection)).toEqual([flag(1), since(booted + day)]);
    expect(collection.problems).toMatchObject([{ message: expect.stringContaining('4.9.125-linuxkit') }]);
  });

  test.each([
    'apt-ubuntu/pro-api-reboot_required-after-upgrade.json',
    'apt-ubuntu/pro-api-u.pro.security.status.reboot_required.v1.json',
  ])(
    'pro api says "no" after libc6 was replaced, because nothing wrote the flag file (%s): no 0 of the flag file, and the library counts',
    async (name) => {
      expect(JSON.parse(sample(name))).toMatchObject({
        result: 'success',
        data: { attributes: { reboot_required: 'no', livepatch_enabled: false } },
      });
      const collection = await collectOn(core({ [debianList('libc6:amd64')]: booted + day }));
      expect(facts(collection)).toEqual([kernel(0), libraries(1), since(booted + day)]);
    },
  );
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
