import { describe, expect, test } from 'vitest';
import { CollectorError } from '../../collector.ts';
import { replay, type Replay } from '../../replay.ts';
import { readCandidates } from './candidates.ts';
import { hasIncludes, option, optionList, parseConfiguration } from './configuration.ts';
import { parseStatus, presentPackages, readStatus } from './dpkg-status.ts';
import type { Lists } from './lists.ts';
import { dpkgLogPath, readLogs, startTime } from './logs.ts';
import { askedForReboot, rebootNeeded } from './reboot-names.ts';
import { askResolver, parseChoices, resolver } from './resolver.ts';
import { managerRuns } from './running.ts';
import { runApt, unreadableFiles } from './tool.ts';

const names = [
  'status',
  'extendedStates',
  'lists',
  'periodic',
  'history',
  'sources',
  'sourceParts',
  'preferences',
  'preferenceParts',
  'main',
  'mainParts',
];
const shell = names
  .map((name) => `${name}='/apt/${name}${/Parts|lists|periodic/.test(name) ? '/' : ''}'`)
  .join('\n');
const configuration = (dump = '') => parseConfiguration(shell, dump);

describe('the configuration of apt', () => {
  test('has paths, options in any case and lists', () => {
    const parsed = parseConfiguration(
      shell.replace("'/apt/status'", String.raw`'/it'\''s here/status'`),
      [
        'APT "";',
        'APT::Architecture "amd64";',
        'apt::periodic::ENABLE "0";',
        'Dpkg::Options "";',
        'Dpkg::Options:: "--force-confdef";',
        'Dpkg::Options:: "--log=/x y/dpkg.log";',
        'Empty "";',
      ].join('\n'),
    );
    expect(parsed).toMatchObject({
      status: "/it's here/status",
      periodic: '/apt/periodic/periodic/',
      history: '/apt/history',
    });
    expect(option(parsed, 'APT::Architecture')).toBe('amd64');
    expect(option(parsed, 'APT::Periodic::Enable')).toBe('0');
    expect([option(parsed, 'Empty'), option(parsed, 'None')]).toEqual([undefined, undefined]);
    expect(optionList(parsed, 'DPkg::Options')).toEqual(['--force-confdef', '--log=/x y/dpkg.log']);
    expect(optionList(parsed, 'None')).toEqual([]);
  });

  test.each([
    ['is empty', ''],
    ['is noise', '\ufffd\u0000 % {["'],
    ['lacks a path', shell.replace(/^lists.*$/m, '')],
    ['has a path that is none', shell.replace("'/apt/lists/'", "'lists'")],
    ['is cut off', shell.slice(0, 40)],
  ])('that %s is unexpected', (_, text) =>
    expect(() => parseConfiguration(text, '')).toThrow(
      expect.objectContaining({ reason: 'unexpected_output' }),
    ),
  );

  test.each([
    ['in the main file', { '/apt/main': '#include "/x";' }, true],
    ['in a part', { '/apt/mainParts/a': 'A "1";\n#include "/x";' }, true],
    ['in the file that was given', { '/given': '#include "/x";' }, true],
    ['nowhere', { '/apt/main': '# include nothing\n', '/apt/mainParts/a': '#clear A;' }, false],
    ['where nobody may look', { '/apt/main': new CollectorError('permission_denied', 'no') }, true],
  ])('that goes on elsewhere is known: %s', async (_, files: NonNullable<Replay['files']>, expected) =>
    expect(await hasIncludes(replay({ files }), configuration(), '/given')).toBe(expected),
  );
});

describe('the record of dpkg', () => {
  const read = (files: NonNullable<Replay['files']>) => readStatus(replay({ files }), '/status');

  test.each([
    ['missing', {}, 'source_missing'],
    ['empty', { '/status': ' \n' }, 'source_missing'],
    ['noise', { '/status': '\ufffd\u0000 % {["' }, 'unexpected_output'],
    ['cut off in its first package', { '/status': 'Package: bash\nStat' }, 'unexpected_output'],
    [
      'without any package that is there',
      { '/status': 'Package: bash\nStatus: deinstall ok config-files\n' },
      'unexpected_output',
    ],
    ['unreadable', { '/status': new CollectorError('permission_denied', 'no') }, 'permission_denied'],
  ])('that is %s is no host without updates', async (_, files, reason) =>
    expect(read(files)).rejects.toMatchObject({ reason }),
  );

  test('of 5000 packages is read whole, whatever their fields', async () => {
    const text = Array.from(
      { length: 5000 },
      (_, at) =>
        `Package: p${at}\nEssential: yes\nStatus: install ok installed\nSource: s (1:${at})\nArchitecture: ${at % 2 === 0 ? 'amd64' : 'i386'}\nVersion: ${at}\nDescription: x\n .\n Package: no\n`,
    ).join('\n');
    const states = await read({ '/status': text });
    expect(states).toHaveLength(5000);
    expect(states[4321]).toEqual({
      name: 'p4321',
      architecture: 'i386',
      version: '4321',
      source: 's (1:4321)',
      flag: 'ok',
      state: 'installed',
    });
    expect(presentPackages(states, 'amd64').slice(0, 2)).toEqual(['p0', 'p1:i386']);
  });

  test('with line ends of another system is read', () =>
    expect(
      parseStatus(
        'Package: a\r\nStatus: install ok installed\r\nVersion: 1\r\n\r\nPackage: b\r\nStatus: hold ok installed\r\n',
      ),
    ).toMatchObject([
      { name: 'a', version: '1', state: 'installed' },
      { name: 'b', version: '' },
    ]));
});

describe('python3-apt', () => {
  const command = resolver.join(' ');
  const choice = {
    name: 'libc6:i386',
    installed: '1',
    candidate: '2',
    kept: false,
    versions: [{ version: '2', files: ['/lists/a'] }],
  };
  const answer = JSON.stringify({ format: 1, choices: [choice] });
  const ask = (said: NonNullable<Replay['commands']>[string]) =>
    askResolver(replay({ commands: { [command]: said } }), {});

  test('answers in its last line, whatever it warned of before', () => {
    expect(parseChoices(`W: something\n${answer}\n`)).toEqual([choice]);
  });

  test.each([
    ['nothing', ''],
    ['noise', '{["'],
    ['another format', answer.replace('"format":1', '"format":2')],
    ['a choice without a name', answer.replace('libc6:i386', '')],
    ['a half', answer.slice(0, -5)],
    ['a number', '7'],
  ])('that prints %s has no answer', (_, text) => expect(parseChoices(text)).toBeUndefined());

  test.each([
    ['is not installed', new CollectorError('tool_missing', 'no')],
    ['may not be run', new CollectorError('permission_denied', 'no')],
    ['has no module apt_pkg', { exitCode: 1, stderr: "ModuleNotFoundError: No module named 'apt_pkg'" }],
    ['leaves it to apt-get', { exitCode: 3 }],
    ['was ended after it answered', { exitCode: 1, stdout: answer }],
  ])('that %s has no answer, and apt-get is asked', async (_, said) =>
    expect(await ask(said)).toBeUndefined(),
  );

  test.each(['timeout', 'output_too_large', 'tool_failed'] as const)(
    'that ends in %s is not asked in another way, which would take as long',
    async (reason) => expect(ask(new CollectorError(reason, 'no'))).rejects.toMatchObject({ reason }),
  );
});

describe('a candidate', () => {
  const security = 'http://s stable-security/main amd64 Packages';
  const lists: Lists = {
    samples: [],
    problems: [],
    usable: true,
    hasSecuritySource: true,
    isSecuritySource: (list) => list === security,
  };
  const policyOf = (name: string, candidate: string, versions: Readonly<Record<string, string>>) =>
    [
      `${name}:`,
      '  Installed: 1',
      `  Candidate: ${candidate}`,
      '  Version table:',
      ...Object.entries(versions).flatMap(([version, source]) => [
        `     ${version} 500`,
        `        500 ${source}`,
      ]),
      ' *** 1 100',
      '        100 /var/lib/dpkg/status',
    ].join('\n');
  const read = (simulation: string, present: readonly string[], policies: readonly string[]) =>
    readCandidates(
      replay({
        commands: {
          'apt-get -s -o Debug::NoLocking=true -o quiet=1 dist-upgrade': simulation,
          [`apt-cache policy ${present.join(' ')}`]: policies.join('\n'),
        },
      }),
      {},
      lists,
      present,
    );
  const nothing = '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n';

  test('that apt-get leaves alone is held, with the security update that a later version masks', async () => {
    expect(
      await read(nothing, ['a'], [policyOf('a', '3', { '3': 'http://s stable/main', '2': security })]),
    ).toEqual([
      {
        name: 'a',
        installed: '1',
        candidate: '3',
        held: true,
        versions: [
          { version: '2', security: true },
          { version: '3', security: false },
        ],
      },
    ]);
  });

  test('that a pin keeps from its security update is held; from another version it is not', async () => {
    const pinned = await read(
      nothing,
      ['a', 'b', 'c'],
      [
        policyOf('a', '1', { '2': security }),
        policyOf('b', '(none)', { '2': security }),
        policyOf('c', '1', { '2': 'http://s stable-backports/main' }),
      ],
    );
    expect(pinned.map(({ name, candidate, held }) => [name, candidate, held])).toEqual([
      ['a', '2', true],
      ['b', '2', true],
    ]);
  });

  test('that goes with the upgrade is none', async () => {
    const removed = `0 upgraded, 0 newly installed, 1 to remove and 0 not upgraded.\nRemv a [1]\n`;
    expect(await read(removed, ['b'], [policyOf('b', '1', {})])).toEqual([]);
  });
});

describe('apt programs', () => {
  test.each([
    ['E: Unmet dependencies', 'tool_failed', 'apt-get dist-upgrade exited with 100: E: Unmet dependencies'],
    ['W: a\nE: open (13: Permission denied)', 'permission_denied', 'E: open (13: Permission denied)'],
    ['', 'tool_failed', 'it printed no reason'],
  ])('that report %j fail with %s', async (stderr, reason, message) => {
    const host = replay({ commands: { 'apt-get -o a=b -s dist-upgrade': { exitCode: 100, stderr } } });
    await expect(runApt(host, {}, 'apt-get', ['-o', 'a=b', '-s', 'dist-upgrade'])).rejects.toMatchObject({
      reason,
      message: expect.stringContaining(message),
    });
  });

  test('name what they may not read once; what does not exist is no loss', () =>
    expect(
      unreadableFiles(
        'W: Unable to read /a - open (13: Permission denied)\nW: Unable to read /a - open (13: Permission denied)\nW: Unable to read /b/ - DirectoryExists (2: No such file or directory)\nN: Unable to read /c - RealFileExists (13: Permission denied)\n',
      ),
    ).toEqual(['/a', '/c']));
});

describe('a package manager at work', () => {
  const locks = (pid: number, kind = 'WRITE') => `1: POSIX  ADVISORY  ${kind} ${pid} 08:01:1573 0 EOF\n`;
  const runs = (comm: string, kind?: string) =>
    managerRuns(replay({ files: { '/proc/locks': locks(7, kind), '/proc/7/comm': `${comm}\n` } }));

  test.each([
    'apt',
    'apt-get',
    'dpkg',
    'aptitude',
    'aptd',
    'unattended-upgr',
    'do-release-upgr',
    'packagekitd',
    'apt.systemd.dai',
    'pro',
  ])('is %s that holds a lock', async (comm) => expect(await runs(comm)).toBe(true));

  test.each(['prometheus', 'prosody', 'sshd', 'apticron-x', 'dpkg-exporter'])(
    'is not %s that holds one',
    async (comm) => expect(await runs(comm)).toBe(false),
  );

  test('holds a lock to write, and is still there', async () => {
    expect(await runs('apt', 'READ ')).toBe(false);
    expect(await managerRuns(replay({ files: { '/proc/locks': locks(7) } }))).toBe(false);
    expect(await managerRuns(replay({ files: { '/proc/locks': '' } }))).toBe(false);
  });

  test('is unknown where the kernel does not tell', async () => {
    expect(await managerRuns(replay({}))).toBeUndefined();
    const locked = { '/proc/locks': new CollectorError('permission_denied', 'no') };
    expect(await managerRuns(replay({ files: locked }))).toBeUndefined();
  });
});

describe('logs', () => {
  const entry = (day: number, command = 'apt-get upgrade') =>
    `\nStart-Date: 2026-11-${day}  10:00:00\nCommandline: ${command}\nUpgrade: a:amd64 (1, ${day})\nEnd-Date: 2026-11-${day}  10:00:01\n`;
  const read = (files: NonNullable<Replay['files']>, dump = '') =>
    readLogs(replay({ files, now: Date.UTC(2026, 10, 25) / 1000 }), configuration(dump), []);
  const versions = async (files: NonNullable<Replay['files']>) =>
    (await read(files))?.deployments.flatMap(({ packages }) => packages.map(({ to }) => to));

  test('are read with those that were rotated, oldest first', async () =>
    expect(
      await versions({
        '/apt/history': entry(20),
        '/apt/history.1': entry(19),
        '/apt/history.2.gz': entry(18).trimEnd(),
        '/apt/history.10.gz': entry(17),
        '/apt/history.bak': entry(15),
        '/apt/historyx': entry(14),
        '/apt/term.log': entry(13),
      }),
    ).toEqual(['17', '18', '19', '20']));

  test('that were rotated by date are read in its order', async () =>
    expect(
      await versions({
        '/apt/history': entry(20),
        '/apt/history-20261118': entry(18),
        '/apt/history-20261102.xz': entry(11),
      }),
    ).toEqual(['11', '18', '20']));

  test('that are not there are none, not 0 deployments', async () => {
    expect(await read({})).toBeUndefined();
    expect(await read({ '/apt/term.log': 'x' })).toBeUndefined();
  });

  test('that are empty hold 0 deployments', async () =>
    expect(await read({ '/apt/history': '' })).toEqual({ deployments: [], open: false }));

  test.each([
    ['noise', '\ufffd\u0000 % {["'],
    ['another format', '2026-11-20 upgraded a\n'],
    ['German', 'Startdatum: 2026-11-20  10:00:00\n'],
  ])('that hold %s are unexpected', async (_, text) =>
    expect(read({ '/apt/history': text })).rejects.toMatchObject({ reason: 'unexpected_output' }),
  );

  test('that may not be read are a problem', async () =>
    expect(read({ '/apt/history': new CollectorError('permission_denied', 'no') })).rejects.toMatchObject({
      reason: 'permission_denied',
    }));

  test.each([
    ['as dpkg is told by apt', 'DPkg::Options:: "--log=/own/dpkg.log";', {}, '/own/dpkg.log'],
    ['nowhere, where apt works on another installation', '', {}, undefined],
  ])('of dpkg are %s', async (_, dump, files, expected) =>
    expect(await dpkgLogPath(replay({ files }), configuration(dump))).toBe(expected),
  );

  test.each([
    ['where it always is', {}, '/var/log/dpkg.log'],
    [
      'where dpkg.cfg says',
      { '/etc/dpkg/dpkg.cfg': '# log /no\nno-debsig\nlog /var/log/own.log\n' },
      '/var/log/own.log',
    ],
  ])('of dpkg are %s', async (_, files, expected) => {
    const here = { ...configuration(), status: '/var/lib/dpkg/status' };
    expect(await dpkgLogPath(replay({ files }), here)).toBe(expected);
  });

  test('of dpkg that may not be read cost nothing but the proof', async () => {
    const told = await read(
      { '/apt/history': entry(20), '/own/dpkg.log': new CollectorError('permission_denied', 'no') },
      'DPkg::Options:: "--log=/own/dpkg.log";',
    );
    expect(told?.deployments.map(({ outcome }) => outcome)).toEqual(['success']);
  });

  test('know the start of the host, and in a container none', async () => {
    const stat = { '/proc/stat': 'cpu 1\nbtime 1700000000\n' };
    expect(await startTime(replay({ files: stat }))).toBe(1_700_000_000);
    expect(await startTime(replay({ files: { ...stat, '/.dockerenv': '' } }))).toBeUndefined();
  });
});

describe('a reboot is needed', () => {
  test.each([
    ['linux-image-6.1.0-42-amd64', true],
    ['linux-image-amd64', true],
    ['linux-image-6.1.0-42-amd64-dbg', false],
    ['linux-generic-hwe-24.04', true],
    ['proxmox-kernel-6.8', true],
    ['intel-microcode', true],
    ['libc6', true],
    ['libc6:i386', true],
    ['libc6-dev', false],
    ['linux-libc-dev', false],
    ['openssl', false],
  ])('for %s: %s', (name, expected) => expect(rebootNeeded([])(name)).toBe(expected));

  test('for what asked for it', async () => {
    const files = { '/run/reboot-required.pkgs': 'libssl3\nlibssl3\n\n*** noise ***\n' };
    const asked = await askedForReboot(replay({ files }));
    expect(asked).toEqual(['libssl3']);
    expect([rebootNeeded(asked)('libssl3:amd64'), rebootNeeded(asked)('curl')]).toEqual([true, false]);
  });

  test('for nothing where nobody may look', async () => {
    const locked = { '/run/reboot-required.pkgs': new CollectorError('permission_denied', 'no') };
    expect(await askedForReboot(replay({ files: locked }))).toEqual([]);
  });
});
