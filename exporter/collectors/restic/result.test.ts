import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseBackupResult, parseCheckResult, resticResult } from './result.ts';

const shared = new URL('../../../../shared/fixtures/sources/restic/', import.meta.url);
const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its runs of restic 0.14 and 0.18 are not tested');

function read(name: string): string {
  return readFileSync(new URL(name, shared), 'utf8');
}

const text = `using parent snapshot a01204e7

Files:           0 new,     0 changed,     4 unmodified
Dirs:            0 new,     0 changed,     1 unmodified
Added to the repository: 118.880 KiB (118.252 KiB stored)

processed 4 files, 117.188 KiB in 0:00
snapshot 889910bb saved
`;
const numbers = { files: 4, bytes: 120_001, addedBytes: 121_733 };

describe('a backup', () => {
  test('without --json gives the numbers restic rounded', () => {
    expect(parseBackupResult(0, text, '')).toEqual({ kind: 'run', outcome: 'success', ...numbers });
  });

  test('says nothing of numbers when it was told to be quiet', () => {
    expect(parseBackupResult(0, '', '')).toEqual({ kind: 'run', outcome: 'success' });
  });

  test('that ends with 0 although a source is not there is partial, whatever resticprofile and others say of code 0', () => {
    expect(parseBackupResult(0, text, '/gone does not exist, skipping\n')).toEqual({
      kind: 'run',
      outcome: 'partial',
      reason: 'something is missing in the snapshot: /gone does not exist, skipping',
      ...numbers,
    });
  });

  test.each([
    [
      'as text',
      'error: open /src/secret: permission denied\nerror: open /src/b: permission denied\nWarning: at least one source file could not be read\n',
      'something is missing in the snapshot: error: open /src/secret: permission denied (and 2 more)',
    ],
    [
      'as JSON',
      '{"message_type":"error","error":{"message":"open /src/secret: permission denied"},"during":"archival","item":"/src/secret"}\n',
      'something is missing in the snapshot: open /src/secret: permission denied',
    ],
    ['without a word', '', 'something is missing in the snapshot: restic ended with 3'],
  ])('that could not read files ends with 3 and is partial, %s', (_, stderr, reason) => {
    expect(parseBackupResult(3, text, stderr)).toEqual({
      kind: 'run',
      outcome: 'partial',
      reason,
      ...numbers,
    });
  });

  test.each([
    [
      'a request that was repeated',
      'Load(<data/45aad9>, 0, 0) returned error, retrying after 552ms: connection reset',
    ],
    ['a cache that is not there', 'unable to open cache: unable to locate cache directory'],
    ['the banner of a server', 'subprocess ssh: Authorized use only. Errors are logged.'],
    [
      'what only the estimate could not read',
      '{"message_type":"error","error":{"message":"lstat /src/tmp: no such file or directory"},"during":"scan","item":"/src/tmp"}',
    ],
  ])('is complete in spite of %s', (_, stderr) => {
    expect(parseBackupResult(0, text, stderr).outcome).toBe('success');
  });

  test.each([
    ['as text', text.replace('Added', 'Would add')],
    [
      'as JSON',
      '{"message_type":"summary","total_files_processed":4,"total_bytes_processed":120000,"data_added":0,"snapshot_id":"f7a78090","dry_run":true}\n',
    ],
  ])('that was a dry run saved nothing: a failure of the job, %s', (_, stdout) => {
    expect(parseBackupResult(0, stdout, '')).toEqual({
      kind: 'run',
      outcome: 'failure',
      reason: 'it was a dry run, which saves nothing',
    });
  });

  test.each([
    [1, 'Fatal: all target directories/files do not exist', /do not exist/],
    [
      1,
      'Fatal: unable to create lock in backend: repository is already locked exclusively by PID 7',
      /locked/,
    ],
    [
      10,
      '{"message_type":"exit_error","code":10,"message":"Fatal: repository does not exist"}',
      /repository/,
    ],
    [
      11,
      '{"message_type":"exit_error","code":11,"message":"Fatal: repository is already locked"}',
      /already locked; it is asked again|already locked/,
    ],
    [
      12,
      '{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}',
      /password/,
    ],
    [130, '', /ended with 130/],
    [2, 'panic: runtime error', /panic/],
    [77, '', /ended with 77/],
  ])('that ends with %i is a failure: %s', (exitCode, stderr, reason) => {
    const result = parseBackupResult(exitCode, '', stderr);
    expect(result).toEqual({ kind: 'run', outcome: 'failure', reason: expect.stringMatching(reason) });
  });

  test('that was cut off in the middle of its summary gives no numbers', () => {
    const stdout = '{"message_type":"status","percent_done":1}\n{"message_type":"summary","total_files_proc';
    expect(parseBackupResult(0, stdout, '')).toEqual({ kind: 'run', outcome: 'success' });
  });
});

const noErrors = 'load indexes\ncheck all packs\ncheck snapshots, trees and blobs\n\nno errors were found\n';
const clean = '{"message_type":"summary","num_errors":0,"broken_packs":null,"suggest_prune":false}\n';
const counted = '{"message_type":"summary","num_errors":1,"broken_packs":null,"suggest_prune":false}\n';

describe('a check', () => {
  test.each([
    [['check'], { depth: 'structure' }],
    [['check', '--json', '--with-cache'], { depth: 'structure' }],
    [['check', '--read-data=false'], { depth: 'structure' }],
    [['check', '--read-data'], { depth: 'data' }],
    [['--json', 'check', '--read-data=true'], { depth: 'data' }],
    [['check', '--read-data-subset', '1/7'], { depth: 'data', share: '1/7' }],
    [['check', '--read-data-subset=2.5%'], { depth: 'data', share: '2.5%' }],
  ] as const)('%j is of this depth', (args, depth) => {
    expect(parseCheckResult(args, 0, noErrors, '')).toEqual({ kind: 'check', success: true, ...depth });
    expect(parseCheckResult(args, 0, clean, '')).toEqual({ kind: 'check', success: true, ...depth });
  });

  test.each([
    [
      '0.14',
      'read all data\n[0:00] 100.00%  2 / 2 packs\n',
      'Pack ID does not match, want 152e71b8, got 534a2a00\nFatal: repository contains errors\n',
      'restic found damage: Pack ID does not match, want 152e71b8, got 534a2a00',
    ],
    [
      '0.18 with --json',
      '{"message_type":"summary","num_errors":1,"broken_packs":["45aad936"],"suggest_prune":false}\n',
      '{"message_type":"error","message":"pack 45aad936 contains 2 errors: ciphertext verification failed\\n"}\n{"message_type":"exit_error","code":1,"message":"Fatal: repository contains errors"}\n',
      'restic found damage: pack 45aad936 contains 2 errors: ciphertext verification failed',
    ],
    [
      '0.18 with --json whose stderr is lost',
      '{"message_type":"summary","num_errors":1,"broken_packs":["45aad936"],"suggest_prune":false}\n',
      '',
      expect.stringContaining('restic ended with 1'),
    ],
    [
      'a pack that is gone',
      '',
      'pack 152e71b8: does not exist\nFatal: repository contains errors\n',
      'restic found damage: pack 152e71b8: does not exist',
    ],
  ])('that found damage says so: %s', (_, stdout, stderr, reason) => {
    expect(parseCheckResult(['check', '--read-data'], 1, stdout, stderr)).toEqual({
      kind: 'check',
      depth: 'data',
      success: false,
      reason,
    });
  });

  test.each([
    [
      'a lock, which --json counts as one error',
      11,
      counted,
      '{"message_type":"exit_error","code":11,"message":"unable to create lock in backend: repository is already locked by PID 7"}',
      /already locked/,
    ],
    [
      'a lock, said in words by old versions',
      1,
      '',
      'Fatal: unable to create lock in backend: repository is already locked exclusively by PID 7 on vm',
      /already locked/,
    ],
    [
      'a wrong password, which --json counts as one error',
      12,
      counted,
      '{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}',
      /wrong password/,
    ],
    ['a wrong password in old versions', 1, '', 'Fatal: wrong password or no key found', /wrong password/],
    ['no repository', 10, counted, '', /ended with 10/],
    [
      'a store that is away',
      1,
      counted,
      'error: Load(<index/1>): dial tcp: connect: connection refused\nFatal: LoadIndex returned errors\n',
      /connection refused|LoadIndex/,
    ],
    ['an interruption', 130, counted, '', /ended with 130/],
    ['a panic', 2, '', 'panic: runtime error', /panic/],
  ])('that could not look because of %s gives no verdict', (_, exitCode, stdout, stderr, reason) => {
    expect(parseCheckResult(['check', '--json'], exitCode, stdout, stderr)).toEqual({
      kind: 'no_verdict',
      reason: expect.stringMatching(reason),
    });
  });

  test('that counts errors is no success, whatever its exit code', () => {
    expect(parseCheckResult(['check', '--json'], 0, counted, '')).toMatchObject({
      kind: 'check',
      success: false,
    });
  });
});

describe('a command line', () => {
  const ended = { exitCode: 0, stdout: clean, stderr: '' };
  test.each([
    [['restic', 'backup', '/srv'], { kind: 'run', outcome: 'success' }],
    [['sudo', '-u', 'backup', '/usr/local/bin/restic_0.18', '-r', '/r', 'backup', '/srv'], { kind: 'run' }],
    [['restic', '-r', 'backup', 'check'], { kind: 'check', depth: 'structure' }],
    [['restic', 'check', '--read-data'], { kind: 'check', depth: 'data' }],
  ] as const)('%j is understood', (argv, result) => {
    expect(resticResult({ argv, ...ended })).toMatchObject(result);
  });

  test.each([
    [['restic', 'forget', '--tag', 'backup']],
    [['restic', '-r', '/r', 'snapshots']],
    [['restic']],
    [['resticprofile', 'backup']],
    [['/opt/restic/backup.sh']],
  ] as const)('%j is not', (argv) => {
    expect(resticResult({ argv, ...ended })).toBeUndefined();
  });
});

describe.skipIf(!hasShared)('runs of 0.14 and 0.18 (skipped without ../shared)', () => {
  test.each([
    ['backup-0.14.jsonl', { files: 50, bytes: 1_000_000, addedBytes: 1_018_244 }],
    ['backup-0.14-second-summary.json', { files: 51, bytes: 1_000_003, addedBytes: 1395 }],
    ['backup-0.18.jsonl', { files: 50, bytes: 1_000_000, addedBytes: 1_018_247 }],
    ['backup-0.18-second.jsonl', { files: 51, bytes: 1_000_003, addedBytes: 1395 }],
  ])('%s is a success', (name, expected) => {
    expect(parseBackupResult(0, read(name), '')).toEqual({ kind: 'run', outcome: 'success', ...expected });
  });

  test.each([
    ['backup-0.14-missing-source.jsonl', 'backup-0.14-missing-source.stderr', 1383],
    ['backup-0.18-missing-source.stdout', 'backup-0.18-missing-source.stderr', 0],
  ])('%s ended with 0 and is partial', (stdout, stderr, addedBytes) => {
    expect(parseBackupResult(0, read(stdout), read(stderr))).toEqual({
      kind: 'run',
      outcome: 'partial',
      reason: 'something is missing in the snapshot: /nonexistent does not exist, skipping',
      files: 51,
      bytes: 1_000_003,
      addedBytes,
    });
  });

  test.each([
    [1, 'backup-0.18-nosource', 'Fatal: all source directories/files do not exist'],
    [10, 'no-repo-0.18', 'Fatal: repository does not exist'],
    [12, 'wrong-password-0.18', 'Fatal: wrong password or no key found'],
  ])('exit %i of %s is a failure', (exitCode, name, words) => {
    expect(parseBackupResult(exitCode, read(`${name}.stdout`), read(`${name}.stderr`))).toEqual({
      kind: 'run',
      outcome: 'failure',
      reason: expect.stringContaining(words),
    });
  });

  test.each([
    ['check-0.14-ok.txt', ['check'], 'structure'],
    ['check-0.14-structure-only-corrupt-pack.txt', ['check'], 'structure'],
    ['check-0.14-readdata-ok.txt', ['check', '--read-data'], 'data'],
    ['check-0.18-ok.jsonl', ['check', '--json'], 'structure'],
    ['check-0.18-struct-corruptpack.jsonl', ['check', '--json'], 'structure'],
    ['check-0.18-readdata-ok.jsonl', ['check', '--json', '--read-data'], 'data'],
  ] as const)(
    '%s is a success of this depth: damaged data pass a check of the structure',
    (name, args, depth) => {
      expect(parseCheckResult(args, 0, read(name), '')).toEqual({ kind: 'check', depth, success: true });
    },
  );

  test('check-0.14-readdata-corrupt.txt found damage, also when both streams were one', () => {
    expect(
      parseCheckResult(['check', '--read-data'], 1, read('check-0.14-readdata-corrupt.txt'), ''),
    ).toEqual({
      kind: 'check',
      depth: 'data',
      success: false,
      reason:
        'restic found damage: Pack ID does not match, want 1f9d0f0b247700344ccbe50a53c703796197e51b963e57025852202efa35ec27, got e5621a31cc3f6303ff26453510bb30b88b125416f698ea4dad4ece587305c078',
    });
  });

  test.each([
    [1, 'no-repo.txt'],
    [1, 'wrong-password.txt'],
    [12, 'wrong-password-0.18.stderr'],
  ])('a check that ends with %i and says %s gives no verdict', (exitCode, name) => {
    expect(parseCheckResult(['check'], exitCode, '', read(name)).kind).toBe('no_verdict');
  });

  test.each([
    'stats-0.14.json',
    'stats-raw-0.14.json',
    'stats-raw-0.18.json',
    'restore-0.18-verify.jsonl',
    'restore-0.18-dryrun.jsonl',
    'restore-0.14.txt',
    'restore-verify-0.14.txt',
    'init-0.14.txt',
    'init-0.18.json',
    'check-0.18-ok.stderr',
    'snapshots-0.14.json',
  ])('%s holds no numbers of a backup', (name) => {
    const { files, bytes, addedBytes } = parseBackupResult(0, read(name), '');
    expect([files, bytes, addedBytes]).toEqual([undefined, undefined, undefined]);
  });
});
