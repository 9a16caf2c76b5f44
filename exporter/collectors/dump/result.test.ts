import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { dumpFileResult } from './result.ts';

const told = (argv: readonly string[], exitCode: number, stderr = '', stdout = '') => {
  const result = dumpFileResult({ argv, exitCode, stdout, stderr });
  if (result?.kind === 'run') return result.outcome;
  return result?.kind === 'check' ? `${result.depth} ${result.success ? 'right' : 'wrong'}` : result?.kind;
};

describe('database dumps', () => {
  test.each([
    [['pg_dump', '-Fc', 'shop'], 0, '', 'success'],
    [
      ['pg_dump', '-Fc', 'shop'],
      0,
      'pg_dump: warning: there are circular foreign-key constraints on this table:\n',
      'success',
    ],
    [
      ['pg_dump', 'shop'],
      1,
      'pg_dump: error: connection to server failed: FATAL: database "shop" does not exist\n',
      'failure',
    ],
    [['/usr/lib/postgresql/15/bin/pg_dumpall'], 1, '', 'failure'],
    [['sudo', '-u', 'postgres', 'pg_dump', 'shop'], 1, '', 'failure'],
    [
      ['docker', 'exec', 'db', 'mysqldump', '--all-databases'],
      2,
      "mysqldump: Got error: 2002: Can't connect\n",
      'failure',
    ],
    [['mysqldump', '-A'], 0, '', 'success'],
    [['mysqldump', '-A'], 3, "mysqldump: Couldn't execute 'SHOW'\n", 'failure'],
    [
      ['mysqldump', '--force', '-A'],
      2,
      "mysqldump: Couldn't execute 'show create table `x`': broken view (1356)\n",
      'partial',
    ],
    [['mariadb-dump', '-f', '-A'], 6, 'mariadb-dump: illegal table\n', 'partial'],
    [
      ['mysqldump', '--force', '-A'],
      2,
      'mysqldump: Got error: 1045: "Access denied" when trying to connect\n',
      'failure',
    ],
    [['mysqldump', '--force', '-A'], 137, '', 'failure'],
    [['pg_dump', '--version'], 0, '', undefined],
  ])('%j that ended with %d is %s', (argv, exitCode, stderr, outcome) => {
    expect(told(argv, exitCode, stderr)).toBe(outcome);
  });

  test('the reason is its last line', () => {
    expect(
      dumpFileResult({
        argv: ['pg_dump', 'x'],
        exitCode: 1,
        stdout: '',
        stderr: 'a\npg_dump: error: gone\n',
      }),
    ).toEqual({
      kind: 'run',
      outcome: 'failure',
      reason: 'it ended with 1: pg_dump: error: gone',
    });
  });
});

describe('tar', () => {
  test.each([
    [['tar', '-czf', 'a.tgz', '/srv'], 0, '', 'success'],
    [['tar', 'czf', 'a.tgz', '/srv'], 1, 'tar: /srv/log: file changed as we read it\n', 'partial'],
    [
      ['nice', '-n', '19', 'tar', '--create', '--file=a.tar', '/srv'],
      2,
      'tar: Exiting with failure status due to previous errors\n',
      'failure',
    ],
    [
      ['tar', '--ignore-failed-read', '-cf', 'a.tar', '/srv'],
      0,
      'tar: /srv/x: Warning: Cannot open: Permission denied\n',
      'partial',
    ],
    [
      ['tar', '-C', '/', '-cf', 'a.tar', 'srv'],
      0,
      "tar: Removing leading `/' from member names\n",
      'success',
    ],
    [['tar', '-tzf', 'a.tgz'], 0, '', 'structure right'],
    [['tar', 'tf', 'a.tar'], 2, 'tar: Unexpected EOF in archive\n', 'structure wrong'],
    [['tar', '-tf', 'a.tar'], 2, 'tar: a.tar: Cannot open: No such file or directory\n', 'no_verdict'],
    [['tar', '-xf', 'a.tar'], 0, '', undefined],
  ])('%j that ended with %d is %s', (argv, exitCode, stderr, outcome) => {
    expect(told(argv, exitCode, stderr)).toBe(outcome);
  });
});

describe('tests of dumps', () => {
  test.each([
    [['gzip', '-t', 'a.gz'], 0, '', '', 'data right'],
    [['gzip', '-tv', 'a.gz'], 1, 'gzip: a.gz: unexpected end of file\n', '', 'data wrong'],
    [['gzip', '-t', 'a.gz'], 1, 'gzip: a.gz: No such file or directory\n', '', 'no_verdict'],
    [['zstd', '--test', 'a.zst'], 1, 'a.zst : Read error (39) : premature end\n', '', 'data wrong'],
    [['xz', '-t', 'a.xz'], 130, '', '', 'no_verdict'],
    [['gzip', 'a'], 0, '', '', undefined],
    [['sha256sum', '-c', 'SUMS'], 0, '', 'a: OK\n', 'data right'],
    [
      ['sha256sum', '--check', '--quiet', 'SUMS'],
      1,
      'sha256sum: WARNING: 1 computed checksum did NOT match\n',
      'a: FAILED\n',
      'data wrong',
    ],
    [
      ['sha256sum', '-c', 'SUMS'],
      1,
      'sha256sum: a: No such file or directory\n',
      'a: FAILED open or read\n',
      'data wrong',
    ],
    [['sha256sum', '-c', 'SUMS'], 1, 'sha256sum: SUMS: No such file or directory\n', '', 'no_verdict'],
    [['pg_restore', '--list', 'a.dump'], 0, '', '', 'structure right'],
    [['pg_restore', '-d', 'x', 'a.dump'], 0, '', '', undefined],
  ])('%j that ended with %d is %s', (argv, exitCode, stderr, stdout, outcome) => {
    expect(told(argv, exitCode, stderr, stdout)).toBe(outcome);
  });
});

test.each([
  [['rsync', '-a', '/srv/tar', '/backup']],
  [['/usr/local/bin/backup.sh', 'tar']],
  [[]],
  [['constructor']],
])('%j is not understood, whatever its arguments are called', (argv) => {
  expect(told(argv, 0)).toBeUndefined();
});

describe('the real programs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dump-result-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const run = (argv: readonly [string, ...string[]]) => {
    const { status, stdout, stderr } = spawnSync(argv[0], argv.slice(1), {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    return told(argv, status ?? 255, stderr, stdout);
  };

  test('say what is understood here', () => {
    mkdirSync(at('data'));
    writeFileSync(at('data/a'), 'a'.repeat(100_000));
    expect(run(['tar', '-czf', 'a.tgz', 'data'])).toBe('success');
    expect(run(['tar', '-czf', 'b.tgz', 'data', 'missing'])).toBe('failure');
    expect(run(['tar', '-tzf', 'a.tgz'])).toBe('structure right');
    expect(run(['gzip', '-t', 'a.tgz'])).toBe('data right');
    truncateSync(at('a.tgz'), 100);
    expect(run(['gzip', '-t', 'a.tgz'])).toBe('data wrong');
    expect(run(['gzip', '-t', 'none.gz'])).toBe('no_verdict');
    writeFileSync(at('sums'), `${'0'.repeat(64)}  a.tgz\n`);
    chmodSync(at('sums'), 0o644);
    expect(run(['sha256sum', '-c', 'sums'])).toBe('data wrong');
    expect(run(['sha256sum', '-c', 'none'])).toBe('no_verdict');
    for (const [program, extension] of [
      ['xz', 'xz'],
      ['zstd', 'zst'],
      ['bzip2', 'bz2'],
    ] as const) {
      expect(spawnSync(program, ['-k', 'data/a'], { cwd: folder }).status).toBe(0);
      expect(run([program, '-t', `data/a.${extension}`])).toBe('data right');
      truncateSync(at(`data/a.${extension}`), 30);
      expect(run([program, '-t', `data/a.${extension}`])).toBe('data wrong');
    }
  });
});
