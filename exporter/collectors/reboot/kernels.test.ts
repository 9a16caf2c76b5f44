import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type ToolOutput } from '../../collector.ts';
import { replay, type Replay } from '../../replay.ts';
import { reboot } from '../reboot.ts';
import { alpineKernelReplaced } from './alpine-kernels.ts';
import { archKernelReplaced } from './arch-kernels.ts';
import { holdsKernel, newerRpmKernels } from './rpm-kernels.ts';
import { parseRpmPackages, rpmPackageFormat } from './rpm-packages.ts';

const day = 86_400;
const booted = 1_790_000_000;

/** `name evr arch [days after the start]`, installed a month before the start unless told. */
const rpms = (...lines: readonly string[]) =>
  lines
    .map((line) => {
      const [name = '', evr = '', arch = '', days = '-30'] = line.split(' ');
      return `${name}\t0:${evr}\t${arch}\t${booted + Number(days) * day}\n`;
    })
    .join('');
const newer = (release: string, ...lines: readonly string[]) =>
  newerRpmKernels(release, booted, parseRpmPackages(rpms(...lines)))?.map(
    ({ name, evr }) => `${name} ${evr.slice(2)}`,
  );

describe('kernels of Red Hat and its relatives', () => {
  test('a newer one waits for a start', () => {
    expect(
      newer(
        '5.14.0-427.13.1.el9_4.x86_64',
        'kernel 5.14.0-427.13.1.el9_4 x86_64',
        'kernel 5.14.0-427.16.1.el9_4 x86_64 1',
        'kernel-core 5.14.0-362.8.1.el9_3 x86_64',
        'kernel-core 5.14.0-427.13.1.el9_4 x86_64',
        'kernel-core 5.14.0-427.16.1.el9_4 x86_64 1',
        'kernel-modules 5.14.0-503.14.1.el9_5 x86_64 1',
      ),
    ).toEqual(['kernel-core 5.14.0-427.16.1.el9_4']);
  });

  test('versions are compared as rpm does, not as text', () => {
    expect(
      newer('4.18.0-80.el8.x86_64', 'kernel 4.18.0-80.el8 x86_64', 'kernel 4.18.0-80.11.2.el8_0 x86_64'),
    ).toEqual(['kernel 4.18.0-80.11.2.el8_0']);
    expect(
      newer(
        '4.18.0-80.11.2.el8_0.x86_64',
        'kernel 4.18.0-80.11.2.el8_0 x86_64',
        'kernel 4.18.0-80.4.2.el8_0 x86_64',
      ),
    ).toEqual([]);
  });

  test.each([
    ['real time of RHEL 9', '5.14.0-427.13.1.el9_4.x86_64+rt', 'kernel-rt-core 5.14.0-427.13.1.el9_4 x86_64'],
    ['64k pages', '5.14.0-427.13.1.el9_4.aarch64+64k', 'kernel-64k-core 5.14.0-427.13.1.el9_4 aarch64'],
    [
      'real time of RHEL 8',
      '4.18.0-553.rt7.342.el8_10.x86_64',
      'kernel-rt-core 4.18.0-553.rt7.342.el8_10 x86_64',
    ],
    ['Oracle', '5.15.0-205.149.5.1.el9uek.x86_64', 'kernel-uek-core 5.15.0-205.149.5.1.el9uek x86_64'],
    ['Fedora', '6.11.4-301.fc41.x86_64', 'kernel-core 6.11.4-301.fc41 x86_64'],
    ['Amazon Linux 2', '4.14.123-111.109.amzn2.x86_64', 'kernel 4.14.123-111.109.amzn2 x86_64'],
    ['Amazon Linux 2023', '6.12.20-23.97.amzn2023.x86_64', 'kernel6.12 6.12.20-23.97.amzn2023 x86_64'],
  ])('the one that runs is found: %s', (_, release, owner) => {
    const [name = '', , arch = ''] = owner.split(' ');
    expect(newer(release, owner, 'kernel-other-core 9.9.9-1 x86_64')).toEqual([]);
    expect(newer(release, owner, `${name} 9.9.9-1 ${arch}`)).toEqual([`${name} 9.9.9-1`]);
  });

  test('a newer one of another kind waits for nothing: the normal kernel beside the one for real time', () => {
    const both = ['kernel-core 5.14.0-427.13.1.el9_4 x86_64', 'kernel-rt-core 5.14.0-427.13.1.el9_4 x86_64'];
    expect(newer('5.14.0-427.13.1.el9_4.x86_64+rt', ...both, 'kernel-core 5.14.0-503.el9 x86_64')).toEqual(
      [],
    );
    expect(newer('5.14.0-427.13.1.el9_4.x86_64', ...both, 'kernel-rt-core 5.14.0-503.el9 x86_64')).toEqual(
      [],
    );
  });

  test('the same one that was installed again since the start waits for one', () => {
    expect(newer('6.11.4-301.fc41.x86_64', 'kernel-core 6.11.4-301.fc41 x86_64 2')).toEqual([
      'kernel-core 6.11.4-301.fc41',
    ]);
  });

  test('one that no package owns is unknown', () => {
    expect(newer('6.9.0-custom', 'kernel-core 6.11.4-301.fc41 x86_64')).toBeUndefined();
    expect(
      newer('5.14.0-427.13.1.el9_4.x86_64+mine', 'kernel-core 5.14.0-427.13.1.el9_4 x86_64'),
    ).toBeUndefined();
    expect(newer('6.11.4-301.fc41.x86_64')).toBeUndefined();
    expect(newer('')).toBeUndefined();
  });

  test.each([
    'kernel-devel',
    'kernel-headers',
    'kernel-modules-core',
    'kernel-tools-libs',
    'kernel-firmware-intel',
    'kernel-livepatch-5_14_0',
    'kernel-srpm-macros',
    'kernelshark',
    'kernel-default-devel',
  ])('%s holds none', (name) => expect(holdsKernel(name)).toBe(false));
});

describe('kernels of SUSE', () => {
  const running = '5.14.21-150500.55.88-default';

  test.each([
    [running, 'kernel-default 5.14.21-150500.55.88.1 x86_64'],
    [running, 'kernel-default-base 5.14.21-150500.55.88.1 x86_64'],
    ['6.11.3-1-default', 'kernel-default 6.11.3-1.1 x86_64'],
    ['5.14.21-150500.33.20-azure', 'kernel-azure 5.14.21-150500.33.20.1 x86_64'],
    ['6.4.0-150600.10.2-rt', 'kernel-rt 6.4.0-150600.10.2.1 x86_64'],
  ])('%s is %s, without the number of the rebuild', (release, owner) => {
    const name = owner.split(' ')[0] ?? '';
    expect(newer(release, owner)).toEqual([]);
    expect(newer(release, owner, `${name} 9.9.9-1.1 x86_64`)).toEqual([`${name} 9.9.9-1.1`]);
  });

  test('55.8 is not 55.88', () => {
    expect(
      newer('5.14.21-150500.55.8-default', 'kernel-default 5.14.21-150500.55.88.1 x86_64'),
    ).toBeUndefined();
  });

  test('the same release that was built anew and installed since the start waits for one', () => {
    expect(newer(running, 'kernel-default 5.14.21-150500.55.88.2 x86_64 1')).toEqual([
      'kernel-default 5.14.21-150500.55.88.2',
    ]);
  });
});

describe('kernels of Arch Linux', () => {
  const folder = (release: string, base?: string) => ({ release, base });

  test('an update took the modules of the running one away', () => {
    expect(archKernelReplaced('6.11.1-arch1-1', [folder('6.11.5-arch1-1', 'linux')])).toBe(true);
  });
  test('something kept the modules of the running one', () => {
    const kept = [folder('6.11.1-arch1-1', 'linux'), folder('6.11.5-arch1-1', 'linux')];
    expect(archKernelReplaced('6.11.1-arch1-1', kept)).toBe(true);
    expect(archKernelReplaced('6.11.5-arch1-1', kept)).toBe(false);
  });
  test('another kernel beside it does not count', () => {
    const both = [folder('6.6.58-1-lts', 'linux-lts'), folder('6.11.5-arch1-1', 'linux')];
    expect(archKernelReplaced('6.6.58-1-lts', both)).toBe(false);
  });
  test('an own build is unknown', () => {
    expect(
      archKernelReplaced('6.11.1-mine', [folder('6.11.1-mine'), folder('6.11.5-arch1-1', 'linux')]),
    ).toBeUndefined();
    expect(archKernelReplaced('6.11.1-mine', [])).toBeUndefined();
  });
});

describe('kernels of Alpine Linux', () => {
  const installed =
    'C:Q1x\nP:busybox\nV:1.36.1-r29\n\nC:Q1y\nP:linux-lts\nV:6.6.58-r0\nA:x86_64\n\nP:linux-virt\nV:6.6.60-r0\n\n';

  test.each([
    ['6.6.58-0-lts', false],
    ['6.6.54-0-lts', true],
    ['6.6.58-1-lts', true],
    ['6.6.60-0-virt', false],
    ['6.6.58-0-rpi', undefined],
    ['6.8.12-4-pve', undefined],
    ['6.9.0', undefined],
  ])('%s was replaced: %s', (release, expected) =>
    expect(alpineKernelReplaced(release, installed)).toBe(expected),
  );
});

describe('packages of rpm', () => {
  test('lines of another shape are left out', () => {
    expect(
      parseRpmPackages(
        'kernel\t0:5-1\tx86_64\t12\nFehler: x\nkernel\t(none):5-1\tx86_64\t12\nkernel\t0:5-1\tx86_64\t\n\n',
      ),
    ).toEqual([{ name: 'kernel', evr: '0:5-1', arch: 'x86_64', installed: 12 }]);
  });
});

const query = (...patterns: readonly string[]) =>
  `rpm -qa --queryformat ${rpmPackageFormat} ${patterns.join(' ')}`;
const coreNames = [
  'glibc',
  'linux-firmware',
  'systemd',
  'dbus',
  'dbus-broker',
  'dbus-daemon',
  'microcode_ctl',
];
const kernels = query('kernel*');
const core = query(...coreNames);
type Answers = Readonly<Record<string, string | Partial<ToolOutput> | CollectorError>>;

/** Runs the collector on a host with rpm that runs 5.14.0-427.13.1.el9_4.x86_64. */
async function collectOn(commands: Answers, change: Replay = {}) {
  const { samples, problems } = await reboot.collect(
    replay({
      now: booted + 10 * day,
      ...change,
      commands: {
        [kernels]: rpms('kernel-core 5.14.0-427.13.1.el9_4 x86_64'),
        [core]: rpms('glibc 2.34-100.el9 x86_64', 'systemd 252-32.el9 x86_64'),
        ...commands,
      },
      files: {
        '/proc/sys/kernel/osrelease': '5.14.0-427.13.1.el9_4.x86_64\n',
        '/proc/stat': `btime ${booted}\n`,
        ...change.files,
      },
    }),
    {},
  );
  const facts = samples.map(({ labels, value }) => `${labels['reason'] ?? 'since'} ${value}`);
  return { facts, reasons: problems.map(({ reason }) => reason) };
}

describe('a host with rpm', () => {
  test('that is up to date asks for nothing', async () => {
    expect(await collectOn({})).toEqual({ facts: ['kernel 0', 'libraries 0'], reasons: [] });
  });

  test('waits for a newer kernel since it was installed', async () => {
    const both = rpms(
      'kernel-core 5.14.0-427.13.1.el9_4 x86_64',
      'kernel-core 5.14.0-427.16.1.el9_4 x86_64 3',
    );
    expect(await collectOn({ [kernels]: both })).toEqual({
      facts: ['kernel 1', 'libraries 0', `since ${booted + 3 * day}`],
      reasons: [],
    });
  });

  test('waits for core packages since the first of them was replaced', async () => {
    const replaced = rpms(
      'glibc 2.34-100.el9 x86_64 4',
      'glibc 2.34-100.el9 i686 2',
      'systemd 252-32.el9 x86_64',
    );
    expect((await collectOn({ [core]: replaced })).facts).toEqual([
      'kernel 0',
      'libraries 1',
      `since ${booted + 2 * day}`,
    ]);
  });

  test('waits for packages that its administrator names for needs-restarting', async () => {
    const files = {
      '/etc/dnf/plugins/needs-restarting.d/mine.conf': 'openssl-libs\n# no\n',
      '/etc/dnf/plugins/needs-restarting.d/README': 'bash\n',
    };
    const named = query(...coreNames, 'openssl-libs');
    const answer = rpms('glibc 2.34-100.el9 x86_64', 'openssl-libs 3.0.7-27.el9 x86_64 1');
    expect((await collectOn({ [named]: answer }, { files })).facts).toContain('libraries 1');
  });

  test('waits for what only an advisory knows, as dnf5 says, since the first sight of it', async () => {
    const dnf5 = 'dnf5 --cacheonly needs-restarting --json';
    const answer = '[{"type":"reboot","reboot_required":true,"packages":["openssl"]}]';
    const told = await collectOn({ [dnf5]: { exitCode: 1, stdout: answer } });
    expect(told.facts).toEqual(['kernel 0', 'libraries 1', `since ${booted + 10 * day}`]);
  });

  test.each([
    [
      'an older dnf5 without JSON',
      { exitCode: 2, stderr: 'Unknown argument "--json"' },
      'Reboot is required to fully utilize these updates.\n',
      'libraries 1',
    ],
    ['a failure of dnf5', { exitCode: 1, stderr: 'Failed to load metadata' }, '', 'libraries 0'],
  ])('%s', async (_, json, text, expected) => {
    const told = await collectOn({
      'dnf5 --cacheonly needs-restarting --json': json,
      'dnf5 --cacheonly needs-restarting': { exitCode: 1, stdout: text },
    });
    expect(told.facts).toContain(expected);
    expect(told.reasons).toEqual([]);
  });

  test('waits since libzypp left its flag', async () => {
    const flag = { files: { '/run/reboot-needed': '' }, modified: { '/run/reboot-needed': booted + day } };
    expect((await collectOn({}, flag)).facts).toEqual(['kernel 0', 'libraries 1', `since ${booted + day}`]);
  });

  test('whose database is gone knows nothing: rpm prints nothing and succeeds', async () => {
    expect(await collectOn({ [kernels]: '', [core]: '' })).toEqual({ facts: [], reasons: ['unsupported'] });
  });

  test.each([
    [
      'is damaged',
      { exitCode: 1, stderr: 'error: cannot open Packages database in /var/lib/rpm' },
      'tool_failed',
    ],
    ['is locked', new CollectorError('timeout', 'rpm took longer than 30 s'), 'timeout'],
    [
      'may not be read',
      new CollectorError('permission_denied', 'rpm may not be run by this user'),
      'permission_denied',
    ],
  ])('whose database %s knows nothing, and says so', async (_, answer, reason) => {
    expect(await collectOn({ [kernels]: answer, [core]: answer })).toEqual({
      facts: [],
      reasons: [reason, reason],
    });
  });
});

test('a host with pacman or apk is told by its files', async () => {
  const on = async (files: Readonly<Record<string, string>>) => {
    const { samples } = await reboot.collect(
      replay({ now: booted + day, files: { '/proc/stat': `btime ${booted}\n`, ...files } }),
      {},
    );
    return samples.map(({ labels, value }) => `${labels['reason'] ?? 'since'} ${value}`);
  };
  const osrelease = '/proc/sys/kernel/osrelease';
  expect(
    await on({
      [osrelease]: '6.11.1-arch1-1\n',
      '/var/lib/pacman/local/ALPM_DB_VERSION': '9\n',
      '/usr/lib/modules/6.11.5-arch1-1/pkgbase': 'linux\n',
    }),
  ).toEqual(['kernel 1', `since ${booted + day}`]);
  expect(
    await on({ [osrelease]: '6.6.58-0-lts\n', '/lib/apk/db/installed': 'P:linux-lts\nV:6.6.58-r0\n\n' }),
  ).toEqual(['kernel 0']);
});

const shared = new URL('../../../../shared/fixtures/sources/', import.meta.url);
const sharedHere = existsSync(shared);
if (!sharedHere) console.warn('../shared is not here: samples of kernels are not read');

describe.skipIf(!sharedHere)('samples of real hosts', () => {
  const sample = (name: string) => readFileSync(new URL(name, shared), 'utf8');
  const uname = (text: string) => /"uname -r"\]\nstdout = "([^"]+)"/.exec(text)?.[1] ?? '';

  test('RHEL 8 runs the second of three kernels: the third waits', () => {
    const text = sample('reboot/redhat_kernel_reboot.toml');
    const lines = [...text.matchAll(/^(kernel) 0:(\S+) (x86_64)__/gm)].map(([, ...parts]) => parts.join(' '));
    expect(lines).toHaveLength(3);
    expect(uname(text)).toBe('4.18.0-80.4.2.el8_0.x86_64');
    expect(newer(uname(text), ...lines)).toEqual(['kernel 4.18.0-80.11.2.el8_0']);
  });

  test('Amazon Linux 2 says only what runs: unknown without rpm, and 0 when that is all that is installed', () => {
    const release = uname(sample('reboot/amzn_kernel_ec2.toml'));
    expect(release).toBe('4.14.123-111.109.amzn2.x86_64');
    expect(newer(release)).toBeUndefined();
    expect(newer(release, 'kernel 4.14.123-111.109.amzn2 x86_64')).toEqual([]);
  });
});
