import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Reason } from '../../collector.ts';
import {
  type Answer,
  type Asked,
  cutOff,
  reset,
  type RestServer,
  restServer,
  selfSigned,
  silence,
} from '../../fixtures/rest-server.ts';
import { localHost } from '../../host.ts';
import { veeam } from '../veeam.ts';

const directory = mkdtempSync(join(tmpdir(), 'veeam-'));
const passwordFile = join(directory, 'password');
const password = 'hunter2: größer & besser';
writeFileSync(passwordFile, `${password}\r\n`);
const open: RestServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
afterAll(() => rmSync(directory, { recursive: true }));
let runs = 0;

const shared = new URL('../../../../shared/fixtures/sources/veeam/', import.meta.url);
const sharedIsHere = existsSync(shared);
const capture = (name: string): string => readFileSync(new URL(name, shared), 'utf8');
const at = (text: string) => Date.parse(text) / 1000;
const now = at('2026-06-16T08:00:00Z');
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

async function serve(
  answer: (asked: Asked) => Answer,
  tls?: Parameters<typeof restServer>[1],
): Promise<RestServer> {
  const server = await restServer(answer, tls);
  open.push(server);
  return server;
}

async function collect(
  servers: readonly object[],
  {
    time = now,
    timeLimit = 30,
    state,
  }: { readonly time?: number; readonly timeLimit?: number; readonly state?: string } = {},
) {
  runs += 1;
  const here = localHost({ stateDirectory: join(directory, state ?? `state-${runs}`), timeLimit });
  const list = servers.map((server) => ({
    api: 'enterprise_manager',
    user: 'LAB\\monitor',
    password_file: passwordFile,
    jobs: [],
    ...server,
  }));
  const { samples, problems } = await veeam.collect({ ...here, now: () => time }, { servers: list });
  expect(JSON.stringify(problems)).not.toContain('hunter2');
  return {
    lines: samples.map(
      ({ name, labels, value }) =>
        `${labels['backup_job']} ${name.replace('maintenance_backup_', '')} ${value}`,
    ),
    problems,
    reasons: problems.map(({ reason }) => reason),
  };
}
const job = (backup_job: string, more: object = {}) => ({ backup_job, expected_interval: '24h', ...more });
const invisible = (name: string) => [
  `${name} expected_interval_seconds 86400`,
  `${name} job_info 1`,
  `${name} repository_readable 0`,
];

const guid = 'b9a759dd-4496-4f50-8fc0-f925aa283f8d';
interface Manager {
  readonly api?: string;
  /** By page. */
  readonly sessions?: readonly string[];
  readonly tasks?: string;
  /** Questions after which a session expires. */
  readonly questions?: number;
  readonly special?: (asked: Asked, logins: number) => Answer | undefined;
}
const api = JSON.stringify({ SupportedVersions: { SupportedVersions: [{ Name: 'v1_7' }] } });
const page = (sessions: readonly object[], pages = 1, current = 1) =>
  JSON.stringify({
    Entities: { Jobs: null, BackupJobSessions: { BackupJobSessions: sessions } },
    PagingInfo: { PageNum: current, PageSize: 100, PagesCount: pages },
  });
const noTasks = JSON.stringify({ Entities: { BackupTaskSessions: null }, PagingInfo: null });
const session = (name: string, result: string, begin: number, end: number) => ({
  IsRetry: false,
  JobName: name,
  JobType: 'Backup',
  CreationTimeUTC: iso(begin),
  EndTimeUTC: iso(end),
  State: 'Stopped',
  Result: result,
  UID: `urn:veeam:BackupJobSession:${name}-${begin}`,
  Links: [],
});

/** Enterprise Manager: basic authentication for a session, the session for everything else. */
function manager({
  api: root = api,
  sessions = [page([])],
  tasks = noTasks,
  questions = Infinity,
  special = () => undefined,
}: Manager) {
  let [logins, left] = [0, 0];
  return ({ method, path, query, headers, ...rest }: Asked): Answer => {
    const odd = special({ method, path, query, headers, ...rest }, logins);
    if (odd !== undefined) return odd;
    if (path === '/api/') return root;
    if (method === 'POST' && path === '/api/sessionMngr/' && query.get('v') === 'latest') {
      if (headers.authorization !== `Basic ${Buffer.from(`LAB\\monitor:${password}`).toString('base64')}`)
        return { status: 401 };
      logins += 1;
      left = questions;
      const id = Buffer.from(guid).toString('base64');
      return { status: 201, headers: { 'X-RestSvcSessionId': id }, body: '{}' };
    }
    if (headers['x-restsvcsessionid'] !== Buffer.from(guid).toString('base64') || left <= 0)
      return { status: 401 };
    if (method === 'DELETE' && path === `/api/logonSessions/${guid}`) return { status: 204 };
    left -= 1;
    if (
      path !== '/api/query' ||
      !/^CreationTime>="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"$/.test(query.get('filter') ?? '')
    )
      return { status: 400, body: 'bad query' };
    if (headers.accept !== 'application/json') return '<?xml version="1.0"?><QueryResult/>';
    if (query.get('type') === 'BackupTaskSession') return tasks;
    return sessions[Number(query.get('page')) - 1] ?? { status: 500, body: 'no such page' };
  };
}
const loginsOf = (server: RestServer) =>
  server.asked.filter(({ path }) => path === '/api/sessionMngr/').length;

describe.runIf(sharedIsHere)('captures, replayed by a real server', () => {
  test('Enterprise Manager 12', async () => {
    const server = await serve(
      manager({
        api: capture('veeam_api_v12.json'),
        sessions: [capture('backup_jobs_sessions_metrics_v12.json')],
        tasks: capture('backup_jobs_tasks_sessions_metrics_v12.json'),
      }),
    );
    const { lines, problems } = await collect([
      { url: server.url, jobs: [job('BACKUP_DCH_C2_VMW_INF'), job('never')] },
    ]);
    expect(problems).toEqual([]);
    const copy = 'COPY_BACKUP_VMW_MECM_AN_TO_DD_DCH_NEW';
    const worker = 'COPY_OPER_WIN_S3\\\\BACKUP_DCP_C2_AGENTS_PRA_clone1 - myhost2.mydomain.org';
    expect(lines).toEqual([
      'BACKUP_DCH_C2_VMW_INF expected_interval_seconds 86400',
      'BACKUP_DCH_C2_VMW_INF job_info 1',
      `BACKUP_DCH_C2_VMW_INF last_success_timestamp_seconds ${at('2026-06-15T06:15:49.157Z')}`,
      `BACKUP_DCH_C2_VMW_INF last_run_timestamp_seconds ${at('2026-06-15T06:15:49.157Z')}`,
      'BACKUP_DCH_C2_VMW_INF last_run_success 1',
      'never expected_interval_seconds 86400',
      'never job_info 1',
      `${copy} last_success_timestamp_seconds ${at('2026-06-15T02:04:52.037Z')}`,
      `${copy} duration_seconds ${at('2026-06-15T02:04:52.037Z') - at('2026-06-14T23:09:26.173Z')}`,
      `${copy} last_run_timestamp_seconds ${at('2026-06-15T02:04:52.037Z')}`,
      `${copy} last_run_success 1`,
      `${worker} last_success_timestamp_seconds ${at('2026-06-15T05:47:39.7Z')}`,
      `${worker} duration_seconds ${at('2026-06-15T05:47:39.7Z') - at('2026-06-15T05:46:51.473Z')}`,
      `${worker} last_run_timestamp_seconds ${at('2026-06-15T05:47:39.7Z')}`,
      `${worker} last_run_success 1`,
    ]);
    // It ended the session it began.
    expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE', path: `/api/logonSessions/${guid}` });
  });

  test('Enterprise Manager 13, the same in every zone', async () => {
    const server = await serve(
      manager({
        api: capture('veeam_api_v13.json'),
        sessions: [capture('backup_jobs_sessions_metrics_v13.json')],
        tasks: capture('backup_jobs_tasks_sessions_metrics_v13.json'),
      }),
    );
    const zone = process.env['TZ'];
    try {
      for (const [name, offset] of [
        ['UTC', 0],
        ['Asia/Tokyo', -540],
        ['America/New_York', 240],
      ] as const) {
        process.env['TZ'] = name;
        expect(new Date(now * 1000).getTimezoneOffset()).toBe(offset);
        // oxlint-disable-next-line no-await-in-loop -- one zone after the other
        const { lines, problems } = await collect([{ url: server.url }]);
        expect(problems).toEqual([]);
        expect(lines).toEqual([
          `H3_BACKUP_DDH_ORACLE_DEV_SYSONLY last_success_timestamp_seconds ${at('2026-06-16T06:38:51.134Z')}`,
          `H3_BACKUP_DDH_ORACLE_DEV_SYSONLY last_run_timestamp_seconds ${at('2026-06-16T06:38:51.134Z')}`,
          'H3_BACKUP_DDH_ORACLE_DEV_SYSONLY last_run_success 1',
        ]);
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});
if (!sharedIsHere) console.warn('captured outputs of Veeam are not here; tests of them did not run');

describe('Enterprise Manager', () => {
  const good = (name: string) => session(name, 'Success', now - 7200, now - 3600);
  const fresh = (name: string) => `${name} last_success_timestamp_seconds ${now - 3600}`;

  test('all pages are read, each once', async () => {
    const pages = ['A', 'B', 'C'].map((name, index) => page([good(name)], 3, index + 1));
    const server = await serve(manager({ sessions: pages }));
    const { lines, problems } = await collect([{ url: server.url }]);
    expect(problems).toEqual([]);
    expect(lines).toEqual(expect.arrayContaining([fresh('A'), fresh('B'), fresh('C')]));
    expect(
      server.asked.flatMap(({ query }) =>
        query.get('type') === 'BackupJobSession' ? [query.get('page')] : [],
      ),
    ).toEqual(['1', '2', '3']);
  });

  test('a session that expires between pages is begun anew, once', async () => {
    const pages = ['A', 'B', 'C'].map((name, index) => page([good(name)], 3, index + 1));
    const server = await serve(manager({ sessions: pages, questions: 2 }));
    const { lines, problems } = await collect([{ url: server.url }]);
    expect(problems).toEqual([]);
    expect(lines).toEqual(expect.arrayContaining([fresh('A'), fresh('B'), fresh('C')]));
    expect(loginsOf(server)).toBe(2);
  });

  test('a session that expires at every page is begun anew no second time', async () => {
    const pages = ['A', 'B', 'C'].map((name, index) => page([good(name)], 3, index + 1));
    const server = await serve(manager({ sessions: pages, questions: 1 }));
    const { lines, reasons } = await collect([{ url: server.url, jobs: [job('A')] }]);
    expect(lines).toEqual(invisible('A'));
    expect(reasons).toEqual(['authentication_failed']);
    expect(loginsOf(server)).toBe(2);
  });

  test('a session that is refused again and again does not hammer the login', async () => {
    const server = await serve(manager({ sessions: [page([good('A')])], questions: 0 }));
    const { lines, reasons } = await collect([{ url: server.url, jobs: [job('A')] }]);
    expect(lines).toEqual(invisible('A'));
    expect(reasons).toEqual(['authentication_failed']);
    expect(loginsOf(server)).toBe(2);
  });

  test('a wrong password is tried once: more would lock the account', async () => {
    const server = await serve(manager({}));
    const { reasons } = await collect([{ url: server.url, user: 'LAB\\nobody' }]);
    expect(reasons).toEqual(['authentication_failed']);
    expect(loginsOf(server)).toBe(1);
  });

  const html = '<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>';
  const failures: readonly (readonly [string, Answer, Reason])[] = [
    ['403', { status: 403, body: 'Access is denied' }, 'permission_denied'],
    ['500', { status: 500, body: html }, 'tool_failed'],
    ['503', { status: 503 }, 'tool_failed'],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://elsewhere.example.org/' } },
      'unexpected_output',
    ],
    ['a page instead of JSON', html, 'unexpected_output'],
    ['cut off JSON', page([good('A')]).slice(0, 120), 'unexpected_output'],
    ['a cut off connection', cutOff, 'tool_failed'],
    ['a reset', reset, 'tool_failed'],
    ['nothing', '', 'unexpected_output'],
  ];
  test.each(failures)(
    '%s: jobs of this server stay and claim nothing, those of another are fine',
    async (_, answer, reason) => {
      const bad = await serve(
        manager({ special: ({ query }) => (query.get('type') === 'BackupJobSession' ? answer : undefined) }),
      );
      const fine = await serve(manager({ sessions: [page([good('B')])] }));
      const { lines, problems } = await collect([
        { url: bad.url, server: 'bad', jobs: [job('A')] },
        { url: fine.url, server: 'fine' },
      ]);
      expect(problems).toMatchObject([{ reason, message: expect.stringContaining(bad.url) }]);
      expect(lines.slice(0, 3)).toEqual(invisible('A'));
      expect(lines).toContain(fresh('fine/B'));
    },
  );

  test('a slow server is given up in time, and costs the others nothing', async () => {
    const slow = await serve(
      manager({ special: ({ path }) => (path === '/api/query' ? silence : undefined) }),
    );
    const fine = await serve(manager({ sessions: [page([good('B')])] }));
    const { lines, reasons } = await collect(
      [
        { url: slow.url, server: 'slow', jobs: [job('A')] },
        { url: fine.url, server: 'fine' },
      ],
      { timeLimit: 1 },
    );
    expect(reasons).toEqual(['timeout']);
    expect(lines).toEqual(expect.arrayContaining([...invisible('A'), fresh('fine/B')]));
  });

  test('behind a certificate that is not accepted nothing is sent; with its signer named it is read', async () => {
    const own = selfSigned(directory, 'em', 'IP:127.0.0.1');
    const server = await serve(manager({ sessions: [page([good('A')])] }), own);
    expect((await collect([{ url: server.url }])).reasons).toEqual(['certificate_untrusted']);
    expect(server.asked).toEqual([]);
    expect((await collect([{ url: server.url, ca_file: own.cert }])).lines).toContain(fresh('A'));
  });

  test('the last success outlives its session, and a restart', async () => {
    let sessions = page([good('A')]);
    const later = now + 40 * 86_400;
    const lasting = manager({
      special: ({ query }) => (query.get('type') === 'BackupJobSession' ? sessions : undefined),
    });
    const same = await serve(lasting);
    await collect([{ url: same.url, jobs: [job('A')] }], { state: 'lasting' });
    sessions = page([session('A', 'Failed', later - 100, later - 50)]);
    const { lines } = await collect([{ url: same.url, jobs: [job('A')] }], { state: 'lasting', time: later });
    expect(lines).toEqual(
      expect.arrayContaining([
        fresh('A'),
        `A last_run_timestamp_seconds ${later - 50}`,
        'A last_run_success 0',
      ]),
    );
  });
});

describe('Backup & Replication', () => {
  interface Replication {
    readonly speaks?: string;
    /** Questions after which a token expires. */
    readonly questions?: number;
    readonly refreshes?: boolean;
    readonly special?: (asked: Asked) => Answer | undefined;
  }
  const states = [
    {
      id: '6745a759-2205-4cd2-b172-8ec8f7e60ef8',
      name: 'Nightly',
      type: 'VSphereBackup',
      status: 'inactive',
      lastRun: '2026-06-16T01:00:00.0000000+02:00',
      lastResult: 'Failed',
    },
    {
      id: '11111111-2205-4cd2-b172-8ec8f7e60ef8',
      name: 'Fresh',
      type: 'VSphereBackup',
      status: 'inactive',
      lastResult: 'None',
    },
  ];
  const history = [
    {
      id: 's2',
      name: 'Nightly',
      jobId: states[0]?.id,
      sessionType: 'BackupJob',
      creationTime: '2026-06-16T01:00:00.0000000+02:00',
      endTime: '2026-06-16T01:20:00+02:00',
      state: 'Stopped',
      result: { result: 'Failed', message: 'x', isCanceled: false },
    },
    {
      id: 's1',
      name: 'Nightly',
      jobId: states[0]?.id,
      sessionType: 'BackupJob',
      creationTime: '2026-06-15T01:00:00+02:00',
      endTime: '2026-06-15T01:30:00+02:00',
      state: 'Stopped',
      result: { result: 'Success', isCanceled: false },
    },
    {
      id: 'x1',
      name: 'Rescan',
      sessionType: 'Infrastructure',
      creationTime: '2026-06-15T01:00:00+02:00',
      state: 'Working',
    },
    {
      id: 't1',
      name: 'Lab',
      sessionType: 'SureBackup',
      creationTime: '2026-06-14T10:00:00Z',
      endTime: '2026-06-14T10:40:00Z',
      state: 'Stopped',
      result: { result: 'Success' },
    },
  ];

  function replication({
    speaks = '1.3-rev1',
    questions = Infinity,
    refreshes = true,
    special = () => undefined,
  }: Replication) {
    let [token, left] = [0, 0];
    const list = (all: readonly object[], { query }: Asked): string => {
      const skip = Number(query.get('skip') ?? 0);
      const limit = Math.min(Number(query.get('limit') ?? 200), 2);
      return JSON.stringify({
        data: all.slice(skip, skip + limit),
        pagination: { total: all.length, count: limit, skip, limit },
      });
    };
    return (asked: Asked): Answer => {
      const { method, path, query, headers, body } = asked;
      if (headers['x-api-version'] !== speaks)
        return {
          status: 400,
          body: `Bad request: Unsupported RESTAPI version. The following versions are supported: v1.0-rev1, v${speaks}.`,
        };
      const odd = special(asked);
      if (odd !== undefined) return odd;
      if (method === 'POST' && path === '/api/oauth2/token') {
        const grant = new URLSearchParams(body);
        const known =
          grant.get('grant_type') === 'password'
            ? grant.get('username') === 'LAB\\monitor' && grant.get('password') === password
            : refreshes && grant.get('refresh_token') === `R${token}`;
        if (!known) return { status: 400, body: '{"error":"invalid_grant"}' };
        token += 1;
        left = questions;
        return JSON.stringify({
          access_token: `A${token}`,
          token_type: 'bearer',
          refresh_token: `R${token}`,
          expires_in: 900,
        });
      }
      if (headers.authorization !== `Bearer A${token}` || left <= 0)
        return { status: 401, body: '{"errorCode":"AccessDenied"}' };
      if (path === '/api/oauth2/logout') return '{}';
      left -= 1;
      switch (path) {
        case '/api/v1/jobs/states':
          return list(states, asked);
        case '/api/v1/sessions':
          return list(
            history.filter(
              ({ creationTime }) => at(creationTime) > at(query.get('createdAfterFilter') ?? ''),
            ),
            asked,
          );
        case '/api/v1/backups':
          return list([{ id: 'b1', jobId: states[0]?.id, name: 'Nightly' }], asked);
        case '/api/v1/restorePoints':
          return JSON.stringify({
            data: [{ backupId: 'b1' }],
            pagination: { total: 9, count: 1, skip: 0, limit: 1 },
          });
        default:
          return { status: 404 };
      }
    };
  }
  const ask = (server: RestServer, more: object = {}) =>
    collect([
      {
        api: 'backup_replication',
        url: server.url,
        jobs: [job('Nightly', { sure_backup: 'Lab' }), job('Fresh')],
        ...more,
      },
    ]);
  const told = [
    'Nightly expected_interval_seconds 86400',
    'Nightly job_info 1',
    'Nightly repository_readable 1',
    'Nightly restore_points 9',
    `Nightly last_success_timestamp_seconds ${at('2026-06-14T23:30:00Z')}`,
    'Nightly duration_seconds 1800',
    `Nightly last_run_timestamp_seconds ${at('2026-06-15T23:20:00Z')}`,
    'Nightly last_run_success 0',
    `Nightly restore_test_timestamp_seconds ${at('2026-06-14T10:40:00Z')}`,
    'Nightly restore_test_success 1',
    `Nightly restore_test_last_success_timestamp_seconds ${at('2026-06-14T10:40:00Z')}`,
    'Nightly restore_test_duration_seconds 2400',
    'Fresh expected_interval_seconds 86400',
    'Fresh job_info 1',
  ];
  const grants = (server: RestServer) =>
    server.asked.flatMap(({ path, body }) =>
      path === '/api/oauth2/token' ? [new URLSearchParams(body).get('grant_type')] : [],
    );

  test('jobs, sessions, SureBackup and restore points, page by page', async () => {
    const server = await serve(replication({}));
    const { lines, problems } = await ask(server);
    expect(problems).toEqual([]);
    expect(lines).toEqual(told);
    expect(grants(server)).toEqual(['password']);
    expect(server.asked.at(-1)).toMatchObject({ method: 'POST', path: '/api/oauth2/logout' });
    expect(
      server.asked.filter(({ path, query }) => `${path}?${query.toString()}`.includes('hunter2')),
    ).toEqual([]);
  });

  test('an older server is spoken to in its own revision', async () => {
    const server = await serve(replication({ speaks: '1.1-rev0' }));
    expect((await ask(server)).lines).toEqual(told);
    expect(grants(server)).toEqual(['password', 'password']);
  });

  test('a revision that is configured is not departed from', async () => {
    const server = await serve(replication({ speaks: '1.1-rev0' }));
    expect((await ask(server, { api_version: '1.2-rev0' })).reasons).toEqual(['unsupported']);
    expect((await ask(server, { api_version: '1.1-rev0' })).lines).toEqual(told);
  });

  test.each([
    ['refreshed', true, ['password', 'refresh_token']],
    ['asked for anew where it cannot be refreshed', false, ['password', 'refresh_token', 'password']],
  ])('a token that expires is %s, once', async (_, refreshes, expected) => {
    const server = await serve(replication({ questions: 4, refreshes }));
    const { lines, problems } = await ask(server);
    expect(problems).toEqual([]);
    expect(lines).toEqual(told);
    expect(grants(server)).toEqual(expected);
  });

  test('a token that is refused again and again does not hammer the login', async () => {
    const server = await serve(replication({ questions: 0 }));
    const { lines, reasons } = await ask(server);
    expect(reasons).toEqual(['authentication_failed']);
    expect(lines).toEqual([...invisible('Nightly'), ...invisible('Fresh')]);
    expect(grants(server)).toEqual(['password', 'refresh_token']);
  });

  test('a wrong password is tried once', async () => {
    const server = await serve(replication({}));
    expect((await ask(server, { user: 'x' })).reasons).toEqual(['authentication_failed']);
    expect(grants(server)).toEqual(['password']);
  });

  test.each([
    ['403', '/api/v1/sessions', { status: 403 }, 'permission_denied'],
    ['500', '/api/v1/jobs/states', { status: 500, body: 'x' }, 'tool_failed'],
    ['cut off', '/api/v1/sessions', cutOff, 'tool_failed'],
    ['a page', '/api/v1/jobs/states', '<html>', 'unexpected_output'],
    ['half of the JSON', '/api/v1/sessions', '{"data":[{"id"', 'unexpected_output'],
  ] as const)('%s for %s: jobs stay and claim nothing', async (_, where, answer, reason) => {
    const server = await serve(replication({ special: ({ path }) => (path === where ? answer : undefined) }));
    const { lines, reasons } = await ask(server);
    expect(reasons).toEqual([reason]);
    expect(lines).toEqual([...invisible('Nightly'), ...invisible('Fresh')]);
  });
});
