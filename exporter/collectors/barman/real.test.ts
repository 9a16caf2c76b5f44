import { spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runBackup } from '../../backup-run.ts';
import {
  asPostgres,
  folderOfPostgres,
  type Postgres,
  postgresPrograms,
  runAsPostgres,
  startPostgres,
} from '../../fixtures/postgres.ts';
import { onSmallDisk, restoreAs } from '../../fixtures/restore-test.ts';
import { localHost } from '../../host.ts';
import { barman as restorer } from '../../restore/barman.ts';
import { barman } from '../barman.ts';

const folder = mkdtempSync(join(tmpdir(), 'maintenance-barman-'));
const at = (name: string) => join(folder, name);
const stateDirectory = mkdtempSync(join(tmpdir(), 'maintenance-barman-state-'));
const patient = { timeout: 120_000 };
/** Where barman looks for programs of PostgreSQL; a test puts its own before them. */
const programs = () => `${at('programs')}:${postgresPrograms()}`;
let postgres: Postgres;
/** The file of a table in a tablespace, from the data directory. */
let fruit: string;
let receiver: ChildProcess | undefined;

const command = (...args: readonly string[]) => ['barman', '-c', at('barman.conf'), ...args];
/** Barman names backups by its local time, which is not that of the exporter. */
const run = (...args: readonly string[]) => runAsPostgres(command(...args), { TZ: 'Asia/Tokyo' });

function must(...args: readonly string[]): string {
  const { status, stdout, stderr } = run(...args);
  expect(status, `${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** What the collector says of the server: values by name with depth and outcome, and reasons. */
async function ask(settings: Readonly<Record<string, unknown>> = {}) {
  const job = { backup_job: 'job', server: 'pg', config: at('barman.conf'), expected_interval: '24h' };
  const host = localHost({ stateDirectory, timeLimit: 60 });
  const { samples, problems } = await barman.collect(host, { jobs: [{ ...job, ...settings }] });
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
  };
}

/** Runs barman as `maintenance-exporter run --job` does; its exit code. */
function record(job: string, ...args: readonly string[]): Promise<number> {
  const warn = (message: string) => expect.unreachable(message);
  const wait = async () => {};
  const now = () => Date.now() / 1000;
  const argv = asPostgres(command(...args));
  return runBackup({ job, argv, stateDirectory, retries: 0, retryDelay: 0, now, wait, warn });
}

/** Barman and pg_receivewal below it, in a process group of their own. */
function signalReceiver(signal: NodeJS.Signals): void {
  if (receiver?.pid !== undefined) process.kill(-receiver.pid, signal);
}

/** Ends a WAL segment, waits until it has been received, and has barman take it in. */
async function archive(): Promise<void> {
  const segment = postgres.sql('select pg_walfile_name(pg_switch_wal())');
  postgres.sql("select pg_logical_emit_message(true, 'test', 'the next segment begins')");
  await vi.waitUntil(() => readdirSync(at('home/pg/streaming')).includes(segment), {
    timeout: 60_000,
    interval: 50,
  });
  must('archive-wal', 'pg');
}

/** Restores as `restore-test` does. */
const restore = (
  name: string,
  change: Readonly<Record<string, unknown>>,
  limits: Readonly<Record<string, unknown>> = {},
  scratch = at('scratch'),
) => {
  const job = { backup_job: name, server: 'pg', config: at('barman.conf'), user: 'postgres', ...change };
  return restoreAs({ restorer, job, limits, scratch, stateDirectory });
};

const base = () => at('home/pg/base');
const newest = () => readdirSync(base()).toSorted().at(-1) ?? 'none';
const newestDone = () =>
  readdirSync(base())
    .toSorted()
    .findLast((id) => existsSync(join(base(), id, 'data/base'))) ?? 'none';
const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const unreadable = { ...declared, repository_readable: 0 };

beforeAll(() => {
  postgres = startPostgres(folder, [
    'wal_level = replica',
    'max_wal_senders = 4',
    'max_replication_slots = 4',
  ]);
  for (const name of ['home', 'programs', 'tablespace', 'tmp']) folderOfPostgres(at(name));
  postgres.sql(`create tablespace "side shelf" location '${at('tablespace')}'`);
  postgres.sql(`create table fruit tablespace "side shelf" as select 'apple' as name`);
  fruit = postgres.sql("select pg_relation_filepath('fruit')");
  const connection = `host=${postgres.socket} user=postgres dbname=postgres`;
  const lines = [
    '[barman]',
    `barman_user = ${process.getuid?.() === 0 ? 'postgres' : (process.env['USER'] ?? '')}`,
    `barman_home = ${at('home')}`,
    `log_file = ${at('home/log')}`,
    `configuration_files_directory = ${at('none')}`,
    '[pg]',
    'description = test',
    `conninfo = ${connection}`,
    `streaming_conninfo = ${connection}`,
    'backup_method = postgres',
    'streaming_archiver = on',
    'slot_name = barman',
    'minimum_redundancy = 1',
    `path_prefix = ${programs()}`,
  ];
  const configuration = `${lines.join('\n')}\n`;
  writeFileSync(at('barman.conf'), configuration, { mode: 0o644 });
  writeFileSync(at('gzip.conf'), `${configuration}backup_compression = gzip\n`, { mode: 0o644 });
}, 120_000);

afterAll(() => {
  signalReceiver('SIGKILL');
  postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(stateDirectory, { recursive: true, force: true });
});

describe('the real barman with a real PostgreSQL', patient, () => {
  test('a server without a backup and without WAL: 0 restore points, and the structure is not in order', async () => {
    const { facts, reasons } = await ask();
    expect(reasons).toEqual([]);
    const { 'check_timestamp_seconds structure': checked, ...rest } = facts;
    expect(checked).toBeGreaterThan(Date.now() / 1000 - 60);
    expect(rest).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 0,
      'check_success structure': 0,
    });
  });

  test('a backup that barman does not begin is a failed run on record', async () => {
    expect(await record('never', 'backup', 'pg')).toBe(1);
    expect((await ask({ backup_job: 'never' })).facts).toMatchObject({
      restore_points: 0,
      last_run_success: 0,
      'runs_total failure': 1,
    });
  });

  test('a backup whose WAL has not arrived is none that can be restored, until it has', async () => {
    must('receive-wal', '--create-slot', 'pg');
    const [program, ...args] = asPostgres(command('receive-wal', 'pg'));
    receiver = spawn(program, args, { stdio: 'ignore', detached: true });
    await vi.waitUntil(
      () => postgres.sql("select count(*) from pg_stat_replication where state = 'streaming'") === '1',
      { timeout: 60_000, interval: 100 },
    );
    await archive();
    signalReceiver('SIGSTOP');
    const begun = Math.floor(Date.now() / 1000);
    expect(run('backup', '--immediate-checkpoint', 'pg')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('WAITING_FOR_WALS'),
    });
    const waiting = await ask();
    expect(waiting.reasons).toEqual([]);
    expect(waiting.facts).toMatchObject({ repository_readable: 1, restore_points: 1, last_run_success: 0 });
    expect(waiting.facts).not.toHaveProperty('last_success_timestamp_seconds');
    signalReceiver('SIGCONT');
    await archive();
    // What barman cron does beside.
    must('check-backup', 'pg', 'latest');
    const { facts } = await ask();
    expect(facts).toMatchObject({ restore_points: 1, last_run_success: 1, 'check_success structure': 1 });
    expect(facts['last_success_timestamp_seconds']).toBeGreaterThanOrEqual(begun);
    expect(facts['last_success_timestamp_seconds']).toBeLessThanOrEqual(Date.now() / 1000);
    expect(facts['size_bytes']).toBeGreaterThan(10_000_000);
    expect(facts['duration_seconds']).toBeLessThan(60);
  });

  test('has the same times in every zone', async () => {
    const { 'check_timestamp_seconds structure': _, ...facts } = (await ask()).facts;
    const before = process.env['TZ'];
    try {
      for (const zone of ['UTC', 'Asia/Tokyo', 'America/New_York']) {
        process.env['TZ'] = zone;
        // oxlint-disable-next-line no-await-in-loop -- one zone after the other
        expect((await ask()).facts).toMatchObject(facts);
      }
    } finally {
      process.env['TZ'] = before;
    }
  });

  test('verify-backup is a check of the data: in order, and not when a file was changed', async () => {
    expect(await record('job', 'verify-backup', 'pg', 'latest')).toBe(0);
    expect((await ask()).facts).toMatchObject({ 'check_success data': 1, 'runs_total success': 0 });
    const file = join(base(), newest(), 'data/base/1/1255');
    const content = readFileSync(file);
    writeFileSync(file, Buffer.from(content).fill('X', 3000, 3004));
    expect(await record('job', 'verify-backup', 'pg', 'latest')).toBe(1);
    expect((await ask()).facts).toMatchObject({
      'check_success data': 0,
      restore_points: 1,
      repository_readable: 1,
    });
    writeFileSync(file, content);
  });

  test('verify-backup without a manifest has no verdict: the one before stays', async () => {
    expect(await record('other', 'verify-backup', 'pg', 'latest')).toBe(0);
    const manifest = join(base(), newest(), 'data/backup_manifest');
    renameSync(manifest, at('manifest'));
    expect(await record('other', 'verify-backup', 'pg', 'latest')).toBe(1);
    renameSync(at('manifest'), manifest);
    expect((await ask({ backup_job: 'other' })).facts).toMatchObject({ 'check_success data': 1 });
  });

  test('a backup that fails in the middle is the last run and no restore point, whatever the zone of barman', async () => {
    const broken = `#!/bin/sh\ncase "$*" in *--version*) exec ${postgresPrograms()}/pg_basebackup "$@";; esac\nexit 1\n`;
    writeFileSync(join(at('programs'), 'pg_basebackup'), broken, { mode: 0o755 });
    const good = (await ask()).facts;
    const begun = Math.floor(Date.now() / 1000);
    expect(run('backup', '--immediate-checkpoint', 'pg').status).toBe(1);
    rmSync(join(at('programs'), 'pg_basebackup'));
    const { facts, reasons } = await ask();
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({
      restore_points: 1,
      last_success_timestamp_seconds: good['last_success_timestamp_seconds'],
      last_run_success: 0,
    });
    expect(facts['last_run_timestamp_seconds']).toBeGreaterThanOrEqual(begun - 1);
    expect(facts['last_run_timestamp_seconds']).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('restore-test of a compressed backup unpacks it in its own folder', async () => {
    const compress = ['barman', '-c', at('gzip.conf'), 'backup', '--immediate-checkpoint', 'pg'];
    expect(runAsPostgres(compress, { TZ: 'Asia/Tokyo' }).status).toBe(0);
    await archive();
    expect(readdirSync(join(base(), newest(), 'data'))).toContain('base.tar.gz');
    const query = { restore_query: { sql: "select name = 'apple' from fruit" } };
    expect(await restore('compressed', query)).toMatchObject({ success: true });
    must('delete', 'pg', newest());
  });

  test('no WAL: the structure is not in order, the restore points are still there', async () => {
    signalReceiver('SIGKILL');
    receiver = undefined;
    await vi.waitUntil(async () => (await ask()).facts['check_success structure'] === 0, { timeout: 60_000 });
    expect((await ask()).facts).toMatchObject({ repository_readable: 1, restore_points: 1 });
  });

  test('a server that barman does not know, a configuration that is not there', async () => {
    expect(await ask({ backup_job: 'third', server: 'nobody' })).toEqual({
      facts: unreadable,
      reasons: ['repository_missing'],
    });
    expect(await ask({ backup_job: 'third', config: at('no.conf') })).toEqual({
      facts: unreadable,
      reasons: ['source_missing'],
    });
  });

  test('PostgreSQL that is down costs the list nothing', async () => {
    postgres.stop();
    const { facts, reasons } = await ask();
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 1, 'check_success structure': 0 });
  });

  // PostgreSQL is down: this is when it counts.
  describe('restore-test', () => {
    /** Barman keeps a tablespace beside the data directory, by its number. */
    const file = () => join(base(), newestDone(), fruit.replace('pg_tblspc/', ''));
    const manifest = () => join(base(), newestDone(), 'data/backup_manifest');
    /** Changes a file of the newest backup while something is tried. */
    const damaged = async <T>(tried: () => Promise<T>): Promise<T> => {
      const content = readFileSync(file());
      writeFileSync(file(), Buffer.from(content).fill('X', 3000, 3004));
      try {
        return await tried();
      } finally {
        writeFileSync(file(), content);
      }
    };
    const failed = (message: RegExp, reason = 'restore_failed') => ({
      success: false,
      reason,
      message: expect.stringMatching(message),
    });

    test('starts a real PostgreSQL from the newest backup with its tablespace beside, asks it, and puts that on record', async () => {
      const moved = `(select pg_tablespace_location(oid) like '${at('scratch')}/%' from pg_tablespace where spcname = 'side shelf')`;
      const verdict = await restore('job', {
        restore_query: { sql: `select name = 'apple' and ${moved} from fruit` },
      });
      expect(verdict).toMatchObject({ success: true });
      const { facts, reasons } = await ask();
      expect(reasons).toEqual([]);
      expect(facts).toMatchObject({ restore_test_success: 1 });
      expect(facts['restore_test_bytes']).toBeGreaterThan(10_000_000);
    });

    test('fails when what came back is not what should have', async () => {
      expect(await restore('canary', { restore_query: { sql: "select name = 'pear' from fruit" } })).toEqual({
        success: false,
        reason: 'check_failed',
        message: 'restore_query answered "f" and not t',
      });
    });

    test('fails on a file that was changed, which barman copies without a word', async () => {
      expect(await damaged(() => restore('job', {}))).toMatchObject(
        failed(/^pg_verifybackup ended with 1: .*checksum mismatch for file "pg_tblspc\//),
      );
      expect((await ask()).facts).toMatchObject({ repository_readable: 1, restore_test_success: 0 });
    });

    test('without a manifest every row is read: passes on a good backup, fails on a page that was changed', async () => {
      renameSync(manifest(), at('manifest'));
      try {
        expect(await restore('plain', {})).toMatchObject({ success: true });
        expect(await damaged(() => restore('plain', {}))).toMatchObject(failed(/invalid page in block 0/));
      } finally {
        renameSync(at('manifest'), manifest());
      }
    });

    test('fails without the WAL of the backup', async () => {
      const folders = ['wals', 'streaming'];
      for (const name of folders) renameSync(at(`home/pg/${name}`), at(name));
      try {
        expect(await restore('dry', {})).toMatchObject(
          failed(/^the restored PostgreSQL ended with 1: .*FATAL/),
        );
      } finally {
        for (const name of folders) {
          // Barman makes them anew.
          rmSync(at(`home/pg/${name}`), { recursive: true, force: true });
          renameSync(at(name), at(`home/pg/${name}`));
        }
      }
    });

    test.runIf(process.getuid?.() === 0)('fails on a disk that is full (a tmpfs, needs root)', async () => {
      const small = 8_388_608;
      const scratch = at('small');
      expect(
        await onSmallDisk(scratch, small, () => restore('full', {}, { maximum_bytes: small }, scratch)),
      ).toMatchObject({ success: false, reason: 'no_space' });
    });

    test('fails when it takes longer than it may, and leaves nothing of barman behind', async () => {
      const before = process.env['TMPDIR'];
      process.env['TMPDIR'] = at('tmp');
      const hanging = '#!/bin/sh\ncase "$*" in *--version*) echo rsync version 3.2.7;; *) sleep 600;; esac\n';
      writeFileSync(join(at('programs'), 'rsync'), hanging, { mode: 0o755 });
      try {
        expect(await restore('slow', {}, { timeout: '5s' })).toMatchObject({
          success: false,
          reason: 'timeout',
        });
      } finally {
        rmSync(join(at('programs'), 'rsync'));
        process.env['TMPDIR'] = before;
      }
      expect(readdirSync(at('tmp'))).toEqual([]);
    });

    test('fails where there is no backup, and where there is no server', async () => {
      renameSync(base(), at('base'));
      folderOfPostgres(base());
      try {
        expect(await restore('none', {})).toMatchObject(failed(/Unknown backup 'latest' for server 'pg'/));
      } finally {
        rmSync(base(), { recursive: true });
        renameSync(at('base'), base());
      }
      expect(await restore('none', { server: 'nobody' })).toMatchObject(failed(/Unknown server 'nobody'/));
    });
  });
});
