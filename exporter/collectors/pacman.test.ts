import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type ToolOutput } from '../collector.ts';
import type { Evidence } from '../evidence.ts';
import { renderText } from '../exposition.ts';
import { replay, type Replay } from '../replay.ts';
import { parseAdvisories } from './pacman/arch-audit.ts';
import { newestBuild } from './pacman/databases.ts';
import { parseLog } from './pacman/log.ts';
import { needsReboot } from './pacman/updates.ts';
import { parseInstalled, parseUpgrades } from './pacman/upgrades.ts';
import { pacman } from './pacman.ts';

const at = (text: string) => Date.parse(text) / 1000;
const output = (stdout: string, exitCode = 0, stderr = ''): ToolOutput => ({ exitCode, stdout, stderr });
const reasonOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof CollectorError ? error.reason : 'not a CollectorError';
  }
};

describe('pacman -Qu', () => {
  test('each line is an upgrade; a mark says that it is ignored', () => {
    expect(
      parseUpgrades(
        output('linux 6.9.1.arch1-1 -> 6.9.2.arch1-1 [ignored]\nfoo 1:1.0-1 -> 1:1.0.r3.gabc-1\n'),
      ),
    ).toEqual([
      { name: 'linux', installed: '6.9.1.arch1-1', candidate: '6.9.2.arch1-1', ignored: true },
      { name: 'foo', installed: '1:1.0-1', candidate: '1:1.0.r3.gabc-1', ignored: false },
    ]);
  });

  test('ending with 1 in silence is nothing to do', () => expect(parseUpgrades(output('', 1))).toEqual([]));

  test('a warning that is not about databases takes nothing away', () => {
    const warning =
      "warning: config file /etc/pacman.conf, line 9: directive 'X' in section 'options' not recognized.\n";
    expect(parseUpgrades(output('a 1-1 -> 2-1\n', 0, warning))).toHaveLength(1);
    expect(parseUpgrades(output('', 1, warning))).toEqual([]);
  });

  test.each([
    [
      'a database is missing',
      output('', 1, "warning: database file for 'core' does not exist (use '-Sy' to download)\n"),
      'metadata_missing',
    ],
    [
      'one of two is missing',
      output(
        'a 1-1 -> 2-1\n',
        0,
        "warning: database file for 'extra' does not exist (use '-Sy' to download)\n",
      ),
      'metadata_missing',
    ],
    [
      'a database is damaged',
      output('', 1, 'error: could not open file /x/core.db: Unrecognized archive format\n'),
      'tool_failed',
    ],
    [
      'a database may not be read',
      output('', 1, 'error: could not open file /x/core.db: Permission denied\n'),
      'permission_denied',
    ],
    ['it is killed half way', output('a 1-1 -> 2-1\nb 1-', 0), 'unexpected_output'],
    ['it succeeds in silence', output('', 0), 'unexpected_output'],
    ['it fails and prints', output('a 1-1 -> 2-1\n', 1), 'unexpected_output'],
    ['it prints German', output('Fehler: Datei nicht gefunden\n', 0), 'unexpected_output'],
    ['it prints names alone, as with -q', output('linux\n', 0), 'unexpected_output'],
    ['it dies', output('', 139), 'tool_failed'],
  ])('where %s it is no list, never 0 (pacman.sh says 0 on error)', (_, said, reason) => {
    expect(reasonOf(() => parseUpgrades(said))).toBe(reason);
  });

  test('a list of installed packages that is noise is refused', () => {
    expect([...parseInstalled('a 1-1\nb 1:2-1\n')]).toEqual([
      ['a', '1-1'],
      ['b', '1:2-1'],
    ]);
    expect(reasonOf(() => parseInstalled('a 1-1\nb\n'))).toBe('unexpected_output');
  });
});

describe('the date of a sync database', () => {
  const entry = (built: string) => `a-1-1/desc\0\0%NAME%\na\n\n%BUILDDATE%\n${built}\n\n`;
  test('is that of its newest package, and one from the future is none', () => {
    expect(newestBuild(entry('1700000000') + entry('1750000000') + entry('1740000000'), 1_760_000_000)).toBe(
      1_750_000_000,
    );
    expect(newestBuild(entry('1700000000') + entry('1999999999'), 1_760_000_000)).toBe(1_700_000_000);
    expect(newestBuild(entry('0'), 1_760_000_000)).toBeUndefined();
    expect(newestBuild('', 1_760_000_000)).toBeUndefined();
  });
});

describe('the log of pacman', () => {
  const upgrade = [
    "[2026-11-21T17:56:50+0100] [PACMAN] Running 'pacman -Syu'",
    '[2026-11-21T17:56:50+0100] [PACMAN] synchronizing package lists',
    '[2026-11-21T17:56:52+0100] [PACMAN] starting full system upgrade',
    '[2026-11-21T17:56:55+0100] [ALPM] transaction started',
    '[2026-11-21T17:56:55+0100] [ALPM] upgraded x (1-1 -> 2-1)',
    '[2026-11-21T17:56:56+0100] [ALPM] warning: /etc/x installed as /etc/x.pacnew',
    '[2026-11-21T17:56:57+0100] [ALPM] installed y (1-1)',
    '[2026-11-21T17:56:57+0100] [ALPM] removed z (3-1)',
    '[2026-11-21T17:56:58+0100] [ALPM] downgraded d (2-1 -> 1-1)',
    '[2026-11-21T17:56:58+0100] [ALPM] reinstalled r (1-1)',
  ];
  const text = (...more: readonly string[]) => [...upgrade, ...more, ''].join('\n');
  const done = '[2026-11-21T17:57:05+0100] [ALPM] transaction completed';

  test('a transaction is a deployment, with its zone, command and versions', () => {
    expect(parseLog(text(done), false)).toEqual([
      {
        started: at('2026-11-21T16:56:55Z'),
        ended: at('2026-11-21T16:57:05Z'),
        outcome: 'success',
        command: 'pacman -Syu',
        packages: [
          { name: 'x', from: '1-1', to: '2-1' },
          { name: 'y', to: '1-1' },
          { name: 'z', from: '3-1' },
          { name: 'd', from: '2-1', to: '1-1' },
          { name: 'r', from: '1-1', to: '1-1' },
        ],
      },
    ]);
  });

  const outcomes = (log: string, running = false) => parseLog(log, running).map(({ outcome }) => outcome);

  test.each(['failed', 'interrupted'])(
    'one that %s after some packages is partial, before any a failure',
    (how) => {
      const end = `[2026-11-21T17:57:05+0100] [ALPM] transaction ${how}`;
      expect(outcomes(text(end))).toEqual(['partial']);
      expect(outcomes(`${[...upgrade.slice(0, 4), end].join('\n')}\n`)).toEqual(['failure']);
    },
  );

  test('one that never ended was killed, unless pacman still runs', () => {
    expect(outcomes(text())).toEqual(['partial']);
    expect(outcomes(text(), true)).toEqual([]);
    expect(outcomes(text("[2026-11-22T00:00:00+0100] [PACMAN] Running 'pacman -Syu'"))).toEqual(['partial']);
    expect(outcomes(text(done, ...upgrade), true)).toEqual(['success']);
  });

  test.each([
    '[2026-11-21T17:57:06+0100] [ALPM-SCRIPTLET] ==> ERROR: module not found: nvidia',
    '[2026-11-21T17:57:06+0100] [ALPM-SCRIPTLET] error: command failed to execute correctly',
    '[2026-11-21T17:57:06+0100] [ALPM-SCRIPTLET] call to execv failed (No such file or directory)',
  ])('a hook or script that failed makes it partial: %s', (line) => {
    const hook = "[2026-11-21T17:57:06+0100] [ALPM] running '90-mkinitcpio-install.hook'...";
    expect(outcomes(text(done, hook, line))).toEqual(['partial']);
    expect(outcomes(text(line, done))).toEqual(['partial']);
    const later = "[2026-11-22T00:00:00+0100] [PACMAN] Running 'pacman -Sc'";
    expect(outcomes(text(done, later, line))).toEqual(['success']);
  });

  test('a warning of mkinitcpio is no failure', () => {
    const line =
      '[2026-11-21T17:57:06+0100] [ALPM-SCRIPTLET] ==> WARNING: Possibly missing firmware for module: qat_420xx';
    expect(outcomes(text(done, line))).toEqual(['success']);
  });

  test('a refresh, a download and a run with nothing to do are no deployments', () => {
    expect(
      parseLog(
        [
          "[2026-11-21T17:56:50+0100] [PACMAN] Running 'pacman -Sy'",
          '[2026-11-21T17:56:50+0100] [PACMAN] synchronizing package lists',
          "[2026-11-21T17:56:51+0100] [PACMAN] Running 'pacman -Su'",
          '[2026-11-21T17:56:51+0100] [PACMAN] starting full system upgrade',
          '',
        ].join('\n'),
        false,
      ),
    ).toEqual([]);
  });

  test('a transaction of another program counts as well', () => {
    expect(
      outcomes(
        [
          '[2026-11-21T17:56:50+0100] [PAMAC] synchronizing package lists',
          '[2026-11-21T17:56:55+0100] [ALPM] transaction started',
          '[2026-11-21T17:56:55+0100] [ALPM] upgraded x (1-1 -> 2-1)',
          done,
        ].join('\n'),
      ),
    ).toEqual(['success']);
  });

  test('the format before 5.2 has local times without seconds', () => {
    const [only] = parseLog(
      [
        "[2019-01-31 12:00] [PACMAN] Running 'pacman -Su'",
        '[2019-01-31 12:01] [ALPM] transaction started',
        '[2019-01-31 12:01] [ALPM] upgraded linux (4.20-1 -> 4.20.5-1)',
        '[2019-01-31 12:02] [ALPM] transaction completed',
      ].join('\n'),
      false,
    );
    expect(only).toMatchObject({
      started: new Date(2019, 0, 31, 12, 1).getTime() / 1000,
      ended: new Date(2019, 0, 31, 12, 2).getTime() / 1000,
      outcome: 'success',
    });
  });

  test('before 4.2 nothing marks a transaction: what changed under one command is one', () => {
    const found = parseLog(
      [
        '[2013-04-05 10:09] starting full system upgrade',
        '[2013-04-05 10:10] upgraded a (1-1 -> 2-1)',
        '[2013-04-05 10:12] upgraded b (1-1 -> 2-1)',
        '[2013-04-05 15:00] installed c (1-1)',
        '[2013-04-06 10:00] starting full system upgrade',
        '[2013-04-06 10:01] upgraded a (2-1 -> 3-1)',
      ].join('\n'),
      false,
    );
    expect(found.map(({ outcome, packages }) => [outcome, packages.map(({ name }) => name)])).toEqual([
      ['success', ['a', 'b']],
      ['success', ['c']],
      ['success', ['a']],
    ]);
  });

  test('an empty log has none; content without a line of pacman is unexpected', () => {
    expect(parseLog('', false)).toEqual([]);
    for (const noise of [
      '<html>502</html>',
      'Nov 21 17:56:50 host pacman: upgraded',
      '\0\0\0',
      '[yesterday] [ALPM] upgraded x (1 -> 2)',
    ])
      expect(reasonOf(() => parseLog(noise, false))).toBe('unexpected_output');
  });
});

describe('arch-audit', () => {
  const group = {
    name: 'AVG-2843',
    packages: ['openssl', 'lib32-openssl'],
    status: 'Fixed',
    severity: 'High',
    type: 'denial of service',
    affected: '3.3.0-1',
    fixed: '3.3.1-1',
    ticket: null,
    issues: ['CVE-2026-0001'],
    advisories: [],
  };
  test('severities are those of the tracker; what it does not use is unknown', () => {
    const severities = ['Critical', 'High', 'Medium', 'Low', 'Unknown', 'Apocalyptic'];
    expect(
      parseAdvisories(JSON.stringify(severities.map((severity) => ({ ...group, severity })))).map(
        ({ severity }) => severity,
      ),
    ).toEqual(['critical', 'important', 'moderate', 'low', 'unknown', 'unknown']);
  });
  test.each(['', '{}', '[{"name":"AVG-1"}]', '[{"na', 'null'])('%j is no list of advisories', (text) => {
    expect(reasonOf(() => parseAdvisories(text))).toBe('unexpected_output');
  });

  const base = {
    commands: {
      'pacman-conf --repo-list': 'core\n',
      'pacman-conf DBPath': '/var/lib/pacman/\n',
      'pacman-conf LogFile': '/var/log/pacman.log\n',
      'pacman -Q --color never': 'openssl 3.3.0-1\nvim 9.0-1\n',
      'pacman -Qu --color never': 'openssl 3.3.0-1 -> 3.3.2-1\nvim 9.0-1 -> 9.1-1\n',
      'arch-audit --json': JSON.stringify([group]),
    },
    files: { '/var/lib/pacman/sync/core.db': 'core\0ustar %BUILDDATE%\n1790000000\n\n' },
  } satisfies Replay;
  const lines = ({ samples }: Collection) =>
    samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);

  test('a fix on the way to the candidate is a security update, although the candidate itself has no advisory', async () => {
    const collection = await pacman.collect(replay(base), { arch_audit: true });
    expect(collection.problems).toEqual([]);
    expect(lines(collection)).toEqual(
      expect.arrayContaining([
        'maintenance_patches_pending{pacman,security,important} 1',
        'maintenance_patches_pending{pacman,security,critical} 0',
        'maintenance_patches_pending{pacman,standard,unknown} 1',
        'maintenance_patch_metadata_timestamp_seconds{pacman,core} 1790000000',
      ]),
    );
  });

  test('without it no update is called a security update, and none is said not to be one', async () => {
    const collection = await pacman.collect(replay(base), {});
    expect(lines(collection).join()).not.toContain('security');
    expect(lines(collection)).toContain('maintenance_patches_pending{pacman,standard,unknown} 2');
    expect(collection.problems).toMatchObject([{ reason: 'unsupported' }]);
  });

  test('where it stops answering the updates are all still counted', async () => {
    const state = new Map<string, unknown>();
    await pacman.collect(replay({ ...base, state }), { arch_audit: true });
    const commands = { ...base.commands, 'arch-audit --json': output('', 1, 'error: dns') };
    const collection = await pacman.collect(replay({ ...base, commands, state }), { arch_audit: true });
    expect(lines(collection)).toContain('maintenance_patches_pending{pacman,standard,unknown} 2');
    expect(lines(collection).join()).not.toContain('security');
    expect(collection.problems).toMatchObject([{ reason: 'tool_failed' }]);
  });

  test('an update that is superseded keeps its age', async () => {
    const state = new Map<string, unknown>();
    const day = 86_400;
    const start = 1_795_000_000;
    const run = (candidate: string, now: number) =>
      pacman.collect(
        replay({
          ...base,
          now,
          state,
          commands: { ...base.commands, 'pacman -Qu --color never': `vim 9.0-1 -> ${candidate}\n` },
        }),
        {},
      );
    await run('9.1-1', start);
    await run('9.2-1', start + 30 * day);
    expect(lines(await run('10.0-1', start + 70 * day))).toContain(
      `maintenance_patch_oldest_pending_timestamp_seconds{pacman,standard,unknown,first_seen} ${start}`,
    );
  });

  test('every series has the HELP line of its own name (pacman.sh describes updates_pending and exports another)', async () => {
    const { samples } = await pacman.collect(replay(base), {});
    const text = await renderText(samples);
    const described = new Set([...text.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name));
    const series = [...text.matchAll(/^([a-z_]+)[{ ]/gm)].map(([, name]) => name);
    expect(series).toContain('maintenance_patches_pending');
    expect(series.filter((name) => !described.has(name))).toEqual([]);
  });

  test('a kernel that was upgraded waits for a start', async () => {
    const evidence: Evidence[] = [];
    const log = [
      "[2026-11-21T17:56:50+0000] [PACMAN] Running 'pacman -Syu'",
      '[2026-11-21T17:56:55+0000] [ALPM] transaction started',
      '[2026-11-21T17:56:55+0000] [ALPM] upgraded linux-lts (6.12.1-1 -> 6.12.2-1)',
      '[2026-11-21T17:57:05+0000] [ALPM] transaction completed',
    ].join('\n');
    const collection = await pacman.collect(
      replay({
        ...base,
        evidence,
        files: { ...base.files, '/var/log/pacman.log': log, '/proc/stat': 'btime 1700000000\n' },
      }),
      {},
    );
    expect(lines(collection)).toContain('maintenance_patch_deployments_total{pacman,pending_reboot} 1');
    expect(evidence).toMatchObject([
      { outcome: 'pending_reboot', tool: 'pacman', source: '/var/log/pacman.log' },
    ]);
  });

  test.each([
    ['linux', true],
    ['linux-zen', true],
    ['linux612', true],
    ['intel-ucode', true],
    ['linux-cachyos-bore', true],
    ['linux-headers', false],
    ['linux-lts-headers', false],
    ['linux-cachyos-headers', false],
    ['linux-firmware', false],
    ['linux-api-headers', false],
    ['util-linux', false],
  ])('%s needs a start: %s', (name, expected) => expect(needsReboot(name)).toBe(expected));

  test('no repository at all is no host without updates', async () => {
    const commands = { ...base.commands, 'pacman-conf --repo-list': '' };
    const collection = await pacman.collect(replay({ ...base, commands }), {});
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{pacman} 0']);
    expect(collection.problems).toMatchObject([{ reason: 'metadata_missing' }]);
  });
});
