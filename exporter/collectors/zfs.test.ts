import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CollectorError, type ToolOutput } from '../collector.ts';
import { replay } from '../replay.ts';
import { parseList } from './zfs/list.ts';
import { parseScrub } from './zfs/scrub.ts';
import { zfs } from './zfs.ts';

if (!existsSync('/sys/module/zfs'))
  console.warn(
    'the kernel here has no ZFS: zfs is tested with output of the shape its manual and source give, not with a pool',
  );

const now = 1_795_700_000;
const row = (...columns: readonly (string | number)[]) => columns.join('\t');
const filesystem = (name: string) => row('filesystem', name, 1_700_000_000, 111, 4_096_000, 24_576);
const snapshot = (name: string, taken: number, guid: number | string, referenced = 1000) =>
  row('snapshot', name, taken, guid, 512, referenced);
const lines = (...rows: readonly string[]) => `${rows.join('\n')}\n`;
const scrub = (line: string, errors = 'No known data errors') =>
  `  pool: backup\n state: ONLINE\n  scan: ${line}\nconfig:\n\n\tNAME  STATE  READ WRITE CKSUM\n\tbackup  ONLINE  0 0 0\n\nerrors: ${errors}\n`;
const scrubbed = scrub('scrub repaired 0B in 00:12:34 with 0 errors on Sun Nov 22 00:24:35 2026');

const listed = (name: string, how = '-d 1') =>
  `zfs list -Hp ${how} -t filesystem,volume,snapshot -o type,name,creation,guid,used,referenced ${name}`;
type Answer = string | Partial<ToolOutput> | CollectorError;
async function collect(
  commands: Readonly<Record<string, Answer>>,
  settings: Readonly<Record<string, unknown>> = {},
) {
  const job = { backup_job: 'data', dataset: 'backup/data', expected_interval: '24h', ...settings };
  const host = replay({ now, commands: { 'zpool status backup': scrubbed, ...commands } });
  const { samples, problems } = await zfs.collect(host, { jobs: [job] });
  const facts = Object.fromEntries(
    samples.map(({ name, value }) => [name.slice('maintenance_backup_'.length), value]),
  );
  return {
    facts,
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

describe('the list of zfs', () => {
  test('is read with its exact numbers; a GUID is no number that fits', () => {
    const text = lines(
      filesystem('backup/data'),
      row('volume', 'backup/data/vm', 1_700_000_000, 5, 1, 1),
      snapshot('backup/data@autosnap_2026-11-25_00:00:02_daily', 1_795_564_802, '18446744073709551615', 2048),
    );
    expect(parseList(text)).toEqual({
      datasets: ['backup/data', 'backup/data/vm'],
      snapshots: [
        {
          name: 'autosnap_2026-11-25_00:00:02_daily',
          dataset: 'backup/data',
          taken: 1_795_564_802,
          guid: '18446744073709551615',
          bytes: 2048,
        },
      ],
    });
  });

  test.each([
    '',
    'no datasets available',
    'filesystem\tbackup\tSun Nov 22\t1\t1\t1',
    'snapshot\tbackup\t1\t1\t1\t1',
  ])('%j is refused', (text) => {
    expect(() => parseList(text)).toThrow(CollectorError);
  });

  test('cut off inside a line it is refused, or a whole row is read', () => {
    const whole = lines(filesystem('backup/data'), snapshot('backup/data@a', 1_795_564_802, 7));
    fc.assert(
      fc.property(fc.nat(whole.length), (end) => {
        try {
          expect(parseList(whole.slice(0, end)).datasets).toEqual(['backup/data']);
        } catch (error) {
          expect(error).toBeInstanceOf(CollectorError);
        }
      }),
    );
  });
});

describe('a scrub', () => {
  test.each([
    [scrubbed, true],
    [scrub('scrub repaired 128K in 0h12m with 0 errors on Sun Nov 22 00:24:35 2026'), true],
    [scrub('scrub repaired 0B in 1 days 00:12:34 with 3 errors on Sun Nov 22 00:24:35 2026'), false],
    [
      scrub(
        'scrub repaired 0B in 00:12:34 with 0 errors on Sun Nov 22 00:24:35 2026',
        "2 data errors, use '-v' for a list",
      ),
      false,
    ],
  ])('is a check of the data (%#)', (text, success) => {
    expect(parseScrub(text)).toEqual({
      depth: 'data',
      at: Date.parse('2026-11-22T00:24:35Z') / 1000,
      success,
    });
  });

  test.each([
    'none requested',
    'scrub in progress since Sun Nov 22 00:24:35 2026',
    'scrub canceled on Sun Nov 22 00:24:35 2026',
    'resilvered 1.2G in 00:01:00 with 0 errors on Sun Nov 22 00:24:35 2026',
  ])('that says %s is none', (line) => {
    expect(parseScrub(scrub(line))).toBeUndefined();
  });
});

describe('a job', () => {
  const own = lines(
    filesystem('backup/data'),
    filesystem('backup/data/child'),
    snapshot('backup/data/child@x', 1_795_600_000, 9),
    snapshot('backup/data@mon', 1_795_400_000, 1),
    snapshot('backup/data@tue', 1_795_500_000, 2, 5000),
    snapshot('backup/data@auto_wed', 1_795_590_000, 3),
  );

  test('is as fresh as the newest snapshot of its dataset that fits, of no other', async () => {
    expect(await collect({ [listed('backup/data')]: own }, { snapshots: '[mt]*' })).toEqual({
      facts: {
        expected_interval_seconds: 86_400,
        job_info: 1,
        repository_readable: 1,
        restore_points: 2,
        last_success_timestamp_seconds: 1_795_500_000,
        size_bytes: 5000,
        check_timestamp_seconds: Date.parse('2026-11-22T00:24:35Z') / 1000,
        check_success: 1,
      },
      reasons: [],
      messages: [],
    });
  });

  test('is as fresh as the newest snapshot both sides have, not as one the receiving side took of old data', async () => {
    const source = lines(
      filesystem('tank/data'),
      snapshot('tank/data@tue', 1_795_500_000, 2),
      snapshot('tank/data@wed', 1_795_586_400, 4),
    );
    const commands = { [listed('backup/data')]: own, [listed('tank/data')]: source };
    expect((await collect(commands, { replica_of: 'tank/data' })).facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: 1_795_500_000,
    });
  });

  test('whose sides have nothing in common any more claims no freshness, and says so', async () => {
    const source = lines(filesystem('tank/data'), snapshot('tank/data@wed', 1_795_586_400, 4));
    const commands = { [listed('backup/data')]: own, [listed('tank/data')]: source };
    const { facts, messages } = await collect(commands, { replica_of: 'tank/data' });
    expect(facts).toMatchObject({ repository_readable: 1 });
    expect(facts).not.toHaveProperty('last_success_timestamp_seconds');
    expect(messages).toEqual([
      'backup job data: backup/data and its source have drifted apart: no snapshot is there on both sides, so nothing more can be sent on top of it',
    ]);
  });

  test('over a tree is as fresh as the oldest dataset in it, excluded ones aside', async () => {
    const tree = lines(
      filesystem('backup/data'),
      filesystem('backup/data/a'),
      filesystem('backup/data/b'),
      filesystem('backup/data/tmp'),
      snapshot('backup/data/a@1', 1_795_500_000, 1),
      snapshot('backup/data/b@1', 1_795_400_000, 2),
      snapshot('backup/data/b@0', 1_795_300_000, 3),
    );
    const commands = { [listed('backup/data', '-r')]: tree };
    const settings = { recursive: true, exclude: ['.', 'tmp'] };
    expect((await collect(commands, settings)).facts).toMatchObject({
      restore_points: 1,
      last_success_timestamp_seconds: 1_795_400_000,
      size_bytes: 2000,
    });
    expect((await collect(commands, { recursive: true, exclude: ['.'] })).facts).toMatchObject({
      restore_points: 0,
    });
  });

  test('over a tree misses a dataset that was never sent', async () => {
    const target = lines(filesystem('backup/data'), snapshot('backup/data@1', 1_795_500_000, 1));
    const source = lines(
      filesystem('tank/data'),
      filesystem('tank/data/new'),
      snapshot('tank/data@1', 1_795_500_000, 1),
      snapshot('tank/data/new@1', 1_795_500_000, 2),
    );
    const commands = { [listed('backup/data', '-r')]: target, [listed('tank/data', '-r')]: source };
    const settings = { recursive: true, replica_of: 'tank/data' };
    expect((await collect(commands, settings)).facts).toMatchObject({ restore_points: 0 });
    expect((await collect(commands, { ...settings, exclude: ['new'] })).facts).toMatchObject({
      restore_points: 1,
    });
  });

  test('a snapshot dated in the future is no success, and does not hide the one before it', async () => {
    const future = lines(
      filesystem('backup/data'),
      snapshot('backup/data@1', 1_794_900_000, 1),
      snapshot('backup/data@2', 1_799_000_000, 2),
    );
    const { facts, reasons } = await collect({ [listed('backup/data')]: future });
    expect(facts).toMatchObject({ restore_points: 2, last_success_timestamp_seconds: 1_794_900_000 });
    expect(reasons).toEqual(['clock_wrong']);
  });

  test('without snapshots has 0 restore points', async () => {
    const empty = { [listed('backup/data')]: lines(filesystem('backup/data')) };
    expect((await collect(empty)).facts).toMatchObject({ repository_readable: 1, restore_points: 0 });
  });

  test.each<[string, Answer]>([
    [
      'unsupported',
      {
        exitCode: 1,
        stderr: "The ZFS modules are not loaded.\nTry running '/sbin/modprobe zfs' as root to load them.\n",
      },
    ],
    ['repository_missing', { exitCode: 1, stderr: "cannot open 'backup/data': dataset does not exist\n" }],
    [
      'permission_denied',
      { exitCode: 1, stderr: 'Permission denied the ZFS utilities must be run as root.\n' },
    ],
    ['unexpected_output', 'no datasets available\n'],
    ['unexpected_output', ''],
    ['timeout', new CollectorError('timeout', 'zfs took longer than 30 s')],
    ['tool_missing', new CollectorError('tool_missing', 'zfs is not installed')],
  ])('that cannot be listed (%s) is unreadable and claims nothing else', async (reason, answer) => {
    expect(await collect({ [listed('backup/data')]: answer })).toMatchObject({
      facts: { repository_readable: 0 },
      reasons: [reason],
    });
    const { facts } = await collect({ [listed('backup/data')]: answer });
    expect(Object.keys(facts)).toEqual(['expected_interval_seconds', 'job_info', 'repository_readable']);
  });

  test('whose pool does not tell of a scrub keeps its other facts', async () => {
    const commands = {
      [listed('backup/data')]: own,
      'zpool status backup': { exitCode: 1, stderr: 'cannot open: no such pool\n' },
    };
    const { facts, reasons } = await collect(commands);
    expect(facts).toMatchObject({ restore_points: 3 });
    expect(facts).not.toHaveProperty('check_success');
    expect(reasons).toEqual(['repository_missing']);
  });
});
