import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runBackup } from '../../backup-run.ts';
import {
  asPostgres,
  folderOfPostgres,
  type Postgres,
  runAsPostgres,
  startPostgres,
} from '../../fixtures/postgres.ts';
import { onSmallDisk, restoreAs } from '../../fixtures/restore-test.ts';
import { pgbackrest as restorer } from '../../restore/pgbackrest.ts';
import { pgbackrest } from '../pgbackrest.ts';

/**
 * The folder, and in it a sudo that becomes the user it is told to be, as the real one does where sudoers lets it; in the PATH
 * before the host is loaded. `sleeper` is a repository host that never answers.
 */
const { folder } = await vi.hoisted(async () => {
  const { mkdtempSync: make, writeFileSync: write } = await import('node:fs');
  const made = make('/tmp/maintenance-pgbackrest-');
  const script =
    '#!/bin/sh\nuser=$3\nshift 4\n[ "$user" = sleeper ] && exec sleep 600\nexec runuser -u "$user" -- "$@"\n';
  write(`${made}/sudo`, script, { mode: 0o755 });
  process.env['PATH'] = `${made}:${process.env['PATH'] ?? ''}`;
  return { folder: made };
});
const { localHost } = await import('../../host.ts');

/** pgBackRest names backups by its local time and refuses a name that is not later: after one of New York, all are of Tokyo. */
const zone = process.env['TZ'];
process.env['TZ'] = 'Asia/Tokyo';

const at = (name: string) => join(folder, name);
const stateDirectory = mkdtempSync(join(tmpdir(), 'maintenance-pgbackrest-state-'));
const patient = { timeout: 120_000 };
let postgres: Postgres;

/** A configuration with its own repository; the cluster is the same. */
function configuration(name: string, repository: string, more: readonly string[] = []): string {
  const lines = [
    '[global]',
    `repo1-path=${at(repository)}`,
    `lock-path=${at('lock')}`,
    `log-path=${at('log')}`,
    `spool-path=${at('spool')}`,
    'repo1-retention-full=9',
    'start-fast=y',
    'compress-type=none',
    'log-level-file=off',
    ...more,
    '[demo]',
    `pg1-path=${at('postgres/data')}`,
    `pg1-socket-path=${at('postgres')}`,
  ];
  writeFileSync(at(name), `${lines.join('\n')}\n`, { mode: 0o644 });
  return at(name);
}

const command = (config: string, ...args: readonly string[]) => [
  'pgbackrest',
  `--config=${at(config)}`,
  '--stanza=demo',
  ...args,
];

/** Runs pgBackRest and insists that it ends with 0. */
function must(config: string, args: readonly string[], env?: Readonly<Record<string, string>>): string {
  const { status, stdout, stderr } = runAsPostgres(command(config, ...args), env);
  expect(`${status} ${stderr}`).toBe('0 ');
  return stdout;
}

/** Copies a repository with its owner. */
const copy = (from: string, to: string) => execFileSync('cp', ['-a', at(from), at(to)]);

/** What the collector says of one job: values by name with depth and outcome, and reasons. */
async function ask(settings: Readonly<Record<string, unknown>> = {}, timeLimit = 60) {
  const job = { backup_job: 'job', stanza: 'demo', config: at('good.conf'), expected_interval: '24h' };
  const host = localHost({ stateDirectory, timeLimit });
  const { samples, problems } = await pgbackrest.collect(host, { jobs: [{ ...job, ...settings }] });
  return {
    facts: Object.fromEntries(
      samples.map(({ name, labels, value }) => [
        [name.replace('maintenance_backup_', ''), labels['depth'] ?? labels['outcome']]
          .filter(Boolean)
          .join(' '),
        value,
      ]),
    ),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

/** Runs a command as `maintenance-exporter run --job` does; its exit code. */
function record(job: string, argv: readonly string[]): Promise<number> {
  const warn = (message: string) => expect.unreachable(message);
  const wait = async () => {};
  const now = () => Date.now() / 1000;
  return runBackup({ job, argv, stateDirectory, retries: 0, retryDelay: 0, now, wait, warn });
}

const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const unreadable = { ...declared, repository_readable: 0 };

beforeAll(() => {
  postgres = startPostgres(folder, [
    'archive_mode = on',
    `archive_command = 'pgbackrest --config=${at('good.conf')} --stanza=demo archive-push %p'`,
    'wal_level = replica',
    'max_wal_senders = 4',
  ]);
  for (const name of ['lock', 'log', 'spool', 'good', 'secret']) folderOfPostgres(at(name));
  configuration('good.conf', 'good');
  postgres.sql("create table fruit as select 'apple' as name");
}, 120_000);

afterAll(() => {
  process.env['TZ'] = zone;
  postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(stateDirectory, { recursive: true, force: true });
});

describe('the real pgBackRest with a real PostgreSQL', patient, () => {
  test('before stanza-create there is no stanza; after it, no backup', async () => {
    const before = await ask();
    expect({ ...before, messages: [] }).toEqual({
      facts: unreadable,
      reasons: ['repository_missing'],
      messages: [],
    });
    must('good.conf', ['stanza-create']);
    expect(await ask()).toEqual({
      facts: { ...declared, repository_readable: 1, restore_points: 0 },
      reasons: [],
      messages: [],
    });
  });

  test('a full and an incremental backup are restore points, dated right in every zone', async () => {
    must('good.conf', ['--type=full', 'backup'], { TZ: 'America/New_York' });
    const begun = Math.floor(Date.now() / 1000);
    must('good.conf', ['--type=incr', 'backup']);
    const { facts, reasons } = await ask();
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ ...declared, repository_readable: 1, restore_points: 2 });
    const end = facts['last_success_timestamp_seconds'];
    expect(end).toBeGreaterThanOrEqual(begun);
    expect(end).toBeLessThanOrEqual(Date.now() / 1000);
    expect(facts['size_bytes']).toBeGreaterThan(10_000_000);
    expect(facts['added_bytes']).toBeLessThan(1_000_000);
    for (const reader of ['America/New_York', 'UTC', 'Asia/Tokyo']) {
      process.env['TZ'] = reader;
      // oxlint-disable-next-line no-await-in-loop -- one zone after the other
      expect((await ask()).facts).toEqual(facts);
    }
  });

  test('a backup through `run` is a success on record, check and verify are checks of their depth', async () => {
    expect(await record('job', asPostgres(command('good.conf', '--type=diff', 'backup')))).toBe(0);
    expect(await record('job', asPostgres(command('good.conf', 'check')))).toBe(0);
    expect(await record('job', asPostgres(command('good.conf', '--output=text', 'verify')))).toBe(0);
    const { facts, reasons } = await ask();
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({
      restore_points: 3,
      last_run_success: 1,
      'runs_total success': 1,
      'runs_total failure': 0,
      'check_success structure': 1,
      'check_success data': 1,
    });
  });

  test('as another user, where it may be read and where it may not', async () => {
    expect((await ask({ user: 'postgres' })).facts).toMatchObject({
      repository_readable: 1,
      restore_points: 3,
    });
    const { facts, reasons } = await ask({ user: 'nobody', backup_job: 'other' });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['permission_denied'] });
  });

  test('a repository whose path is wrong', async () => {
    const { facts, reasons } = await ask({
      backup_job: 'other',
      config: configuration('wrong.conf', 'nowhere'),
    });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['repository_missing'] });
  });

  test('a configuration that is not there', async () => {
    const { facts, reasons } = await ask({ backup_job: 'other', config: at('no.conf') });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['source_missing'] });
  });

  test('a wrong cipher key is told from a right one', async () => {
    const cipher = (pass: string) => ['repo1-cipher-type=aes-256-cbc', `repo1-cipher-pass=${pass}`];
    const right = configuration('right.conf', 'secret', cipher('right'));
    must('right.conf', ['--no-online', 'stanza-create']);
    expect((await ask({ backup_job: 'other', config: right })).facts).toMatchObject({
      repository_readable: 1,
      restore_points: 0,
    });
    const wrong = configuration('wrong-key.conf', 'secret', cipher('wrong'));
    const { facts, reasons, messages } = await ask({ backup_job: 'other', config: wrong });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['authentication_failed'] });
    expect(messages[0]).toMatch(/^[\x20-\x7e]+$/);
    const none = configuration('no-key.conf', 'secret', ['repo1-cipher-type=aes-256-cbc']);
    expect((await ask({ backup_job: 'other', config: none })).reasons).toEqual(['password_unreadable']);
  });

  test('a corrupt file in the repository: info and check say ok, verify ends with 0, and only its text tells', async () => {
    copy('good', 'corrupt');
    const [full = ''] = readdirSync(at('corrupt/backup/demo')).filter((name) => /^\d+-\d+F$/.test(name));
    writeFileSync(join(at('corrupt/backup/demo'), full, 'pg_data/base/1/1255'), 'damaged');
    const config = configuration('corrupt.conf', 'corrupt');
    const told = { backup_job: 'corrupt', config };

    const verify = asPostgres(command('corrupt.conf', 'verify'));
    expect(await record('corrupt', verify)).toBe(0);
    const silent = await ask(told);
    expect(silent.facts).toMatchObject({ repository_readable: 1, restore_points: 3 });
    expect(Object.keys(silent.facts).filter((name) => name.startsWith('check'))).toEqual([]);

    expect(await record('corrupt', [...verify, '--output=text'])).toBe(0);
    expect((await ask(told)).facts).toMatchObject({ repository_readable: 1, 'check_success data': 0 });
  });

  test('a damaged list of backups, and one that is gone', async () => {
    copy('good', 'damaged');
    const lists = ['backup.info', 'backup.info.copy'].map((name) => join(at('damaged/backup/demo'), name));
    const config = configuration('damaged.conf', 'damaged');
    for (const list of lists) writeFileSync(list, 'damaged');
    expect(await ask({ backup_job: 'other', config })).toMatchObject({
      facts: unreadable,
      reasons: ['tool_failed'],
    });
    for (const list of lists) rmSync(list);
    expect(await ask({ backup_job: 'other', config })).toMatchObject({
      facts: unreadable,
      reasons: ['repository_missing'],
    });
  });

  describe('restore-test', () => {
    const restore = (
      name: string,
      change: Readonly<Record<string, unknown>>,
      limits: Readonly<Record<string, unknown>> = {},
      scratch = at('scratch'),
    ) => {
      const job = { backup_job: name, stanza: 'demo', config: at('good.conf'), user: 'postgres', ...change };
      return restoreAs({ restorer, job, limits, scratch, stateDirectory });
    };
    const ask1 = (sql: string) => ({ restore_query: { sql } });

    test('starts a real PostgreSQL from the newest backup, asks it, and puts that on record', async () => {
      const verdict = await restore('job', ask1("select name = 'apple' from fruit"));
      expect(verdict).toMatchObject({ success: true });
      const { facts, reasons } = await ask();
      expect(reasons).toEqual([]);
      expect(facts).toMatchObject({ restore_test_success: 1 });
      expect(facts['restore_test_bytes']).toBeGreaterThan(10_000_000);
      expect(facts['restore_test_duration_seconds']).toBeLessThan(60);
      expect(postgres.sql('select pg_is_in_recovery()')).toBe('f');
    });

    test('without a question every database is opened', async () => {
      expect(await restore('plain', {})).toMatchObject({ success: true });
    });

    test('fails when what came back is not what should have', async () => {
      expect(await restore('canary', ask1("select name = 'pear' from fruit"))).toEqual({
        success: false,
        reason: 'check_failed',
        message: 'restore_query answered "f" and not t',
      });
      expect(await restore('canary', ask1('select 1 from vegetables'))).toMatchObject({
        success: false,
        reason: 'restore_failed',
        message: expect.stringContaining('relation "vegetables" does not exist'),
      });
    });

    test('fails on a corrupt repository that info calls ok', async () => {
      const config = at('corrupt.conf');
      const told = { backup_job: 'corrupt', config };
      expect(await restore('corrupt', { config })).toMatchObject({
        success: false,
        reason: 'restore_failed',
        message: expect.stringMatching(/^pgbackrest restore ended with \d+: .*base\/1\/1255/),
      });
      expect((await ask(told)).facts).toMatchObject({ repository_readable: 1, restore_test_success: 0 });
    });

    test('fails when it brings back more than it may, or takes longer than it may', async () => {
      expect(
        await restore('large', ask1('select pg_sleep(600) is null'), { maximum_bytes: 1_000_000 }),
      ).toMatchObject({
        success: false,
        reason: 'too_large',
      });
      expect(await restore('slow', ask1('select pg_sleep(600) is null'), { timeout: '5s' })).toMatchObject({
        success: false,
        reason: 'timeout',
      });
    });

    test.runIf(process.getuid?.() === 0)('fails on a disk that is full (a tmpfs, needs root)', async () => {
      const small = 8_388_608;
      const scratch = at('small');
      expect(
        await onSmallDisk(scratch, small, () => restore('full', {}, { maximum_bytes: small }, scratch)),
      ).toMatchObject({ success: false, reason: 'no_space' });
    });

    test('fails where there is no backup, and where there is no stanza', async () => {
      expect(await restore('none', { config: at('right.conf') })).toMatchObject({
        success: false,
        reason: 'restore_failed',
        message: expect.stringContaining('no backup set found to restore'),
      });
      expect(await restore('none', { config: at('wrong.conf') })).toMatchObject({
        success: false,
        reason: 'restore_failed',
      });
    });
  });

  test('a backup that is under way is known to run, and the stanza stays readable', async () => {
    const [program, ...args] = asPostgres(command('good.conf', '--type=full', 'backup'));
    const backup = spawn(program, args, { stdio: 'ignore' });
    const lock = at('lock/demo-backup.lock');
    const owner = await vi.waitUntil(
      () => (existsSync(lock) ? /"pid":(\d+)/.exec(readFileSync(lock, 'utf8'))?.[1] : undefined),
      { timeout: 30_000, interval: 5 },
    );
    process.kill(Number(owner), 'SIGSTOP');
    const before = Math.floor(Date.now() / 1000);
    const { facts, reasons } = await ask();
    process.kill(Number(owner), 'SIGCONT');
    // runuser(1) stops with what it runs.
    backup.kill('SIGCONT');
    expect(await once(backup, 'exit')).toEqual([0, null]);
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 3 });
    expect(facts['run_started_timestamp_seconds']).toBeGreaterThanOrEqual(before - 1);
    const after = await ask();
    expect(after.facts).toMatchObject({ restore_points: 4 });
    expect(after.facts).not.toHaveProperty('run_started_timestamp_seconds');
  });

  test('WAL that does not arrive: check fails, a backup fails, and one made without its WAL is no success', async () => {
    const good = (await ask()).facts['last_success_timestamp_seconds'];
    postgres.sql("alter system set archive_command = 'false pgbackrest'");
    postgres.sql('select pg_reload_conf()');
    const impatient = (...args: readonly string[]) =>
      asPostgres(command('good.conf', '--archive-timeout=0.5', ...args));
    expect(await record('job', impatient('check'))).toBe(82);
    expect(await record('job', impatient('--type=incr', 'backup'))).toBe(82);
    must('good.conf', ['--type=incr', '--no-archive-check', 'backup']);
    const { facts, reasons } = await ask();
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({
      repository_readable: 1,
      restore_points: 5,
      last_success_timestamp_seconds: good,
      last_run_success: 0,
      'runs_total success': 1,
      'runs_total failure': 1,
      'check_success structure': 0,
      'check_success data': 1,
    });
  });

  test('a repository host that hangs costs its own job its turn, and the others nothing', async () => {
    const host = localHost({ stateDirectory, timeLimit: 5 });
    const job = { stanza: 'demo', config: at('good.conf'), expected_interval: '24h' };
    const { samples, problems } = await pgbackrest.collect(host, {
      jobs: [
        { ...job, backup_job: 'hanging', user: 'sleeper' },
        { ...job, backup_job: 'good' },
      ],
    });
    expect(problems.map(({ reason, message }) => [reason, message.split(':')[0]])).toEqual([
      ['timeout', 'backup job hanging'],
    ]);
    const readable = samples.filter(({ name }) => name.endsWith('_repository_readable'));
    expect(readable.map(({ labels, value }) => [labels['backup_job'], value])).toEqual([
      ['hanging', 0],
      ['good', 1],
    ]);
  });
});
