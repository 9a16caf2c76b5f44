import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { replay, type Replay } from '../../replay.ts';
import { apt } from '../apt.ts';
import { readAutomation } from './automation.ts';
import { versionsBetween } from './candidates.ts';
import { parseConfiguration } from './configuration.ts';
import { parseDpkgLog } from './dpkg-log.ts';
import { parseStatus } from './dpkg-status.ts';
import { parseHistory } from './history.ts';
import { parseIndexTargets } from './index-targets.ts';
import { isSecurityOrigin, parsePolicy } from './policy.ts';
import { rebootNeeded } from './reboot-names.ts';
import { resolver } from './resolver.ts';
import { parseSimulation } from './simulation.ts';

// What other tools and files said of real hosts: what is read from it here, and why some of it is not read at all.
const captures = new URL('../../../../shared/fixtures/sources/', import.meta.url);
const capturesAreHere = existsSync(captures);
if (!capturesAreHere) console.warn('the captures of apt are not here; their facts are not tested');
const capture = (name: string) => readFileSync(new URL(name, captures), 'utf8');

const lists = '/var/lib/apt/lists/';
const now = Date.UTC(2026, 10, 21, 19) / 1000;
const paths: Readonly<Record<string, readonly [option: string, value: string]>> = {
  status: ['Dir::State::status/f', '/var/lib/dpkg/status'],
  extendedStates: ['Dir::State::extended_states/f', '/var/lib/apt/extended_states'],
  lists: ['Dir::State::lists/d', lists],
  periodic: ['Dir::State/d', '/var/lib/apt/'],
  history: ['Dir::Log::History/f', '/var/log/apt/history.log'],
  sources: ['Dir::Etc::sourcelist/f', '/etc/apt/sources.list'],
  sourceParts: ['Dir::Etc::sourceparts/d', '/etc/apt/sources.list.d/'],
  preferences: ['Dir::Etc::preferences/f', '/etc/apt/preferences'],
  preferenceParts: ['Dir::Etc::preferencesparts/d', '/etc/apt/preferences.d/'],
  main: ['Dir::Etc::main/f', '/etc/apt/apt.conf'],
  mainParts: ['Dir::Etc::parts/d', '/etc/apt/apt.conf.d/'],
};
const shell = Object.entries(paths)
  .map(([name, [, value]]) => `${name}='${value}'\n`)
  .join('');
const askForPaths = Object.entries(paths)
  .map(([name, [option]]) => `${name} ${option}`)
  .join(' ');
const withoutLists = '-o Dir::State::lists=/nonexistent/ -o Dir::State::status=/dev/null';

/** A suite of a repository, fetched: what indextargets says of it, and its files. */
function suite(site: string, name: string, label: string) {
  const file = `${lists}${site.replaceAll('/', '_')}_dists_${name}`;
  return {
    list: `${file}_main_binary-amd64_Packages`,
    description: `http://${site} ${name}/main amd64 Packages`,
    stanza: [
      'MetaKey: main/binary-amd64/Packages',
      'ShortDesc: Packages',
      `Description: http://${site} ${name}/main amd64 Packages`,
      `Filename: ${file}_main_binary-amd64_Packages`,
      'Optional: no',
      'Architecture: amd64',
      'Component: main',
      'Created-By: Packages',
      `Release: ${name}`,
      `Site: http://${site}`,
      '',
    ].join('\n'),
    files: {
      [`${file}_main_binary-amd64_Packages`]: 'x',
      [`${file}_InRelease`]: `Label: ${label}\nSuite: ${name}\nDate: Fri, 20 Nov 2026 00:12:41 UTC\n`,
    },
  };
}
type Suite = ReturnType<typeof suite>;

/** A host that apt was asked of. */
const session = (
  suites: readonly Suite[],
  packages: Readonly<Record<string, string>>,
  commands: NonNullable<Replay['commands']>,
): Replay => ({
  now,
  commands: {
    [`apt-config shell ${askForPaths}`]: shell,
    'apt-config dump': 'APT::Architecture "amd64";\n',
    [`apt-get ${withoutLists} --no-release-info indextargets`]: suites.map(({ stanza }) => stanza).join('\n'),
    [`apt-cache ${withoutLists} -o APT::Default-Release= policy`]: '',
    ...commands,
  },
  files: {
    '/var/lib/dpkg/status': Object.entries(packages)
      .map(
        ([name, version]) =>
          `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
      )
      .join('\n'),
    ...Object.assign({}, ...suites.map(({ files }) => files)),
  },
});
const counts = async (host: Replay) => {
  const { samples, problems } = await apt.collect(replay(host), {});
  expect(problems).toEqual([]);
  return samples
    .filter(({ name }) => /_pending$|_held$/.test(name))
    .map(({ name, labels, value }) => `${name.split('_').at(-1)} ${labels['class']} ${value}`);
};

const bookworm = [
  suite('mirror.example.org/debian', 'bookworm', 'Debian'),
  suite('mirror.example.org/debian-security', 'bookworm-security', 'Debian-Security'),
] as const;
const upgradable = () =>
  [
    ...capture('apt/bookworm-apt-list-upgradable.txt').matchAll(
      /^([^/\n]+)\/\S+ (\S+) \S+ \[upgradable from: (.+)\]$/gm,
    ),
  ].map(([, name = '', candidate = '', installed = '']) => ({ name, candidate, installed }));

describe.skipIf(!capturesAreHere)('what waits on bookworm', () => {
  const host = (simulation: string) => {
    const [, security] = bookworm;
    const changed = parseSimulation(capture(simulation)).upgrades.map(({ name }) => name);
    const all = upgradable();
    const names = [...changed, ...all.map(({ name }) => name).filter((name) => !changed.includes(name))];
    const policy = all
      .map(({ name, installed, candidate }) =>
        [
          `${name}:`,
          `  Installed: ${installed}`,
          `  Candidate: ${candidate}`,
          '  Version table:',
          `     ${candidate} 500`,
          `        500 ${security.description}`,
          ` *** ${installed} 100`,
          '        100 /var/lib/dpkg/status',
        ].join('\n'),
      )
      .join('\n');
    return session(bookworm, Object.fromEntries(all.map(({ name, installed }) => [name, installed])), {
      'apt-get -s -o Debug::NoLocking=true -o quiet=1 dist-upgrade': capture(simulation),
      [`apt-cache policy ${names.join(' ')}`]: policy,
    });
  };

  test.each(['apt/bookworm-simulate-8-security.txt', 'apt/bookworm-simulate-de_DE.txt'])(
    'is 8 security updates by %s',
    async (simulation) =>
      expect(await counts(host(simulation))).toEqual([
        'pending security 8',
        'held security 0',
        'pending standard 0',
        'held standard 0',
      ]),
  );

  test('is 7 and a held one with a hold: tzdata has no Inst line, and is not forgotten', async () =>
    expect(await counts(host('apt/bookworm-simulate-with-hold.txt'))).toEqual([
      'pending security 7',
      'held security 1',
      'pending standard 0',
      'held standard 0',
    ]));

  test('apt list is not read: it is translated, says itself that it is not stable, and tells of the candidate alone: of 132, 53 come from the point release, whatever security update they mask', () => {
    expect(capture('apt/apt-list-upgradable.stderr')).toContain('does not have a stable CLI interface');
    expect(capture('apt/bookworm-apt-list-de_DE.txt')).toContain('[aktualisierbar von: 2.6.1]');
    expect(capture('apt/bookworm-apt-list-de_DE.txt')).not.toContain('upgradable');
    const large = capture('apt/apt-list-upgradable.txt').trim().split('\n').slice(1);
    expect(large).toHaveLength(132);
    const origins = Map.groupBy(large, (line) => line.split('/')[1]?.split(' ')[0] ?? '');
    expect([...origins].map(([name, found]) => `${name} ${found.length}`).toSorted()).toEqual([
      'oldstable 53',
      'oldstable,oldstable-security 20',
      'oldstable-security 59',
    ]);
    expect(() => parseSimulation(capture('apt/apt-list-upgradable.txt'))).toThrow(/no summary/);
    expect(upgradable()).toHaveLength(8);
  });

  test('the priorities of apt-cache policy are not read: a source that is listed was fetched once, which says nothing of those that were not', () => {
    const policy = capture('apt/apt-cache-policy.txt');
    expect([...policy.matchAll(/l=(\S+?),/g)].map(([, label]) => label)).toEqual([
      'Debian-Security',
      'Debian',
      'Debian',
    ]);
    expect(parsePolicy(policy)).toEqual(new Map());
  });

  test('of openssl 3.0.19 two versions wait, and the older is from the point release', () => {
    const openssl = parsePolicy(capture('apt/apt-cache-policy-pkgs.txt')).get('openssl');
    const { installed = '', candidate = '', versions = [] } = openssl ?? {};
    expect(
      versionsBetween({ installed, candidate }, versions, (list) => list.includes('-security/')),
    ).toEqual([
      { version: '3.0.22-1~deb12u2', security: true },
      { version: '3.0.20-1~deb12u2', security: false },
    ]);
  });

  test('the changelog is not read for release dates: it ends at what is installed, is dated by who prepared it, and its urgency is no severity', () => {
    const [head = '', ...older] = capture('apt/changelog.Debian-openssl-head.txt').split(/\n(?=openssl \()/);
    expect(older).toHaveLength(2);
    expect(/^openssl \((\S+)\) (\S+); urgency=(\w+)/.exec(head)?.slice(1)).toEqual([
      parsePolicy(capture('apt/apt-cache-policy-pkgs.txt')).get('openssl')?.installed,
      'bookworm-security',
      'medium',
    ]);
    expect(head.match(/CVE-\d+-\d+/g)).toHaveLength(5);
    expect(Date.parse(/^ -- .*> {2}(.*)$/m.exec(head)?.[1] ?? '')).toBe(Date.UTC(2026, 3, 3, 12, 29, 32));
  });

  test('the index targets stand where their Release files are looked for; another format of them is not misread', () => {
    const text = capture('apt/indextargets-bookworm.txt');
    const targets = text.trim().split('\n');
    const found = targets.map((line) => {
      const [, site = '', release = '', , , , file = ''] = line.split('|');
      const stanza = suite(site.replace('http://', ''), release, '').stanza;
      return parseIndexTargets(stanza.replace(/^Filename:.*/m, `Filename: ${file}`))[0];
    });
    expect(found.map((one) => [one?.repository, one?.releaseFiles[0]])).toEqual([
      ['mirror.example.org/debian bookworm', `${lists}mirror.example.org_debian_dists_bookworm_InRelease`],
      [
        'mirror.example.org/debian bookworm-updates',
        `${lists}mirror.example.org_debian_dists_bookworm-updates_InRelease`,
      ],
      [
        'mirror.example.org/debian-security bookworm-security',
        `${lists}mirror.example.org_debian-security_dists_bookworm-security_InRelease`,
      ],
    ]);
    expect(() => parseIndexTargets(text)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });
});

const updatesSchema = z.object({
  data: z.object({
    attributes: z.object({
      summary: z.record(z.string(), z.number()),
      updates: z.array(z.object({ package: z.string(), version: z.string(), provided_by: z.string() })),
    }),
  }),
});

describe.skipIf(!capturesAreHere)('what waited on noble', () => {
  const noble = [
    suite('archive.ubuntu.com/ubuntu', 'noble-updates', 'Ubuntu'),
    suite('security.ubuntu.com/ubuntu', 'noble-security', 'Ubuntu'),
  ] as const;
  const upgrade = () =>
    [
      ...capture('apt-ubuntu/noble-dist-upgrade.log').matchAll(
        /^Unpacking ([^\s:]+)(?::\S+)? \((\S+)\) over \((\S+)\) \.\.\.$/gm,
      ),
    ].map(([, name = '', candidate = '', installed = '']) => ({ name, candidate, installed }));
  const pro = () =>
    updatesSchema.parse(JSON.parse(capture('apt-ubuntu/pro-api-u.pro.packages.updates.v1.json'))).data
      .attributes;

  test('was 43 security updates, not the 41 apt_info.py counts: a later version from noble-updates masks two', async () => {
    const theirs = [
      ...capture('node-exporter-textfile/apt_info-noble.prom').matchAll(
        /^apt_upgrades_pending\{.*origin="([^"]*)"\} (\S+)$/gm,
      ),
    ];
    const sum = (all: typeof theirs) => all.reduce((total, [, , value]) => total + Number(value), 0);
    expect([sum(theirs.filter(([, origin]) => origin?.includes('-security'))), sum(theirs)]).toEqual([
      41, 66,
    ]);

    const known = Map.groupBy(pro().updates, (update) => update.package);
    const choices = upgrade().map(({ name, candidate, installed }) => ({
      name,
      installed,
      candidate,
      kept: false,
      versions: (known.get(name) ?? []).map(({ version, provided_by: pocket }) => ({
        version,
        files: [noble[pocket === 'standard-security' ? 1 : 0].list],
      })),
    }));
    expect(choices).toHaveLength(66);
    const installed = Object.fromEntries(choices.map((choice) => [choice.name, choice.installed]));
    const host = session(noble, installed, {
      [resolver.join(' ')]: JSON.stringify({ format: 1, choices }),
    });
    expect(await counts(host)).toEqual([
      'pending security 43',
      'held security 0',
      'pending standard 23',
      'held standard 0',
    ]);
  });

  test('apt-check agrees with us and is not read: it prints to stderr, behind warnings, and only Ubuntu has it', () => {
    const lines = capture('apt-ubuntu/apt-check.stderr').trim().split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([5, '66;43']);
    expect(capture('apt-ubuntu/apt-check-human.txt')).toContain('43 of these updates are standard security');
  });

  test('pro is not read: it counts versions, 68 for 66 packages, and does not ask whether apt would install them', () => {
    const { summary, updates } = pro();
    expect(summary).toMatchObject({
      num_standard_security_updates: 43,
      num_standard_updates: 25,
      num_updates: 68,
    });
    expect(new Set(updates.map((update) => update.package)).size).toBe(66);
    const twice = [...Map.groupBy(updates, (update) => update.package)].filter(([, all]) => all.length > 1);
    expect(twice.map(([name]) => name)).toEqual(['libsystemd0', 'libudev1']);
    const status: unknown = JSON.parse(capture('apt-ubuntu/pro-security-status.json'));
    expect(status).toMatchObject({
      summary: { num_standard_security_updates: 43, num_installed_packages: 149 },
    });
    const packages: unknown = JSON.parse(capture('apt-ubuntu/pro-api-u.pro.packages.summary.v1.json'));
    expect(packages).toMatchObject({ data: { attributes: { summary: { num_installed_packages: 149 } } } });
  });

  test('a log of a real upgrade is no simulation: its 66 upgrades have no Inst line, and are not taken for 0', () =>
    expect(() => parseSimulation(capture('apt-ubuntu/noble-dist-upgrade.log'))).toThrow(
      '0 upgrades, but its summary says 66',
    ));

  test('pro says that no reboot is needed after an upgrade of libc6: nothing there could have asked for it', () => {
    expect(upgrade().map(({ name }) => name)).toContain('libc6');
    for (const name of [
      'pro-api-reboot_required-after-upgrade.json',
      'pro-api-u.pro.security.status.reboot_required.v1.json',
    ]) {
      const answer: unknown = JSON.parse(capture(`apt-ubuntu/${name}`));
      expect(answer).toMatchObject({ data: { attributes: { reboot_required: 'no' } } });
    }
    expect(rebootNeeded([])('libc6')).toBe(true);
  });

  test('automatic updates were off, though every option says on: their timer does not run', async () => {
    const answer: unknown = JSON.parse(capture('apt-ubuntu/pro-api-u.unattended_upgrades.status.v1.json'));
    expect(answer).toMatchObject({
      data: {
        attributes: {
          apt_periodic_job_enabled: true,
          unattended_upgrades_frequency_days: 1,
          unattended_upgrades_last_run: null,
          systemd_apt_timer_enabled: false,
          unattended_upgrades_disabled_reason: { code: 'unattended-upgrades-systemd-job-disabled' },
        },
      },
    });
    const raw = z
      .object({
        data: z.object({
          meta: z.object({ raw_config: z.record(z.string(), z.union([z.string(), z.array(z.string())])) }),
        }),
      })
      .parse(answer).data.meta.raw_config;
    const dump = Object.entries(raw)
      .flatMap(([name, value]) =>
        typeof value === 'string' ? [`${name} "${value}";`] : value.map((one) => `${name}:: "${one}";`),
      )
      .join('\n');
    const packages = parseStatus('Package: unattended-upgrades\nStatus: install ok installed\n');
    const enabled = async (state: string) => {
      const units = ['timer', 'service'].map(
        (kind) => `Id=apt-daily-upgrade.${kind}\nLoadState=loaded\n${state}\nResult=success\n`,
      );
      const host = replay({
        commands: {
          'systemctl show --no-pager --property=Id,LoadState,UnitFileState,ActiveState,Result,ExecMainExitTimestamp -- apt-daily-upgrade.timer apt-daily-upgrade.service':
            units.join('\n'),
        },
        files: { '/run/systemd/system/x': '' },
      });
      return (await readAutomation(host, parseConfiguration(shell, dump), packages)).enabled;
    };
    expect(await enabled('UnitFileState=disabled\nActiveState=inactive')).toBe(false);
    expect(await enabled('UnitFileState=enabled\nActiveState=active')).toBe(true);
  });
});

describe.skipIf(!capturesAreHere)('other captures', () => {
  test('bionic has 13 updates, 2 of them from its security pocket', () => {
    const toml = capture('apt/mql-bionic-updates_dpkg.toml');
    const { upgrades } = parseSimulation(/"""([^]*)"""/.exec(toml)?.[1] ?? '');
    expect(upgrades).toHaveLength(13);
    expect(upgrades.filter(({ origins }) => origins.some(isSecurityOrigin)).map(({ name }) => name)).toEqual([
      'libgcrypt20',
      'gpgv',
    ]);
    expect(upgrades.find(({ name }) => name === 'libtinfo5')).toEqual({
      name: 'libtinfo5',
      installed: '6.1-1ubuntu1',
      candidate: '6.1-1ubuntu1.18.04',
      origins: ['Ubuntu:18.04/bionic-updates'],
    });
  });

  test('the logs of unattended-upgrades are not read: a dry run writes "All upgrades installed", and so does a run that leaves a security update', () => {
    const played = capture('apt/unattended-upgrade-dry-run-debug.txt');
    const real = capture('apt/unattended-upgrade-run.txt');
    const log = capture('apt/unattended-upgrades.log');
    expect(played).toContain('All upgrades installed');
    expect(real).toContain('All upgrades installed\nPackage tzdata is blacklisted.');
    expect(log.match(/INFO All upgrades installed/g)).toHaveLength(2);
    for (const text of [played, real, log]) {
      expect(parseHistory(text)).toEqual([]);
      expect(parseDpkgLog(text).events).toEqual([]);
    }
  });

  test('history.log and dpkg.log are not mistaken for each other', () => {
    expect(parseHistory(capture('apt/bookworm-dpkg.log'))).toEqual([]);
    expect(parseDpkgLog(capture('apt/bookworm-history.log'))).toEqual({
      first: undefined,
      events: [],
      active: [],
    });
  });

  test('a package that dpkg.log has half configured is no end of one', () => {
    const text = capture('apt/bookworm-dpkg.log');
    expect(text).toMatch(/status half-configured badpkg:all 1\.0/);
    const ends = parseDpkgLog(text).events.filter(
      ({ name, version }) => name === 'badpkg' && version !== undefined,
    );
    expect(ends).toEqual([]);
  });
});

describe.skipIf(!capturesAreHere)('apt_info.py', () => {
  const timestamps = (name: string) =>
    [
      ...capture(`node-exporter-textfile/${name}`).matchAll(/^apt_package_cache_timestamp_seconds (\S+)$/gm),
    ].map(([, value]) => Number(value));

  test('lets its cache timestamp advance after an update that failed completely; ours is a date inside the lists', async () => {
    const [before = 0, after = 0] = timestamps('apt_info-before-after-failed-update.txt');
    expect(Math.floor(after) - Math.floor(before)).toBe(1482);
    expect(capture('node-exporter-textfile/apt_info-before-after-failed-update.txt')).toContain(
      'update rc=0',
    );
    const choices: readonly unknown[] = [];
    const host = session(
      bookworm,
      { bash: '1' },
      { [resolver.join(' ')]: JSON.stringify({ format: 1, choices }) },
    );
    // What such an update leaves: new times everywhere, also on its stamps, and the lists as they were.
    const files = {
      ...host.files,
      '/var/lib/apt/periodic/update-stamp': '',
      '/var/cache/apt/pkgcache.bin': 'x',
    };
    const { samples } = await apt.collect(replay({ ...host, files, now: now + 1482 }), {});
    expect(
      samples
        .filter(({ name }) => name.endsWith('timestamp_seconds'))
        .map(({ name, value }) => [name, value]),
    ).toEqual(
      bookworm.map(() => [
        'maintenance_patch_metadata_timestamp_seconds',
        Date.UTC(2026, 10, 20, 0, 12, 41) / 1000,
      ]),
    );
  });

  test('says 0.0 on Ubuntu before the first update-stamp; what we do not know has no sample', async () => {
    expect(timestamps('apt_info-noble.prom')).toEqual([0]);
    const host = session(bookworm, { bash: '1' }, {});
    const undated = Object.fromEntries(
      Object.entries(host.files ?? {}).map(([path, text]) => [
        path,
        typeof text === 'string' ? text.replace(/^Date:.*\n/m, '') : text,
      ]),
    );
    const commands = {
      ...host.commands,
      [resolver.join(' ')]: JSON.stringify({ format: 1, choices: [] }),
    };
    const { samples, problems } = await apt.collect(replay({ ...host, commands, files: undated }), {});
    expect(samples.filter(({ name }) => name.endsWith('timestamp_seconds'))).toEqual([]);
    expect(problems.map(({ reason }) => reason)).toEqual(['unexpected_output']);
  });

  test('counts 8 from the security pocket of trixie and knows no age of any of them', () => {
    const text = capture('node-exporter-textfile/apt_info-trixie.prom');
    expect(text).toContain(
      'apt_upgrades_pending{arch="amd64",origin="Debian:trixie-security/stable-security"} 7.0',
    );
    expect(text).toContain(
      'apt_upgrades_pending{arch="all",origin="Debian:trixie-security/stable-security"} 1.0',
    );
    expect(timestamps('apt_info-trixie.prom')).toHaveLength(1);
    expect(text).not.toMatch(/oldest|released|severity/);
  });
});

// github.com/prometheus-community/node-exporter-textfile-collector-scripts at 01cecc3, apt_info.py, lines 68 and 93.
test('apt_info.py crashes on `phasing_applied`, which python3-apt 2.6 of Debian 12 does not have; nothing here asks for it', () => {
  expect(resolver.join(' ')).not.toContain('phasing_applied');
});
