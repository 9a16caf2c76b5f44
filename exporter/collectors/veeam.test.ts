import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Reason } from '../collector.ts';
import { parseConfig } from '../config.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { moment } from './backup/moment.ts';
import { veeam } from './veeam.ts';
import { lowerKeys } from './veeam/decode.ts';
import { parseSessions, parseTasks } from './veeam/manager-sessions.ts';
import { parseHistory } from './veeam/replication-jobs.ts';
import { runsOf } from './veeam/sessions.ts';
import { agreedVersion } from './veeam/token.ts';

const now = 1_795_000_000;
const hour = 3600;
const day = 86_400;
const url = 'https://em.example.org:9398';
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const files = { '/pw': 'päß wörd\n' };
const job = (backup_job: string, more: object = {}) => ({ backup_job, expected_interval: '24h', ...more });

/** Facts by job, without the prefix of their names. */
function facts(samples: readonly Sample[]): Record<string, Record<string, number>> {
  const jobs: Record<string, Record<string, number>> = {};
  for (const { name, labels, value } of samples) {
    const short = name.replace('maintenance_backup_', '').replace(/_seconds$/, '');
    (jobs[labels['backup_job'] ?? ''] ??= {})[short] = value;
  }
  return jobs;
}

/** As version 12 writes it: every key begins with a capital, UID is all capitals. */
function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key === 'uid' ? 'UID' : key.charAt(0).toUpperCase() + key.slice(1),
      pascal(inner),
    ]),
  );
}

let ids = 0;
/** A session as version 13 of Enterprise Manager writes it. */
function session(jobName: string, result: string, begin: number, end: number | undefined, more: object = {}) {
  ids += 1;
  return {
    isRetry: false,
    jobUid: `urn:veeam:Job:${jobName}`,
    jobName,
    jobType: 'Backup',
    creationTimeUTC: iso(begin),
    endTimeUTC: end === undefined ? null : iso(end),
    state: end === undefined ? 'Working' : 'Stopped',
    result,
    progress: 100,
    uid: `urn:veeam:BackupJobSession:${ids}`,
    links: [{ rel: 'Up', name: 'vbr1', type: 'BackupServerReference' }],
    ...more,
  };
}
const on = (name: string) => ({ links: [{ rel: 'Up', name, type: 'BackupServerReference' }] });
const task = (sessionUid: string, totalSize: number, result = 'Success') => ({
  jobSessionUid: sessionUid,
  result,
  totalSize,
  vmUid: 'x',
});
const entities = (
  type: 'backupJobSessions' | 'backupTaskSessions',
  list: readonly unknown[],
  pagesCount = 1,
) => ({
  refs: null,
  entities: { jobs: null, [type]: list.length === 0 ? null : { [type]: list } },
  pagingInfo: { pageNum: 1, pageSize: 100, pagesCount },
});
const queryFor = (type: string, since: number, page = 1) =>
  `GET ${url}/api/query?type=${type}&format=Entities&filter=CreationTime%3E%3D%22${encodeURIComponent(iso(since).slice(0, 19))}Z%22&pageSize=100&page=${page}`;
const login = `POST ${url}/api/sessionMngr/?v=latest`;
const guid = 'b9a759dd-4496-4f50-8fc0-f925aa283f8d';
const sessionId = Buffer.from(guid).toString('base64');
const versions = { supportedVersions: { supportedVersions: [{ name: 'v1_7' }] } };

/** Enterprise Manager with these sessions. */
function manager(
  sessions: readonly object[],
  {
    tasks = [],
    since = now - 31 * day,
    version = 13,
    more = {},
    at = now,
  }: {
    readonly tasks?: readonly object[];
    readonly since?: number;
    readonly version?: 12 | 13;
    readonly more?: Replay['requests'];
    readonly at?: number;
  } = {},
): NonNullable<Replay['requests']> {
  const json = (value: unknown) => JSON.stringify(version === 12 ? pascal(value) : value);
  return {
    [`GET ${url}/api/`]: json(versions),
    [login]: { status: 201, headers: { 'x-restsvcsessionid': sessionId }, body: json({ userName: 'u' }) },
    [queryFor('BackupJobSession', since)]: json(entities('backupJobSessions', sessions)),
    [queryFor('BackupTaskSession', Math.max(since, at - 2 * day))]: json(
      entities('backupTaskSessions', tasks),
    ),
    [`DELETE ${url}/api/logonSessions/${guid}`]: { status: 204 },
    ...more,
  };
}

async function collect(
  requests: Replay['requests'],
  { jobs = [], ...settings }: { readonly jobs?: readonly object[] } & Record<string, unknown> = {},
  more: Partial<Replay> = {},
) {
  const host = replay({ files, now, requests: requests ?? {}, ...more });
  const server = { api: 'enterprise_manager', url, user: 'DOM\\u', password_file: '/pw', jobs, ...settings };
  const { samples, problems } = await veeam.collect(host, { servers: [server] });
  return { jobs: facts(samples), problems, reasons: problems.map(({ reason }) => reason) };
}

describe('a date', () => {
  test.each([
    ['2026-06-14T23:09:26.173Z', Date.UTC(2026, 5, 14, 23, 9, 26, 173) / 1000],
    ['2026-06-16T06:33:10.659559Z', Date.UTC(2026, 5, 16, 6, 33, 10, 659) / 1000],
    ['2026-06-15T05:47:39.7Z', Date.UTC(2026, 5, 15, 5, 47, 39, 700) / 1000],
    ['2026-06-16T08:33:10.6595590+02:00', Date.UTC(2026, 5, 16, 6, 33, 10, 659) / 1000],
    ['2026-06-16T06:33:10', undefined],
    ['1753-01-01T00:00:00Z', undefined],
    ['0001-01-01T00:00:00Z', undefined],
    ['2026-13-16T06:33:10Z', undefined],
    ['16/06/2026 06:33', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s', (text, expected) => expect(moment(text)).toBe(expected));
  test('without a zone is UTC only where its name says so', () => {
    expect(moment('2026-06-16T06:33:10', 'UTC')).toBe(Date.UTC(2026, 5, 16, 6, 33, 10) / 1000);
  });
});

describe('a run', () => {
  const part = (
    id: string,
    started: number,
    outcome: 'success' | 'failure' | 'partial' | undefined,
    retry = false,
  ) => ({
    id,
    started,
    ended: outcome === undefined ? undefined : started + 10,
    outcome,
    retry,
  });
  test('is a session with its retries, whatever order they come in; the last retry decides', () => {
    const all = [
      part('c', 300, 'success', true),
      part('a', 100, 'failure'),
      part('b', 200, 'failure', true),
      part('d', 900, 'partial'),
    ];
    expect(runsOf(all)).toEqual([
      { started: 100, ended: 310, outcome: 'success', whole: true, sessions: ['a', 'b', 'c'] },
      { started: 900, ended: 910, outcome: 'partial', whole: true, sessions: ['d'] },
    ]);
  });
  test('whose retry is under way has not ended', () => {
    expect(runsOf([part('a', 100, 'failure'), part('b', 200, undefined, true)])).toMatchObject([
      { started: 100, ended: undefined, outcome: undefined },
    ]);
  });
  test('of which only a retry is known is not whole', () => {
    expect(runsOf([part('b', 200, 'success', true)])).toMatchObject([{ outcome: 'success', whole: false }]);
    // A retry does not belong to a run that succeeded.
    expect(runsOf([part('a', 1, 'success'), part('b', 200, 'failure', true)])).toHaveLength(2);
  });
  test('listed twice, on two pages, is one', () => {
    expect(runsOf([part('a', 1, 'success'), part('a', 1, 'success')])).toHaveLength(1);
  });
});

describe.each([12, 13] as const)('Enterprise Manager %i', (version) => {
  test('gives each job its last success, its last run, duration and size', async () => {
    const failed = session('ERP', 'Failed', now - 5 * hour, now - 4 * hour);
    const good = session('ERP', 'Success', now - 30 * hour, now - 29 * hour);
    const { jobs, problems } = await collect(
      manager([failed, session('ERP', 'Success', now - 9 * day, now - 9 * day + 60), good], {
        version,
        tasks: [
          task(good.uid, 4000),
          task(good.uid, 500, 'Warning'),
          task(good.uid, 0, 'Failed'),
          task(failed.uid, 77, 'Failed'),
        ],
      }),
      { jobs: [job('ERP')] },
    );
    expect(problems).toEqual([]);
    expect(jobs).toEqual({
      ERP: {
        expected_interval: day,
        job_info: 1,
        last_success_timestamp: now - 29 * hour,
        last_run_timestamp: now - 4 * hour,
        last_run_success: 0,
        duration: hour,
        size_bytes: 4500,
      },
    });
  });
});

describe('Enterprise Manager', () => {
  test('a run with warnings made a restore point and is no success', async () => {
    const { jobs } = await collect(manager([session('A', 'Warning', now - 2 * hour, now - hour)]));
    expect(jobs['A']).toEqual({ last_run_timestamp: now - hour, last_run_success: 0, duration: hour });
  });

  test('a retry that worked makes the run a success; its size is that of all machines together', async () => {
    const first = session('A', 'Failed', now - 3 * hour, now - 2 * hour);
    const again = session('A', 'Success', now - 2 * hour + 60, now - hour, { isRetry: true });
    const { jobs } = await collect(
      manager([again, first], {
        tasks: [task(first.uid, 100), task(first.uid, 0, 'Failed'), task(again.uid, 50)],
      }),
    );
    expect(jobs['A']).toEqual({
      last_success_timestamp: now - hour,
      last_run_timestamp: now - hour,
      last_run_success: 1,
      duration: 2 * hour,
      size_bytes: 150,
    });
  });

  test('a run under way has a beginning; the last run is the one before', async () => {
    const { jobs } = await collect(
      manager([
        session('A', 'None', now - 60, undefined),
        session('A', 'Success', now - 3 * hour, now - 2 * hour),
      ]),
    );
    expect(jobs['A']).toMatchObject({
      run_started_timestamp: now - 60,
      last_run_timestamp: now - 2 * hour,
      last_success_timestamp: now - 2 * hour,
    });
  });

  test('a session that stopped without a result was no success', async () => {
    const { jobs } = await collect(manager([session('A', 'None', now - hour, now - 60)]));
    expect(jobs['A']).toEqual({ last_run_timestamp: now - 60, last_run_success: 0 });
  });

  test('a declared job that never ran is visible, and nothing is said of it', async () => {
    const { jobs, problems } = await collect(manager([]), { jobs: [job('never')] });
    expect(jobs).toEqual({ never: { expected_interval: day, job_info: 1 } });
    expect(problems).toEqual([]);
  });

  test('others are expected to run, or ignored, as configured', async () => {
    const sessions = [session('A', 'Success', now - 60, now), session('B', 'Success', now - 60, now)];
    const { jobs } = await collect(manager(sessions), {
      ignore: ['B'],
      others: { expected_interval: '8h', criticality: 'critical' },
    });
    expect(jobs).toEqual({ A: expect.objectContaining({ expected_interval: 8 * hour, job_info: 1 }) });
  });

  test('the last success is remembered when its session is gone', async () => {
    const state = new Map<string, unknown>();
    await collect(
      manager([session('A', 'Success', now - 2 * hour, now - hour)]),
      { jobs: [job('A')] },
      { state },
    );
    const later = now + 60 * day;
    const since = later - 31 * day;
    const failing = manager([session('A', 'Failed', later - 60, later - 50)], { since, at: later });
    const { jobs } = await collect(failing, { jobs: [job('A')] }, { state, now: later });
    expect(jobs['A']).toMatchObject({
      last_success_timestamp: now - hour,
      last_run_timestamp: later - 50,
      last_run_success: 0,
    });
  });

  test('after the first time only what is new is asked for, from the beginning of what was under way', async () => {
    const state = new Map<string, unknown>();
    const long = session('A', 'None', now - 3 * day, undefined);
    await collect(manager([long]), {}, { state });
    const ended = { ...long, state: 'Stopped', result: 'Success', endTimeUTC: iso(now + 60) };
    const second = manager([ended], { since: now - 3 * day, at: now + hour });
    const { jobs, problems } = await collect(second, {}, { state, now: now + hour });
    expect(problems).toEqual([]);
    expect(jobs['A']).toMatchObject({ last_success_timestamp: now + 60, duration: 3 * day + 60 });
    const third = manager([], { since: now + hour - day, at: now + 2 * hour });
    const rest = await collect(third, {}, { state, now: now + 2 * hour });
    expect(rest.problems).toEqual([]);
    expect(rest.jobs['A']).toMatchObject({ last_success_timestamp: now + 60 });
  });

  test('a job that was not declared is forgotten a month after its last session', async () => {
    const state = new Map<string, unknown>();
    await collect(manager([session('A', 'Success', now - 60, now)]), {}, { state });
    const later = now + 32 * day;
    const { jobs } = await collect(
      manager([], { since: later - 31 * day, at: later }),
      {},
      { state, now: later },
    );
    expect(jobs).toEqual({});
  });

  test('all pages are read', async () => {
    const page = (list: readonly unknown[]) => JSON.stringify(entities('backupJobSessions', list, 2));
    const since = now - 31 * day;
    const { jobs } = await collect(
      manager([], {
        more: {
          [queryFor('BackupJobSession', since)]: page([session('A', 'Failed', now - 60, now - 50)]),
          [queryFor('BackupJobSession', since, 2)]: page([
            session('A', 'Success', now - 40, now - 30),
            session('B', 'Success', now - 9, now - 8),
          ]),
        },
      }),
    );
    expect(jobs).toMatchObject({
      A: { last_success_timestamp: now - 30 },
      B: { last_success_timestamp: now - 8 },
    });
  });

  test('a page that fails leaves everything unknown: what it held may be the failure', async () => {
    const since = now - 31 * day;
    const { jobs, reasons } = await collect(
      manager([], {
        more: {
          [queryFor('BackupJobSession', since)]: JSON.stringify(
            entities('backupJobSessions', [session('A', 'Success', now - 60, now)], 2),
          ),
          [queryFor('BackupJobSession', since, 2)]: { status: 500, body: 'oops' },
        },
      }),
      { jobs: [job('A')] },
    );
    expect(jobs).toEqual({ A: { expected_interval: day, job_info: 1, repository_readable: 0 } });
    expect(reasons).toEqual(['tool_failed']);
  });

  test('jobs of one name at several backup servers are told apart, and declared by their full names', async () => {
    const sessions = [
      session('A', 'Success', now - 60, now - 50, on('vbr1')),
      session('A', 'Failed', now - 60, now - 40, on('vbr2')),
      session('A (daily)', 'Success', now - 60, now - 20),
    ];
    const { jobs, problems } = await collect(manager(sessions), {
      jobs: [job('A'), job('x', { name: 'A (vbr2)' })],
    });
    expect(jobs).toMatchObject({
      A: { expected_interval: day, job_info: 1 },
      'A (vbr1)': { last_success_timestamp: now - 50 },
      x: { last_run_success: 0 },
      'A (daily)': { last_success_timestamp: now - 20 },
    });
    expect(jobs['A']).not.toHaveProperty('last_success_timestamp');
    expect(problems).toMatchObject([{ message: expect.stringContaining('A (vbr1), A (vbr2)') }]);
  });

  test.each([
    ['a result nobody knows', { result: 'Splendid' }],
    ['no date', { creationTimeUTC: 'yesterday' }],
    ['an end before its beginning', { endTimeUTC: iso(now - day) }],
    ['no end though it stopped', { endTimeUTC: '0001-01-01T00:00:00Z' }],
    ['no state', { state: null }],
    ['no uid', { uid: undefined }],
  ])('a session with %s leaves its job unknown, and only that', async (_, strange) => {
    const { jobs, reasons } = await collect(
      manager([
        session('A', 'Success', now - 60, now - 50, strange),
        session('A', 'Success', now - 5 * hour, now - 4 * hour),
        session('B', 'Success', now - 60, now - 50),
      ]),
      { jobs: [job('A'), job('B')] },
    );
    expect(jobs['A']).toEqual({ expected_interval: day, job_info: 1 });
    expect(jobs['B']).toMatchObject({ last_success_timestamp: now - 50 });
    expect(reasons).toEqual(['unexpected_output']);
  });

  test('a run in the future keeps no job fresh', async () => {
    const { jobs, reasons } = await collect(manager([session('A', 'Success', now + day, now + day + 60)]), {
      jobs: [job('A')],
    });
    expect(jobs['A']).toEqual({ expected_interval: day, job_info: 1 });
    expect(reasons).toEqual(['clock_wrong']);
  });

  test('smaller than configured, or of unknown size, is no success', async () => {
    const small = session('A', 'Success', now - 60, now - 50);
    const requests = manager([small], { tasks: [task(small.uid, 100)] });
    for (const [minimum, known] of [
      [100, true],
      [101, false],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { jobs } = await collect(requests, { jobs: [job('A', { minimum_bytes: minimum })] });
      expect('last_success_timestamp' in (jobs['A'] ?? {}), String(minimum)).toBe(known);
    }
    const { jobs } = await collect(manager([small]), { jobs: [job('A', { minimum_bytes: 1 })] });
    expect(jobs['A']).not.toHaveProperty('last_success_timestamp');
  });

  test('sizes that cannot be read cost the sizes only', async () => {
    const { jobs, reasons } = await collect(
      manager([session('A', 'Success', now - 60, now - 50)], {
        more: { [queryFor('BackupTaskSession', now - 2 * day)]: { status: 500 } },
      }),
    );
    expect(jobs['A']).toEqual({
      last_success_timestamp: now - 50,
      last_run_timestamp: now - 50,
      last_run_success: 1,
      duration: 10,
    });
    expect(reasons).toEqual(['tool_failed']);
  });

  const failures: readonly (readonly [
    string,
    string | { status: number; body?: string } | CollectorError,
    Reason,
  ])[] = [
    ['401', { status: 401 }, 'authentication_failed'],
    ['403', { status: 403 }, 'permission_denied'],
    ['500', { status: 500, body: '<html><style>x{}</style><h1>Server Error</h1></html>' }, 'tool_failed'],
    ['302', { status: 302 }, 'unexpected_output'],
    ['a web page', '<html>', 'unexpected_output'],
    ['nothing', '', 'unexpected_output'],
    ['cut off JSON', '{"entities":{"backupJobSess', 'unexpected_output'],
    ['JSON of another shape', '{"version":[1],"device":null}', 'unexpected_output'],
    ['a list', '[]', 'unexpected_output'],
    ['silence', new CollectorError('timeout', 'played'), 'timeout'],
    ['a reset', new CollectorError('tool_failed', 'played'), 'tool_failed'],
  ];
  const places: readonly (readonly [string, string])[] = [
    ['the sessions', queryFor('BackupJobSession', now - 31 * day)],
  ];
  test.each(
    places.flatMap(([place, key]) =>
      failures.map(([what, answer, reason]) => [place, what, key, answer, reason] as const),
    ),
  )('for %s %s: the job stays, unreadable, and nothing is claimed', async (_, __, key, answer, reason) => {
    const { jobs, reasons } = await collect(manager([], { more: { [key]: answer } }), { jobs: [job('A')] });
    expect(jobs).toEqual({ A: { expected_interval: day, job_info: 1, repository_readable: 0 } });
    expect(reasons).toEqual([reason]);
  });
  test.each([
    ['401', { status: 401, body: 'no' }, 'authentication_failed'],
    ['403', { status: 403 }, 'permission_denied'],
    ['no session', { status: 201 }, 'unexpected_output'],
  ] as const)('a login answered with %s says so, and never the password', async (_, answer, reason) => {
    const { problems } = await collect(manager([], { more: { [login]: answer } }), { jobs: [job('A')] });
    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
    expect(JSON.stringify(problems)).not.toContain('päß');
  });
  test('what is no Enterprise Manager gets no password', async () => {
    const requests = { [`GET ${url}/api/`]: '{"hello":"world"}' };
    const { problems } = await collect(requests, { jobs: [job('A')] });
    expect(problems).toMatchObject([
      { reason: 'unexpected_output', message: expect.stringContaining('root of Enterprise Manager') },
    ]);
  });
  test('others that ran lately stay expected while the server is away', async () => {
    const state = new Map<string, unknown>();
    const settings = { others: { expected_interval: '24h' } };
    await collect(manager([session('A', 'Success', now - 60, now)]), settings, { state });
    expect((await collect({}, settings, { state })).jobs).toEqual({
      A: { expected_interval: day, job_info: 1, repository_readable: 0 },
    });
    expect((await collect({}, {}, { state })).jobs).toEqual({});
  });
});

describe('Backup & Replication', () => {
  const vbr = 'https://vbr.example.org:9419';
  const tokenUrl = `POST ${vbr}/api/oauth2/token`;
  const page = (list: readonly unknown[], total = list.length) =>
    JSON.stringify({ data: list, pagination: { total, count: list.length, skip: 0, limit: 500 } });
  const state = (id: string, name: string, more: object = {}) => ({
    id,
    name,
    type: 'VSphereBackup',
    status: 'inactive',
    lastResult: 'None',
    ...more,
  });
  const ran = (jobId: string, result: string, begin: number, end: number | undefined, more: object = {}) => {
    ids += 1;
    return {
      id: `s${ids}`,
      name: 'whatever',
      jobId,
      sessionType: 'BackupJob',
      creationTime: iso(begin),
      ...(end === undefined ? {} : { endTime: iso(end) }),
      state: end === undefined ? 'Working' : 'Stopped',
      result: { result, message: '', isCanceled: false },
      usn: 1,
      ...more,
    };
  };
  const sessionsAt = (since: number, skip = 0) =>
    `GET ${vbr}/api/v1/sessions?orderColumn=CreationTime&orderAsc=false&createdAfterFilter=${encodeURIComponent(iso(since))}&skip=${skip}&limit=500`;
  const server = (
    states: readonly object[],
    sessions: readonly object[],
    more: Replay['requests'] = {},
    since = now - 31 * day,
  ): NonNullable<Replay['requests']> => ({
    [tokenUrl]: JSON.stringify({
      access_token: 'A',
      token_type: 'bearer',
      refresh_token: 'R',
      expires_in: 900,
    }),
    [`GET ${vbr}/api/v1/jobs/states?skip=0&limit=500`]: page(states),
    [sessionsAt(since)]: page(sessions),
    [`GET ${vbr}/api/v1/backups?skip=0&limit=500`]: page([]),
    [`POST ${vbr}/api/oauth2/logout`]: { status: 200 },
    ...more,
  });
  const ask = (
    requests: Replay['requests'],
    settings: Record<string, unknown> & { jobs?: readonly object[] } = {},
    more: Partial<Replay> = {},
  ) => collect(requests, { api: 'backup_replication', url: vbr, ...settings }, more);

  test('gives each job its last success and its last run; the last run is not the last success', async () => {
    const { jobs, problems } = await ask(
      server(
        [state('J1', 'ERP', { lastRun: iso(now - hour), lastResult: 'Failed' }), state('j2', 'new')],
        [
          ran('j1', 'Failed', now - hour, now - 50 * 60),
          ran('j1', 'Success', now - 25 * hour, now - 24 * hour),
        ],
      ),
      { jobs: [job('ERP'), job('gone')] },
    );
    expect(jobs).toEqual({
      ERP: {
        expected_interval: day,
        job_info: 1,
        last_success_timestamp: now - 24 * hour,
        last_run_timestamp: now - 50 * 60,
        last_run_success: 0,
        duration: hour,
      },
      gone: { expected_interval: day, job_info: 1 },
    });
    expect(problems).toMatchObject([
      { reason: 'source_missing', message: expect.stringContaining('no job named gone') },
    ]);
  });

  test.each([
    'FileBackupHealthCheck',
    'SureBackupContentScan',
    'SqlLogBackup',
    'MalwareDetection',
    'Retention',
    'DeleteBackup',
    'RestoreVm',
  ])('a successful %s of a job is no success of the job', async (sessionType) => {
    const { jobs } = await ask(
      server([state('j1', 'A')], [ran('j1', 'Success', now - 60, now - 50, { sessionType })]),
      { jobs: [job('A')] },
    );
    expect(jobs['A']).toEqual({ expected_interval: day, job_info: 1 });
  });

  test.each(['AgentBackup', 'BackupCopyJob', 'PlatformBackupJob', 'Job'])(
    'a session of type %s is a run',
    async (sessionType) => {
      const { jobs } = await ask(
        server([state('j1', 'A')], [ran('j1', 'Success', now - 60, now - 50, { sessionType })]),
      );
      expect(jobs['A']).toMatchObject({ last_success_timestamp: now - 50 });
    },
  );

  test('sessions of before 1.2 know their job as activity, or by its name alone', async () => {
    const { jobs } = await ask(
      server(
        [state('j1', 'A'), state('j2', 'B')],
        [
          ran('j1', 'Success', now - 60, now - 50, { jobId: undefined, activityId: 'J1' }),
          ran('j2', 'Success', now - 60, now - 40, { jobId: undefined, name: 'B' }),
        ],
      ),
    );
    expect(jobs).toMatchObject({
      A: { last_success_timestamp: now - 50 },
      B: { last_success_timestamp: now - 40 },
    });
  });

  test('retries belong to their run, warnings are partial, a canceled run is no success', async () => {
    const { jobs } = await ask(
      server(
        [state('a', 'A'), state('b', 'B'), state('c', 'C'), state('d', 'D')],
        [
          ran('a', 'Success', now - 40, now - 30, {
            retryInfo: { isRecheckRetry: false, retryNumber: 1 },
            originalSessionId: 'first',
          }),
          ran('a', 'Failed', now - 60, now - 50, { id: 'first', originalSessionId: 'first' }),
          ran('b', 'Warning', now - 60, now - 50),
          ran('c', 'Success', now - 60, now - 50, { result: { result: 'Success', isCanceled: true } }),
          ran('d', 'None', now - 600, undefined, { state: 'Idle' }),
        ],
      ),
    );
    expect(jobs).toEqual({
      A: {
        last_success_timestamp: now - 30,
        last_run_timestamp: now - 30,
        last_run_success: 1,
        duration: 30,
      },
      B: { last_run_timestamp: now - 50, last_run_success: 0, duration: 10 },
      C: { last_run_timestamp: now - 50, last_run_success: 0 },
    });
  });

  test('where there are no sessions, the state of a job that is not running tells its last run', async () => {
    const told = { lastRun: iso(now - hour), lastResult: 'Success' };
    const { jobs } = await ask(
      server(
        [
          state('a', 'A', told),
          state('b', 'B', { ...told, lastResult: 'Failed' }),
          state('c', 'C', { ...told, status: 'running' }),
          state('d', 'D', { ...told, lastResult: 'None' }),
        ],
        [],
      ),
      { jobs: [job('C'), job('D')] },
    );
    expect(jobs['A']).toEqual({
      last_success_timestamp: now - hour,
      last_run_timestamp: now - hour,
      last_run_success: 1,
    });
    expect(jobs['B']).toEqual({ last_run_timestamp: now - hour, last_run_success: 0 });
    // lastRun is the run under way, lastResult the one of the run before.
    expect(jobs['C']).toEqual({ expected_interval: day, job_info: 1 });
    expect(jobs['D']).toEqual({ expected_interval: day, job_info: 1 });
  });

  test('SureBackup sessions are restore tests of the job that names them; the last success stays after a failure', async () => {
    const sure = (result: string, begin: number, end: number) =>
      ran('sb', result, begin, end, { sessionType: 'SureBackup', name: 'Lab' });
    const memory = new Map<string, unknown>();
    const settings = { jobs: [job('A', { sure_backup: 'Lab' }), job('B')] };
    const first = await ask(
      server([state('a', 'A'), state('b', 'B')], [sure('Success', now - 3 * hour, now - 2 * hour)]),
      settings,
      { state: memory },
    );
    expect(first.jobs['A']).toEqual({
      expected_interval: day,
      job_info: 1,
      restore_test_timestamp: now - 2 * hour,
      restore_test_success: 1,
      restore_test_last_success_timestamp: now - 2 * hour,
      restore_test_duration: hour,
    });
    expect(first.jobs['B']).toEqual({ expected_interval: day, job_info: 1 });
    const requests = server(
      [state('a', 'A'), state('b', 'B')],
      [sure('Warning', now - 60, now - 10)],
      {},
      now - day,
    );
    const second = await ask(requests, settings, { state: memory });
    expect(second.jobs['A']).toMatchObject({
      restore_test_timestamp: now - 10,
      restore_test_success: 0,
      restore_test_last_success_timestamp: now - 2 * hour,
    });
    expect(Object.keys(second.jobs)).toEqual(['A', 'B']);
    const away = await ask({}, { others: { expected_interval: '24h' } }, { state: memory });
    expect(Object.keys(away.jobs)).toEqual(['A', 'B']);
  });

  describe('restore points', () => {
    const backups = {
      [`GET ${vbr}/api/v1/backups?skip=0&limit=500`]: page([
        { id: 'B1', jobId: 'J1' },
        { id: 'B2', jobId: 'j1' },
        { id: 'B3' },
      ]),
    };
    const points = (path: string, id: string) => `GET ${vbr}/api/v1/${path}?backupIdFilter=${id}&limit=1`;
    const good = [ran('j1', 'Success', now - 60, now - 50)];
    test.each(['restorePoints', 'objectRestorePoints'])('are counted (%s)', async (path) => {
      const { jobs, problems } = await ask(
        server([state('j1', 'A')], good, {
          ...backups,
          ...Object.fromEntries(
            ['B1', 'B2', 'B3'].map((id) => [points('restorePoints', id), { status: 404 }]),
          ),
          [points(path, 'B1')]: page([{ backupId: 'B1' }], 14),
          [points(path, 'B2')]: page([{ backupId: 'child' }], 3),
          [points(path, 'B3')]: page([], 0),
        }),
      );
      expect(problems).toEqual([]);
      expect(jobs['A']).toMatchObject({
        restore_points: 17,
        repository_readable: 1,
        last_success_timestamp: now - 50,
      });
    });
    test('that are all gone take back the success: there is nothing to restore from', async () => {
      const { jobs } = await ask(
        server([state('j1', 'A')], good, {
          ...backups,
          [points('restorePoints', 'B1')]: page([], 0),
          [points('restorePoints', 'B2')]: page([], 0),
          [points('restorePoints', 'B3')]: page([], 0),
        }),
      );
      expect(jobs['A']).toEqual({
        restore_points: 0,
        repository_readable: 1,
        last_run_timestamp: now - 50,
        last_run_success: 1,
      });
    });
    test('of a server that does not filter are unknown', async () => {
      const all = page([{ backupId: 'B2' }], 99);
      const { jobs } = await ask(
        server([state('j1', 'A')], good, {
          ...backups,
          [points('restorePoints', 'B1')]: all,
          [points('restorePoints', 'B2')]: all,
          [points('restorePoints', 'B3')]: all,
        }),
      );
      expect(jobs['A']).not.toHaveProperty('restore_points');
    });
    test('that may not be counted are unknown, and cost nothing else', async () => {
      const { jobs, reasons } = await ask(
        server([state('j1', 'A')], good, {
          ...backups,
          [points('restorePoints', 'B1')]: { status: 403 },
          [points('restorePoints', 'B2')]: { status: 403 },
          [points('restorePoints', 'B3')]: { status: 403 },
        }),
      );
      expect(jobs['A']).toMatchObject({ last_success_timestamp: now - 50 });
      expect(jobs['A']).not.toHaveProperty('restore_points');
      expect(reasons).toEqual(['permission_denied']);
    });
  });

  test('all pages are read', async () => {
    const many = Array.from({ length: 500 }, (_, at) =>
      ran('j1', 'Failed', now - 5000 - at, now - 4000 - at),
    );
    const { jobs } = await ask(
      server([state('j1', 'A')], [], {
        [sessionsAt(now - 31 * day)]: page(many, 501),
        [sessionsAt(now - 31 * day, 500)]: page([ran('j1', 'Success', now - 9000, now - 8000)], 501),
      }),
    );
    expect(jobs['A']).toMatchObject({ last_success_timestamp: now - 8000, last_run_success: 0 });
  });

  test('a date without a zone is unknown: the zone of the server is', async () => {
    const { jobs, reasons } = await ask(
      server(
        [state('j1', 'A')],
        [ran('j1', 'Success', now - 60, now - 50, { endTime: '2026-11-18T10:00:00' })],
      ),
      { jobs: [job('A')] },
    );
    expect(jobs['A']).toEqual({ expected_interval: day, job_info: 1 });
    expect(reasons).toEqual(['unexpected_output']);
  });

  test.each([
    [{ status: 400, body: '{"error":"invalid_grant"}' }, 'authentication_failed'],
    [{ status: 401, body: '{"errorCode":"AccessDenied"}' }, 'authentication_failed'],
    [
      { status: 400, body: 'Unsupported RESTAPI version. The following versions are supported: v1.0-rev1.' },
      'unsupported',
    ],
    [{ status: 200, body: '{"token":"x"}' }, 'unexpected_output'],
    [{ status: 500 }, 'tool_failed'],
  ] as const)('a login answered with %j', async (answer, reason) => {
    const { jobs, problems } = await ask(server([], [], { [tokenUrl]: answer }), { jobs: [job('A')] });
    expect(jobs['A']).toEqual({ expected_interval: day, job_info: 1, repository_readable: 0 });
    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
    expect(JSON.stringify(problems)).not.toContain('päß');
  });

  test('the newest revision both sides speak is used', () => {
    const said =
      'Unsupported RESTAPI version. The following versions are supported: v1.0-rev1, v1.1-rev0, v1.1-rev2, v1.1-rev1.';
    expect(agreedVersion(said)).toBe('1.1-rev2');
    expect(agreedVersion('1.2-rev0 and 1.9-rev0')).toBe('1.2-rev0');
    expect(agreedVersion('no idea')).toBeUndefined();
  });
});

test('the configuration wants to know what answers there', () => {
  const server = { url, user: 'u', password_file: '/p' };
  const configure = (more: object) =>
    parseConfig(JSON.stringify({ collectors: { veeam: { servers: [{ ...server, ...more }] } } }), {}, [
      veeam,
    ]);
  expect(() => configure({})).toThrow('enterprise_manager or backup_replication');
  expect(() => configure({ api: 'backup_replication', api_version: 'v1.2' })).toThrow('1.2-rev0');
  expect(() =>
    configure({ api: 'backup_replication', jobs: [job('a', { name: 'x' }), job('b', { name: 'x' })] }),
  ).toThrow('same one');
});

const shared = new URL('../../../shared/fixtures/sources/veeam/', import.meta.url);
describe.runIf(existsSync(shared))('captured from Enterprise Manager', () => {
  const capture = (name: string): unknown =>
    lowerKeys(JSON.parse(readFileSync(new URL(name, shared), 'utf8')));
  const inside = (document: unknown, ...keys: readonly string[]): unknown =>
    keys.reduce<unknown>(
      (value, key) => Object.entries(value ?? {}).find(([name]) => name === key)?.[1],
      document,
    );
  const list = (name: string, type: string): readonly unknown[] => {
    const found = inside(capture(name), 'entities', type, type);
    return Array.isArray(found) ? found : [];
  };
  const utc = (text: string) => Date.parse(text) / 1000;

  test('12: three jobs, among them the two parts of copy jobs, and a retry whose run is not whole', () => {
    const read = parseSessions(list('backup_jobs_sessions_metrics_v12.json', 'backupjobsessions'), new Map());
    expect(read).toMatchObject({ problems: [], namesakes: new Map(), unknown: new Set() });
    expect(Object.fromEntries([...read.jobs].map(([name, { runs }]) => [name, runs]))).toEqual({
      COPY_BACKUP_VMW_MECM_AN_TO_DD_DCH_NEW: [
        {
          started: utc('2026-06-14T23:09:26.173Z'),
          ended: utc('2026-06-15T02:04:52.037Z'),
          outcome: 'success',
          whole: true,
          sessions: ['urn:veeam:BackupJobSession:45f138d9-7e5e-4140-bd33-088cc207a0f9'],
        },
      ],
      BACKUP_DCH_C2_VMW_INF: [
        {
          started: utc('2026-06-15T05:34:19.503Z'),
          ended: utc('2026-06-15T06:15:49.157Z'),
          outcome: 'success',
          whole: false,
          sessions: ['urn:veeam:BackupJobSession:ee36521d-f70a-4300-98ba-155cb4a40b01'],
        },
      ],
      'COPY_OPER_WIN_S3\\\\BACKUP_DCP_C2_AGENTS_PRA_clone1 - myhost2.mydomain.org': [
        {
          started: utc('2026-06-15T05:46:51.473Z'),
          ended: utc('2026-06-15T05:47:39.7Z'),
          outcome: 'success',
          whole: true,
          sessions: ['urn:veeam:BackupJobSession:b83ad0b1-4fd2-49aa-9a45-2069f4ed498f'],
        },
      ],
    });
  });

  test('13: a run that failed, and the retry that made it good', () => {
    const read = parseSessions(list('backup_jobs_sessions_metrics_v13.json', 'backupjobsessions'), new Map());
    expect([...read.jobs].map(([name, { runs }]) => [name, runs])).toEqual([
      [
        'H3_BACKUP_DDH_ORACLE_DEV_SYSONLY',
        [
          {
            started: utc('2026-06-16T06:22:07.193292Z'),
            ended: utc('2026-06-16T06:38:51.134519Z'),
            outcome: 'success',
            whole: false,
            sessions: [
              'urn:veeam:BackupJobSession:bc6b105b-7e45-4e86-8f41-5d177d78d273',
              'urn:veeam:BackupJobSession:7e9fd38b-10bd-4943-8c4f-f3fd991da78d',
            ],
          },
        ],
      ],
    ]);
  });

  test('the machines in a session: the failed one is not in the size', () => {
    expect(parseTasks(list('backup_jobs_tasks_sessions_metrics_v12.json', 'backuptasksessions'))).toEqual(
      new Map([['urn:veeam:BackupJobSession:ddf1d66d-0ee8-4964-8da3-3780f3f9775f', { bytes: 0 }]]),
    );
    expect(parseTasks(list('backup_jobs_tasks_sessions_metrics_v13.json', 'backuptasksessions'))).toEqual(
      new Map([
        ['urn:veeam:BackupJobSession:7e9fd38b-10bd-4943-8c4f-f3fd991da78d', { bytes: 214_748_364_800 }],
        ['urn:veeam:BackupJobSession:bc6b105b-7e45-4e86-8f41-5d177d78d273', { bytes: 429_496_729_600 }],
      ]),
    );
  });

  test.each(['veeam_api_v12.json', 'veeam_api_v13.json', 'veeam_overview_metrics_v13.json'])(
    '%s names the same versions',
    (name) => {
      expect(capture(name)).toMatchObject({
        supportedversions: { supportedversions: [{ name: 'v1_5' }, { name: 'v1_6' }, { name: 'v1_7' }] },
      });
    },
  );
  test('a login', () => {
    expect(capture('veeam_login_v12.json')).toMatchObject({
      username: 'myuser',
      sessionid: guid,
      type: 'LogonSession',
    });
  });
  test.each([
    ['12', ['12.3.2.4465', '12.3.2.4465']],
    ['13', ['13.0.1.2067', '13.0.1.2067']],
  ])('the backup servers of %s have the same keys in both', (version, found) => {
    expect(capture(`backup_servers_metrics_v${version}.json`)).toMatchObject({
      backupservers: found.map((one) => ({ version: one, type: 'BackupServer' })),
    });
  });
  test('overviews have the same keys in both; a repository without a capacity says -1', () => {
    expect(capture('job_overview_metrics_v12.json')).toMatchObject({
      runningjobs: 3,
      scheduledjobs: 79,
      totaljobruns: 81,
      successfuljobruns: 70,
      warningsjobruns: 1,
      failedjobruns: 10,
      maxjobduration: 52_860,
    });
    expect(capture('veeam_overview_metrics_v12.json')).toMatchObject({
      backupservers: 10,
      runningjobs: 0,
      successfulvmlasteststates: 2071,
      failedvmlasteststates: 0,
    });
    expect(capture('veeam_overview_vms_metrics_v12.json')).toMatchObject({
      protectedvms: 2375,
      backedupvms: 2375,
      restorepoints: 2381,
      sourcevmssize: 388_126_819_079_242,
    });
    expect(capture('veeam_overview_vms_metrics_v13.json')).toMatchObject({
      protectedvms: 104,
      backedupvms: 104,
      restorepoints: 106,
      sourcevmssize: 18_104_319_159_761,
    });
    expect(capture('veeam_repositories_overview_metrics_v12.json')).toMatchObject({
      repositories: [
        { name: 's3-veeam-dbbackup', kind: 'AmazonS3Compatible', capacity: -1, freespace: -1 },
        {
          name: 'ddb_veeam_dch_backupdb',
          kind: 'DDBoost',
          capacity: 1_013_246_324_637_696,
          freespace: 113_816_053_481_472,
        },
      ],
    });
    expect(capture('veeam_repositories_overview_metrics_v13.json')).toMatchObject({
      repositories: [
        { name: 'Default Backup Repository', capacity: 107_355_303_936, freespace: 86_205_259_776 },
        { name: 's3_veeam_backup_z2', capacity: -1 },
        { name: 'ddb_veeam_ddh_h3_op', freespace: 1_386_079_723_192_320 },
        { name: 'Default Backup Repository' },
        { name: 'ddb_veeam_ddh_h3_dev' },
        { name: 'ddb_veeam_ddh_h3_val' },
      ],
    });
  });
});
if (!existsSync(shared)) console.warn('captured outputs of Veeam are not here; tests of them did not run');

test('a job no session is known of is known by its state alone', () => {
  const history = parseHistory(
    [{ id: 'A', name: 'x', status: 'disabled', lastrun: iso(now), lastresult: 'warning' }],
    [],
  );
  expect(history.jobs.get('x')).toEqual({ id: 'a', runs: [], lastRun: { ended: now, outcome: 'partial' } });
});
