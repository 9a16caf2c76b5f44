import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CollectorError, type ToolOutput } from '../collector.ts';
import { replay } from '../replay.ts';
import { parseFailure } from './kopia/failure.ts';
import { parseMaintenance } from './kopia/maintenance.ts';
import { missingIn, parseManifest, parseSnapshots, pointOf, sourceOf } from './kopia/snapshots.ts';
import { kopia } from './kopia.ts';

const shared = new URL('../../../shared/fixtures/sources/kopia/', import.meta.url);
const command = 'kopia snapshot list --all --incomplete --max-results=1000000 --json';

/** A manifest as kopia 0.15 writes it. */
const manifest = (changes: Readonly<Record<string, unknown>> = {}) => ({
  id: '618f83d08a9938351e8d385a24aca252',
  source: { host: 'web-1', userName: 'root', path: '/srv' },
  description: '',
  startTime: '2026-11-25T02:00:00.265095891Z',
  endTime: '2026-11-25T02:10:00.765095891Z',
  stats: { totalSize: 1000, fileCount: 3, cachedFiles: 7, ignoredErrorCount: 0, errorCount: 0 },
  rootEntry: { name: 'srv', type: 'd', obj: 'k1', summ: { size: 1000, files: 10, dirs: 1, numFailed: 0 } },
  retentionReason: ['latest-1'],
  ...changes,
});
const started = Date.parse('2026-11-25T02:00:00.265Z') / 1000;
const ended = Date.parse('2026-11-25T02:10:00.765Z') / 1000;
const yesterday = manifest({ id: 'b', startTime: '2026-11-24T02:00:00Z', endTime: '2026-11-24T02:10:00Z' });

async function collect(
  answer: string | Partial<ToolOutput> | CollectorError,
  settings: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, string | Partial<ToolOutput>>> = {},
) {
  const host = replay({
    now: Date.parse('2026-11-25T12:00:00Z') / 1000,
    commands: { [command]: answer, ...more },
    files: { '/etc/kopia.password': 'secret\n', '/etc/empty': '' },
  });
  const job = { backup_job: 'web', sources: ['root@web-1:/srv'], expected_interval: '24h', ...settings };
  const { samples, problems } = await kopia.collect(host, { jobs: [job] });
  const facts = Object.fromEntries(
    samples.map(({ name, value }) => [name.slice('maintenance_backup_'.length), value]),
  );
  return {
    facts,
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}
const list = (...manifests: readonly unknown[]) => JSON.stringify(manifests);

describe('the list of kopia', () => {
  test.runIf(existsSync(shared))('of two public repositories gives every fact in it', () => {
    const listed = parseSnapshots(readFileSync(new URL('snapshot-list.json', shared), 'utf8'));
    expect(listed.map(sourceOf)).toEqual([
      'root@freenas:/mnt/fsrevolution/media/pictures',
      'root@451684be308e:/MAKUKU',
    ]);
    expect(listed.map((entry) => pointOf(entry, false))).toEqual([
      {
        time: Date.parse('2023-10-05T09:01:55.028Z') / 1000,
        started: Date.parse('2023-10-05T09:01:36.265Z') / 1000,
        duration: expect.closeTo(18.763, 3),
        incomplete: false,
        bytes: 162_291_781_350,
        // stats.fileCount is 8054: those that were not taken over from the snapshot before.
        files: 50_560,
      },
      {
        time: Date.parse('2026-06-21T11:10:53.088Z') / 1000,
        started: Date.parse('2026-06-21T10:10:22.040Z') / 1000,
        duration: expect.closeTo(3631.048, 3),
        incomplete: false,
        bytes: 154_241_124_981,
        files: 11_579,
      },
    ]);
  });
  if (!existsSync(shared)) console.warn('shared/fixtures is not here: the samples of kopia are not tested');

  test.each([
    ['a checkpoint', { incomplete: 'checkpoint' }, 'it is incomplete (checkpoint)'],
    ['a cancelled one', { incomplete: 'canceled' }, 'it is incomplete (canceled)'],
    ['errors in its statistics', { stats: { errorCount: 2 } }, '2 files or directories could not be read'],
    [
      'failures in its summary',
      { rootEntry: { summ: { size: 1, files: 1, numFailed: 1 } } },
      '1 files or directories could not be read',
    ],
    [
      'errors of a version before 0.6',
      { stats: { readErrors: 4 } },
      '4 files or directories could not be read',
    ],
    [
      'ignored errors',
      { stats: { ignoredErrorCount: 3 } },
      '3 errors were ignored, as the policy of kopia says',
    ],
    ['no root', { rootEntry: null }, 'it has no root'],
    ['no end', { endTime: '0001-01-01T00:00:00Z' }, 'it has no end'],
  ])('a snapshot with %s is not complete', (_, changes, missing) => {
    const [parsed] = parseSnapshots(list(manifest(changes)));
    if (parsed === undefined) throw new Error('nothing parsed');
    expect(missingIn(parsed, false)).toBe(missing);
    expect(pointOf(parsed, false).incomplete).toBe(true);
  });

  test('a file as source has no summary, and its size is that of the run', () => {
    const [parsed] = parseSnapshots(list(manifest({ rootEntry: { name: 'a', type: 'f', obj: 'k2' } })));
    if (parsed === undefined) throw new Error('nothing parsed');
    expect(pointOf(parsed, false)).toMatchObject({ bytes: 1000, files: undefined, incomplete: false });
  });

  test('cut off at any place it is no list', () => {
    const whole = list(manifest(), yesterday);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (end) => {
        expect(() => parseSnapshots(whole.slice(0, end))).toThrow(/no whole list/);
      }),
    );
  });

  test.each(['', 'null', '{}', '[{"id":"x"}]', '[{"source":{"host":"a","userName":"b","path":"c"}}]', '[1]'])(
    '%j is refused',
    (text) => {
      expect(() => parseSnapshots(text)).toThrow(CollectorError);
    },
  );

  test('noise before it is passed over; a manifest alone is one', () => {
    expect(parseSnapshots(`some notice\n${list(manifest())}`)).toHaveLength(1);
    expect(parseManifest(JSON.stringify(manifest(), undefined, 2))?.source.host).toBe('web-1');
    expect(parseManifest('{"a":1}')).toBeUndefined();
  });
});

describe('a job', () => {
  test('is as fresh as the newest complete snapshot of its source, of no other', async () => {
    const other = manifest({
      source: { host: 'web-2', userName: 'root', path: '/srv' },
      startTime: '2026-11-25T09:00:00Z',
    });
    expect(await collect(list(other, manifest(), yesterday))).toEqual({
      facts: {
        expected_interval_seconds: 86_400,
        job_info: 1,
        repository_readable: 1,
        restore_points: 2,
        last_success_timestamp_seconds: ended,
        duration_seconds: expect.closeTo(ended - started, 6),
        size_bytes: 1000,
        files: 10,
        last_run_timestamp_seconds: ended,
        last_run_success: 1,
      },
      reasons: [],
      messages: [],
    });
  });

  test('with a snapshot that has errors keeps its last success, and says why', async () => {
    const { facts, reasons, messages } = await collect(list(manifest({ incomplete: 'canceled' }), yesterday));
    expect(facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: Date.parse('2026-11-24T02:10:00Z') / 1000,
      last_run_timestamp_seconds: ended,
      last_run_success: 0,
    });
    expect(reasons).toEqual(['tool_failed']);
    expect(messages).toEqual([
      'backup job web: the newest snapshot of root@web-1:/srv is not complete: it is incomplete (canceled)',
    ]);
  });

  test('ignored errors are accepted where the configuration says so, others never', async () => {
    const ignored = manifest({ stats: { ignoredErrorCount: 3 } });
    expect((await collect(list(ignored))).facts).not.toHaveProperty('last_success_timestamp_seconds');
    expect((await collect(list(ignored), { ignored_errors: 'accepted' })).facts).toMatchObject({
      last_success_timestamp_seconds: ended,
      last_run_success: 1,
    });
    const fatal = manifest({ stats: { ignoredErrorCount: 3, errorCount: 1 } });
    expect((await collect(list(fatal), { ignored_errors: 'accepted' })).facts).toMatchObject({
      last_run_success: 0,
    });
  });

  test('of several sources is as old as the oldest, and none without one of them', async () => {
    const mail = manifest({ ...yesterday, source: { host: 'web-1', userName: 'root', path: '/mail' } });
    const sources = ['root@web-1:/srv', 'root@web-1:/mail'];
    expect((await collect(list(manifest(), mail), { sources })).facts).toMatchObject({
      restore_points: 1,
      last_success_timestamp_seconds: Date.parse('2026-11-24T02:10:00Z') / 1000,
      size_bytes: 2000,
    });
    expect((await collect(list(manifest()), { sources })).facts).toMatchObject({ restore_points: 0 });
  });

  test('a snapshot dated in the future is no success, and does not hide the one before it', async () => {
    const future = manifest({ startTime: '2027-11-25T02:00:00Z', endTime: '2027-11-25T02:10:00Z' });
    const { facts, reasons } = await collect(list(future, manifest()));
    expect(facts).toMatchObject({ restore_points: 2, last_success_timestamp_seconds: ended });
    expect(reasons).toEqual(['clock_wrong']);
  });

  test('an empty repository holds 0 restore points', async () => {
    expect((await collect('[]')).facts).toMatchObject({ repository_readable: 1, restore_points: 0 });
  });

  test('the password goes through the environment and is never said', async () => {
    const seen: unknown[] = [];
    const host = {
      ...replay({ files: { '/etc/kopia.password': 'secret\n' } }),
      run: async (...call: readonly unknown[]) => {
        seen.push(call);
        return { exitCode: 1, stdout: '', stderr: 'ERROR open repository: invalid repository password\n' };
      },
    };
    const job = {
      backup_job: 'web',
      sources: ['root@web-1:/srv'],
      expected_interval: '24h',
      config_file: '/etc/kopia.config',
      password_file: '/etc/kopia.password',
    };
    const { problems } = await kopia.collect(host, { jobs: [job, { ...job, backup_job: 'web again' }] });
    // One repository is opened once for all of its jobs.
    expect(seen).toMatchObject([
      [
        'kopia',
        command.split(' ').slice(1),
        { env: { KOPIA_PASSWORD: 'secret', KOPIA_CONFIG_PATH: '/etc/kopia.config' } },
      ],
    ]);
    expect(problems.map(({ reason }) => reason)).toEqual(['authentication_failed', 'authentication_failed']);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  test.each([
    ['tool_missing', new CollectorError('tool_missing', 'kopia is not installed')],
    ['timeout', new CollectorError('timeout', 'kopia took longer than 30 s')],
    ['unexpected_output', '[{"id":"618f'],
    ['unexpected_output', ''],
    ['tool_failed', { exitCode: 1, stderr: 'ERROR error loading index blob xn3: ciphertext too short: 0' }],
  ])('that cannot be read (%s) is unreadable and claims nothing else', async (reason, answer) => {
    const { facts, reasons } = await collect(answer);
    expect(facts).toEqual({ expected_interval_seconds: 86_400, job_info: 1, repository_readable: 0 });
    expect(reasons).toEqual([reason]);
  });

  test('an empty password file is said before kopia would ask for one', async () => {
    expect(await collect('[]', { password_file: '/etc/empty' })).toMatchObject({
      reasons: ['password_unreadable'],
    });
  });

  test('maintenance that fails is said beside the facts', async () => {
    const info = JSON.stringify({
      owner: 'root@web-1',
      schedule: {
        nextFullMaintenance: '2026-11-26T02:00:00Z',
        runs: {
          'full-rewrite-contents': [
            {
              start: '2026-11-25T02:00:00Z',
              end: '2026-11-25T02:00:05Z',
              success: false,
              error: 'no space left',
            },
            { start: '2026-11-24T02:00:00Z', end: '2026-11-24T02:00:05Z', success: true },
          ],
          'cleanup-logs': [
            { start: '2026-11-24T02:00:00Z', success: false, error: 'old' },
            { start: '2026-11-25T02:00:00Z', success: true },
          ],
        },
      },
    });
    const { facts, messages } = await collect(
      list(manifest()),
      { maintenance: true },
      { 'kopia maintenance info --json': info },
    );
    expect(facts).toMatchObject({ last_success_timestamp_seconds: ended });
    expect(messages).toEqual([
      'backup job web: the last maintenance (full-rewrite-contents) of its repository failed: no space left; run kopia maintenance run',
    ]);
    expect(() => parseMaintenance('Owner: root@web-1')).toThrow(CollectorError);
  });
});

describe('what kopia says when it fails', () => {
  test.each([
    [
      'ERROR failed to open repository: unable to create format manager: invalid repository password',
      'authentication_failed',
    ],
    [
      'ERROR open repository: repository is not connected. See https://kopia.io/docs/repositories/',
      'repository_missing',
    ],
    [
      'ERROR open repository: unable to open storage: cannot access storage path: stat /r: no such file or directory',
      'repository_missing',
    ],
    ['ERROR open repository: repository not initialized in the provided storage', 'repository_missing'],
    [
      'ERROR open repository: unable to read: open /r/kopia.repository.f: permission denied',
      'permission_denied',
    ],
    [
      'ERROR open repository: get password: password prompt error: inappropriate ioctl for device',
      'password_unreadable',
    ],
    ['ERROR open repository: dial tcp 192.0.2.1:443: i/o timeout', 'not_running'],
    ["kopia: error: unknown long flag '--json', try --help", 'tool_failed'],
    ['Fehler', 'tool_failed'],
    ['', 'tool_failed'],
  ])('%s', (stderr, reason) => {
    expect(parseFailure({ exitCode: 1, stderr }).reason).toBe(reason);
  });

  test('an address is shown without its password', () => {
    const { message } = parseFailure({ exitCode: 1, stderr: 'ERROR open https://me:pw@s3.example/x: eh' });
    expect(message).toBe('kopia ended with 1: ERROR open https://***@s3.example/x: eh');
  });
});
