import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseBackupResult, parseCheckResult, parseExtractResult, borgResult } from './result.ts';

const shared = new URL('../../../../shared/fixtures/sources/borg/', import.meta.url);
const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its runs of borg 1.2 and 1.4 are not tested');

function read(name: string): string {
  return readFileSync(new URL(name, shared), 'utf8');
}

const created = JSON.stringify({
  archive: {
    name: 'a',
    start: '2026-11-21T17:43:45.000000',
    stats: { compressed_size: 1, deduplicated_size: 517, nfiles: 51, original_size: 1_000_516 },
  },
  repository: { id: 'r' },
});
const numbers = { files: 51, bytes: 1_000_516, addedBytes: 517 };
const log = (levelname: string, message: string, msgid?: string) =>
  `${JSON.stringify({ type: 'log_message', time: 1, message, levelname, name: 'borg.archiver', msgid })}\n`;

describe('a backup', () => {
  test('that ends with 0 is a success, with the numbers of --json', () => {
    expect(parseBackupResult(0, created, '')).toEqual({ kind: 'run', outcome: 'success', ...numbers });
  });

  test.each([
    ['as text on stderr', '', 'Archive name: a\nNumber of files: 20\nAll archives:  1.20 MB\n'],
    ['with --log-json', '', log('INFO', 'Archive name: a') + log('INFO', 'Number of files: 20')],
  ])('with --stats tells its files %s', (_, stdout, stderr) => {
    expect(parseBackupResult(0, stdout, stderr)).toEqual({ kind: 'run', outcome: 'success', files: 20 });
  });

  test.each([
    [
      1,
      "/gone: [Errno 2] No such file or directory: 'gone'\n",
      "/gone: [Errno 2] No such file or directory: 'gone'",
    ],
    [
      107,
      log('WARNING', "/gone: stat: [Errno 2] No such file or directory: '/gone'", 'BackupFileNotFoundError'),
      "/gone: stat: [Errno 2] No such file or directory: '/gone'",
    ],
    [
      100,
      `${log('INFO', 'x')}${log('WARNING', '/db: file changed while we backed it up', 'FileChangedWarning')}`,
      '/db: file changed while we backed it up',
    ],
    [
      105,
      log('WARNING', '/a: open: [Errno 13] Permission denied') +
        log('WARNING', '/b: open: [Errno 13] Permission denied'),
      '/a: open: [Errno 13] Permission denied (and 1 more)',
    ],
    [1, '', 'borg ended with 1'],
    [127, '', 'borg ended with 127'],
  ])(
    'that ends with the warning %i made an archive in which something is missing: partial',
    (exitCode, stderr, words) => {
      expect(parseBackupResult(exitCode, created, stderr)).toEqual({
        kind: 'run',
        outcome: 'partial',
        reason: `something is missing or wrong in the archive: ${words}`,
        ...numbers,
      });
    },
  );

  test.each([
    [2, 'Failed to create/acquire the lock /r/lock.exclusive (timeout).\n', /lock/],
    [73, log('ERROR', 'Failed to create/acquire the lock /r (timeout).', 'LockTimeout'), /lock/],
    [3, '', /ended with 3/],
    [52, '', /ended with 52/],
    [99, '', /ended with 99/],
    [128, '', /ended with 128/],
    [130, log('ERROR', 'Keyboard interrupt'), /Keyboard interrupt/],
    [143, '', /ended with 143/],
    [
      1,
      'Traceback (most recent call last):\n  File "/usr/bin/borg"\nModuleNotFoundError: No module named borg\n',
      /ended with 1/,
    ],
  ])('that ends with %i is a failure', (exitCode, stderr, reason) => {
    expect(parseBackupResult(exitCode, '', stderr)).toEqual({
      kind: 'run',
      outcome: 'failure',
      reason: expect.stringMatching(reason),
    });
  });
});

describe('a check', () => {
  test('that found nothing prints nothing; only --verify-data makes it a check of the data', () => {
    expect(parseCheckResult(['check'], 0, '', '')).toEqual({
      kind: 'check',
      depth: 'structure',
      success: true,
    });
    expect(parseCheckResult(['check', '--archives-only', '--verify-data'], 0, '', '')).toEqual({
      kind: 'check',
      depth: 'data',
      success: true,
    });
  });

  test.each([
    [
      1,
      'chunk 4e30: Data integrity error: Segment entry checksum mismatch [segment 2, offset 80344]\nArchive consistency check complete, problems found.\n',
    ],
    [
      1,
      log(
        'ERROR',
        'chunk 4e30: Data integrity error: Segment entry checksum mismatch [segment 2, offset 80344]',
      ),
    ],
    [
      90,
      log(
        'ERROR',
        'chunk 4e30: Data integrity error: Segment entry checksum mismatch [segment 2, offset 80344]',
        'IntegrityError',
      ),
    ],
    [
      2,
      'chunk 4e30: Data integrity error: Segment entry checksum mismatch [segment 2, offset 80344]\nTraceback (most recent call last):\n',
    ],
  ])('that found damage ends with %i, a mere warning in all versions up to 1.4', (exitCode, stderr) => {
    expect(parseCheckResult(['check', '--verify-data'], exitCode, '', stderr)).toEqual({
      kind: 'check',
      depth: 'data',
      success: false,
      reason:
        'borg found damage: chunk 4e30: Data integrity error: Segment entry checksum mismatch [segment 2, offset 80344]',
    });
  });

  test('that says nothing but ends with a warning found damage', () => {
    expect(parseCheckResult(['check'], 1, '', '')).toEqual({
      kind: 'check',
      depth: 'structure',
      success: false,
      reason: 'borg found damage: it ended with 1',
    });
  });

  test.each([
    ['locked', 2, 'Failed to create/acquire the lock /r/lock.exclusive (timeout).\n'],
    ['locked, modern', 73, ''],
    [
      'a wrong passphrase',
      2,
      log('ERROR', 'passphrase supplied in BORG_PASSPHRASE is incorrect.', 'PassphraseWrong'),
    ],
    ['no repository', 13, ''],
    ['a server that is away', 81, ''],
    ['an interruption', 130, ''],
    ['a borg that does not start', 1, 'Traceback (most recent call last):\nModuleNotFoundError: x\n'],
  ])('that could not look gives no verdict: %s', (_, exitCode, stderr) => {
    expect(parseCheckResult(['check'], exitCode, '', stderr).kind).toBe('no_verdict');
  });

  test('that repairs is no verdict', () => {
    expect(parseCheckResult(['check', '--repair'], 0, '', '').kind).toBe('no_verdict');
    expect(parseCheckResult(['check', '--repair'], 1, '', '').kind).toBe('no_verdict');
  });
});

describe('an extract that only tries', () => {
  const args = ['extract', '--dry-run', '::web01-2'];

  test('reads all data of one archive back', () => {
    expect(parseExtractResult(args, 0, '', '')).toEqual({
      kind: 'check',
      depth: 'data',
      success: true,
      share: 'one archive',
    });
  });

  test.each([
    [
      2,
      'Data integrity error: Segment entry checksum mismatch [segment 2, offset 80344]\nTraceback (most recent call last):\n',
    ],
    [90, ''],
    [1, "Include pattern '/srv' never matched.\n"],
  ])('that ends with %i failed', (exitCode, stderr) => {
    expect(parseExtractResult(args, exitCode, '', stderr)).toMatchObject({
      kind: 'check',
      depth: 'data',
      success: false,
    });
  });

  test('that found the repository locked gives no verdict', () => {
    expect(parseExtractResult(args, 73, '', '')?.kind).toBe('no_verdict');
  });

  test('is none when it really writes', () => {
    expect(parseExtractResult(['extract', '::a'], 0, '', '')).toBeUndefined();
  });
});

describe('a command line', () => {
  const ended = { exitCode: 0, stdout: created, stderr: '' };
  test.each([
    [['borg', 'create', '::a', '/srv'], { kind: 'run', outcome: 'success' }],
    [['sudo', '/usr/local/bin/borg-1.4', '--lock-wait', '600', 'create', '::a', '/srv'], { kind: 'run' }],
    [['borg', 'check', '--verify-data'], { kind: 'check', depth: 'data' }],
    [['borg', 'extract', '-n', '::a'], { kind: 'check', depth: 'data' }],
    [
      ['borg', 'create', '--dry-run', '::a', '/srv'],
      { kind: 'run', outcome: 'failure', reason: 'it was a dry run, which saves nothing' },
    ],
  ] as const)('%j is understood', (argv, result) => {
    expect(borgResult({ argv, ...ended })).toMatchObject(result);
  });

  test.each([
    [['borg', 'prune', '--keep-daily', '7']],
    [['borg', 'extract', '::a']],
    [['borgmatic', 'create']],
    [['borg']],
    [['/opt/borg/backup.sh', 'create']],
  ] as const)('%j is not', (argv) => {
    expect(borgResult({ argv, ...ended })).toBeUndefined();
  });
});

describe.skipIf(!hasShared)('runs of 1.2 and 1.4 (skipped without ../shared)', () => {
  test.each([
    ['create-1.2.json', { files: 51, bytes: 1_000_541, addedBytes: 1_002_730 }],
    ['create-1.4.json', { files: 51, bytes: 1_000_493, addedBytes: 1_002_695 }],
  ])('%s is a success', (name, expected) => {
    expect(parseBackupResult(0, read(name), '')).toEqual({ kind: 'run', outcome: 'success', ...expected });
  });

  test.each([1, 107])('create-1.2-warning ended with a warning (%i) and is partial', (exitCode) => {
    expect(
      parseBackupResult(exitCode, read('create-1.2-warning.json'), read('create-1.2-warning.stderr')),
    ).toEqual({
      kind: 'run',
      outcome: 'partial',
      reason:
        "something is missing or wrong in the archive: /nonexistent: [Errno 2] No such file or directory: 'nonexistent'",
      files: 51,
      bytes: 1_000_516,
      addedBytes: 517,
    });
  });

  test.each([
    ['check-1.2-ok.jsonl', ['check'], 'structure'],
    ['check-1.2-ok-v.jsonl', ['check', '-v', '--log-json'], 'structure'],
    ['check-1.4-ok.jsonl', ['check', '--log-json'], 'structure'],
    ['check-1.2-verifydata-ok.jsonl', ['check', '--verify-data', '--log-json'], 'data'],
  ] as const)('%s is a success of this depth', (name, args, depth) => {
    expect(parseCheckResult(args, 0, '', read(name))).toEqual({ kind: 'check', depth, success: true });
  });

  test('extract-dryrun-1.2.jsonl is a success', () => {
    expect(
      parseExtractResult(['extract', '--dry-run', '--list', '::a'], 0, '', read('extract-dryrun-1.2.jsonl')),
    ).toEqual({
      kind: 'check',
      depth: 'data',
      success: true,
      share: 'one archive',
    });
  });

  test('locked-1.2.stderr is a failed backup, and no verdict of a check', () => {
    expect(parseBackupResult(2, '', read('locked-1.2.stderr')).outcome).toBe('failure');
    expect(parseCheckResult(['check'], 2, '', read('locked-1.2.stderr')).kind).toBe('no_verdict');
  });
});
