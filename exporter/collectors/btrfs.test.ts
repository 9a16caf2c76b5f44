import { describe, expect, test } from 'vitest';
import { CollectorError, type ToolOutput } from '../collector.ts';
import { replay } from '../replay.ts';
import { parseList } from './btrfs/list.ts';
import { timeInName } from './btrfs/name.ts';
import { parseScrub } from './btrfs/scrub.ts';
import { btrfs } from './btrfs.ts';

const utc = (text: string) => Date.parse(text) / 1000;
const none = '-                                   ';
/** As btrfs-progs 6.2 printed it. */
const snapshots = [
  `ID 257 gen 7 cgen 7 top level 5 otime 2026-11-24 03:30:01 parent_uuid 7378a96e-0af0-1942-b6f1-2c454115d5ae received_uuid ${none} uuid 8b128cf7-e11d-9e4f-ba78-f8bac8c51c25 path .snap/home.20261124T0330`,
  `ID 258 gen 8 cgen 8 top level 5 otime 2026-11-25 03:30:02 parent_uuid 7378a96e-0af0-1942-b6f1-2c454115d5ae received_uuid ${none} uuid 92f59992-b782-8747-883c-a1c3f78b8b81 path .snap/home.20261125T0330`,
  `ID 259 gen 8 cgen 8 top level 5 otime 2026-11-25 09:00:00 parent_uuid 7378a96e-0af0-1942-b6f1-2c454115d5ae received_uuid ${none} uuid 12f59992-b782-8747-883c-a1c3f78b8b81 path .snap/mail.20261125T0900`,
].join('\n');
const received = [
  'ID 256 gen 9 cgen 7 top level 5 parent_uuid - received_uuid 8b128cf7-e11d-9e4f-ba78-f8bac8c51c25 uuid 60c9d4a2-d543-1448-9046-79bac1cf0ecb path recv/home.20261124T0330',
  `ID 257 gen 10 cgen 9 top level 5 parent_uuid 60c9d4a2-d543-1448-9046-79bac1cf0ecb received_uuid ${none} uuid 22b14b09-b55c-1f44-b6d0-26d35a37cbf2 path recv/home.20261125T0330`,
].join('\n');
const scrub = [
  'UUID:             e8b8f1ae-9296-4765-915e-b45b4e7ca028',
  'Scrub started:    Sun Nov 22 00:24:35 2026',
  'Status:           finished',
  'Duration:         1:02:03',
  'Total to scrub:   88.00GiB',
  'Rate:             24.00MiB/s',
  'Error summary:    no errors found',
].join('\n');

const commands = (changes: Readonly<Record<string, string | Partial<ToolOutput> | CollectorError>> = {}) => ({
  'btrfs inspect-internal rootid /mnt': '5\n',
  'btrfs subvolume list -s -r -u -q -R /mnt': snapshots,
  'btrfs subvolume list -u -q -R /mnt': received,
  'btrfs scrub status /mnt': scrub,
  ...changes,
});
async function collect(
  settings: Readonly<Record<string, unknown>> = {},
  changes: Parameters<typeof commands>[0] = {},
) {
  const job = {
    backup_job: 'home',
    filesystem: '/mnt',
    snapshots: 'home.*',
    expected_interval: '24h',
    time_zone: 'UTC',
    ...settings,
  };
  const { samples, problems } = await btrfs.collect(
    replay({ now: utc('2026-11-25T12:00:00Z'), commands: commands(changes) }),
    { jobs: [job] },
  );
  const facts = Object.fromEntries(
    samples.map(({ name, value }) => [name.slice('maintenance_backup_'.length), value]),
  );
  return { facts, reasons: problems.map(({ reason }) => reason) };
}

describe('subvolumes', () => {
  test('are read with their times in UTC and their UUIDs', () => {
    expect(parseList(`${snapshots}\n${received}\n`).slice(1, 4)).toEqual([
      {
        path: '.snap/home.20261125T0330',
        uuid: '92f59992-b782-8747-883c-a1c3f78b8b81',
        receivedUuid: undefined,
        made: utc('2026-11-25T03:30:02Z'),
      },
      expect.objectContaining({ path: '.snap/mail.20261125T0900' }),
      {
        path: 'recv/home.20261124T0330',
        uuid: '60c9d4a2-d543-1448-9046-79bac1cf0ecb',
        receivedUuid: '8b128cf7-e11d-9e4f-ba78-f8bac8c51c25',
        made: undefined,
      },
    ]);
  });

  test('a path may hold anything, the words of the line included', () => {
    const line = snapshots.split('\n')[0]?.replace(/path .*/, 'path a path uuid x/ home') ?? '';
    expect(parseList(line)[0]?.path).toBe('a path uuid x/ home');
  });

  test.each(['ERROR', 'ID 257', 'ID 257 gen 7 top level 5 path x', '\0�'])('%j is none', (text) => {
    expect(() => parseList(text)).toThrow(CollectorError);
  });
});

describe('the name of a snapshot', () => {
  test.each([
    ['home.20261125', '2026-11-25T00:00:00Z'],
    ['home.20261125T0330', '2026-11-25T03:30:00Z'],
    ['home.20261125T0330_2', '2026-11-25T03:30:00Z'],
    ['home.20261125T033015+0100', '2026-11-25T02:30:15Z'],
    ['home.20261125T033015-0530_1', '2026-11-25T09:00:15Z'],
    ['@_20261125_033015', '2026-11-25T03:30:15Z'],
    ['20261125', '2026-11-25T00:00:00Z'],
  ])('%s tells %s', (name, time) => {
    expect(timeInName(name, 'UTC')).toBe(utc(time));
  });

  test.each(['home', 'home.20261325', 'home.2026-11-25', 'snapshot', 'home.120261125', 'home.20261125T9930'])(
    '%s tells nothing',
    (name) => {
      expect(timeInName(name, 'UTC')).toBeUndefined();
    },
  );

  test('without a zone is of the zone that is given', () => {
    expect(timeInName('home.20261125T0330', 'Asia/Tokyo')).toBe(utc('2026-11-24T18:30:00Z'));
    expect(timeInName('home.20261125T033000+0000', 'Asia/Tokyo')).toBe(utc('2026-11-25T03:30:00Z'));
  });
});

describe('a scrub', () => {
  test('is a check of the data when it was finished', () => {
    expect(parseScrub(scrub)).toEqual({ depth: 'data', at: utc('2026-11-22T01:26:38Z'), success: true });
    expect(parseScrub(scrub.replace('no errors found', 'csum=2'))).toMatchObject({ success: false });
  });

  test.each([
    [
      'never ran',
      'UUID: x\n\tno stats available\nTotal to scrub:   352.00KiB\nError summary:    no errors found\n',
    ],
    ['is running', scrub.replace('finished', 'running')],
    ['was aborted', scrub.replace('finished', 'aborted')],
    ['is noise', '\0�'],
  ])('that %s is none, though btrfs says that no errors were found', (_, text) => {
    expect(parseScrub(text)).toBeUndefined();
  });
});

describe('a job', () => {
  test('of local snapshots is as fresh as the newest of them', async () => {
    expect(await collect()).toEqual({
      facts: {
        expected_interval_seconds: 86_400,
        job_info: 1,
        repository_readable: 1,
        restore_points: 2,
        last_success_timestamp_seconds: utc('2026-11-25T03:30:02Z'),
        check_timestamp_seconds: utc('2026-11-22T01:26:38Z'),
        check_success: 1,
      },
      reasons: [],
    });
    expect((await collect({ snapshots: '.snap/*' })).facts).toMatchObject({ restore_points: 3 });
    expect((await collect({ snapshots: 'other/home.*' })).facts).toMatchObject({ restore_points: 0 });
  });

  test('of received snapshots only counts what arrived whole, as old as when it was taken', async () => {
    expect((await collect({ received: true })).facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: utc('2026-11-24T03:30:00Z'),
    });
  });

  test('learns from the source when a snapshot was taken, and does not guess', async () => {
    const unnamed = received
      .replaceAll('home.20261124T0330', '1/snapshot')
      .replaceAll('home.20261125T0330', '2/snapshot');
    const changes = { 'btrfs subvolume list -u -q -R /mnt': unnamed };
    expect(await collect({ received: true, snapshots: '*/snapshot' }, changes)).toMatchObject({
      facts: { repository_readable: 0 },
      reasons: ['unsupported'],
    });
    const source = { ...changes, 'btrfs subvolume list -s -u -q -R /home': snapshots };
    const { facts } = await collect(
      { received: true, snapshots: '*/snapshot', source_filesystem: '/home' },
      source,
    );
    expect(facts).toMatchObject({
      restore_points: 1,
      last_success_timestamp_seconds: utc('2026-11-24T03:30:01Z'),
    });
  });

  test('a name from the future is no success', async () => {
    const future = {
      'btrfs subvolume list -u -q -R /mnt': received
        .replace(none, `${'a'.repeat(8)}-`)
        .replace('home.20261125T0330', 'home.20271125T0330'),
    };
    const { facts, reasons } = await collect({ received: true }, future);
    expect(facts).toMatchObject({ last_success_timestamp_seconds: utc('2026-11-24T03:30:00Z') });
    expect(reasons).toEqual(['clock_wrong']);
  });

  test('runs btrfs through sudo where a user is named', async () => {
    const sudo = Object.fromEntries(
      Object.entries(commands()).map(([command, answer]) => [`sudo -n -u root -- ${command}`, answer]),
    );
    const job = {
      backup_job: 'home',
      filesystem: '/mnt',
      snapshots: 'home.*',
      expected_interval: '24h',
      user: 'root',
    };
    const { problems } = await btrfs.collect(replay({ now: utc('2026-11-25T12:00:00Z'), commands: sudo }), {
      jobs: [job],
    });
    expect(problems).toEqual([]);
  });

  test.each([
    [
      'permission_denied',
      { exitCode: 1, stderr: "ERROR: can't perform the search: Operation not permitted\n" },
    ],
    [
      'repository_missing',
      { exitCode: 1, stderr: "ERROR: not a btrfs filesystem: /mnt\nERROR: can't access '/mnt'\n" },
    ],
    ['tool_failed', { exitCode: 1, stderr: 'ERROR: eh\n' }],
    ['unexpected_output', 'something else'],
    ['timeout', new CollectorError('timeout', 'btrfs took longer than 30 s')],
  ])('that cannot be listed (%s) is unreadable', async (reason, answer) => {
    const changed = await collect({}, { 'btrfs subvolume list -s -r -u -q -R /mnt': answer });
    expect(changed).toEqual({
      facts: { expected_interval_seconds: 86_400, job_info: 1, repository_readable: 0 },
      reasons: [reason],
    });
  });

  test('without a scrub that can be asked keeps its other facts', async () => {
    const failing = {
      exitCode: 1,
      stderr: 'ERROR: getting dev info for scrub failed: Operation not permitted\n',
    };
    const { facts, reasons } = await collect({}, { 'btrfs scrub status /mnt': failing });
    expect(facts).toMatchObject({ restore_points: 2 });
    expect(facts).not.toHaveProperty('check_success');
    expect(reasons).toEqual(['permission_denied']);
  });
});
