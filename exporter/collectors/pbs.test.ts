import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Reason } from '../collector.ts';
import { parseConfig } from '../config.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { pbs } from './pbs.ts';
import { parseChores } from './pbs/chores.ts';
import { parseSnapshots } from './pbs/snapshots.ts';
import { taskStart } from './pbs/upid.ts';

const shared = new URL('../../../shared/fixtures/sources/pbs/', import.meta.url);
const now = 1_795_000_000;
const hour = 3600;
const day = 86_400;
const url = 'https://pbs.example.org:8007';
const hex = (seconds: number) => seconds.toString(16).toUpperCase().padStart(8, '0');
const upidAt = (seconds: number, type = 'verificationjob') =>
  `UPID:pbs:000030B1:000082AF:0000000F:${hex(seconds)}:${type}:main\\x3aweekly:root@pam:`;
const verified = (state: string, at: number) => ({ verification: { state, upid: upidAt(at) } });
const snapshot = (group: string, time: number, more: object = {}) => {
  const [type, id] = group.split('/');
  return {
    'backup-type': type,
    'backup-id': id,
    'backup-time': time,
    size: 1000,
    owner: 'root@pam',
    files: [],
    ...more,
  };
};
const data = (list: readonly unknown[]) => JSON.stringify({ data: list });
const at = (path: string) => `GET ${url}/api2/json${path}`;

/** A server with one datastore. */
function server(
  snapshots: readonly unknown[],
  more: Replay['requests'] = {},
): NonNullable<Replay['requests']> {
  return {
    [at('/admin/datastore')]: data([{ store: 'main' }]),
    [at('/admin/datastore/main/namespace')]: data([{ ns: '' }]),
    [at('/admin/datastore/main/snapshots')]: data(snapshots),
    [at('/admin/sync')]: data([]),
    [at('/admin/sync?sync-direction=push')]: { status: 400, body: 'parameter verification failed' },
    [at('/admin/verify')]: data([]),
    [at('/admin/prune')]: data([]),
    [at('/admin/gc')]: data([]),
    ...more,
  };
}

const token = { '/token': 'monitor@pbs!exporter:00000000-1111\n' };
const job = (backup_job: string, more: object = {}) => ({ backup_job, expected_interval: '24h', ...more });

/** Facts by job, without the prefix of their names; depth stands behind a check. */
function facts(samples: readonly Sample[]): Record<string, Record<string, number>> {
  const jobs: Record<string, Record<string, number>> = {};
  for (const { name, labels, value } of samples) {
    const short = name.replace('maintenance_backup_', '').replace(/_seconds$/, '');
    const key = [short, labels['depth']].filter(Boolean).join(' ');
    (jobs[labels['backup_job'] ?? ''] ??= {})[key] = value;
  }
  return jobs;
}

async function collect(
  requests: Replay['requests'],
  { jobs = [], ...settings }: { readonly jobs?: readonly object[] } & Record<string, unknown> = {},
  more: Partial<Replay> = {},
) {
  const host = replay({ files: token, now, requests: requests ?? {}, ...more });
  const collected = await pbs.collect(host, { servers: [{ url, token_file: '/token', jobs, ...settings }] });
  return {
    jobs: facts(collected.samples),
    problems: collected.problems,
    reasons: collected.problems.map(({ reason }) => reason),
  };
}

describe('the name of a task', () => {
  test('holds the second it began, in hex', () => {
    const text = 'UPID:golem:000030B1:000082AF:0000000F:6AC223A0:verificationjob:erebor\\x3aweekly:root@pam:';
    expect(taskStart(text)).toBe(1_791_108_000);
    expect(taskStart('UPID:elsa:00004F37:0039E469:00000000:5CA78B83:garbage_collection::root@pam:')).toBe(
      0x5ca78b83,
    );
    // pstart has nine digits on a host that has been up for more than 497 days.
    expect(taskStart('UPID:a:00004F37:10039E469:0000000000000001:5CA78B83:verify:x:u@pbs!t:')).toBe(
      0x5ca78b83,
    );
  });
  test.each([
    '',
    'UPID:...',
    'x',
    'UPID:pbs:verify',
    'UPID:a:00004F37:0039E469:00000000:5CA78B8:gc::root@pam:',
    undefined,
    null,
  ])('%s has none', (text) => expect(taskStart(text)).toBeUndefined());
});

describe('a group of snapshots', () => {
  test('is a job with its restore points, its size and its verification', async () => {
    const { jobs, problems } = await collect(
      server([
        snapshot('vm/100', now - 25 * hour, { size: 5_000_000, ...verified('ok', now - 20 * hour) }),
        snapshot('vm/100', now - hour, { size: 6_000_000 }),
        snapshot('vm/100', now - 49 * hour, verified('ok', now - 40 * hour)),
      ]),
      { jobs: [job('main/vm/100', { criticality: 'critical' })] },
    );
    expect(problems).toEqual([]);
    expect(jobs).toEqual({
      'main/vm/100': {
        expected_interval: day,
        job_info: 1,
        repository_readable: 1,
        restore_points: 3,
        last_success_timestamp: now - hour,
        size_bytes: 6_000_000,
        'check_timestamp data': now - 20 * hour,
        'check_success data': 1,
      },
    });
  });

  test('failed and not yet verified are told apart (the pbs-exporter of natrontech says 0 for both)', async () => {
    const { jobs } = await collect(
      server([snapshot('vm/1', now - hour, verified('failed', now - 10)), snapshot('vm/2', now - hour)]),
    );
    expect(jobs['main/vm/1']).toMatchObject({ 'check_success data': 0, 'check_timestamp data': now - 10 });
    expect(Object.keys(jobs['main/vm/2'] ?? {}).filter((name) => name.startsWith('check'))).toEqual([]);
  });

  test('vm/100 and ct/100 are different guests (the pbs-exporter of natrontech adds them up)', async () => {
    const { jobs } = await collect(
      server([
        snapshot('vm/100', now - 5 * day),
        snapshot('ct/100', now - hour),
        snapshot('host/100', now - 9 * day),
      ]),
    );
    expect(jobs['main/vm/100']).toMatchObject({ last_success_timestamp: now - 5 * day, restore_points: 1 });
    expect(jobs['main/ct/100']).toMatchObject({ last_success_timestamp: now - hour, restore_points: 1 });
    expect(jobs['main/host/100']).toMatchObject({ last_success_timestamp: now - 9 * day, restore_points: 1 });
  });

  test('that is being written is no restore point yet, and a run that is under way', async () => {
    const { jobs } = await collect(
      server([
        snapshot('vm/1', now - day),
        snapshot('vm/1', now - 60, { size: undefined, files: ['index.json.blob'] }),
      ]),
    );
    expect(jobs['main/vm/1']).toMatchObject({
      restore_points: 1,
      last_success_timestamp: now - day,
      run_started_timestamp: now - 60,
    });
  });

  test('whose only snapshot is being written has no success', async () => {
    const { jobs } = await collect(server([snapshot('vm/1', now - 60, { size: null })]));
    expect(jobs['main/vm/1']).toEqual({
      repository_readable: 1,
      restore_points: 0,
      run_started_timestamp: now - 60,
    });
  });

  test('whose newest snapshot is corrupt was last backed up before that', async () => {
    const { jobs } = await collect(
      server([snapshot('vm/1', now - hour, verified('failed', now - 10)), snapshot('vm/1', now - day)]),
    );
    expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - day, restore_points: 2 });
  });

  test.each([
    ['by the same task', now - hour, now - hour],
    ['before', now - 30 * day, now - hour],
  ])(
    'a corrupt snapshot is not made good by another one that is in order, verified %s',
    async (_, failed, ok) => {
      const list = [
        snapshot('vm/1', now - 40 * day, verified('failed', failed)),
        snapshot('vm/1', now - 2 * hour, verified('ok', ok)),
      ];
      for (const order of [list, list.toReversed()])
        expect(parseSnapshots(order, 'main', now).groups.get('vm/1')?.checks).toEqual([
          { depth: 'data', at: now - hour, success: false },
        ]);
    },
  );

  test('smaller than configured is no success', async () => {
    const list = [snapshot('vm/1', now - hour, { size: 0 }), snapshot('vm/1', now - day, { size: 5000 })];
    const { jobs } = await collect(server(list), { jobs: [job('main/vm/1', { minimum_bytes: 4000 })] });
    expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - day, size_bytes: 0 });
  });

  test('dated in the future is left out, and the clocks are to be looked at', async () => {
    const { jobs, reasons } = await collect(
      server([snapshot('vm/1', now + day), snapshot('vm/1', now - day)]),
    );
    expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - day, restore_points: 1 });
    expect(reasons).toEqual(['clock_wrong']);
  });

  test('verified by a task without a date has no date of verification', async () => {
    const { jobs, reasons } = await collect(
      server([snapshot('vm/1', now - day, { verification: { state: 'ok', upid: 'UPID:...' } })]),
    );
    expect(jobs['main/vm/1']).not.toHaveProperty('check_success data');
    expect(reasons).toEqual(['unexpected_output']);
  });

  test('an unknown verdict is none, and said to be', async () => {
    const { jobs, reasons } = await collect(
      server([snapshot('vm/1', now - day, verified('stale', now - 5))]),
    );
    expect(jobs['main/vm/1']).not.toHaveProperty('check_success data');
    expect(reasons).toEqual(['unexpected_output']);
  });

  test('of which a snapshot is not as documented is unknown; the others are not', async () => {
    const { jobs, problems } = await collect(
      server([
        snapshot('vm/1', now - day),
        { 'backup-type': 'vm', 'backup-id': '1', 'backup-time': 'yesterday' },
        { strange: true },
        snapshot('vm/2', now - day),
      ]),
      { jobs: [job('main/vm/1')] },
    );
    expect(jobs['main/vm/1']).toEqual({ expected_interval: day, job_info: 1 });
    expect(jobs['main/vm/2']).toMatchObject({ last_success_timestamp: now - day });
    expect(problems).toEqual([
      { reason: 'unexpected_output', message: expect.stringContaining('2 of 4 snapshots in main') },
    ]);
  });
});

describe('a declared job', () => {
  test('that never ran is there, with no restore point and no success', async () => {
    const { jobs, problems } = await collect(server([snapshot('vm/1', now - hour)]), {
      jobs: [job('main/vm/999')],
    });
    expect(jobs['main/vm/999']).toEqual({
      expected_interval: day,
      job_info: 1,
      repository_readable: 1,
      restore_points: 0,
    });
    expect(problems).toEqual([]);
  });

  test('can have a name of its own in alerts', async () => {
    const { jobs } = await collect(server([snapshot('vm/1', now - hour)]), {
      jobs: [job('ERP', { name: 'main/vm/1' })],
    });
    expect(Object.keys(jobs)).toEqual(['ERP']);
    expect(jobs['ERP']).toMatchObject({ last_success_timestamp: now - hour, expected_interval: day });
  });

  test.each(['vm', 'main', 'vm/100'])('with a name no server has (%s) says so', async (name) => {
    const { jobs, reasons } = await collect(server([]), { jobs: [job(name)] });
    expect(jobs[name]).toEqual({ expected_interval: day, job_info: 1 });
    expect(reasons).toEqual(['source_missing']);
  });

  test('in a datastore the token may not see cannot be read: that is not empty', async () => {
    const { jobs, problems } = await collect(server([]), { jobs: [job('other/vm/1')] });
    expect(jobs['other/vm/1']).toEqual({ expected_interval: day, job_info: 1, repository_readable: 0 });
    expect(problems[0]).toMatchObject({
      reason: 'permission_denied',
      message: expect.stringContaining('DatastoreAudit'),
    });
  });
});

describe('jobs that nobody declared', () => {
  const list = [snapshot('vm/1', now - hour), snapshot('vm/2', now - hour)];
  test('have facts, and nothing is expected of them', async () => {
    const { jobs } = await collect(server(list));
    expect(jobs['main/vm/1']).not.toHaveProperty('expected_interval');
    expect(jobs['main/vm/1']).not.toHaveProperty('job_info');
  });
  test('can be expected to run, ignored, and are named for their server', async () => {
    const { jobs } = await collect(server(list), {
      others: { expected_interval: '26h' },
      ignore: ['main/vm/2'],
      server: 'berlin',
    });
    expect(jobs).toEqual({
      'berlin/main/vm/1': expect.objectContaining({ expected_interval: 26 * hour, job_info: 1 }),
    });
  });
  test('stay expected while the server or their datastore cannot be read, and are gone when their list says so', async () => {
    const state = new Map<string, unknown>();
    const settings = { others: { expected_interval: '24h' } };
    await collect(server(list), settings, { state });
    const expected = { expected_interval: day, job_info: 1, repository_readable: 0 };
    const away = await collect({}, settings, { state });
    expect(away.jobs).toEqual({ 'main/vm/1': expected, 'main/vm/2': expected });
    expect(away.reasons).toEqual(['not_running']);
    const closed = { [at('/admin/datastore/main/snapshots')]: { status: 400, body: 'maintenance' } };
    const maintained = await collect(server([], closed), settings, { state });
    expect(maintained.jobs).toEqual({ 'main/vm/1': expected, 'main/vm/2': expected });
    const retired = await collect(server([snapshot('vm/1', now)]), settings, { state });
    expect(Object.keys(retired.jobs)).toEqual(['main/vm/1']);
    // A month later they are forgotten.
    expect((await collect({}, settings, { state, now: now + 32 * day })).jobs).toEqual({});
  });
});

describe('namespaces', () => {
  test('are all read: a guest in one is a job of its own', async () => {
    const { jobs } = await collect(
      server([snapshot('vm/1', now - hour)], {
        [at('/admin/datastore/main/namespace')]: data([{ ns: '' }, { ns: 'site a/b' }]),
        [at('/admin/datastore/main/snapshots?ns=site%20a%2Fb')]: data([snapshot('vm/1', now - 9 * day)]),
      }),
      { jobs: [job('main/site a/b/vm/1')] },
    );
    expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - hour });
    expect(jobs['main/site a/b/vm/1']).toMatchObject({ last_success_timestamp: now - 9 * day });
  });

  test('that may not be read cost their own groups only', async () => {
    const { jobs, problems } = await collect(
      server([snapshot('vm/1', now - hour)], {
        [at('/admin/datastore/main/namespace')]: data([{ ns: '' }, { ns: 'secret' }]),
        [at('/admin/datastore/main/snapshots?ns=secret')]: { status: 403, body: 'permission check failed' },
      }),
      { jobs: [job('main/vm/1'), job('main/secret/vm/1')] },
    );
    expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - hour });
    expect(jobs['main/secret/vm/1']).toEqual({ expected_interval: day, job_info: 1, repository_readable: 0 });
    expect(problems.map(({ reason }) => reason)).toEqual(['permission_denied']);
  });

  test('do not exist before 2.2: the datastore is read all the same', async () => {
    const { jobs, problems } = await collect(
      server([snapshot('vm/1', now - hour)], { [at('/admin/datastore/main/namespace')]: { status: 404 } }),
    );
    expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - hour });
    expect(problems).toEqual([]);
  });
});

describe('what a server refuses', () => {
  test('an empty list of datastores is no proof that nothing is there', async () => {
    const { jobs, problems } = await collect(
      { ...server([]), [at('/admin/datastore')]: data([]) },
      { jobs: [job('main/vm/1')] },
    );
    expect(jobs['main/vm/1']).toEqual({ expected_interval: day, job_info: 1, repository_readable: 0 });
    expect(problems).toMatchObject([
      { reason: 'permission_denied', message: expect.stringContaining('DatastoreAudit') },
    ]);
  });

  test('a datastore in maintenance is unknown, and says what the server says', async () => {
    const { jobs, problems } = await collect(
      {
        ...server([snapshot('vm/1', now - hour)]),
        [at('/admin/datastore')]: data([
          { store: 'main' },
          { store: 'old', maintenance: 'offline,message="disks"' },
        ]),
        [at('/admin/datastore/old/namespace')]: {
          status: 400,
          body: "datastore 'old' is in offline maintenance mode",
        },
      },
      { jobs: [job('main/vm/1'), job('old/vm/1'), job('old/ns/vm/1')] },
    );
    expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - hour });
    for (const name of ['old/vm/1', 'old/ns/vm/1'])
      expect(jobs[name]).toEqual({ expected_interval: day, job_info: 1, repository_readable: 0 });
    expect(problems).toMatchObject([
      { reason: 'tool_failed', message: expect.stringMatching(/datastore old.*offline maintenance mode/) },
    ]);
  });

  const failures: readonly (readonly [
    string,
    string | { status: number; body?: string } | CollectorError,
    Reason,
  ])[] = [
    ['401', { status: 401, body: 'authentication failed - invalid token' }, 'authentication_failed'],
    ['403', { status: 403 }, 'permission_denied'],
    ['404', { status: 404 }, 'unsupported'],
    ['500', { status: 500 }, 'tool_failed'],
    ['302', { status: 302 }, 'unexpected_output'],
    ['a web page', '<!DOCTYPE html><html><title>Login</title></html>', 'unexpected_output'],
    ['nothing', '', 'unexpected_output'],
    ['cut off JSON', '{"data":[{"store":"ma', 'unexpected_output'],
    ['JSON of another shape', '{"data":{"store":"main"}}', 'unexpected_output'],
    ['a list of another shape', '{"data":["main"]}', 'unexpected_output'],
    ['null', 'null', 'unexpected_output'],
    ['silence', new CollectorError('timeout', 'played'), 'timeout'],
    ['too much', new CollectorError('output_too_large', 'played'), 'output_too_large'],
    ['a wrong certificate', new CollectorError('certificate_untrusted', 'played'), 'certificate_untrusted'],
  ];
  test.each(failures)('%s: the job stays, unreadable, and nothing is claimed', async (_, answer, reason) => {
    const { jobs, reasons } = await collect(
      { ...server([]), [at('/admin/datastore')]: answer },
      { jobs: [job('main/vm/1')] },
    );
    expect(jobs).toEqual({ 'main/vm/1': { expected_interval: day, job_info: 1, repository_readable: 0 } });
    expect(reasons).toEqual([reason]);
  });
  test.each(failures.filter(([, , reason]) => reason !== 'unsupported'))(
    '%s for the snapshots: the same',
    async (_, answer, reason) => {
      const { jobs, reasons } = await collect(
        server([], { [at('/admin/datastore/main/snapshots')]: answer }),
        {
          jobs: [job('main/vm/1')],
        },
      );
      expect(jobs).toEqual({ 'main/vm/1': { expected_interval: day, job_info: 1, repository_readable: 0 } });
      expect(reasons).toEqual([reason]);
    },
  );

  test.each([
    ['is missing', {}],
    ['is empty', { '/token': '\n' }],
    ['is no token', { '/token': 'hunter2' }],
    ['holds two lines', { '/token': 'a@pbs!b:c\nd@pbs!e:f\n' }],
    ['may not be read', { '/token': new CollectorError('permission_denied', 'played') }],
  ])('a token file that %s says so, and never what is in it', async (_, files) => {
    const { jobs, problems } = await collect(server([]), { jobs: [job('main/vm/1')] }, { files });
    expect(jobs['main/vm/1']).toMatchObject({ expected_interval: day, repository_readable: 0 });
    expect(problems.map(({ reason }) => reason)).toEqual(['password_unreadable']);
    expect(problems[0]?.message).not.toMatch(/hunter2|a@pbs/);
  });

  test('one server that is away costs the other nothing', async () => {
    const host = replay({ files: token, now, requests: server([snapshot('vm/1', now - hour)]) });
    const one = { token_file: '/token', server: 'one', url, jobs: [] };
    const two = { ...one, server: 'two', url: 'https://away.example.org:8007', jobs: [job('two')] };
    const { samples, problems } = await pbs.collect(host, { servers: [two, one] });
    expect(facts(samples)).toMatchObject({
      two: { repository_readable: 0, expected_interval: day },
      'one/main/vm/1': { last_success_timestamp: now - hour },
    });
    expect(problems).toMatchObject([
      { reason: 'not_running', message: expect.stringContaining('away.example.org') },
    ]);
  });
});

describe('the jobs of the server itself', () => {
  const sync = (more: object) => ({ id: 's', store: 'main', ns: 'copy', ...more });
  const withSync = (more: object) => server([], { [at('/admin/sync')]: data([sync(more)]) });
  const ran = (state: string, ended: number) => ({
    'last-run-state': state,
    'last-run-endtime': ended,
    'last-run-upid': upidAt(ended - 60, 'syncjob'),
  });
  test.each([
    ['OK', 1],
    ['WARNINGS: 2', 0],
    ['unknown', 0],
    ['TASK ERROR: sync failed', 0],
  ])('whose last run ended with %s', async (state, success) => {
    const { jobs } = await collect(withSync(ran(state, now - hour)));
    expect(jobs['main/copy/sync/s']).toEqual({
      last_run_timestamp: now - hour,
      last_run_success: success,
      ...(success === 1 ? { last_success_timestamp: now - hour } : {}),
    });
  });

  test('keep their last success when a later run fails, across a restart', async () => {
    const state = new Map<string, unknown>();
    await collect(withSync(ran('OK', now - day)), {}, { state });
    for (let turn = 0; turn < 2; turn += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { jobs } = await collect(withSync(ran('connection refused', now - hour)), {}, { state });
      expect(jobs['main/copy/sync/s']).toEqual({
        last_success_timestamp: now - day,
        last_run_timestamp: now - hour,
        last_run_success: 0,
      });
    }
  });

  test('that are running have a beginning and no result', async () => {
    const { jobs } = await collect(withSync({ 'last-run-upid': upidAt(now - 60, 'syncjob') }));
    expect(jobs['main/copy/sync/s']).toEqual({ run_started_timestamp: now - 60 });
  });

  test('nothing is expected of them unless they are declared', async () => {
    const settings = { others: { expected_interval: '24h' } };
    expect((await collect(withSync(ran('OK', now)), settings)).jobs['main/copy/sync/s']).not.toHaveProperty(
      'expected_interval',
    );
    const declared = { jobs: [job('off-site copy', { name: 'main/copy/sync/s' }), job('main/gc')] };
    const { jobs, reasons } = await collect(withSync(ran('OK', now)), declared);
    expect(jobs['off-site copy']).toMatchObject({ expected_interval: day, last_success_timestamp: now });
    expect(jobs['main/gc']).toEqual({ expected_interval: day, job_info: 1 });
    expect(reasons).toEqual(['source_missing']);
  });

  test('that are switched off are left out unless declared', async () => {
    const off = withSync({ ...ran('WARNINGS: 1', now), disable: true });
    expect((await collect(off)).jobs).toEqual({});
    expect((await collect(off, { jobs: [job('main/copy/sync/s')] })).jobs['main/copy/sync/s']).toMatchObject({
      last_run_success: 0,
    });
  });

  test('push jobs are listed apart since 3.3', async () => {
    const { jobs } = await collect(
      server([], {
        [at('/admin/sync?sync-direction=push')]: data([{ id: 'p', store: 'main', ...ran('OK', now) }]),
      }),
    );
    expect(jobs['main/sync/p']).toMatchObject({ last_run_success: 1 });
  });

  test('garbage collection is one per datastore; a server before 3.2 does not list it', async () => {
    const gc = { [at('/admin/gc')]: data([{ store: 'main', 'index-file-count': 5, ...ran('OK', now - 5) }]) };
    expect((await collect(server([], gc))).jobs['main/gc']).toMatchObject({ last_run_success: 1 });
    expect((await collect(server([], { [at('/admin/gc')]: { status: 404 } }))).problems).toEqual([]);
  });

  test('that cannot be read cost nothing else', async () => {
    const { jobs, reasons } = await collect(
      server([snapshot('vm/1', now - hour)], {
        [at('/admin/verify')]: { status: 500, body: 'bad' },
        [at('/admin/prune')]: data([{ id: 'x' }]),
      }),
    );
    expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - hour });
    expect(reasons).toEqual(['tool_failed', 'unexpected_output']);
  });
});

describe('the configuration', () => {
  const configure = (servers: readonly object[]) =>
    parseConfig(JSON.stringify({ collectors: { pbs: { servers } } }), {}, [pbs]);
  const one = { url, token_file: '/t' };
  test('refuses to send a token in the clear, except to this machine', () => {
    expect(() => configure([{ ...one, url: 'http://pbs.example.org:8007' }])).toThrow('https://');
    expect(() => configure([{ ...one, url: 'https://u:p@pbs.example.org' }])).toThrow('without user');
    expect(() => configure([{ ...one, url: 'http://127.0.0.1:8007' }])).not.toThrow();
  });
  test('refuses what is no fingerprint', () => {
    expect(() => configure([{ ...one, fingerprint: 'ab:cd' }])).toThrow('SHA-256');
  });
  test('refuses several servers whose jobs could not be told apart', () => {
    const two = { ...one, url: 'https://two.example.org:8007' };
    expect(() => configure([one, two])).toThrow('name (server) of its own');
    expect(() =>
      configure([
        { ...one, server: 'a' },
        { ...two, server: 'b' },
      ]),
    ).not.toThrow();
    expect(() =>
      configure([
        { ...one, server: 'a', jobs: [job('x')] },
        { ...two, server: 'b', jobs: [job('x')] },
      ]),
    ).toThrow('name of its own');
  });
});

test('an undeclared job with the name of a declared one is left out, and said to be', async () => {
  const { jobs, reasons } = await collect(
    server([snapshot('vm/1', now - hour), snapshot('vm/2', now - day)]),
    {
      jobs: [job('main/vm/1', { name: 'main/vm/2' })],
    },
  );
  expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - day });
  expect(reasons).toEqual(['unexpected_output']);
});

test('damaged memory is said, and costs old successes only', async () => {
  const state = new Map<string, unknown>([['pbs-servers', { format: 7 }]]);
  const { jobs, reasons } = await collect(server([snapshot('vm/1', now - hour)]), {}, { state });
  expect(jobs['main/vm/1']).toMatchObject({ last_success_timestamp: now - hour });
  expect(reasons).toEqual(['state_unreadable']);
});

describe.runIf(existsSync(shared))('captured from real servers', () => {
  const list = (name: string): readonly unknown[] =>
    JSON.parse(readFileSync(new URL(name, shared), 'utf8')).data;
  test('a sync job that failed, one with warnings that is switched off, and one that never ran', () => {
    expect(parseChores('sync', list('admin-sync-jobs.json'))).toEqual({
      problems: [],
      chores: [
        {
          name: 'archive/sync/s-offsite',
          off: false,
          lastRun: { ended: 1_789_455_200, outcome: 'failure' },
          runningSince: undefined,
        },
        {
          name: 'main/sync/s-local',
          off: true,
          lastRun: { ended: 1_789_400_000, outcome: 'partial' },
          runningSince: undefined,
        },
        { name: 'main/sync/s-neuf', off: false, lastRun: undefined, runningSince: undefined },
      ],
    });
  });
  test('a verify job', () => {
    expect(parseChores('verify', list('admin-verify-jobs.json'))).toEqual({
      problems: [],
      chores: [
        {
          name: 'erebor/verify/weekly',
          off: false,
          lastRun: { ended: 1_791_110_495, outcome: 'success' },
          runningSince: undefined,
        },
      ],
    });
    expect(
      taskStart('UPID:golem:000030B1:000082AF:0000000F:6AC223A0:verificationjob:erebor\\x3aweekly:root@pam:'),
    ).toBe(1_791_110_495 - 2495);
  });
  test('a prune job', () => {
    expect(parseChores('prune', list('admin-prune-jobs.json'))).toEqual({
      problems: [],
      chores: [
        {
          name: 'erebor/prune/daily',
          off: false,
          lastRun: { ended: 1_791_097_200, outcome: 'success' },
          runningSince: undefined,
        },
      ],
    });
  });
});
if (!existsSync(shared))
  console.warn('captured outputs of Proxmox Backup Server are not here; tests of them did not run');
