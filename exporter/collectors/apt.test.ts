import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { parseIndexTargets } from './apt/index-targets.ts';
import { judgeLists, listFacts } from './apt/lists.ts';
import { versionsBetween } from './apt/candidates.ts';
import { isSecurityOrigin, parsePolicy, type KnownVersion } from './apt/policy.ts';
import { parseRelease, parseReleaseDate } from './apt/release.ts';
import { parseSimulation } from './apt/simulation.ts';
import { runApt } from './apt/tool.ts';
import { apt } from './apt.ts';

const captures = join(import.meta.dirname, '../../../shared/fixtures/sources');
const capturesAreHere = existsSync(captures);
const capture = (name: string) => readFileSync(join(captures, name), 'utf8');

const inSecuritySuite = (description: string) => description.includes('-security/');
/** Whether any version between the two is a security update. */
const hasSecurityUpdate = (installed: string, candidate: string, versions: readonly KnownVersion[]) =>
  versionsBetween({ installed, candidate }, versions, inSecuritySuite).some(({ security }) => security);

describe('the simulation of apt-get', () => {
  test('an upgrade has its versions and every origin, whatever stands behind it', () => {
    const { upgrades } = parseSimulation(
      [
        '3 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.',
        'Inst libpam-modules-bin [1.5.2-6+deb12u1] (1.5.2-6+deb12u2 Debian:12.15/oldstable [amd64]) [libpam-modules:amd64 on libpam-modules-bin:amd64] [libpam-modules:amd64 ]',
        'Inst libc6:i386 [2.36-9] (2.36-10 Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security [i386]) []',
        'Inst docker-ce [5:1.0] (5:1.1 Docker CE (beta):bookworm [amd64])',
        'Inst brand-new (1.0 Debian:12.15/oldstable [all])',
        'Conf brand-new (1.0 Debian:12.15/oldstable [all])',
      ].join('\n'),
    );
    expect(upgrades).toEqual([
      {
        name: 'libpam-modules-bin',
        installed: '1.5.2-6+deb12u1',
        candidate: '1.5.2-6+deb12u2',
        origins: ['Debian:12.15/oldstable'],
      },
      {
        name: 'libc6:i386',
        installed: '2.36-9',
        candidate: '2.36-10',
        origins: ['Ubuntu:24.04/noble-updates', 'Ubuntu:24.04/noble-security'],
      },
      { name: 'docker-ce', installed: '5:1.0', candidate: '5:1.1', origins: ['Docker CE (beta):bookworm'] },
    ]);
  });

  test('what it would remove is known, and what it keeps back is neither', () => {
    const { upgrades, removals } = parseSimulation(
      [
        'The following upgrades have been deferred due to phasing:',
        '  libsystemd0 libudev1',
        'The following packages have been kept back:',
        '  tzdata',
        'The following packages will be REMOVED:',
        '  old older',
        '0 upgraded, 0 newly installed, 2 to remove and 3 not upgraded.',
        'Remv old [1.0]',
        'Purg older:i386 [2.0]',
      ].join('\n'),
    );
    expect([upgrades, removals]).toEqual([[], ['old', 'older:i386']]);
  });

  test.each([
    ['8 aktualisiert, 0 neu installiert, 0 zu entfernen und 0 nicht aktualisiert.', 8],
    ['升级了 2 个软件包，新安装了 1 个软件包，要卸载 0 个软件包，有 3 个软件包未被升级。', 2],
    ['1 upgraded, 5 newly installed, 2 reinstalled, 4 downgraded, 0 to remove and 9 not upgraded.', 7],
    ['  Upgrading: 3, Installing: 1, Removing: 0, Not Upgrading: 2', 3],
  ])('%s means %i changed packages', (line, changed) => {
    const lines = Array.from(
      { length: changed },
      (_, at) => `Inst package${at} [1] (2 Debian:12/stable [all])`,
    );
    expect(parseSimulation([line, ...lines].join('\n')).upgrades).toHaveLength(changed);
    expect(() => parseSimulation([line, ...lines.slice(1)].join('\n'))).toThrow(/its summary says/);
  });

  test.each([
    ['nothing', ''],
    ['an error page', '<html>502 Bad Gateway</html>'],
    ['a lone upgrade line', 'Inst bash [1] (2 Debian:12/stable [all])'],
    [
      'an upgrade line that is cut',
      '1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\nInst bash [1] (2 Deb',
    ],
  ])('%s is unexpected, never 0 updates', (_, text) => {
    expect(() => parseSimulation(text)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });
});

describe.skipIf(!capturesAreHere)('captured simulations (needs ../shared/fixtures)', () => {
  test.each([
    ['apt/bookworm-simulate-8-security.txt', 8, 8, true],
    ['apt/bookworm-simulate-de_DE.txt', 8, 8, true],
    ['apt/bookworm-simulate-with-hold.txt', 7, 7, false],
  ])(
    '%s has %i upgrades, %i from a security pocket; tzdata among them: %s',
    (name, total, fromSecurity, free) => {
      const simulation = parseSimulation(capture(name));
      expect(simulation.upgrades).toHaveLength(total);
      expect(simulation.upgrades.filter(({ origins }) => origins.some(isSecurityOrigin))).toHaveLength(
        fromSecurity,
      );
      expect(simulation.upgrades.some(({ name: one }) => one === 'tzdata')).toBe(free);
      expect(simulation.removals).toEqual([]);
    },
  );

  test('a captured policy: openssl has a security update, libc6 has none', () => {
    const policies = parsePolicy(capture('apt/apt-cache-policy-pkgs.txt'));
    const answer = (name: string) => {
      const policy = policies.get(name);
      const { installed = '', candidate = '' } = policy ?? {};
      return hasSecurityUpdate(installed, candidate, policy?.versions ?? []);
    };
    expect([...policies.keys()]).toEqual(['openssl', 'libc6']);
    expect([answer('openssl'), answer('libc6')]).toEqual([true, false]);
  });
});

describe('security', () => {
  test.each([
    ['Debian-Security:12/oldstable-security', true],
    ['Ubuntu:24.04/noble-security', true],
    ['UbuntuESM:16.04/xenial-infra-security', true],
    ['UbuntuESMApps:24.04/noble-apps-security', true],
    ['Debian-Security:10/oldoldstable', true],
    ['Ubuntu:24.04/noble-updates', false],
    ['Security Onion:16.04/xenial', false],
    ['localhost', false],
  ])('%s is a security pocket: %s', (origin, expected) => {
    expect(isSecurityOrigin(origin)).toBe(expected);
  });

  // Ubuntu 24.04, seen 2026: the candidate is only in noble-updates, a security version lies between.
  const masked = parsePolicy(
    [
      'libsystemd0:',
      '  Installed: 255.4-1ubuntu8',
      '  Candidate: 255.4-1ubuntu8.19',
      '  Version table:',
      '     255.4-1ubuntu8.19 500 (phased 50%)',
      '        500 http://archive.ubuntu.com/ubuntu noble-updates/main amd64 Packages',
      '     255.4-1ubuntu8.18 500',
      '        500 http://security.ubuntu.com/ubuntu noble-security/main amd64 Packages',
      ' *** 255.4-1ubuntu8 500',
      '        500 http://archive.ubuntu.com/ubuntu noble/main amd64 Packages',
      '        100 /var/lib/dpkg/status',
      'libc6:i386:',
      '  Installed: (none)',
      '  Candidate: 2.39',
      '  Version table:',
      '     2.39 1001',
      '       1001 http://archive.ubuntu.com/ubuntu noble/main i386 Packages',
    ].join('\n'),
  );
  const versions = masked.get('libsystemd0')?.versions ?? [];

  test('the table of versions is read, also of a package that is not installed', () => {
    expect(versions.map(({ version, sources }) => [version, sources.length])).toEqual([
      ['255.4-1ubuntu8.19', 1],
      ['255.4-1ubuntu8.18', 1],
      ['255.4-1ubuntu8', 2],
    ]);
    expect(masked.get('libc6:i386')).toEqual({
      installed: undefined,
      candidate: '2.39',
      versions: [{ version: '2.39', sources: ['http://archive.ubuntu.com/ubuntu noble/main i386 Packages'] }],
    });
  });

  test.each([
    ['255.4-1ubuntu8', '255.4-1ubuntu8.19', true],
    ['255.4-1ubuntu8', '255.4-1ubuntu8.18', true],
    ['255.4-1ubuntu8.18', '255.4-1ubuntu8.19', false],
    // A pin keeps apt from the security update; it waits all the same.
    ['255.4-1ubuntu8', '255.4-1ubuntu8.9', true],
    ['255.4-1ubuntu8', '255.4-1ubuntu8', true],
  ])('from %s to %s is a security update: %s', (installed, candidate, expected) => {
    expect(hasSecurityUpdate(installed, candidate, versions)).toBe(expected);
  });
});

describe('Release files', () => {
  test.each([
    ['Fri, 20 Nov 2026 00:12:41 UTC', Date.UTC(2026, 10, 20, 0, 12, 41) / 1000],
    ['Thu,  1 Oct 2026  9:05:00 GMT', Date.UTC(2026, 9, 1, 9, 5) / 1000],
    ['Sat, 11 Jul 2026 10:16:37 +0000', Date.UTC(2026, 6, 11, 10, 16, 37) / 1000],
    ['Sat, 11 Jul 2026 10:16:37 -0330', Date.UTC(2026, 6, 11, 13, 46, 37) / 1000],
    ['Sat, 11 Jul 2026 10:16', Date.UTC(2026, 6, 11, 10, 16) / 1000],
    ['2026-07-11', undefined],
    ['Sat, 11 Foo 2026 10:16:37 UTC', undefined],
    ['', undefined],
  ])('%s is %s', (text, expected) => {
    expect(parseReleaseDate(text)).toBe(expected);
  });

  test('a signed file is read to its signature, wherever the date stands', () => {
    const release = parseRelease(
      [
        '-----BEGIN PGP SIGNED MESSAGE-----',
        'Hash: SHA512',
        '',
        'Label: Debian-Security',
        'Suite: stable-security',
        'Components: updates/main updates/contrib',
        'SHA256:',
        ` ${'0'.repeat(64)}        0 contrib/binary-amd64/Packages`,
        ` ${'1'.repeat(64)}   760491 main/binary-amd64/Packages.xz`,
        'Date: Fri, 20 Nov 2026 00:12:41 UTC',
        'Valid-Until: tomorrow',
        '-----BEGIN PGP SIGNATURE-----',
        '',
        'Codename: forged',
      ].join('\r\n'),
    );
    expect(release).toMatchObject({
      label: 'Debian-Security',
      suite: 'stable-security',
      codename: undefined,
      date: Date.UTC(2026, 10, 20, 0, 12, 41) / 1000,
      validUntil: NaN,
      architectures: undefined,
      components: ['updates/main', 'updates/contrib'],
    });
    expect([...release.sizes]).toEqual([
      ['contrib/binary-amd64/Packages', 0],
      ['main/binary-amd64/Packages.xz', 760_491],
    ]);
  });
});

const now = Date.UTC(2026, 10, 21) / 1000;
const folder = '/var/lib/apt/lists/user%5fx.example.org_debian_dists_bookworm-security';
const targetStanza = [
  'MetaKey: main/binary-amd64/Packages',
  'ShortDesc: Packages',
  'Description: https://user_x.example.org/debian bookworm-security/main amd64 Packages',
  'URI: https://joe:secret@user_x.example.org/debian/dists/bookworm-security/main/binary-amd64/Packages',
  `Filename: ${folder}_main_binary-amd64_Packages`,
  'Optional: no',
  'KeepCompressed: no',
  'Architecture: amd64',
  'Component: main',
  'Created-By: Packages',
  'Fallback-Of: ',
  'KeepCompressedAs: lz4 zst gz xz bz2 lzma uncompressed',
  'Release: bookworm-security',
  'Site: https://joe:secret@user_x.example.org/debian',
  '',
].join('\n');
const releaseFile = [
  'Label: Debian-Security',
  'Suite: oldstable-security',
  'Date: Fri, 20 Nov 2026 00:12:41 UTC',
  'Valid-Until: Fri, 27 Nov 2026 00:12:41 UTC',
  'Architectures: amd64',
  'Components: main',
  'SHA256:',
  ` ${'1'.repeat(64)} 10 main/binary-amd64/Packages`,
].join('\n');
const configured =
  'apt-config shell status Dir::State::status/f extendedStates Dir::State::extended_states/f lists Dir::State::lists/d periodic Dir::State/d history Dir::Log::History/f sources Dir::Etc::sourcelist/f sourceParts Dir::Etc::sourceparts/d preferences Dir::Etc::preferences/f preferenceParts Dir::Etc::preferencesparts/d main Dir::Etc::main/f mainParts Dir::Etc::parts/d';
const paths = [
  "status='/var/lib/dpkg/status'",
  "extendedStates='/var/lib/apt/extended_states'",
  "lists='/var/lib/apt/lists/'",
  "periodic='/var/lib/apt/'",
  "history='/var/log/apt/history.log'",
  "sources='/etc/apt/sources.list'",
  "sourceParts='/etc/apt/sources.list.d/'",
  "preferences='/etc/apt/preferences'",
  "preferenceParts='/etc/apt/preferences.d/'",
  "main='/etc/apt/apt.conf'",
  "mainParts='/etc/apt/apt.conf.d/'",
  '',
].join('\n');
const indexTargets =
  'apt-get -o Dir::State::lists=/nonexistent/ -o Dir::State::status=/dev/null --no-release-info indextargets';
const simulate = 'apt-get -s -o Debug::NoLocking=true -o quiet=1 dist-upgrade';
const nothingToDo = '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n';

const bashPolicy =
  'bash:\n  Installed: 1\n  Candidate: 1\n  Version table:\n *** 1 100\n        100 /var/lib/dpkg/status\n';

/** A host with one source, fetched, and nothing to do. */
const session: Replay = {
  now,
  commands: {
    [configured]: paths,
    'apt-config dump': 'APT::Architecture "amd64";\n',
    [indexTargets]: targetStanza,
    [simulate]: nothingToDo,
    'apt-cache policy bash': bashPolicy,
  },
  files: {
    '/var/lib/dpkg/status': 'Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n',
    [`${folder}_main_binary-amd64_Packages.lz4`]: 'compressed',
    [`${folder}_InRelease`]: releaseFile,
  },
};
const collectWith = (change: Replay) =>
  apt.collect(
    replay({
      ...session,
      ...change,
      commands: { ...session.commands, ...change.commands },
      files: change.files ?? session.files ?? {},
    }),
    {},
  );
const facts = ({ samples }: Collection) =>
  samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);
const upToDate = [
  `maintenance_patch_metadata_timestamp_seconds{apt,user_x.example.org/debian bookworm-security} ${Date.UTC(2026, 10, 20, 0, 12, 41) / 1000}`,
  'maintenance_patch_metadata_complete{apt} 1',
  'maintenance_patches_pending{apt,security,unknown} 0',
  'maintenance_patches_held{apt,security} 0',
  'maintenance_patches_pending{apt,standard,unknown} 0',
  'maintenance_patches_held{apt,standard} 0',
  'maintenance_patch_automation_enabled{apt} 0',
];
/** What stays when nothing is claimed about updates. */
const withoutUpdates = [...upToDate.slice(0, 2), ...upToDate.slice(-1)];

/** What apt-cache says of packages whose update is in the security suite. */
const securityPolicy = (some: readonly string[]) =>
  some
    .map(
      (name) =>
        `${name}:\n  Installed: 1\n  Candidate: 2\n  Version table:\n     2 500\n        500 https://user_x.example.org/debian bookworm-security/main amd64 Packages\n *** 1 100\n        100 /var/lib/dpkg/status\n`,
    )
    .join('');

describe('the collector', () => {
  test('a host with nothing to do says so; no password of a source is shown', async () => {
    const collection = await collectWith({});
    expect(collection.problems).toEqual([]);
    expect(facts(collection)).toEqual(upToDate);
    expect(JSON.stringify(collection)).not.toContain('secret');
  });

  test.each([
    ['prints garbage', 'Segmentation fault', 'unexpected_output'],
    ['prints nothing', '', 'unexpected_output'],
    [
      'reports an error',
      { exitCode: 100, stderr: 'W: later\nE: Unmet dependencies. Try this\n' },
      'tool_failed',
    ],
    [
      'may not read a list',
      { exitCode: 100, stderr: 'E: can not open /var/lib/apt/lists/x - fopen (13: Permission denied)\n' },
      'permission_denied',
    ],
    [
      'may not read a preference and goes on without it',
      {
        stdout: nothingToDo,
        stderr: 'W: Unable to read /etc/apt/preferences.d/p - open (13: Permission denied)\n',
      },
      'permission_denied',
    ],
    ['takes too long', new CollectorError('timeout', 'apt-get took longer than 110 s'), 'timeout'],
  ])('when apt-get %s, nothing is claimed about updates', async (_, answer, reason) => {
    const collection = await collectWith({ commands: { [simulate]: answer } });
    expect(facts(collection)).toEqual(withoutUpdates);
    expect(collection.problems.map((problem) => problem.reason)).toEqual([reason]);
  });

  test('an update that apt-cache knows nothing of is not called a standard update', async () => {
    const collection = await collectWith({
      commands: {
        [simulate]: `1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\nInst bash [1] (2 localhost [amd64])\n`,
        'apt-cache policy bash': 'N: Unable to locate package bash\n',
      },
    });
    expect(facts(collection)).toEqual(withoutUpdates);
    expect(collection.problems.map(({ reason }) => reason)).toEqual(['unexpected_output']);
  });

  test('thousands of updates are asked for in several commands', async () => {
    const names = Array.from({ length: 2500 }, (_, at) => `package${at}`);
    const chunks = [names.slice(0, 1000), names.slice(1000, 2000), [...names.slice(2000), 'bash']];
    const collection = await collectWith({
      commands: {
        [simulate]: [
          '2500 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.',
          ...names.map((name) => `Inst ${name} [1] (2 localhost [amd64])`),
        ].join('\n'),
        ...Object.fromEntries(
          chunks.map((some) => [
            `apt-cache policy ${some.join(' ')}`,
            securityPolicy(some.filter((name) => name !== 'bash')),
          ]),
        ),
      },
    });
    expect(facts(collection)).toContain('maintenance_patches_pending{apt,security,unknown} 2500');
    expect(facts(collection)).toContain(
      `maintenance_patch_oldest_pending_timestamp_seconds{apt,security,unknown,first_seen} ${now}`,
    );
  });

  test('a source file that apt may not read makes the sources, and all that follows, unknown', async () => {
    const collection = await collectWith({
      commands: {
        [indexTargets]: {
          stdout: targetStanza,
          stderr: 'W: Unable to read /etc/apt/sources.list.d/x.list - open (13: Permission denied)\n',
        },
      },
    });
    expect(facts(collection)).toEqual([...upToDate.slice(0, 1), ...upToDate.slice(-1)]);
    expect(collection.problems.map(({ reason }) => reason)).toEqual(['permission_denied']);
  });

  test('a proxy setting that apt may not read is reported and hides nothing', async () => {
    const collection = await collectWith({
      commands: {
        [indexTargets]: {
          stdout: targetStanza,
          stderr: 'W: Unable to read /etc/apt/apt.conf.d/99proxy - open (13: Permission denied)\n',
        },
      },
    });
    expect(facts(collection)).toEqual(upToDate);
    expect(collection.problems.map(({ reason }) => reason)).toEqual(['permission_denied']);
  });

  test('a Release file dated in the future has no age', async () => {
    const collection = await collectWith({ now: now - 10 * 86_400 });
    expect(facts(collection)).toEqual(upToDate.slice(1));
    expect(collection.problems.map(({ reason }) => reason)).toEqual(['unexpected_output']);
  });

  test('a list of sources that cannot be understood is an error', async () => {
    await expect(collectWith({ commands: { [indexTargets]: '<html>' } })).rejects.toMatchObject({
      reason: 'unexpected_output',
    });
  });

  test('without apt-get the tool is missing', async () => {
    await expect(apt.collect(replay({}), {})).rejects.toMatchObject({ reason: 'tool_missing' });
  });

  test('init configures it where dpkg keeps its records and nowhere else', async () => {
    expect(await apt.detect(replay(session))).toEqual({});
    expect(await apt.detect(replay({}))).toBeUndefined();
  });

  test('a relative apt_config is refused', () => {
    expect(apt.settings.safeParse({ apt_config: 'apt.conf' }).success).toBe(false);
    expect(apt.settings.safeParse({ apt_confg: '/x' }).success).toBe(false);
  });

  test('a password in an error message is not repeated', async () => {
    const host = replay({
      commands: { 'apt-get update': { exitCode: 100, stderr: 'E: Failed https://joe:p@ss@x.org/debian' } },
    });
    await expect(runApt(host, {}, 'apt-get', ['update'])).rejects.toThrow('E: Failed https://x.org/debian');
  });
});

describe('lists', () => {
  const [target] = parseIndexTargets(targetStanza);

  test('the Release file stands beside the list, whatever the compression', () => {
    expect(target).toMatchObject({
      repository: 'user_x.example.org/debian bookworm-security',
      file: `${folder}_main_binary-amd64_Packages`,
      releaseFiles: [`${folder}_InRelease`, `${folder}_Release`],
    });
    const [compressed] = parseIndexTargets(targetStanza.replace('_Packages\n', '_Packages.lz4\n'));
    expect(compressed?.file).toBe(`${folder}_main_binary-amd64_Packages`);
  });

  test.each([
    ['as long as its Release says', '', '0123456789', true],
    ['shorter', '', '012', false],
    ['empty', '', '', false],
    ['compressed', '.lz4', 'any', true],
    ['compressed and empty', '.lz4', '', false],
  ])('a list that is %s (%s)', async (_, extension, content, usable) => {
    const collection = await collectWith({
      files: {
        '/var/lib/dpkg/status': session.files?.['/var/lib/dpkg/status'] ?? '',
        [`${folder}_main_binary-amd64_Packages${extension}`]: content,
        [`${folder}_InRelease`]: releaseFile,
      },
    });
    expect(facts(collection)).toContain(`maintenance_patch_metadata_complete{apt} ${usable ? 1 : 0}`);
    expect(collection.problems.map(({ reason }) => reason)).toEqual(usable ? [] : ['metadata_missing']);
  });

  test('a list that is but a link to a repository on this host may be newer than its Release', async () => {
    const linked = targetStanza.replace(/^Site: .*$/m, 'Site: file:/srv/debian');
    const files = { ...session.files, [`${folder}_main_binary-amd64_Packages`]: 'newer and longer' };
    const collection = await collectWith({ commands: { [indexTargets]: linked }, files });
    expect(collection.problems).toEqual([]);
  });

  test('a stanza without a field that is needed is unexpected', () => {
    expect(() => parseIndexTargets(targetStanza.replace(/^Filename:.*\n/m, ''))).toThrow(/without filename/);
  });

  test.each([
    ['no longer there', {}, 'metadata_missing'],
    ['past a limit that is no date', { validUntil: NaN }, 'metadata_stale'],
  ])('a list that is %s cannot be used', (_, change, reason) => {
    if (target === undefined) throw new Error('no target');
    const release = { ...parseRelease(releaseFile), ...change };
    const judged = judgeLists(
      listFacts([{ target, present: 'validUntil' in change, damaged: false, release, trusted: true }], ''),
      now,
    );
    expect(judged.usable).toBe(false);
    expect(judged.problems.map((problem) => problem.reason)).toEqual([reason]);
  });
});
