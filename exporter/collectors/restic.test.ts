import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type Host, type ToolOutput } from '../collector.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { parseFailure, parseIncomplete } from './restic/failure.ts';
import { backupSamples } from './backup/facts.ts';
import { belongs, parseSnapshots, parseTime, restorePoints, type Snapshot } from './restic/snapshots.ts';
import { restic } from './restic.ts';

const ask = 'restic snapshots --json --no-lock';
const own = new URL('../fixtures/restic/', import.meta.url);
const shared = new URL('../../../shared/fixtures/sources/restic/', import.meta.url);

/** What restic answered in one of the states that fixtures/restic/capture.sh makes. */
function caught(state: string): ToolOutput {
  const part = (name: string) => readFileSync(new URL(`0.14-${state}.${name}`, own), 'utf8');
  return { exitCode: Number(part('exit')), stdout: part('stdout'), stderr: part('stderr') };
}

function read(name: string): string {
  return readFileSync(new URL(name, shared), 'utf8');
}

/** Samples as `name without prefix: value`. */
function facts(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ name, value }) => [name.replace('maintenance_backup_', ''), value]),
  );
}

/** What the snapshots of a job say, without what its configuration says. */
function snapshotFacts(snapshots: readonly Snapshot[]): Record<string, number> {
  const job = { backup_job: 'files' };
  const told = { restorePoints: restorePoints(snapshots) };
  return facts(backupSamples('restic', job, told, { record: undefined, running: new Set() }));
}

/** After everything that was captured. */
const now = Date.parse('2026-12-01T00:00:00Z') / 1000;

/** What is there of a declared job from the first minute. */
const declared = { expected_interval_seconds: 86_400, job_info: 1 };

const entry = {
  backup_job: 'files',
  repository: '/srv/repository',
  password_file: '/etc/restic/password',
  expected_interval: '24h',
};

function two(n: number): string {
  return String(Math.floor(Math.abs(n))).padStart(2, '0');
}

async function collect(
  answer: string | Partial<ToolOutput> | CollectorError | undefined,
  settings: Readonly<Record<string, unknown>> = {},
  files: Replay['files'] = { '/etc/restic/password': 'secret\n' },
): Promise<Collection> {
  const commands = answer === undefined ? {} : { [ask]: answer };
  const host = replay({ files, commands, now });
  return restic.collect(host, { repositories: [{ ...entry, ...settings }] });
}

describe('the list of snapshots', () => {
  const three = caught('three').stdout;

  test('the newest is found across zones, with its sub-second', () => {
    // 17:22:57.186602215-03:30 is later than 05:52:56.491140785+09:00 of the next day.
    expect(snapshotFacts(parseSnapshots(three))).toEqual({
      last_success_timestamp_seconds: Date.parse('2026-11-21T20:52:57Z') / 1000 + 0.186602215,
      restore_points: 3,
    });
  });

  test.each([
    ['[]', '[]\n'],
    ['null, as old versions print it', 'null\n'],
    ['[] after progress', '[0:00] 100.00%  2 / 2 index files loaded\n[]\n'],
  ])('an empty repository is %s: no restore points and no time', (_, stdout) => {
    expect(snapshotFacts(parseSnapshots(stdout))).toEqual({ restore_points: 0 });
  });

  test.each([
    [
      'progress before it',
      (list: string) => `[0:00] 100.00%  7 / 7 snapshots, 55840 blobs, 1.384 GiB\n${list}`,
    ],
    ['progress after it', (list: string) => `${list}[0:00] 100.00%  7 / 7 packs processed\n`],
    ['a line of JSON before it', (list: string) => `{"message_type":"status","percent_done":1}\n${list}`],
    ['carriage returns', (list: string) => list.replaceAll('\n', '\r\n')],
    ['indentation', (list: string) => JSON.stringify(JSON.parse(list), null, 2)],
    ['fields of a later version', (list: string) => list.replaceAll('{"time"', '{"new":{"a":[1]},"time"')],
  ])('%s does not disturb', (_, disturb) => {
    expect(parseSnapshots(disturb(three))).toEqual(parseSnapshots(three));
  });

  test('cut off at any place it is no list', () => {
    const whole = three.trimEnd();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (end) => {
        expect(() => parseSnapshots(whole.slice(0, end))).toThrow(CollectorError);
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['an object', '{"message":"hello"}'],
    ['text of another locale', 'Schnappschüsse: 3\n'],
    ['bytes that are not text', '\u0000\uFFFD\uFFFD'],
    ['a snapshot without a time', '[{"id":"1","hostname":"a"}]'],
    ['a snapshot with half a time', '[{"time":"2026-11-21T20"}]'],
    ['a local time without a zone', '[{"time":"2026-11-21T20:00:00"}]'],
    ['groups instead of snapshots', '[{"group_key":{},"snapshots":[]}]'],
    ['numbers', '[1,2,3]'],
  ])('%s is unexpected output, not an empty repository', (_, stdout) => {
    expect(() => parseSnapshots(stdout)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });

  test('host, tags and paths choose the snapshots of the job', () => {
    const snapshots = parseSnapshots(three);
    const count = (filter: Parameters<typeof belongs>[1]) =>
      snapshots.filter((one) => belongs(one, filter)).length;
    expect(count({})).toBe(3);
    expect(count({ host: 'files01' })).toBe(2);
    expect(count({ host: 'files' })).toBe(0);
    expect(count({ tags: ['daily'] })).toBe(2);
    expect(count({ tags: ['daily', 'office'] })).toBe(1);
    expect(count({ host: 'db01', tags: ['daily'] })).toBe(0);
    expect(count({ paths: ['/srv/capture/documents'] })).toBe(2);
    expect(count({ host: 'db01', paths: ['/srv/capture/documents', '/srv/capture/pictures'] })).toBe(0);
  });

  test('the summary of the newest gives duration, size, added bytes and files', () => {
    const snapshots = parseSnapshots(
      JSON.stringify([
        { time: '2026-11-21T10:00:00Z', summary: { total_files_processed: 9 } },
        {
          time: '2026-11-22T10:00:00Z',
          program_version: 'restic 0.18.0',
          summary: {
            backup_start: '2026-11-22T10:00:00Z',
            backup_end: '2026-11-22T11:00:30.5+01:00',
            data_added: 1395,
            data_added_packed: 1021,
            total_files_processed: 51,
            total_bytes_processed: 1_000_003,
          },
        },
      ]),
    );
    expect(snapshotFacts(snapshots)).toEqual({
      last_success_timestamp_seconds: Date.parse('2026-11-22T10:00:00Z') / 1000,
      restore_points: 2,
      duration_seconds: 30.5,
      size_bytes: 1_000_003,
      added_bytes: 1395,
      files: 51,
    });
  });

  test.each([
    ['an end before its start', { backup_start: '2026-11-22T10:00:00Z', backup_end: '2026-11-22T09:00:00Z' }],
    [
      'text where numbers belong',
      { total_files_processed: 'many', data_added: null, total_bytes_processed: -1 },
    ],
    ['no fields', {}],
  ])('a summary with %s gives no number', (_, summary) => {
    const snapshots = parseSnapshots(JSON.stringify([{ time: '2026-11-22T10:00:00Z', summary }]));
    expect(Object.keys(snapshotFacts(snapshots))).toEqual([
      'restore_points',
      'last_success_timestamp_seconds',
    ]);
  });
});

test('a time is read in every zone and to the nanosecond', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.nat(999_999_999),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (seconds, nanoseconds, offset) => {
        const local = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19);
        const zone = `${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
        const written = `${local}.${String(nanoseconds).padStart(9, '0')}${zone}`;
        expect(parseTime(written)).toBeCloseTo(seconds + nanoseconds / 1e9, 5);
      },
    ),
  );
});

describe('a failure has its reason', () => {
  test.each([
    ['missing', 'repository_missing'],
    ['wrong-password', 'authentication_failed'],
  ])('0.14, %s: %s', (state, reason) => {
    expect(parseFailure(caught(state)).reason).toBe(reason);
  });

  test.each([
    [10, '', 'repository_missing'],
    [11, '', 'repository_locked'],
    [12, '', 'authentication_failed'],
    [
      1,
      'unable to create lock in backend: repository is already locked exclusively by PID 7',
      'repository_locked',
    ],
    [1, 'Resolving password failed: Fatal: /etc/p does not exist', 'password_unreadable'],
    [1, 'Fatal: an empty password is not a password', 'password_unreadable'],
    [
      1,
      'Fatal: unable to open repository at /r: ReadDir: open /r/keys: permission denied',
      'permission_denied',
    ],
    [
      1,
      'Fatal: unable to open config file: Stat: The specified bucket does not exist.',
      'repository_missing',
    ],
    [
      1,
      'Fatal: unable to open config file: unexpected HTTP response (404): 404 Not Found',
      'repository_missing',
    ],
    [
      1,
      'Fatal: unable to open config file: unexpected HTTP response (401): 401 Unauthorized',
      'authentication_failed',
    ],
    // A server that is down is not a repository that is gone.
    [
      1,
      'Fatal: unable to open config file: Head "http://h/config": connect: connection refused',
      'tool_failed',
    ],
    [1, 'Fatal: unable to open config file: Head "http://h/config": lookup h: no such host', 'tool_failed'],
    [
      1,
      'subprocess ssh: connection refused\nFatal: unable to start the sftp session, error: EOF',
      'tool_failed',
    ],
    [2, 'panic: runtime error: slice bounds out of range [16:5]', 'tool_failed'],
    [130, '', 'tool_failed'],
  ])('exit %i, %s: %s', (exitCode, stderr, reason) => {
    expect(parseFailure({ exitCode, stderr }).reason).toBe(reason);
  });

  test('the message of an exit_error line is shown, not its JSON', () => {
    const stderr =
      '{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}\n';
    expect(parseFailure({ exitCode: 12, stderr }).message).toBe(
      'restic ended with 12: Fatal: wrong password or no key found; check the password file and the keys in environment',
    );
  });

  test('user and password of an address are not shown', () => {
    const stderr = 'Fatal: unable to open rest:https://backup:hunter2@host/r: EOF';
    expect(parseFailure({ exitCode: 1, stderr }).message).toBe(
      'restic ended with 1: Fatal: unable to open rest:https://***@host/r: EOF',
    );
  });
});

describe('a list that lacks snapshots although restic ended with 0', () => {
  test.each([
    [2, 'could not load snapshot 754de0f8: load <snapshot/754de0f8cf>: invalid data returned'],
    [0, 'could not load snapshots: context deadline exceeded'],
    [2, 'Ignoring "754de0f8cf": ciphertext verification failed'],
    [0, 'a complaint of a later version'],
  ])('%i listed, stderr %s', (listed, stderr) => {
    expect(parseIncomplete(stderr, listed)?.reason).toBe('tool_failed');
  });

  test.each([
    [0, ''],
    [
      0,
      'unable to open cache: unable to locate cache directory: neither $XDG_CACHE_HOME nor $HOME are defined',
    ],
    [0, 'subprocess ssh: Warning: Permanently added host to the list of known hosts.'],
    [2, 'Load(<snapshot/754de0f8cf>, 0, 0) returned error, retrying after 552ms: EOF'],
  ])('nothing lacks: %i listed, stderr %s', (listed, stderr) => {
    expect(parseIncomplete(stderr, listed)).toBeUndefined();
  });
});

describe('the collector', () => {
  test('reads a repository', async () => {
    const { samples, problems } = await collect(caught('three'));
    expect(problems).toEqual([]);
    expect(facts(samples)).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 3,
      last_success_timestamp_seconds: Date.parse('2026-11-21T20:52:57Z') / 1000 + 0.186602215,
    });
    expect(new Set(samples.map(({ labels }) => JSON.stringify(labels)))).toEqual(
      new Set([
        '{"tool":"restic","backup_job":"files"}',
        '{"tool":"restic","backup_job":"files","criticality":"normal"}',
      ]),
    );
  });

  test('an empty repository is readable and holds 0 restore points', async () => {
    const { samples, problems } = await collect(caught('empty'));
    expect(problems).toEqual([]);
    expect(facts(samples)).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 0,
    });
  });

  const unreadable = { ...declared, repository_readable: 0 };
  test.each([
    ['the repository is missing', caught('missing'), 'repository_missing'],
    ['the password is wrong', caught('wrong-password'), 'authentication_failed'],
    ['a snapshot is damaged', caught('damaged-snapshot'), 'tool_failed'],
    ['the output is cut off', { stdout: caught('three').stdout.slice(0, 400) }, 'unexpected_output'],
    ['the output is empty', '', 'unexpected_output'],
    ['restic is not installed', undefined, 'tool_missing'],
    ['restic takes too long', new CollectorError('timeout', 'restic took longer than 110 s'), 'timeout'],
    ['restic floods', new CollectorError('output_too_large', 'too much'), 'output_too_large'],
    ['restic may not be run', new CollectorError('permission_denied', 'no'), 'permission_denied'],
  ] as const)('when %s, only the expected interval and unreadable remain', async (_, answer, reason) => {
    const { samples, problems } = await collect(answer);
    expect(problems).toEqual([{ reason, message: expect.stringMatching(/^backup job files: ./) }]);
    expect(facts(samples)).toEqual(unreadable);
  });

  test.each([
    ['does not exist', {}, /does not exist$/],
    ['is empty', { '/etc/restic/password': '' }, /is empty$/],
    ['is a directory', { '/etc/restic/password/x': '' }, /is a directory$/],
    [
      'may not be read',
      { '/etc/restic/password': new CollectorError('permission_denied', 'EACCES') },
      /may not be read by the user of the exporter \(EACCES\)$/,
    ],
  ])('a password file that %s is found before restic is asked', async (_, files, message) => {
    const { samples, problems } = await collect(
      new CollectorError('tool_failed', 'restic was run'),
      {},
      files,
    );
    expect(problems).toEqual([{ reason: 'password_unreadable', message: expect.stringMatching(message) }]);
    expect(facts(samples)).toEqual(unreadable);
  });

  test('a locked repository is busy: not said to be unreadable', async () => {
    const stderr =
      '{"message_type":"exit_error","code":11,"message":"repository is already locked by PID 7"}';
    const { samples, problems } = await collect({ exitCode: 11, stderr });
    expect(problems.map(({ reason }) => reason)).toEqual(['repository_locked']);
    expect(facts(samples)).toEqual(declared);
  });

  test('a job without snapshots of its own has 0 restore points, whatever others have', async () => {
    const { samples } = await collect(caught('three'), { host: 'mail01' });
    expect(facts(samples)).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 0,
    });
  });

  test('a snapshot that is dated in the future is no success until then: it would look fresh for years', async () => {
    const list = JSON.stringify([
      { time: '2026-11-30T23:00:00Z' },
      { time: '2026-12-01T00:04:00Z' },
      { time: '2031-01-01T00:00:00+09:00' },
    ]);
    const { samples, problems } = await collect(list);
    expect(problems).toEqual([
      {
        reason: 'clock_wrong',
        message: expect.stringContaining('dated in the future (1, one of them 2030-12-31T15:00:00.000Z)'),
      },
    ]);
    expect(facts(samples)).toMatchObject({
      restore_points: 3,
      // Clocks may differ a little.
      last_success_timestamp_seconds: Date.parse('2026-12-01T00:04:00Z') / 1000,
    });
  });

  test('one bad repository costs the others nothing', async () => {
    const files = { '/etc/restic/password': 'x' };
    const host = replay({ files, commands: { [ask]: caught('three') }, now });
    const repositories = [1, 2, 3, 4, 5, 6].map((n) => ({
      ...entry,
      backup_job: `job${n}`,
      ...(n === 2 ? { password_file: '/nowhere' } : {}),
    }));
    const { samples, problems } = await restic.collect(host, { repositories });
    expect(problems.map(({ message }) => message)).toEqual([
      'backup job job2: password_file /nowhere does not exist',
    ]);
    expect(
      samples
        .filter(({ name }) => name === 'maintenance_backup_last_success_timestamp_seconds')
        .map(({ labels }) => labels['backup_job']),
    ).toEqual(['job1', 'job3', 'job4', 'job5', 'job6']);
  });

  test('shares a shorter limit of the collector between rounds of repositories', async () => {
    const timeouts: unknown[] = [];
    const host: Host = {
      ...replay({ files: { '/etc/restic/password': 'x' }, timeLimit: 20 }),
      run: async (_, __, options) => {
        timeouts.push(options?.timeout);
        return caught('empty');
      },
    };
    const repositories = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...entry, backup_job: name }));
    await restic.collect(host, { repositories });
    // 80% of 20 s, in two rounds of at most four.
    expect(timeouts).toEqual([8000, 8000, 8000, 8000, 8000]);
  });

  test('repository, password file and keys reach restic in the environment, never in arguments', async () => {
    const seen: unknown[] = [];
    const host = {
      ...replay({ files: { '/etc/restic/password': 'x' } }),
      run: async (tool: string, args: readonly string[], options: unknown) => {
        seen.push(tool, args, options);
        return caught('empty');
      },
    };
    const settings = { cache_directory: '/var/cache/r', environment: { AWS_ACCESS_KEY_ID: 'id' } };
    await restic.collect(host, { repositories: [{ ...entry, ...settings }] });
    expect(seen).toEqual([
      'restic',
      ['snapshots', '--json', '--no-lock'],
      {
        timeout: 110_000,
        env: {
          AWS_ACCESS_KEY_ID: 'id',
          RESTIC_REPOSITORY: '/srv/repository',
          RESTIC_PASSWORD_FILE: '/etc/restic/password',
          RESTIC_CACHE_DIR: '/var/cache/r',
        },
      },
    ]);
  });
});

describe('settings', () => {
  test.each([
    ['no repositories key', {}, 'repositories', 'expected a list of repositories'],
    ['an empty list', { repositories: [] }, 'repositories', 'expected at least one repository'],
    [
      'a job twice',
      { repositories: [entry, entry] },
      'repositories',
      'each backup_job must have a name of its own',
    ],
    [
      'no password file',
      { repositories: [{ ...entry, password_file: undefined }] },
      'repositories.0.password_file',
      'expected the path of the file that holds the password of the repository',
    ],
    [
      'an interval without unit',
      { repositories: [{ ...entry, expected_interval: '24' }] },
      'repositories.0.expected_interval',
      'expected a duration like 90s, 15m, 26h or 31d, got 24',
    ],
    [
      'a misspelt key',
      { repositories: [{ ...entry, pasword: 'x' }] },
      'repositories.0',
      'Unrecognized key: "pasword"',
    ],
    [
      'the password in the environment',
      { repositories: [{ ...entry, environment: { RESTIC_PASSWORD: 'x' } }] },
      'repositories.0.environment',
      'set the repository and its password with repository and password_file',
    ],
  ])('%s is refused', (_, settings, path, message) => {
    const result = restic.settings.safeParse(settings);
    expect(result.error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [path, message],
    ]);
  });
});

const hasShared = existsSync(shared);
if (!hasShared) console.warn('../shared is not here: its captures of restic 0.14 and 0.18 are not tested');

describe.skipIf(!hasShared)('captures of 0.14 and 0.18 (skipped without ../shared)', () => {
  test('0.14 lists no summary', () => {
    expect(snapshotFacts(parseSnapshots(read('snapshots-0.14.json')))).toEqual({
      last_success_timestamp_seconds: Date.parse('2026-11-21T17:43:36Z') / 1000 + 0.405571243,
      restore_points: 3,
    });
  });

  test('0.18 lists the summary of the newest', () => {
    const samples = snapshotFacts(parseSnapshots(read('snapshots-latest1-0.18.json')));
    expect(samples).toEqual({
      last_success_timestamp_seconds: Date.parse('2026-11-21T17:51:50Z') / 1000 + 0.000255629,
      restore_points: 3,
      duration_seconds: expect.closeTo(16.809984612, 5),
      size_bytes: 315_572_803,
      added_bytes: 314_587_186,
      files: 52,
    });
  });

  test.each([
    [1, 'no-repo.txt', 'repository_missing'],
    [10, 'no-repo-0.18.stderr', 'repository_missing'],
    [1, 'no-repo-0.18.stderr', 'repository_missing'],
    [1, 'wrong-password.txt', 'authentication_failed'],
    [12, 'wrong-password-0.18.stderr', 'authentication_failed'],
  ])('exit %i with %s is %s', (exitCode, name, reason) => {
    expect(parseFailure({ exitCode, stderr: read(name) }).reason).toBe(reason);
  });

  test.each(['snapshots-0.14-grouped.json', 'backup-0.18.jsonl', 'stats-0.18.json', 'init-0.14.txt'])(
    '%s is no list of snapshots',
    (name) => {
      expect(() => parseSnapshots(read(name))).toThrow(CollectorError);
    },
  );
});
