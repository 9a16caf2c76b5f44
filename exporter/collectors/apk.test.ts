import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type ToolOutput } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { cacheNames, parseIndex } from './apk/indexes.ts';
import { parseInstalled } from './apk/installed.ts';
import { parseLog } from './apk/log.ts';
import { parseQuery } from './apk/query.ts';
import { parseRepositories } from './apk/repositories.ts';
import { parseSecurityDatabase } from './apk/secdb.ts';
import { needsReboot } from './apk/updates.ts';
import { parseVersionList } from './apk/version-list.ts';
import { heldBack, parseWorld } from './apk/world.ts';
import { apk } from './apk.ts';

// No test here runs apk: Debian has no package of it, and a static apk is nothing a package registry has. What it prints and
// writes is from its sources (src/app_version.c, src/print.c, src/commit.c, src/database.c) and from captures.

const captures = join(import.meta.dirname, '../../../shared/fixtures/sources');
const capturesAreHere = existsSync(captures);
if (!capturesAreHere) console.warn('captured samples of apk are not tested: ../shared/fixtures is not here');
/** The text between `"""` that follows a key of a TOML capture. */
const capture = (name: string, key: string) => {
  const text = readFileSync(join(captures, name), 'utf8');
  const from = text.indexOf('"""', text.indexOf(key)) + 3;
  return text.slice(from, text.indexOf('"""', from));
};

const output = (stdout: string, exitCode = 0, stderr = ''): ToolOutput => ({ exitCode, stdout, stderr });
const heading = 'Installed:                                Available:\n';
const reasonOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof CollectorError ? error.reason : 'not a CollectorError';
  }
};
const lines = ({ samples }: Collection) =>
  samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);

describe('apk version', () => {
  test('a line is a newer version; name and version part at the last dash before a digit, whatever tag follows', () => {
    expect(
      parseVersionList(
        output(
          `${heading}busybox-1.36.1-r2                       < 1.36.1-r5 \nlibstdc++-13.2.1_git20231014-r0 < 14-r0 @edge\ngtk4.0-2-lang-4.1_rc1-r0 < 4.1-r0\n`,
        ),
      ),
    ).toEqual([
      { name: 'busybox', installed: '1.36.1-r2', candidate: '1.36.1-r5' },
      { name: 'libstdc++', installed: '13.2.1_git20231014-r0', candidate: '14-r0' },
      { name: 'gtk4.0-2-lang', installed: '4.1_rc1-r0', candidate: '4.1-r0' },
    ]);
  });

  test('the heading alone is nothing to do', () => expect(parseVersionList(output(heading))).toEqual([]));

  test('a warning that apk-tools is old takes nothing away', () =>
    expect(
      parseVersionList(
        output(heading, 0, 'WARNING: This apk-tools is OLD! Some packages might not function properly.\n'),
      ),
    ).toEqual([]));

  test.each([
    [
      'an index was never fetched (apk 2.12 and before)',
      output(heading, 0, 'WARNING: Ignoring APKINDEX.adfa7ceb.tar.gz: No such file or directory\n'),
      'metadata_missing',
    ],
    [
      'an index was never fetched (apk 2.14)',
      output(
        heading,
        0,
        'WARNING: opening from cache https://dl-cdn.alpinelinux.org/alpine/v3.20/main: No such file or directory\n',
      ),
      'metadata_missing',
    ],
    [
      'a local repository is gone (apk 3)',
      output(heading, 0, 'WARNING: opening /srv/packages: No such file or directory\n'),
      'metadata_missing',
    ],
    [
      'an index has a signature nobody trusts',
      output(
        heading,
        0,
        'WARNING: opening from cache https://x/y/x86_64/APKINDEX.tar.gz: UNTRUSTED signature\n',
      ),
      'metadata_missing',
    ],
    [
      'one of two is missing and the other has updates',
      output(
        `${heading}a-1-r0 < 2-r0\n`,
        0,
        'WARNING: updating and opening https://x/y: temporary error (try again later)\n',
      ),
      'metadata_missing',
    ],
    [
      'the warning is on standard output',
      output(`WARNING: Ignoring APKINDEX.adfa7ceb.tar.gz: No such file or directory\n${heading}`),
      'metadata_missing',
    ],
    [
      'an index may not be read',
      output(heading, 0, 'WARNING: opening from cache https://x/y: Permission denied\n'),
      'permission_denied',
    ],
    [
      'the database cannot be read',
      output('', 99, 'ERROR: Unable to read database: v2 database format error\n'),
      'tool_failed',
    ],
    ['it prints nothing', output(''), 'unexpected_output'],
    [
      'it prints its help',
      output('apk-tools 2.14.4, compiled for x86_64.\n\nusage: apk version\n', 1),
      'tool_failed',
    ],
    ['it is cut off', output(`${heading}busybox-1.28.4-r0    < `), 'unexpected_output'],
    ['it prints German', output('Installiert:    Verfügbar:\n'), 'unexpected_output'],
    ['another comparison is among them', output(`${heading}a-1-r0 = 1-r0\n`), 'unexpected_output'],
  ])('where %s it is no list, although apk ends with 0', (_, said, reason) => {
    expect(reasonOf(() => parseVersionList(said))).toBe(reason);
  });
});

describe.runIf(capturesAreHere)('captured samples (need ../shared/fixtures)', () => {
  test('busybox and ssl_client wait for 1.28.4-r1', () => {
    expect(parseVersionList(output(capture('apk/apk-version-v.toml', 'stdout')))).toEqual([
      { name: 'busybox', installed: '1.28.4-r0', candidate: '1.28.4-r1' },
      { name: 'ssl_client', installed: '1.28.4-r0', candidate: '1.28.4-r1' },
    ]);
  });

  test('the installed packages have versions and the source packages they are built from', () => {
    const text = capture('apk/packages_apk.toml', 'content');
    const installed = parseInstalled(text);
    expect(installed.size).toBe(text.split('\n').filter((line) => line.startsWith('P:')).length);
    expect(installed.get('musl')).toEqual({ version: '1.1.18-r2', origin: 'musl' });
    expect(installed.get('busybox')).toEqual({ version: '1.27.2-r7', origin: 'busybox' });
    expect(installed.get('alpine-baselayout')).toEqual({ version: '3.0.5-r2', origin: 'alpine-baselayout' });
    expect([...installed.values()].some(({ origin }, at) => origin !== [...installed.keys()][at])).toBe(true);
  });
});

describe('the world of apk', () => {
  const newer = (name: string, candidate: string) => ({ name, installed: '1.0-r0', candidate });
  test('a constraint that the newer version does not meet holds it', () => {
    const constraints = parseWorld(
      'alpine-base\nnginx=1.0-r0\nphp83~8.3\nopenssl<3.5\ncurl@edge\n!dropbear\nvim>=1\n.virtual><Q1abc=\nnode@edge=22.1-r0\n',
    );
    const list = [
      newer('nginx', '1.1-r0'),
      newer('php83', '8.3.9-r0'),
      newer('openssl', '3.5.0-r0'),
      newer('curl', '9-r0'),
      newer('vim', '9-r0'),
      newer('node', '22.2-r0'),
      newer('zlib', '2-r0'),
    ];
    expect([...heldBack(list, constraints)]).toEqual(['nginx', 'openssl', 'node']);
  });
});

describe('repositories', () => {
  test('tags, comments, local folders, and what apk-tools 3 added', () => {
    const text = [
      '# comment',
      'https://user:secret@dl-cdn.alpinelinux.org/alpine/v3.22/main/',
      '@edge https://dl-cdn.alpinelinux.org/alpine/edge/community',
      '/media/cdrom/apks',
      'set -default mirror=https://mirror.example/x',
      'v3 ${mirror} main community',
      'ndx https://example.org/packages/${APK_ARCH}/repo.adb',
      'cdrom?',
      '',
    ].join('\n');
    expect(
      parseRepositories(text, new Map([['APK_ARCH', 'x86_64']])).map(({ label, index }) => [label, index]),
    ).toEqual([
      [
        'dl-cdn.alpinelinux.org/alpine/v3.22/main',
        'https://user:secret@dl-cdn.alpinelinux.org/alpine/v3.22/main/x86_64/APKINDEX.tar.gz',
      ],
      [
        'dl-cdn.alpinelinux.org/alpine/edge/community',
        'https://dl-cdn.alpinelinux.org/alpine/edge/community/x86_64/APKINDEX.tar.gz',
      ],
      ['/media/cdrom/apks', '/media/cdrom/apks/x86_64/APKINDEX.tar.gz'],
      ['mirror.example/x/main', 'https://mirror.example/x/main/x86_64/Packages.adb'],
      ['mirror.example/x/community', 'https://mirror.example/x/community/x86_64/Packages.adb'],
      ['example.org/packages/x86_64/repo.adb', 'https://example.org/packages/x86_64/repo.adb'],
    ]);
  });

  test('the cached index has the name that apk gives it', async () => {
    // Seen on Alpine Linux 3.3 and 3.18.
    const index = 'https://dl-cdn.alpinelinux.org/alpine/v3.18/main/x86_64/APKINDEX.tar.gz';
    expect(await cacheNames('https://dl-cdn.alpinelinux.org/alpine/v3.18/main', index)).toContain(
      'APKINDEX.49104001.tar.gz',
    );
    expect(await cacheNames('http://dl-cdn.alpinelinux.org/alpine/v3.3/main', index)).toContain(
      'APKINDEX.5a59b88b.tar.gz',
    );
  });

  test('an index is as old as its newest package; a build from the future is none', () => {
    const text =
      'APKINDEX\0\0C:Q1a=\nP:a\nV:1-r0\nt:1700000000\n\nC:Q1b=\nP:b\nV:2-r0\nt:1750000000\n\nP:c\nV:3-r0\nt:9000000000\n\n\0';
    expect(parseIndex(text, new Set(['b', 'c']), 1_760_000_000)).toEqual({
      newest: 1_750_000_000,
      built: new Map([['b 2-r0', 1_750_000_000]]),
    });
  });

  test('builds of apk query; anything else has none', () => {
    expect([
      ...parseQuery(
        '[{"name":"jq","version":"1.8.2-r0","origin":"jq","build-time":1780000000},{"name":"x","version":"1"}]',
      ),
    ]).toEqual([['jq 1.8.2-r0', 1_780_000_000]]);
    for (const other of ['', '{}', 'Name: jq', '[{"name":1}]']) expect(parseQuery(other).size).toBe(0);
  });
});

describe('the log of apk-tools 3', () => {
  const now = Date.parse('2026-09-30T00:00:00Z') / 1000;
  const started = Date.parse('2026-09-28T06:10:04Z') / 1000;
  const run = (command: string, ...rest: readonly string[]) =>
    [
      '',
      `Running \`${command}\` at 2026-09-28 06:10:04`,
      'apk-tools 3.0.8-r0, compiled for x86_64.',
      ...rest,
      '',
    ].join('\n');
  const change = '(1/2) Upgrading jq (1.8.1-r0 -> 1.8.2-r0)';
  const second = '(2/2) Installing oniguruma@edge (6.9-r0)';
  const outcomes = (text: string, at = now) => parseLog(text, at).map(({ outcome }) => outcome);

  test('a run is a deployment, in UTC, with its command and versions', () => {
    const text = run(
      'apk upgrade',
      change,
      second,
      '( 3/10) Purging old (1-r0)',
      'OK: 129.7 MiB in 208 packages',
    );
    expect(parseLog(text, now)).toEqual([
      {
        started,
        outcome: 'success',
        command: 'apk upgrade',
        packages: [
          { name: 'jq', from: '1.8.1-r0', to: '1.8.2-r0' },
          { name: 'oniguruma', to: '6.9-r0' },
          { name: 'old', from: '1-r0' },
        ],
      },
    ]);
  });

  test('an error makes it partial, also one of a script that the summary does not count', () => {
    expect(outcomes(run('apk upgrade', change, second, '1 error; 129 MiB in 208 packages'))).toEqual([
      'partial',
    ]);
    expect(
      outcomes(
        run(
          'apk upgrade',
          change,
          second,
          'ERROR: jq-1.8.2-r0.post-upgrade: script exited with error 1',
          'OK: 129 MiB in 208 packages',
        ),
      ),
    ).toEqual(['partial']);
    expect(outcomes(run('apk upgrade', change, second, '2 errors; 129 MiB in 208 packages'))).toEqual([
      'failure',
    ]);
    expect(
      parseLog(
        run(
          'apk upgrade',
          change,
          second,
          'ERROR: jq-1.8.2-r0: package mentioned in index not found',
          '1 error; 1 MiB in 2 packages',
        ),
        now,
      )[0]?.packages,
    ).toEqual([
      { name: 'jq', from: '1.8.1-r0', to: '1.8.2-r0', failed: true },
      { name: 'oniguruma', to: '6.9-r0' },
    ]);
  });

  test('an attempt that changed nothing and failed is a failure; a refresh and nothing to do are no deployments', () => {
    expect(outcomes(run('apk upgrade', 'ERROR: unable to select packages:'))).toEqual(['failure']);
    expect(
      outcomes(run('apk update', 'ERROR: 2 unavailable, 0 stale; 20 distinct packages available')),
    ).toEqual([]);
    expect(outcomes(run('apk upgrade', 'OK: 129 MiB in 208 packages'))).toEqual([]);
  });

  test('one that never ended was killed, unless it has just begun', () => {
    expect(outcomes(run('apk upgrade', change))).toEqual(['partial']);
    expect(outcomes(run('apk upgrade', change), started + 60)).toEqual([]);
    expect(
      outcomes(
        run('apk upgrade', change) + run('apk update', 'OK: 20 distinct packages available'),
        started + 60,
      ),
    ).toEqual(['partial']);
  });

  test('apk that replaces itself first succeeded with that', () => {
    const self = run(
      'apk upgrade',
      '(1/1) Upgrading apk-tools (3.0.7-r0 -> 3.0.8-r0)',
      'Continuing the upgrade transaction with new apk-tools:',
    );
    expect(outcomes(self + run('apk upgrade --no-self-upgrade', change, 'OK: 1 MiB in 2 packages'))).toEqual([
      'success',
      'success',
    ]);
  });

  test('content without a run is unexpected', () => {
    expect(parseLog('', now)).toEqual([]);
    for (const noise of ['<html>', 'Upgrading jq', 'Running `apk upgrade` yesterday'])
      expect(reasonOf(() => parseLog(noise, now))).toBe('unexpected_output');
  });
});

describe('apk, replayed', () => {
  const now = 1_795_000_000;
  const day = 86_400;
  const base = {
    now,
    commands: {
      'apk version -v -l <': `${heading}libssl3-3.3.0-r0      < 3.3.2-r0\nvim-9.0-r0            < 9.1-r0\nnginx-1.26.0-r0   < 1.28.0-r0\n`,
      'apk query --upgradable --format json --fields name,version,origin,build-time *': output(
        '',
        1,
        "ERROR: 'query' is not an apk command. See 'apk --help'.\n",
      ),
    },
    files: {
      '/etc/apk/arch': 'x86_64\n',
      '/etc/apk/repositories': 'https://dl-cdn.alpinelinux.org/alpine/v3.18/main\n',
      '/etc/apk/world': 'alpine-base\nnginx<1.28\nvim\n',
      '/lib/apk/db/installed':
        'C:Q1=\nP:libssl3\nV:3.3.0-r0\no:openssl\n\nP:vim\nV:9.0-r0\no:vim\n\nP:nginx\nV:1.26.0-r0\no:nginx\n\n',
      '/var/cache/apk/APKINDEX.49104001.tar.gz': `P:libssl3\nV:3.3.2-r0\no:openssl\nt:${now - 40 * day}\n\nP:vim\nV:9.1-r0\nt:${now - 3 * day}\n\nP:nginx\nV:1.28.0-r0\nt:${now - 20 * day}\n\n`,
      '/secdb/main.json': JSON.stringify({
        distroversion: 'v3.18',
        reponame: 'main',
        packages: [
          {
            pkg: {
              name: 'openssl',
              secfixes: {
                '3.3.1-r0': ['CVE-2026-1'],
                '3.2.0-r0': ['CVE-2025-1'],
                '3.4.0-r0': ['CVE-2026-9'],
                '0': ['CVE-2020-1'],
              },
            },
          },
          { pkg: { name: 'vim', secfixes: { '9.0-r0': ['CVE-2025-2'] } } },
        ],
      }),
    },
  } satisfies Replay;

  test('without a security database all are standard, none is said not to be a security update, and ages are from builds', async () => {
    const collection = await apk.collect(replay(base), {});
    expect(lines(collection)).toEqual([
      'maintenance_patch_metadata_complete{apk} 1',
      `maintenance_patch_metadata_timestamp_seconds{apk,dl-cdn.alpinelinux.org/alpine/v3.18/main} ${now - 3 * day}`,
      'maintenance_patches_pending{apk,standard,unknown} 2',
      `maintenance_patch_oldest_pending_timestamp_seconds{apk,standard,unknown,released} ${now - 40 * day}`,
      'maintenance_patches_held{apk,standard} 1',
      `maintenance_patch_oldest_held_timestamp_seconds{apk,standard,released} ${now - 20 * day}`,
    ]);
    expect(collection.problems).toMatchObject([{ reason: 'unsupported' }]);
  });

  test('a fix of the source package between the two versions makes a security update', async () => {
    const collection = await apk.collect(replay(base), { secdb: ['/secdb/main.json'] });
    expect(collection.problems).toEqual([]);
    expect(lines(collection)).toEqual(
      expect.arrayContaining([
        'maintenance_patches_pending{apk,security,unknown} 1',
        'maintenance_patches_pending{apk,standard,unknown} 1',
        'maintenance_patches_held{apk,standard} 1',
      ]),
    );
  });

  test.each([
    ['does not exist', {}, 'source_missing'],
    ['is an error page', { '/secdb/main.json': '<html>' }, 'unexpected_output'],
    [
      'is of another release',
      { '/secdb/main.json': base.files['/secdb/main.json'].replace('v3.18', 'v3.17') },
      'unsupported',
    ],
  ])(
    'where the security database %s no update is called anything, and all are counted',
    async (_, files, reason) => {
      const { '/secdb/main.json': _gone, ...rest } = base.files;
      const collection = await apk.collect(replay({ ...base, files: { ...rest, ...files } }), {
        secdb: ['/secdb/main.json'],
      });
      expect(lines(collection)).toContain('maintenance_patches_pending{apk,standard,unknown} 2');
      expect(lines(collection).join()).not.toContain('security');
      expect(collection.problems).toMatchObject([{ reason }]);
    },
  );

  test('a version built after the security database was fetched may close what it does not know: security is unknown, not 0', async () => {
    const modified = { '/secdb/main.json': now - 10 * day };
    const collection = await apk.collect(replay({ ...base, modified }), { secdb: ['/secdb/main.json'] });
    expect(lines(collection).join()).not.toContain('security');
    expect(lines(collection)).toContain('maintenance_patches_pending{apk,standard,unknown} 2');
    expect(collection.problems).toMatchObject([{ reason: 'metadata_stale' }]);
  });

  test('a repository apk did without makes pending unknown and the metadata incomplete', async () => {
    const commands = {
      'apk version -v -l <': output(
        heading,
        0,
        'WARNING: opening from cache https://dl-cdn.alpinelinux.org/alpine/v3.18/main: No such file or directory\n',
      ),
    };
    const collection = await apk.collect(replay({ ...base, commands }), {});
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apk} 0']);
    expect(collection.problems).toMatchObject([{ reason: 'metadata_missing' }]);
  });

  test('no repository at all is no host without updates', async () => {
    const files = { ...base.files, '/etc/apk/repositories': '# none\n' };
    const collection = await apk.collect(replay({ ...base, files }), {});
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apk} 0']);
  });

  test('no installed package is no host without updates', async () => {
    const files = { ...base.files, '/lib/apk/db/installed': '' };
    const collection = await apk.collect(
      replay({ ...base, commands: { 'apk version -v -l <': heading }, files }),
      {},
    );
    expect(lines(collection)).toEqual([]);
    expect(collection.problems).toMatchObject([{ reason: 'source_missing' }]);
  });

  test('an index apk-tools 3 alone can read gives no date; the builds are asked of apk', async () => {
    const { '/var/cache/apk/APKINDEX.49104001.tar.gz': _index, ...files } = base.files;
    const commands = {
      ...base.commands,
      'apk version -v -l <': `${heading}vim-9.0-r0            < 9.1-r0\n`,
      'apk query --upgradable --format json --fields name,version,origin,build-time *': JSON.stringify([
        { name: 'vim', version: '9.1-r0', origin: 'vim', 'build-time': now - 5 * day },
      ]),
    };
    const collection = await apk.collect(replay({ ...base, files, commands }), {});
    expect(lines(collection)).toContain(
      `maintenance_patch_oldest_pending_timestamp_seconds{apk,standard,unknown,released} ${now - 5 * day}`,
    );
    expect(lines(collection).join()).not.toContain('metadata_timestamp');
  });

  test('a version that is superseded keeps the age of the first one', async () => {
    const state = new Map<string, unknown>();
    await apk.collect(replay({ ...base, state }), {});
    const index = `P:vim\nV:9.2-r0\nt:${now + 29 * day}\n\n`;
    const collection = await apk.collect(
      replay({
        ...base,
        now: now + 30 * day,
        state,
        commands: { ...base.commands, 'apk version -v -l <': `${heading}vim-9.0-r0            < 9.2-r0\n` },
        files: {
          ...base.files,
          '/var/cache/apk/APKINDEX.49104001.tar.gz': index,
          '/lib/apk/db/installed': 'P:vim\nV:9.0-r0\n\n',
        },
      }),
      {},
    );
    expect(lines(collection)).toContain(
      `maintenance_patch_oldest_pending_timestamp_seconds{apk,standard,unknown,released} ${now - 3 * day}`,
    );
  });

  test('deployments come from the log; where apk-tools 2 writes none there are none to tell', async () => {
    expect(lines(await apk.collect(replay(base), {})).join()).not.toContain('deployments');
    const log =
      '\nRunning `apk upgrade` at 2026-09-28 06:10:04\n(1/1) Upgrading linux-lts (6.12.1-r0 -> 6.12.2-r0)\nOK: 9 MiB in 2 packages\n';
    const files = { ...base.files, '/var/log/apk.log': log, '/proc/stat': 'btime 1700000000\n' };
    expect(lines(await apk.collect(replay({ ...base, files }), {}))).toContain(
      'maintenance_patch_deployments_total{apk,pending_reboot} 1',
    );
  });

  test('a security database that is cut off is refused', () =>
    expect(reasonOf(() => parseSecurityDatabase('{"distroversion":"v3.18"', '/x', 1))).toBe(
      'unexpected_output',
    ));

  test.each([
    ['linux-lts', true],
    ['linux-rpi4', true],
    ['amd-ucode', true],
    ['linux-headers', false],
    ['linux-firmware-none', false],
    ['linux-pam', false],
  ])('%s needs a start: %s', (name, expected) => expect(needsReboot(name)).toBe(expected));
});
