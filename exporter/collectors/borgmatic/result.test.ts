import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseBackupResult, borgmaticResult } from './result.ts';

const shared = new URL('../../../../shared/fixtures/sources/borgmatic/', import.meta.url);
const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its runs of borgmatic 1.9.14 are not tested');

function read(name: string): string {
  return readFileSync(new URL(name, shared), 'utf8');
}

const created = JSON.stringify([
  { archive: { name: 'a', stats: { nfiles: 3, original_size: 400, deduplicated_size: 7 } } },
]);
const talked = 'local: Creating archive\nsummary:\nSuccessfully ran configuration file\n';

describe('a backup', () => {
  test('with --json tells its numbers', () => {
    expect(parseBackupResult(0, created, '')).toEqual({
      kind: 'run',
      outcome: 'success',
      files: 3,
      bytes: 400,
      addedBytes: 7,
    });
  });

  test('of several repositories has no numbers of one', () => {
    const two = JSON.stringify([...JSON.parse(created), ...JSON.parse(created)]);
    expect(parseBackupResult(0, two, '')).toEqual({ kind: 'run', outcome: 'success' });
  });

  test('that says what it does and warns of nothing is a success', () => {
    expect(parseBackupResult(0, talked, '')).toEqual({ kind: 'run', outcome: 'success' });
  });

  test.each([
    [created, "/w/gone: stat: [Errno 2] No such file or directory: '/w/gone'\n"],
    [`/w/db: file changed while we backed it up\n${talked}`, ''],
    [`terminating with warning status, rc 107\n${talked}`, ''],
  ])('that ends with 0 although borg warned is partial', (stdout, stderr) => {
    expect(parseBackupResult(0, stdout, stderr)).toMatchObject({
      outcome: 'partial',
      reason: expect.stringMatching(/^something is missing or wrong in the archive: ./),
    });
  });

  test.each([
    ['', ''],
    ['', 'summary:\n/etc/borgmatic/config.yaml: The location option is deprecated.\n'],
  ])(
    'that is silent is not believed: borgmatic says nothing of a source that is missing',
    (stdout, stderr) => {
      expect(parseBackupResult(0, stdout, stderr)).toMatchObject({
        outcome: 'partial',
        reason: expect.stringContaining('--verbosity 1'),
      });
    },
  );

  test('that ends with 1 is a failure', () => {
    const stderr =
      'Failed to create/acquire the lock /r/lock.exclusive (timeout).\n/r: Error running actions\n';
    expect(parseBackupResult(1, '', stderr)).toEqual({
      kind: 'run',
      outcome: 'failure',
      reason: 'borgmatic ended with 1: Failed to create/acquire the lock /r/lock.exclusive (timeout).',
    });
  });
});

describe('a command line', () => {
  const ended = { exitCode: 0, stdout: created, stderr: '' };
  test.each([
    [['borgmatic', '--verbosity', '1']],
    [['sudo', '/usr/local/bin/borgmatic', '-c', '/etc/borgmatic/a.yaml', 'prune', 'create', '--json']],
  ] as const)('%j makes archives', (argv) => {
    expect(borgmaticResult({ argv, ...ended })).toMatchObject({ kind: 'run', outcome: 'success' });
  });

  test('a check gives no verdict by its exit code', () => {
    expect(borgmaticResult({ argv: ['borgmatic', 'check'], ...ended })?.kind).toBe('no_verdict');
  });

  test.each([[['borgmatic', 'prune']], [['borg', 'create']], [['borgmatic-exporter']]] as const)(
    '%j does not',
    (argv) => {
      expect(borgmaticResult({ argv, ...ended })).toBeUndefined();
    },
  );
});

describe.skipIf(!hasShared)('runs of 1.9.14 (skipped without ../shared)', () => {
  test('create-1.9.14.json is a success with its numbers', () => {
    expect(parseBackupResult(0, read('create-1.9.14.json'), '')).toEqual({
      kind: 'run',
      outcome: 'success',
      files: 53,
      bytes: 1_001_040,
      addedBytes: 1006,
    });
  });

  test('create-logjson.txt is silent, and so not believed', () => {
    expect(parseBackupResult(0, read('create-logjson.txt'), '').outcome).toBe('partial');
  });

  test('check-1.9.14.txt, a run that only checks, holds no numbers of a backup', () => {
    expect(parseBackupResult(0, read('check-1.9.14.txt'), '')).toEqual({ kind: 'run', outcome: 'success' });
  });
});
