import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CollectorError, type Collection } from '../collector.ts';
import type { Evidence } from '../evidence.ts';
import { localHost } from '../host.ts';
import { replay, type Replay } from '../replay.ts';
import { changesSchema, deploymentsOf } from './snap/changes.ts';
import { parseAnswer, request, socket } from './snap/rest.ts';
import { snap } from './snap.ts';

// No test here runs snapd: installing it on Debian replaces systemd, and without the store there is nothing to refresh. Answers have the
// form of snapd 2.57 (captured, without snaps) and of docs/rest.md and overlord/state of snapd.

const now = 1_795_000_000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const day = 86_400;
const http = (body: unknown, status = '200 OK') =>
  `HTTP/1.0 ${status}\r\nContent-Type: application/json\r\n\r\n${typeof body === 'string' ? body : JSON.stringify(body)}`;
const sync = (result: unknown) => http({ type: 'sync', 'status-code': 200, status: 'OK', result });
const refused = (message: string, status = '500 Internal Server Error', kind?: string) =>
  http(
    { type: 'error', 'status-code': Number(status.slice(0, 3)), status, result: { message, kind } },
    status,
  );
const at = (path: string) => `${socket} ${request(path)}`;
const lines = ({ samples }: Collection) =>
  samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);

const base = {
  [at('/v2/snaps')]: sync([
    { name: 'firefox', version: '130.0', revision: '4800' },
    { name: 'lxd', version: '5.21', revision: '28460', hold: iso(now + 30 * day) },
    { name: 'core22', version: '20260101', revision: '1500', hold: iso(now - day) },
    { name: 'mine', version: '1', revision: 'x1' },
  ]),
  [at('/v2/find?select=refresh')]: sync([
    { name: 'firefox', version: '131.0', revision: '4900', channel: 'stable' },
    { name: 'lxd', version: '6.1', revision: '29000' },
    { name: 'core22', version: '20260301', revision: 1600 },
  ]),
  [at('/v2/system-info')]: sync({
    series: '16',
    refresh: { timer: '00:00~24:00/4', last: iso(now - 3600), next: iso(now + 3600) },
  }),
  [at('/v2/changes?select=all')]: sync([]),
};
const collect = (sockets: Replay['sockets'], evidence: Evidence[] = [], more: Replay = {}) =>
  snap.collect(replay({ now, sockets: { ...base, ...sockets }, evidence, ...more }), {});

describe('snap, replayed', () => {
  test('what the store has is pending, a snap on hold is held, an expired hold is none', async () => {
    const collection = await collect({});
    expect(collection.problems).toEqual([]);
    expect(lines(collection)).toEqual(
      expect.arrayContaining([
        'maintenance_patches_pending{snap,application,unknown} 2',
        'maintenance_patches_held{snap,application} 1',
        'maintenance_patch_automation_enabled{snap} 1',
        `maintenance_patch_automation_last_run_timestamp_seconds{snap} ${now - 3600}`,
      ]),
    );
  });

  test('a revision that another replaces keeps its age', async () => {
    const state = new Map<string, unknown>();
    await collect({}, [], { state });
    const newer = sync([{ name: 'firefox', revision: '5000' }]);
    const later = await collect({ [at('/v2/find?select=refresh')]: newer }, [], {
      state,
      now: now + 60 * day,
    });
    expect(lines(later)).toContain(
      `maintenance_patch_oldest_pending_timestamp_seconds{snap,application,unknown,first_seen} ${now}`,
    );
  });

  test.each([
    [
      'the store does not answer',
      refused(
        'Post "https://api.snapcraft.io/v2/snaps/refresh": no such host',
        '400 Bad Request',
        'dns-failure',
      ),
      'tool_failed',
    ],
    ['snapd refuses', refused('access denied', '403 Forbidden', 'login-required'), 'permission_denied'],
    [
      'the answer is cut off',
      sync([{ name: 'firefox', revision: '4900' }]).slice(0, -20),
      'unexpected_output',
    ],
    ['the answer is of another kind', http({ type: 'async', result: {} }), 'unexpected_output'],
    ['the answer is no HTTP', '{"type":"sync","result":[]}', 'unexpected_output'],
    [
      'nobody answers in time',
      new CollectorError('timeout', '/run/snapd.socket did not answer in 60 s'),
      'timeout',
    ],
  ])('where %s pending is unknown, not 0', async (_, answer, reason) => {
    const collection = await collect({ [at('/v2/find?select=refresh')]: answer });
    expect(lines(collection).join()).not.toContain('pending{');
    expect(collection.problems).toMatchObject([{ reason }]);
  });

  test.each([
    [
      'held for good',
      { timer: '00:00~24:00/4', hold: '2318-01-01T00:00:00Z' },
      ['maintenance_patch_automation_enabled{snap} 0'],
    ],
    [
      'held for good, in words',
      { timer: '00:00~24:00/4', hold: 'forever' },
      ['maintenance_patch_automation_enabled{snap} 0'],
    ],
    [
      'held for two hours after the start',
      { timer: '00:00~24:00/4', hold: iso(now + 7200) },
      ['maintenance_patch_automation_enabled{snap} 1'],
    ],
    ['left to a device manager', { timer: 'managed', schedule: 'managed' }, []],
    ['not told', undefined, []],
  ])('automatic refreshing that is %s', async (_, refresh, expected) => {
    const collection = await collect({ [at('/v2/system-info')]: sync({ refresh }) });
    expect(lines(collection).filter((line) => line.includes('automation'))).toEqual(expected);
  });

  test('without snapd nothing is claimed', async () => {
    const collection = await snap.collect(replay({}), {});
    expect(collection.samples).toEqual([]);
    expect(new Set(collection.problems.map(({ reason }) => reason))).toEqual(new Set(['not_running']));
  });
});

describe('changes', () => {
  const link = (name: string, revision: string, status = 'Done') => ({
    kind: 'link-snap',
    summary: `Make snap "${name}" (${revision}) available to the system`,
    status,
  });
  const change = {
    id: '42',
    kind: 'auto-refresh',
    summary: 'Auto-refresh 2 snaps',
    status: 'Done',
    ready: true,
    'spawn-time': '2026-11-21T10:00:00.123456789+01:00',
    'ready-time': '2026-11-21T10:05:00+01:00',
    tasks: [
      { kind: 'download-snap', summary: 'Download snap "a" (2) from channel "stable"', status: 'Done' },
      link('a', '2'),
      link('b', '7'),
    ],
  };
  const outcomes = (...changes: readonly unknown[]) =>
    deploymentsOf(changesSchema.parse(changes)).map(({ outcome }) => outcome);

  test('one is a deployment with the revisions it put in place', () => {
    expect(deploymentsOf(changesSchema.parse([change]))).toEqual([
      {
        started: Date.parse('2026-11-21T09:00:00.123Z') / 1000,
        ended: Date.parse('2026-11-21T09:05:00Z') / 1000,
        outcome: 'success',
        packages: [
          { name: 'a', to: '2', failed: false },
          { name: 'b', to: '7', failed: false },
        ],
        command: 'Auto-refresh 2 snaps',
        number: 'change 42',
      },
    ]);
  });

  test('an error that undid every snap is a failure, one that left some in place is partial', () => {
    expect(
      outcomes({ ...change, status: 'Error', tasks: [link('a', '2', 'Undone'), link('b', '7', 'Error')] }),
    ).toEqual(['failure']);
    expect(
      outcomes({ ...change, status: 'Error', tasks: [link('a', '2'), link('b', '7', 'Undone')] }),
    ).toEqual(['partial']);
    expect(outcomes({ ...change, status: 'Undone', tasks: [] })).toEqual(['failure']);
  });

  test('what is under way, waits for a start, or changes no snap is none', () => {
    expect(
      outcomes(
        { ...change, status: 'Doing', ready: false },
        { ...change, status: 'Wait' },
        { ...change, kind: 'seed' },
        { ...change, kind: 'configure-snap' },
        { ...change, kind: 'refresh-hold' },
      ),
    ).toEqual([]);
  });

  test('a removal has the names', () => {
    expect(
      deploymentsOf(
        changesSchema.parse([{ ...change, kind: 'remove-snap', tasks: [], data: { 'snap-names': ['a'] } }]),
      )[0]?.packages,
    ).toEqual([{ name: 'a' }]);
  });
});

test('an answer over a real socket is read to its end, although the question closes its side', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maintenance-snap-'));
  const path = join(folder, 'socket');
  const server = createServer((question, answer) =>
    answer.end(JSON.stringify({ type: 'sync', result: question.url })),
  );
  try {
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    const text = await localHost({ stateDirectory: folder }).ask(path, request('/v2/snaps'));
    expect(parseAnswer(text, z.string(), '/v2/snaps')).toBe('/v2/snaps');
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
