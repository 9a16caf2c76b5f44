import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { localHost } from '../../host.ts';
import { updateRecord } from '../../job-record.ts';
import { borg } from '../borg.ts';
import { parseBackupResult, parseCheckResult, parseExtractResult } from './result.ts';

const folder = mkdtempSync(join(tmpdir(), 'borg-real-'));
const at = (name: string) => join(folder, name);
const host = localHost({ stateDirectory: at('state') });
const started: ChildProcess[] = [];

/** The environment of a real borg on a repository. */
const environment = (repository: string, more: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: at('home'),
  LC_ALL: 'C',
  BORG_BASE_DIR: at('base'),
  BORG_REPO: at(repository),
  BORG_PASSPHRASE: 'secret',
  ...more,
});

/** Runs the real borg; its exit code is an answer. */
function run(repository: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr, error } = spawnSync('borg', args, {
    cwd: folder,
    env: environment(repository, more),
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { exitCode: status ?? -1, stdout, stderr };
}

function must(repository: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const ended = run(repository, args, more);
  expect(ended.exitCode, ended.stderr).toBe(0);
  return ended;
}

/** What the collector says of one repository: values by name, and reasons. */
async function ask(repository: string, settings: Readonly<Record<string, unknown>> = {}) {
  const job = {
    backup_job: 'job',
    repository: at(repository),
    passphrase_file: at('passphrase'),
    base_directory: at('base'),
    cache_directory: at('own-cache'),
    sizes: false,
    expected_interval: '24h',
    ...settings,
  };
  const { samples, problems } = await borg.collect(host, { jobs: [job] });
  return {
    facts: Object.fromEntries(
      samples.map(({ name, value }) => [name.replace('maintenance_backup_', ''), value]),
    ),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

/** Overwrites a few bytes in the middle of the largest segment: contents of files, not the index. */
function damage(repository: string) {
  const data = at(`${repository}/data/0`);
  const [largest] = readdirSync(data)
    .map((name) => join(data, name))
    .toSorted((a, b) => statSync(b).size - statSync(a).size);
  const bytes = readFileSync(largest ?? '');
  bytes.fill(0x55, 100_000, 100_016);
  writeFileSync(largest ?? '', bytes);
}

const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const unreadable = { ...declared, repository_readable: 0 };
const utc = (time: string) => Date.parse(time) / 1000;

beforeAll(() => {
  writeFileSync(at('passphrase'), 'secret\n');
  writeFileSync(at('other'), 'other\n');
  for (const name of ['home', 'documents']) mkdirSync(at(name));
  // Not compressible, so that damage hits contents.
  let seed = 1;
  for (let n = 0; n < 10; n += 1) {
    const bytes = Buffer.alloc(30_000).map(() => (seed = (seed * 48_271) % 2_147_483_647) & 255);
    writeFileSync(at(`documents/${n}`), bytes);
  }
  for (const repository of ['empty', 'used']) must(repository, ['init', '-e', 'repokey']);
});

afterAll(async () => {
  await Promise.all(
    started.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }),
  );
  rmSync(folder, { recursive: true, force: true });
});

describe('the real borg', () => {
  test('a repository without archives holds 0 restore points', async () => {
    expect(await ask('empty')).toEqual({
      facts: { ...declared, repository_readable: 1, restore_points: 0 },
      reasons: [],
      messages: [],
    });
  });

  test('a complete backup, and one in which a source is missing', async () => {
    const good = must('used', [
      'create',
      '--json',
      '--timestamp',
      '2026-03-28T17:30:00',
      '::web01-1',
      'documents',
    ]);
    expect(parseBackupResult(good.exitCode, good.stdout, good.stderr)).toMatchObject({
      outcome: 'success',
      files: 10,
    });
    const lacking = run('used', [
      'create',
      '--json',
      '--timestamp',
      '2026-03-29T02:30:00',
      '::web01-2',
      'documents',
      'gone',
    ]);
    const legacy = parseBackupResult(lacking.exitCode, lacking.stdout, lacking.stderr);
    expect(legacy).toMatchObject({
      outcome: 'partial',
      files: 10,
      reason: expect.stringContaining('gone: '),
    });
    const modern = run('used', ['create', '--log-json', '::db01-1', 'documents', 'gone'], {
      BORG_EXIT_CODES: 'modern',
    });
    expect(parseBackupResult(modern.exitCode, modern.stdout, modern.stderr)).toMatchObject({
      outcome: 'partial',
      reason: expect.stringContaining('gone: '),
    });
  });

  test.each(['UTC', 'Asia/Tokyo', 'America/New_York'])(
    'the same timestamps whatever the zone of the exporter: %s',
    async (zone) => {
      vi.stubEnv('TZ', zone);
      try {
        expect((await ask('used', { archives: 'web01-*' })).facts).toEqual({
          ...declared,
          repository_readable: 1,
          restore_points: 2,
          last_success_timestamp_seconds: utc('2026-03-29T02:30:00Z'),
        });
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  test('a fresh archive of a partial run on record is no success', async () => {
    const state = at('state-of-runs');
    const before = utc('2026-03-29T02:29:59Z');
    await updateRecord(state, 'job', (record) => ({
      ...record,
      runs: [{ id: '1', process: 'x/1/1', started: before, ended: before + 9, outcome: 'partial' }],
    }));
    const job = {
      backup_job: 'job',
      repository: at('used'),
      passphrase_file: at('passphrase'),
      base_directory: at('base'),
      cache_directory: at('own-cache'),
      archives: 'web01-*',
      expected_interval: '24h',
    };
    const { samples } = await borg.collect(localHost({ stateDirectory: state }), { jobs: [job] });
    expect(samples.find(({ name }) => name.endsWith('_last_success_timestamp_seconds'))?.value).toBe(
      utc('2026-03-28T17:30:00Z'),
    );
  });

  test('size, files and duration', async () => {
    const { facts, reasons } = await ask('used', { archives: 'web01-*', sizes: true });
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ restore_points: 2, size_bytes: 300_000, files: 10 });
    expect(facts['duration_seconds']).toBeGreaterThanOrEqual(0);
  });

  test('a wrong passphrase', async () => {
    const { facts, reasons } = await ask('used', { passphrase_file: at('other') });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['authentication_failed'] });
  });

  test('no passphrase at all', async () => {
    const { facts, reasons } = await ask('used', { passphrase_file: undefined });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['password_unreadable'] });
  });

  test.each(['nowhere', 'documents'])('no repository at %s', async (repository) => {
    const { facts, reasons } = await ask(repository);
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['repository_missing'] });
  });

  test('borg is not in the PATH', async () => {
    const { facts, reasons } = await ask('used', { environment: { PATH: at('documents') } });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['tool_missing'] });
  });

  test('a repository that moved asks a question that nobody answers here', async () => {
    cpSync(at('used'), at('moved'), { recursive: true });
    cpSync(at('base'), at('base-of-moved'), { recursive: true });
    const own = { base_directory: at('base-of-moved'), cache_directory: at('cache-of-moved') };
    const { facts, reasons, messages } = await ask('moved', own);
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['tool_failed'] });
    expect(messages[0]).toContain('answer its question');
    const answered = { ...own, environment: { BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes' } };
    expect((await ask('moved', answered)).reasons).toEqual([]);
  });

  test('a lock keeps borg out, not the collector, and the collector takes none', async () => {
    const holder = spawn('borg', ['with-lock', at('used'), 'cat'], {
      env: environment('used'),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    started.push(holder);
    await vi.waitUntil(() => existsSync(at('used/lock.exclusive')), { timeout: 30_000 });

    const create = run('used', ['create', '::web01-3', 'documents']);
    expect(parseBackupResult(create.exitCode, create.stdout, create.stderr)).toMatchObject({
      outcome: 'failure',
      reason: expect.stringContaining('lock'),
    });
    const check = run('used', ['check', '--log-json']);
    expect(parseCheckResult(['check'], check.exitCode, check.stdout, check.stderr).kind).toBe('no_verdict');
    const held = readdirSync(at('used')).toSorted();
    const { facts, reasons } = await ask('used', { archives: 'web01-*' });
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 2 });
    expect(readdirSync(at('used')).toSorted()).toEqual(held);
    holder.stdin.end();
    await once(holder, 'exit');
  });

  test('a backup is running: readable all the same; killed, it leaves no restore point', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const create = spawn('borg', ['create', '--read-special', '::web01-9', at('pipe')], {
      env: environment('used'),
      stdio: 'ignore',
    });
    started.push(create);
    await vi.waitUntil(() => existsSync(at('used/lock.exclusive')), { timeout: 30_000 });
    expect(await ask('used', { archives: 'web01-*', sizes: true })).toMatchObject({
      facts: { repository_readable: 1, restore_points: 2 },
      reasons: [],
    });
    create.kill('SIGKILL');
    await once(create, 'exit');
    expect((await ask('used', { archives: 'web01-*' })).facts).toMatchObject({ restore_points: 2 });
    must('used', ['break-lock']);
  });

  test('damaged data pass the check of the archives, not that of the data nor a trial extract', async () => {
    cpSync(at('used'), at('damaged'), { recursive: true });
    damage('damaged');
    const verdict = (args: readonly string[]) => {
      const { exitCode, stdout, stderr } = run('damaged', args, { BORG_BASE_DIR: at('base-of-damaged') });
      return args[0] === 'extract'
        ? parseExtractResult(args, exitCode, stdout, stderr)
        : parseCheckResult(args, exitCode, stdout, stderr);
    };
    expect(verdict(['check', '--archives-only'])).toEqual({
      kind: 'check',
      depth: 'structure',
      success: true,
    });
    expect(verdict(['check', '--archives-only', '--verify-data'])).toEqual({
      kind: 'check',
      depth: 'data',
      success: false,
      reason: expect.stringContaining('integrity error'),
    });
    expect(verdict(['extract', '--dry-run', '::web01-1'])).toMatchObject({ depth: 'data', success: false });
    // The list is whole all the same.
    expect(
      (
        await ask('damaged', {
          archives: 'web01-*',
          base_directory: at('base-of-damaged'),
          cache_directory: at('cache-of-damaged'),
        })
      ).facts,
    ).toMatchObject({
      repository_readable: 1,
      restore_points: 2,
    });
  });

  test('a good repository passes every check', () => {
    for (const args of [['check'], ['check', '--verify-data']]) {
      const { exitCode, stdout, stderr } = must('used', args);
      expect(parseCheckResult(args, exitCode, stdout, stderr)).toMatchObject({
        kind: 'check',
        success: true,
      });
    }
    const { exitCode, stdout, stderr } = must('used', ['extract', '--dry-run', '::web01-1']);
    expect(parseExtractResult(['extract', '--dry-run'], exitCode, stdout, stderr)).toMatchObject({
      success: true,
    });
  });

  test('a list that cannot be read is unreadable', async () => {
    cpSync(at('used'), at('broken'), { recursive: true });
    for (const name of readdirSync(at('broken/data/0'))) {
      const bytes = readFileSync(at(`broken/data/0/${name}`));
      bytes.fill(0x55, 20);
      writeFileSync(at(`broken/data/0/${name}`), bytes);
    }
    const { facts, reasons } = await ask('broken', {
      base_directory: at('base-of-broken'),
      cache_directory: at('cache-of-broken'),
    });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['tool_failed'] });
  });
});
