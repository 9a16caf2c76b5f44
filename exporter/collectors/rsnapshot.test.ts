import { describe, expect, test } from 'vitest';
import { replay, type Replay } from '../replay.ts';
import { confOf, parseLines } from './rsnapshot/conf.ts';
import { levelOf, parseLog } from './rsnapshot/log.ts';
import { rsnapshot } from './rsnapshot.ts';

const conf = [
  '# comment',
  'config_version\t1.2',
  'snapshot_root\t/backup/',
  'retain\t\tdaily\t7',
  'interval\tweekly\t4',
  'logfile\t/var/log/rsnapshot.log',
  'lockfile\t/run/rsnapshot.pid',
  'backup\t/home/\tlocalhost/',
  '',
].join('\n');
const config = '/etc/rsnapshot.conf';
/** A line of the log, on 25 November 2026. */
const line = (time: string, text: string) => `[2026-11-25T${time}] ${text}`;
const command = '/usr/bin/rsnapshot daily';
const run = (from: string, to: string, end: string) => [
  line(from, `${command}: started`),
  line(from, 'echo 812 > /run/rsnapshot.pid'),
  line(to, end),
];
const success = `${command}: completed successfully`;
const warnings = `WARNING: ${command}: completed, but with some warnings`;
const errors = `${command}: ERROR: ${command}: completed, but with some errors`;
const utc = (time: string, day = 25) => Date.parse(`2026-11-${day}T${time}Z`) / 1000;

describe('the configuration', () => {
  test('is read with tabs, comments, old names and lines that go on', () => {
    const text = `${conf}sync_first\t1\nbackup\t/etc/\n  localhost/\nretain\tmonthly\t3\r\n`;
    expect(confOf(parseLines(text), config)).toEqual({
      snapshotRoot: '/backup',
      levels: ['daily', 'weekly', 'monthly'],
      syncFirst: true,
      logfile: '/var/log/rsnapshot.log',
      lockfile: '/run/rsnapshot.pid',
    });
    expect(parseLines(text).at(-2)).toEqual(['backup', '/etc/', 'localhost/']);
  });

  test.each(['', 'snapshot_root /backup\nretain daily 7\n', 'snapshot_root\t/backup\n', '\0�'])(
    'without a root or a level (%j) is refused',
    (text) => {
      expect(() => confOf(parseLines(text), config)).toThrow(/values are separated by tabs/);
    },
  );
});

describe('the log', () => {
  const outcomes = (...lines: readonly (string | readonly string[])[]) =>
    parseLog(lines.flat().join('\n'), config).map(({ level, outcome }) => `${level} ${outcome ?? 'open'}`);

  test('tells success, warnings and errors apart', () => {
    expect(outcomes(run('03:30:00', '03:31:00', success))).toEqual(['daily success']);
    expect(outcomes(run('03:30:00', '03:31:00', warnings))).toEqual(['daily partial']);
    expect(outcomes(run('03:30:00', '03:31:00', errors))).toEqual(['daily failure']);
    expect(
      outcomes(
        line('03:30:00', `${command}: started`),
        line('03:30:05', `${command}: ERROR: /usr/bin/rsync returned 12 while processing root@db:/srv/`),
        line('03:31:00', errors),
      ),
    ).toEqual(['daily failure']);
  });

  test('a run that stopped speaking has no outcome; one that could not begin is a failure', () => {
    expect(outcomes(line('03:30:00', `${command}: started`))).toEqual(['daily open']);
    expect(
      outcomes(
        line('03:30:00', `${command}: ERROR: /etc/rsnapshot.conf on line 13:`),
        line('03:30:00', `${command}: ERROR: Errors were found in /etc/rsnapshot.conf,`),
        line(
          '03:30:00',
          `${command}: ERROR: rsnapshot can not continue. If you think an entry looks right, make`,
        ),
      ),
    ).toEqual(['daily failure']);
  });

  test('a run that met the lock of another one fails, and the other one goes on', () => {
    const lock = `${command}: ERROR: Lockfile /run/rsnapshot.pid exists and so does its process, can not continue`;
    expect(
      outcomes(
        line('03:00:00', `${command}: started`),
        line('04:00:00', `${command}: started`),
        line('04:00:00', lock),
        line('05:00:00', success),
      ),
    ).toEqual(['daily failure', 'daily success']);
  });

  test('levels that run at the same time are told apart, and so are configurations that share a log', () => {
    const other = '/usr/bin/rsnapshot -c /etc/rsnapshot-mail.conf daily';
    const mixed = [
      line('03:30:00', `${command}: started`),
      line('03:30:01', '/usr/bin/rsnapshot weekly: started'),
      line('03:30:02', `${other}: started`),
      line('03:30:03', `WARNING: ${other}: completed, but with some warnings`),
      line('03:30:04', '/usr/bin/rsnapshot weekly: completed successfully'),
      line('03:30:05', success),
    ].join('\n');
    expect(parseLog(mixed, config).map(({ level }) => level)).toEqual(['weekly', 'daily']);
    expect(parseLog(mixed, '/etc/rsnapshot-mail.conf')).toMatchObject([
      { level: 'daily', outcome: 'partial' },
    ]);
  });

  test('the dates of versions before 1.3.1 are read', () => {
    const old = `[25/Nov/2026:03:30:00] ${command}: started\n[25/Nov/2026:03:31:07] ${success}`;
    const [only] = parseLog(old, config);
    expect(only).toEqual({
      level: 'daily',
      outcome: 'success',
      started: { year: 2026, month: 11, day: 25, hour: 3, minute: 30, second: 0 },
      last: { year: 2026, month: 11, day: 25, hour: 3, minute: 31, second: 7 },
    });
  });

  test('what rsync prints in it, noise and half lines are passed over', () => {
    const noise = [
      line('03:30:30', 'rsnapshot daily notes.txt'),
      line('03:30:30', 'home/me/rsnapshot daily: started by hand.txt'),
      'started\0�',
      '[2026-13-99] x',
      `[2026-11-25T03:31`,
    ];
    expect(outcomes(run('03:30:00', '03:31:00', success), noise)).toEqual(['daily success']);
    expect(outcomes(noise)).toEqual([]);
  });

  test.each([
    ['/usr/bin/rsnapshot -v daily', 'daily'],
    ['rsnapshot -c /etc/x.conf -q hourly', 'hourly'],
    ['/usr/bin/rsnapshot sync', 'sync'],
    ['/usr/bin/rsnapshot sync localhost/', 'sync localhost/'],
  ])('the level of %j is %s', (given, level) => {
    expect(levelOf(given)).toBe(level);
  });
});

const host = (log: readonly string[], dirs: Readonly<Record<string, number>>, more: Replay = {}) =>
  replay({
    now: utc('12:00:00'),
    ...more,
    files: {
      [config]: conf,
      '/var/log/rsnapshot.log': log.join('\n'),
      ...Object.fromEntries(Object.keys(dirs).map((name) => [`/backup/${name}/localhost/a`, 'a'])),
      ...more.files,
    },
    modified: Object.fromEntries(Object.entries(dirs).map(([name, time]) => [`/backup/${name}`, time])),
  });
async function collect(on: ReturnType<typeof replay>, settings: Readonly<Record<string, unknown>> = {}) {
  const job = { backup_job: 'files', expected_interval: '24h', time_zone: 'UTC', ...settings };
  const { samples, problems } = await rsnapshot.collect(on, { jobs: [job] });
  const facts = Object.fromEntries(
    samples.map(({ name, value }) => [name.slice('maintenance_backup_'.length), value]),
  );
  return { facts, reasons: problems.map(({ reason }) => reason) };
}
const days = { 'daily.0': utc('03:31:00'), 'daily.1': utc('03:31:00', 24), 'weekly.0': utc('03:31:00', 16) };

describe('restore points', () => {
  test('are the directories of every level, and a complete run makes a success', async () => {
    expect(
      await collect(host(run('03:30:00', '03:31:01', success), { ...days, 'other.0': 1, daily: 1 })),
    ).toEqual({
      facts: {
        expected_interval_seconds: 86_400,
        job_info: 1,
        repository_readable: 1,
        restore_points: 3,
        last_success_timestamp_seconds: utc('03:31:00'),
        last_run_timestamp_seconds: utc('03:31:01'),
        last_run_success: 1,
      },
      reasons: [],
    });
  });

  test.each([
    ['with warnings', warnings],
    ['with errors, whose directory holds the data of yesterday under today’s date', errors],
  ])('a run %s makes none', async (_, end) => {
    expect((await collect(host(run('03:30:00', '03:31:01', end), days))).facts).toMatchObject({
      restore_points: 3,
      last_success_timestamp_seconds: utc('03:31:00', 24),
      last_run_success: 0,
    });
  });

  test('a run that was cut short makes none, though its directory looks like any other', async () => {
    const cut = run('03:30:00', '03:31:01', success).slice(0, 2);
    expect((await collect(host(cut, days))).facts).toMatchObject({
      last_success_timestamp_seconds: utc('03:31:00', 24),
      last_run_timestamp_seconds: utc('03:30:00'),
      last_run_success: 0,
    });
  });

  test('a directory that is being written is none yet', async () => {
    const files = {
      '/run/rsnapshot.pid': '812\n',
      '/proc/812/cmdline': '/usr/bin/perl\0-w\0/usr/bin/rsnapshot\0daily\0',
    };
    const yesterday = run('03:30:00', '03:31:01', success).map((text) => text.replace('11-25', '11-24'));
    const log = [...yesterday, ...run('11:30:00', '11:31:00', success).slice(0, 2)];
    const on = host(log, days, { files });
    expect((await collect(on)).facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: utc('03:31:00', 24),
      run_started_timestamp_seconds: utc('12:00:00'),
    });
    const stale = host(run('03:30:00', '03:31:01', success), days, {
      files: { '/run/rsnapshot.pid': '812\n', '/proc/812/cmdline': 'nginx\0' },
    });
    expect((await collect(stale)).facts).toMatchObject({
      restore_points: 3,
      last_success_timestamp_seconds: utc('03:31:00'),
    });
  });

  test('without a word of the runs the date of a directory proves nothing', async () => {
    const { facts, reasons } = await collect(host([], days));
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 3 });
    expect(facts).not.toHaveProperty('last_success_timestamp_seconds');
    expect(reasons).toEqual(['source_missing']);
  });

  test('a log that logrotate has just begun anew is read with the one before', async () => {
    const files = { '/var/log/rsnapshot.log.1': run('03:30:00', '03:31:01', warnings).join('\n') };
    expect((await collect(host([], days, { files }))).facts).toMatchObject({
      last_success_timestamp_seconds: utc('03:31:00', 24),
      last_run_success: 0,
    });
  });

  test('with sync_first the copying is done by sync, and rotation makes nothing fresh', async () => {
    const log = [
      line('03:00:00', '/usr/bin/rsnapshot sync: started'),
      line('03:20:00', 'WARNING: /usr/bin/rsnapshot sync: completed, but with some warnings'),
      ...run('03:30:00', '03:31:01', success),
    ];
    const files = { [config]: `${conf}sync_first\t1\n` };
    const dirs = { 'daily.0': utc('03:20:00'), 'daily.1': utc('03:31:00', 24) };
    expect((await collect(host(log, dirs, { files }))).facts).toMatchObject({
      last_success_timestamp_seconds: utc('03:31:00', 24),
      last_run_timestamp_seconds: utc('03:20:00'),
      last_run_success: 0,
    });
  });

  test('times of the log are of its zone; a log from the future is no log', async () => {
    const log = run('18:30:00', '18:31:01', success);
    const tokyo = await collect(host(log, { 'daily.0': utc('09:31:00') }), { time_zone: 'Asia/Tokyo' });
    expect(tokyo.facts).toMatchObject({
      last_success_timestamp_seconds: utc('09:31:00'),
      last_run_timestamp_seconds: utc('09:31:01'),
    });
    expect(await collect(host(log, { 'daily.0': utc('09:31:00') }))).toMatchObject({
      facts: { repository_readable: 0 },
      reasons: ['clock_wrong'],
    });
  });

  test('a root that is not mounted is unreadable, an empty one holds 0 restore points', async () => {
    expect(await collect(host([], {}))).toMatchObject({
      facts: { repository_readable: 0 },
      reasons: ['source_missing'],
    });
    const empty = host([], {}, { files: { '/backup/lost+found/x': '' } });
    expect((await collect(empty)).facts).toMatchObject({ repository_readable: 1, restore_points: 0 });
  });
});
