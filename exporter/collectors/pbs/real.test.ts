import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Host, Reason } from '../../collector.ts';
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
import { pbs } from '../pbs.ts';

const directory = mkdtempSync(join(tmpdir(), 'pbs-'));
const own = selfSigned(directory, 'pbs', 'DNS:pbs.example.org');
const foreign = selfSigned(directory, 'other', 'IP:127.0.0.1');
const tokenFile = join(directory, 'token');
const secret = '5e1f0000-0000-4000-8000-00000000beef';
writeFileSync(tokenFile, `monitor@pbs!exporter:${secret}\n`);
const open: RestServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

const now = 1_791_200_000;
const day = 86_400;
const data = (list: readonly unknown[]) => JSON.stringify({ data: list });
const shared = new URL('../../../../shared/fixtures/sources/pbs/', import.meta.url);
const captured = (name: string): string => {
  const file = new URL(name, shared);
  return existsSync(file) ? readFileSync(file, 'utf8') : data([]);
};
const verified = {
  state: 'ok',
  upid: 'UPID:golem:000030B1:000082AF:0000000F:6AC223A0:verificationjob:erebor\\x3aweekly:root@pam:',
};
const snapshots = [
  {
    'backup-type': 'vm',
    'backup-id': '100',
    'backup-time': now - day,
    size: 4096,
    protected: false,
    files: ['a'],
    verification: verified,
  },
  {
    'backup-type': 'ct',
    'backup-id': '100',
    'backup-time': now - 3 * day,
    size: 10,
    files: [{ filename: 'b' }],
  },
];

/** A Proxmox Backup Server with one datastore and a namespace in it. */
function proxmox(more: (asked: Asked) => Answer | undefined = () => undefined): (asked: Asked) => Answer {
  return (asked) => {
    if (asked.headers.authorization !== `PBSAPIToken=monitor@pbs!exporter:${secret}`)
      return { status: 401, body: 'authentication failed - invalid token' };
    const special = more(asked);
    if (special !== undefined) return special;
    switch (asked.path.replace('/api2/json', '')) {
      case '/admin/datastore':
        return data([{ store: 'erebor', comment: 'x' }]);
      case '/admin/datastore/erebor/namespace':
        return data([{ ns: '' }, { ns: 'site/b' }]);
      case '/admin/datastore/erebor/snapshots':
        return data(asked.query.get('ns') === null ? snapshots : snapshots.slice(1));
      case '/admin/sync':
        return asked.query.get('sync-direction') === null
          ? captured('admin-sync-jobs.json')
          : { status: 400, body: 'no such parameter' };
      case '/admin/verify':
        return captured('admin-verify-jobs.json');
      case '/admin/prune':
        return captured('admin-prune-jobs.json');
      default:
        return { status: 404, body: 'not found' };
    }
  };
}

async function serve(answer: (asked: Asked) => Answer, certificate = own): Promise<RestServer> {
  const server = await restServer(answer, certificate);
  open.push(server);
  return server;
}

async function collect(servers: readonly object[], host: Partial<Host> = {}) {
  const here = localHost({
    stateDirectory: join(directory, `state-${open.length}`),
    timeLimit: host.timeLimit ?? 30,
  });
  const list = servers.map((server) => ({ token_file: tokenFile, ...server }));
  const { samples, problems } = await pbs.collect({ ...here, now: () => now, ...host }, { servers: list });
  return {
    lines: samples.map(
      ({ name, labels, value }) =>
        `${labels['backup_job']} ${name.replace('maintenance_backup_', '')} ${value}`,
    ),
    problems,
    reasons: problems.map(({ reason }) => reason),
  };
}
const pinned = (server: RestServer, more: object = {}) => ({
  url: server.url,
  fingerprint: own.fingerprint,
  ...more,
});
const job = (backup_job: string) => ({ backup_job, expected_interval: '24h' });

test('every namespace and every job is read through the real API, behind a pinned certificate', async () => {
  const server = await serve(proxmox());
  const { lines, problems } = await collect([pinned(server, { jobs: [job('erebor/vm/100')] })]);
  expect(problems).toEqual([]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'erebor/vm/100 expected_interval_seconds 86400',
      `erebor/vm/100 last_success_timestamp_seconds ${now - day}`,
      'erebor/vm/100 check_timestamp_seconds 1791108000',
      'erebor/vm/100 check_success 1',
      `erebor/ct/100 last_success_timestamp_seconds ${now - 3 * day}`,
      `erebor/site/b/ct/100 last_success_timestamp_seconds ${now - 3 * day}`,
    ]),
  );
  expect(lines.filter((line) => line.startsWith('erebor/site/b/vm'))).toEqual([]);
});

test.runIf(existsSync(shared))('the captured jobs of the server, through the real API', async () => {
  const { lines } = await collect([pinned(await serve(proxmox()))]);
  expect(lines.filter((line) => /\/(?:sync|verify|prune)\//.test(line))).toEqual([
    'archive/sync/s-offsite last_run_timestamp_seconds 1789455200',
    'archive/sync/s-offsite last_run_success 0',
    'erebor/verify/weekly last_success_timestamp_seconds 1791110495',
    'erebor/verify/weekly last_run_timestamp_seconds 1791110495',
    'erebor/verify/weekly last_run_success 1',
    'erebor/prune/daily last_success_timestamp_seconds 1791097200',
    'erebor/prune/daily last_run_timestamp_seconds 1791097200',
    'erebor/prune/daily last_run_success 1',
  ]);
});
if (!existsSync(shared))
  console.warn('captured outputs of Proxmox Backup Server are not here; tests of them did not run');

describe('the token', () => {
  test('is never sent to a server with another certificate', async () => {
    const server = await serve(proxmox(), foreign);
    const { lines, reasons } = await collect([pinned(server, { jobs: [job('erebor/vm/100')] })]);
    expect(reasons).toEqual(['certificate_untrusted']);
    expect(lines).toContain('erebor/vm/100 repository_readable 0');
    expect(server.asked).toEqual([]);
  });
  test('that is refused is asked with once, and stands in no message', async () => {
    const server = await serve(() => ({ status: 401, body: `authentication failed` }));
    const { problems } = await collect([pinned(server)]);
    expect(problems.map(({ reason }) => reason)).toEqual(['authentication_failed']);
    expect(server.asked).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });
});

const html = '<!DOCTYPE html><html><head><title>Bad Gateway</title></head></html>';
const failures: readonly (readonly [string, Answer, Reason])[] = [
  ['403', { status: 403, body: 'permission check failed' }, 'permission_denied'],
  ['500', { status: 500, body: 'unable to open chunk store' }, 'tool_failed'],
  ['502 with a page', { status: 502, body: html }, 'tool_failed'],
  ['a page', html, 'unexpected_output'],
  ['cut off JSON', '{"data":[{"backup-type":"vm","backup-', 'unexpected_output'],
  ['a cut off connection', cutOff, 'tool_failed'],
  ['a reset', reset, 'tool_failed'],
  ['nothing', '', 'unexpected_output'],
];
test.each(failures)(
  '%s for the snapshots of a namespace costs that namespace alone',
  async (_, answer, reason) => {
    const server = await serve(proxmox(({ query }) => (query.get('ns') === 'site/b' ? answer : undefined)));
    const { lines, reasons } = await collect([
      pinned(server, { jobs: [job('erebor/vm/100'), job('erebor/site/b/ct/100')] }),
    ]);
    expect(reasons).toEqual([reason]);
    expect(lines).toContain(`erebor/vm/100 last_success_timestamp_seconds ${now - day}`);
    expect(lines.filter((line) => line.startsWith('erebor/site/b/ct/100'))).toEqual([
      'erebor/site/b/ct/100 expected_interval_seconds 86400',
      'erebor/site/b/ct/100 job_info 1',
      'erebor/site/b/ct/100 repository_readable 0',
    ]);
  },
);

test('a server that accepts and stays silent costs the other servers nothing', async () => {
  const [slow, good] = [await serve(() => silence), await serve(proxmox())];
  const { lines, problems } = await collect(
    [
      pinned(slow, { server: 'slow', jobs: [job('slow one')] }),
      pinned(good, { server: 'good', jobs: [{ ...job('good one'), name: 'erebor/vm/100' }] }),
    ],
    { timeLimit: 1 },
  );
  expect(lines).toContain('slow one repository_readable 0');
  expect(lines).toContain(`good one last_success_timestamp_seconds ${now - day}`);
  expect(problems).toMatchObject([{ reason: 'timeout', message: expect.stringContaining(slow.url) }]);
});
