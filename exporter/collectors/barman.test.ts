import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { offsetOf, timeOf } from './barman/id-time.ts';
import { parseLayout } from './barman/layout.ts';
import { parseListBackup } from './barman/list.ts';
import { barmanResult } from './barman/result.ts';
import { barman } from './barman.ts';

const list = 'barman -f json list-backup pg';
const show = 'barman -f json show-backup pg latest';
const check = 'barman -f json check pg';
const now = 1_795_700_000;
const job = { backup_job: 'database', server: 'pg', expected_interval: '24h' };
const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const unreadable = { ...declared, repository_readable: 0 };
const good = JSON.stringify({ pg: { postgresql: { hint: '', status: 'OK' } } });
const goodCheck = { 'check_timestamp_seconds structure': now, 'check_success structure': 1 };

/** Values by name with depth, and reasons, of one job. */
async function ask(captured: Replay, settings: Readonly<Record<string, unknown>> = {}) {
  const { samples, problems } = await barman.collect(replay({ now, ...captured }), {
    jobs: [{ ...job, ...settings }],
  });
  for (const { labels } of samples) expect(labels).toMatchObject({ tool: 'barman', backup_job: 'database' });
  return {
    facts: Object.fromEntries(
      samples.map(({ name, labels, value }) => [
        [name.replace('maintenance_backup_', ''), labels['depth']].filter(Boolean).join(' '),
        value,
      ]),
    ),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

/** A backup as 3.4 lists it; it was named at 21:56:41 in Tokyo and ended 20 seconds later. */
const done = {
  backup_id: '20261125T215641',
  end_time: 'Wed Nov 25 21:57:01 2026',
  end_time_timestamp: '1795611421',
  retention_status: '-',
  size_bytes: 94_647_204,
  status: 'DONE',
  wal_size_bytes: 0,
};
/** Its details as 3.4 shows them; it began two seconds after it was named. */
const shown = JSON.stringify({
  pg: {
    backup_id: done.backup_id,
    base_backup_information: {
      begin_time_timestamp: '1795611403',
      end_time_timestamp: '1795611421',
      disk_usage_bytes: 77_869_988,
      incremental_size_bytes: 1_000_000,
    },
    status: 'DONE',
  },
});
const named = Date.parse('2026-11-25T21:56:41+09:00') / 1000;
const answers = (...backups: readonly Readonly<Record<string, unknown>>[]) => ({
  commands: { [list]: JSON.stringify({ pg: backups }), [show]: shown, [check]: good },
});

describe('a server', () => {
  test('is fresh as of the end of its newest backup that is done, whatever the zone of anybody', async () => {
    const facts = {
      ...declared,
      ...goodCheck,
      repository_readable: 1,
      restore_points: 1,
      last_success_timestamp_seconds: 1_795_611_421,
      last_run_timestamp_seconds: 1_795_611_421,
      last_run_success: 1,
      duration_seconds: 18,
      size_bytes: 77_869_988,
      added_bytes: 1_000_000,
    };
    const before = process.env['TZ'];
    try {
      for (const zone of ['UTC', 'Asia/Tokyo', 'America/New_York']) {
        process.env['TZ'] = zone;
        // oxlint-disable-next-line no-await-in-loop -- one zone after the other
        expect(await ask(answers(done))).toEqual({ facts, reasons: [], messages: [] });
      }
    } finally {
      process.env['TZ'] = before;
    }
  });

  test('with a backup dated in the future is as fresh as the one before, and says so', async () => {
    const later = { ...done, backup_id: '20271126T000000', end_time_timestamp: '1827000000' };
    const { facts, reasons } = await ask(answers(later, done));
    expect(reasons).toEqual(['clock_wrong']);
    expect(facts).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: 1_795_611_421,
      last_run_timestamp_seconds: 1_795_611_421,
    });
  });

  test('without backups has 0 restore points, and is not asked for details', async () => {
    const commands = { [list]: '{"pg": []}', [check]: good };
    expect(await ask({ commands })).toEqual({
      facts: { ...declared, ...goodCheck, repository_readable: 1, restore_points: 0 },
      reasons: [],
      messages: [],
    });
  });

  test('a backup that waits for WAL cannot be restored yet: a restore point, and no success', async () => {
    const { facts } = await ask(answers({ ...done, status: 'WAITING_FOR_WALS' }));
    expect(facts).toMatchObject({
      restore_points: 1,
      last_run_success: 0,
      last_run_timestamp_seconds: 1_795_611_421,
    });
    expect(facts).not.toHaveProperty('last_success_timestamp_seconds');
  });

  test('a backup that failed is the last run and no restore point; when it began is told in the zone of barman', async () => {
    const failed = { backup_id: '20261126T030000', status: 'FAILED' };
    const before = process.env['TZ'];
    try {
      for (const zone of ['UTC', 'America/New_York']) {
        process.env['TZ'] = zone;
        // oxlint-disable-next-line no-await-in-loop -- one zone after the other
        const { facts } = await ask(answers(failed, done));
        expect(facts).toMatchObject({
          restore_points: 1,
          last_success_timestamp_seconds: 1_795_611_421,
          last_run_success: 0,
          last_run_timestamp_seconds: Date.parse('2026-11-26T03:00:00+09:00') / 1000,
        });
      }
    } finally {
      process.env['TZ'] = before;
    }
  });

  test('a backup that failed before any other is a run that failed, never one of the future', async () => {
    const commands = {
      [list]: '{"pg": [{"backup_id": "20261127T030000", "status": "FAILED"}]}',
      [check]: good,
    };
    const { facts } = await ask({ commands, now: Date.parse('2026-11-26T03:00:00Z') / 1000 });
    expect(facts).toMatchObject({
      restore_points: 0,
      last_run_success: 0,
      last_run_timestamp_seconds: Date.parse('2026-11-26T03:00:00Z') / 1000,
    });
  });

  test.each(['STARTED', 'EMPTY', 'SYNCING'])('a backup that is %s is under way', async (status) => {
    const { facts } = await ask(answers({ backup_id: '20261126T030000', status }, done));
    expect(facts).toMatchObject({
      run_started_timestamp_seconds: Date.parse('2026-11-26T03:00:00+09:00') / 1000,
      restore_points: 1,
      last_run_success: 1,
    });
  });

  test('one that is STARTED while a newer one exists never ended', async () => {
    const broken = { backup_id: '20261124T030000', status: 'STARTED' };
    const { facts } = await ask(answers(done, broken));
    expect(facts).toMatchObject({ last_run_success: 1, restore_points: 1 });
    expect(facts).not.toHaveProperty('run_started_timestamp_seconds');
    const twice = await ask(
      answers(
        { backup_id: '20261126T040000', status: 'STARTED' },
        { backup_id: '20261126T030000', status: 'STARTED' },
        done,
      ),
    );
    expect(twice.facts).toMatchObject({
      run_started_timestamp_seconds: Date.parse('2026-11-26T04:00:00+09:00') / 1000,
      last_run_success: 0,
      last_run_timestamp_seconds: Date.parse('2026-11-26T03:00:00+09:00') / 1000,
    });
  });

  test('the size of the database counts where barman tells it, for minimum_bytes too', async () => {
    const text = JSON.stringify({
      pg: {
        backup_id: done.backup_id,
        cluster_size_bytes: 500,
        base_backup_information: {
          backup_size_bytes: 90,
          begin_time_timestamp: '1795611403',
          end_time_timestamp: '1795611421',
        },
      },
    });
    const commands = { ...answers(done).commands, [show]: text };
    expect((await ask({ commands }, { minimum_bytes: 500 })).facts).toMatchObject({
      size_bytes: 500,
      added_bytes: 90,
      last_success_timestamp_seconds: 1_795_611_421,
    });
    expect((await ask({ commands }, { minimum_bytes: 501 })).facts).not.toHaveProperty(
      'last_success_timestamp_seconds',
    );
  });

  test('is asked as the user and of the configuration that are named, without a check when that is off', async () => {
    const prefix = 'sudo -n -u barman -- barman -c /etc/b.conf -f json';
    const commands = {
      [`${prefix} list-backup pg`]: JSON.stringify({ pg: [done] }),
      [`${prefix} show-backup pg latest`]: shown,
    };
    const { facts, reasons } = await ask(
      { commands },
      { user: 'barman', config: '/etc/b.conf', check: false },
    );
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ restore_points: 1, duration_seconds: 18 });
    expect(Object.keys(facts).filter((name) => name.startsWith('check'))).toEqual([]);
  });
});

describe('barman check', () => {
  const checked = async (checks: Readonly<Record<string, string>>, exitCode: number) => {
    const entries = Object.entries(checks).map(([name, status]) => [name, { status, hint: 'x' }]);
    const stdout = JSON.stringify({ pg: Object.fromEntries(entries) });
    return ask({ commands: { ...answers(done).commands, [check]: { stdout, exitCode } } });
  };

  test('that fails is a fact on the structure; the restore points are there all the same', async () => {
    const { facts, reasons } = await checked({ postgresql: 'OK', receive_wal_running: 'FAILED' }, 1);
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({
      repository_readable: 1,
      restore_points: 1,
      'check_success structure': 0,
      'check_timestamp_seconds structure': now,
    });
  });

  test('that fails for the number and age of backups only is in order: these are facts of their own', async () => {
    const checks = {
      postgresql: 'OK',
      minimum_redundancy_requirements: 'FAILED',
      backup_maximum_age: 'FAILED',
      failed_backups: 'FAILED',
      backup_minimum_size: 'FAILED',
    };
    expect((await checked(checks, 1)).facts).toMatchObject({ 'check_success structure': 1 });
  });

  test.each([
    [
      'fails itself',
      { exitCode: 1, stdout: '', stderr: 'Traceback\nOSError: [Errno 13] Permission denied' },
      'permission_denied',
    ],
    ['checks nothing', '{"pg": {}}', 'unexpected_output'],
    ['is cut off', '{"pg": {"postgresql": {"hi', 'unexpected_output'],
    ['takes too long', new CollectorError('timeout', 'played: timeout'), 'timeout'],
  ])('that %s has no verdict and costs the list nothing', async (_, answer, reason) => {
    const { facts, reasons } = await ask({ commands: { ...answers(done).commands, [check]: answer } });
    expect(reasons).toEqual([reason]);
    expect(facts).toMatchObject({
      repository_readable: 1,
      restore_points: 1,
      last_success_timestamp_seconds: 1_795_611_421,
    });
    expect(Object.keys(facts).filter((name) => name.startsWith('check'))).toEqual([]);
  });
});

test('details that cannot be had leave the list true', async () => {
  const { facts, reasons } = await ask({ commands: { ...answers(done).commands, [show]: 'noise' } });
  expect(reasons).toEqual(['unexpected_output']);
  expect(facts).toMatchObject({ restore_points: 1, last_success_timestamp_seconds: 1_795_611_421 });
  expect(facts).not.toHaveProperty('duration_seconds');
});

describe('a server that cannot be read', () => {
  test.each([
    [
      'an unknown server',
      { exitCode: 1, stdout: `{"_ERROR": ["Unknown server 'pg'"]}` },
      'repository_missing',
      "Unknown server 'pg'",
    ],
    [
      'the wrong user',
      { exitCode: 1, stderr: "ERROR: please run barman as 'barman' user\n" },
      'permission_denied',
      'set user',
    ],
    [
      'no line in sudoers',
      { exitCode: 1, stderr: 'sudo: a password is required\n' },
      'permission_denied',
      'sudo: a password',
    ],
    [
      'no configuration',
      { exitCode: 1, stderr: "Configuration file '/nowhere' does not exist" },
      'source_missing',
      '/nowhere',
    ],
    [
      'a defect of barman',
      { exitCode: 4, stderr: 'Traceback (most recent call last):\n  File "x"\nKeyError: 7' },
      'tool_failed',
      'KeyError: 7',
    ],
    [
      'WAL it does not understand',
      { exitCode: 1, stdout: '{"_ERROR": ["invalid WAL segment name"], "pg": []}' },
      'tool_failed',
      'invalid WAL',
    ],
  ])('for %s', async (_, answer, reason, said) => {
    const { facts, reasons, messages } = await ask({ commands: { [list]: answer } });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: [reason] });
    expect(messages[0]).toContain(said);
    expect(messages[0]).toMatch(/^backup job database: /);
  });

  test.each([
    ['nothing', ''],
    ['cut off', '{"pg": [{"backup_id": "2026'],
    ['about another server', '{"other": []}'],
    ['in another shape', '{"pg": {"version": [1]}}'],
    ['a status of the future', '{"pg": [{"backup_id": "20261125T215641", "status": "HALF"}]}'],
    ['a backup that is done without an end', '{"pg": [{"backup_id": "20261125T215641", "status": "DONE"}]}'],
    ['an end that is no number', JSON.stringify({ pg: [{ ...done, end_time_timestamp: 'Wed Nov 25' }] })],
    ['noise', '\uFFFD\u0000[{"'],
  ])('when what it prints is %s', async (_, stdout) => {
    const { facts, reasons } = await ask({ commands: { [list]: stdout } });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['unexpected_output'] });
  });

  test.each(['tool_missing', 'permission_denied', 'timeout', 'output_too_large'] as const)(
    'for %s',
    async (reason) => {
      const { facts, reasons } = await ask({
        commands: { [list]: new CollectorError(reason, `played: ${reason}`) },
      });
      expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: [reason] });
    },
  );
});

test('thousands of backups are read, the newest first', () => {
  const many = Array.from({ length: 5000 }, (_, at) => ({
    ...done,
    backup_id: `20261125T2${String(at).padStart(5, '0')}`,
  }));
  const read = parseListBackup(JSON.stringify({ pg: many }), 'pg');
  expect(read).toHaveLength(5000);
  expect(read[0]?.id).toBe('20261125T204999');
});

describe('when a backup was named', () => {
  test.each([
    ['Tokyo', '20261125T215641', named + 2, 9 * 3600],
    ['New York', '20261125T075641', named + 300, -5 * 3600],
    ['Kathmandu', '20261125T184141', named + 2, 5.75 * 3600],
    ['UTC, with PostgreSQL a minute behind', '20261125T125641', named - 60, 0],
  ])('the offset of %s follows from when it began', (_, id, begun, offset) => {
    expect(offsetOf(id, begun)).toBe(offset);
    expect(timeOf(id, offset)).toBe(named);
  });

  test('a beginning of another day tells no offset', () => {
    expect(offsetOf('20261125T215641', named - 86_400)).toBeUndefined();
    expect(offsetOf('latest', named)).toBeUndefined();
  });
});

describe('what a command did', () => {
  const ended = (argv: readonly string[], exitCode: number, stdout: string, stderr = '') =>
    barmanResult({ argv, exitCode, stdout, stderr });
  const failure = "verify backup failure on directory '/b/data'";
  const mismatch = 'pg_verifybackup: error: checksum mismatch for file "base/1/1255"';

  test('a backup that ends with 0 is a success of the run, also while WAL is on its way', () => {
    const text = 'Backup completed\nWARNING: IMPORTANT: this backup is classified as WAITING_FOR_WALS\n';
    expect(ended(['sudo', '-u', 'barman', 'barman', '-c', '/x', 'backup', 'pg'], 0, text)).toEqual({
      kind: 'run',
      outcome: 'success',
    });
  });

  test.each([
    [['barman', 'verify-backup', 'pg', 'latest']],
    [['sudo', '-n', '-u', 'barman', '/usr/bin/barman', '-q', 'verify-backup', 'pg', 'latest']],
    [['su', '-', 'barman', '-c', 'barman -c /etc/b.conf verify-backup pg latest']],
  ])('%j is a check, never a backup', (argv) => {
    expect(ended(argv, 0, 'backup successfully verified')).toEqual({
      kind: 'check',
      depth: 'data',
      success: true,
    });
  });

  test('a backup that fails names its error', () => {
    const stderr = 'ERROR: Backup failed copying files.\nDETAILS: data transfer failure\n';
    expect(ended(['barman', 'backup', 'pg'], 1, '', stderr)).toEqual({
      kind: 'run',
      outcome: 'failure',
      reason: 'barman ended with 1: ERROR: Backup failed copying files.',
    });
  });

  test.each([
    [
      'text',
      ['barman', 'verify-backup', 'pg', 'latest'],
      'Calling pg_verifybackup\n',
      `ERROR: ${failure}\nERROR: ${mismatch}\n\n`,
    ],
    [
      'JSON',
      ['barman', '-f', 'json', 'verify', 'pg', 'latest'],
      JSON.stringify({ _ERROR: [failure, `${mismatch}\n`], _INFO: ['Calling pg_verifybackup'] }),
      '',
    ],
  ])(
    'verify-backup that finds a difference is a failed check of the data, in %s',
    (_, argv, stdout, stderr) => {
      expect(ended(argv, 1, stdout, stderr)).toEqual({
        kind: 'check',
        depth: 'data',
        success: false,
        reason: mismatch,
      });
    },
  );

  test.each([
    [
      'there is no manifest',
      `ERROR: ${failure}\nERROR: pg_verifybackup: error: could not open file "/b/data/backup_manifest": No such file or directory\n`,
    ],
    ['there is no such backup', "ERROR: Unknown backup 'latest' for server 'pg'\n"],
    ['pg_verifybackup is not there', 'ERROR: pg_verifybackup not found\n'],
    ['it was killed', ''],
  ])('verify-backup has no verdict when %s', (_, stderr) => {
    expect(ended(['barman', 'verify-backup', 'pg', 'latest'], 1, '', stderr)).toMatchObject({
      kind: 'no_verdict',
    });
  });

  test('verify-backup that says nothing has no verdict, whatever it ends with', () => {
    expect(ended(['barman', 'verify-backup', 'pg', 'latest'], 0, '')).toMatchObject({ kind: 'no_verdict' });
  });

  test.each([
    ['Server pg:\n\tPostgreSQL: OK\n\treplication slot: FAILED (slot: "x" is FAILED: OK)\n', 1, false],
    [
      'Server pg:\n\tPostgreSQL: OK\n\tminimum redundancy requirements: FAILED (have 0 backups, expected at least 1)\n',
      1,
      true,
    ],
    ['Server pg:\n\tPostgreSQL: OK\n', 0, true],
  ])('check in text: %j', (text, exitCode, success) => {
    expect(ended(['barman', 'check', 'pg'], exitCode, text)).toMatchObject({
      kind: 'check',
      depth: 'structure',
      success,
    });
  });

  test('check that did not look has no verdict', () => {
    expect(ended(['barman', 'check', 'pg'], 1, '', "ERROR: Unknown server 'pg'\n")).toEqual({
      kind: 'no_verdict',
      reason: "barman ended with 1: ERROR: Unknown server 'pg'",
    });
  });

  test.each([
    [['barman', 'list-backup', 'backup']],
    [['pgbackrest', 'backup']],
    [['barman', '-c', 'backup', 'cron']],
  ])('%j is no backup', (argv) => {
    expect(ended(argv, 0, '')).toBeUndefined();
  });
});

describe('what must be known of a backup to restore it elsewhere', () => {
  const shownWith = (more: object) => JSON.stringify({ pg: { backup_id: '20261125T215641', ...more } });

  test('its tablespaces, by name', () => {
    const tablespaces = [{ name: 'side shelf', location: '/srv/side', oid: 16384 }];
    expect(parseLayout(shownWith({ tablespaces }), 'pg')).toEqual({
      id: '20261125T215641',
      tablespaces: ['side shelf'],
    });
  });

  test('a backup that may have tablespaces nobody tells of is refused: they would be restored over the original', () => {
    for (const more of [{}, { tablespaces: null }, { tablespaces: [{ location: '/srv/side' }] }])
      expect(() => parseLayout(shownWith(more), 'pg')).toThrow(/server pg has no usable tablespaces/);
  });
});

const samples = new URL('../../../shared/fixtures/sources/barman/', import.meta.url);
if (!existsSync(samples)) console.warn('the samples in ../shared are not here; what they show is not tested');
describe.runIf(existsSync(samples))('the samples of research', () => {
  const sample = (name: string) => readFileSync(new URL(name, samples), 'utf8');
  const session = (checked: string) => ({
    commands: {
      [list]: sample('list-backup.json'),
      [show]: sample('show-backup.json'),
      [check]: { stdout: sample(checked), exitCode: 1 },
    },
  });

  test('list-backup.json, show-backup.json and check-after.json: one backup that waits for WAL, nothing else wrong', async () => {
    expect(await ask(session('check-after.json'))).toEqual({
      facts: {
        ...declared,
        ...goodCheck,
        repository_readable: 1,
        restore_points: 1,
        last_run_success: 0,
        last_run_timestamp_seconds: Date.parse('2026-11-21T17:54:58Z') / 1000,
        duration_seconds: 2,
        size_bytes: 27_423_157,
        added_bytes: 27_222_554,
      },
      reasons: [],
      messages: [],
    });
  });

  test('check-before.json: no WAL arrives', async () => {
    expect((await ask(session('check-before.json'))).facts).toMatchObject({ 'check_success structure': 0 });
    expect(
      barmanResult({
        argv: ['barman', '-f', 'json', 'check', 'pg'],
        exitCode: 1,
        stdout: sample('check-before.json'),
        stderr: '',
      }),
    ).toEqual({
      kind: 'check',
      depth: 'structure',
      success: false,
      reason: 'failed: receive_wal_running, replication_slot, wal_archive',
    });
  });

  test('status.json counts no backup that waits for WAL, and calls it the last one all the same', () => {
    const status: unknown = JSON.parse(sample('status.json'));
    expect(status).toMatchObject({
      pg: { backups_number: { message: '0' }, last_backup: { message: '20261121T175456' } },
    });
    expect(
      parseListBackup(sample('list-backup.json'), 'pg').map(({ id, status: told }) => [id, told]),
    ).toEqual([['20261121T175456', 'WAITING_FOR_WALS']]);
  });

  test('show-backup.json: what must be known to restore it elsewhere', () => {
    expect(parseLayout(sample('show-backup.json'), 'pg')).toEqual({ id: '20261121T175456', tablespaces: [] });
  });

  test('backup.txt: the run was a success', () => {
    expect(
      barmanResult({
        argv: ['barman', 'backup', 'pg'],
        exitCode: 0,
        stdout: sample('backup.txt'),
        stderr: '',
      }),
    ).toEqual({
      kind: 'run',
      outcome: 'success',
    });
  });

  test('verify-backup.txt: the data are in order', () => {
    const argv = ['barman', 'verify-backup', 'pg', 'latest'];
    expect(barmanResult({ argv, exitCode: 0, stdout: sample('verify-backup.txt'), stderr: '' })).toEqual({
      kind: 'check',
      depth: 'data',
      success: true,
    });
  });
});
