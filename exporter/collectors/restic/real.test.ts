import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
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
import { restic } from '../restic.ts';
import { parseBackupResult, parseCheckResult } from './result.ts';

const folder = mkdtempSync(join(tmpdir(), 'restic-real-'));
const at = (name: string) => join(folder, name);
const host = localHost({ stateDirectory: at('state') });
const started: ChildProcess[] = [];

const environment = (repository: string) => ({
  ...process.env,
  RESTIC_REPOSITORY: at(repository),
  RESTIC_PASSWORD_FILE: at('password'),
  RESTIC_CACHE_DIR: at('cache'),
});

/** Runs the real restic on a repository. */
function run(
  repository: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string {
  return execFileSync('restic', args, {
    env: { ...environment(repository), ...env },
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** What the collector says of one repository: values by name, and reasons. */
async function ask(repository: string, settings: Readonly<Record<string, unknown>> = {}) {
  const entry = {
    backup_job: 'job',
    repository: at(repository),
    password_file: at('password'),
    cache_directory: at('cache'),
    expected_interval: '24h',
    ...settings,
  };
  const { samples, problems } = await restic.collect(host, { repositories: [entry] });
  return {
    facts: Object.fromEntries(
      samples.map(({ name, value }) => [name.replace('maintenance_backup_', ''), value]),
    ),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

/** A program called restic that a test writes itself, and the setting that puts it first in the PATH. */
function fake(name: string, script: string) {
  mkdirSync(at(name));
  writeFileSync(join(at(name), 'restic'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(at(name), 'restic'), 0o755);
  return { environment: { PATH: `${at(name)}:/usr/bin:/bin` } };
}

/** What is there of a declared job from the first minute. */
const declared = { expected_interval_seconds: 86_400, job_info: 1 };
const unreadable = { ...declared, repository_readable: 0 };

beforeAll(() => {
  writeFileSync(at('password'), 'secret\n');
  writeFileSync(at('other-password'), 'other\n');
  mkdirSync(at('documents'));
  writeFileSync(join(at('documents'), 'a'), 'a');
  for (const repository of ['empty', 'used', 'locked', 'damaged']) run(repository, ['init']);
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

describe('the real restic', () => {
  test('a repository without snapshots holds 0 restore points', async () => {
    expect(await ask('empty')).toEqual({
      facts: { ...declared, repository_readable: 1, restore_points: 0 },
      reasons: [],
      messages: [],
    });
  });

  test('freshness is the time of the newest snapshot, whatever the zone it was taken in', async () => {
    // 02:30 in Tokyo is 17:30 UTC of the day before, later than 13:00 in New York's 09:00 EDT.
    run('used', ['backup', '--host', 'a', '--time', '2026-03-28 09:00:00', at('documents')], {
      TZ: 'America/New_York',
    });
    run('used', ['backup', '--host', 'a', '--time', '2026-03-29 02:30:00', at('documents')], {
      TZ: 'Asia/Tokyo',
    });
    const first = await ask('used');
    expect(first.reasons).toEqual([]);
    expect(first.facts).toMatchObject({
      last_success_timestamp_seconds: Date.parse('2026-03-28T17:30:00Z') / 1000,
      restore_points: 2,
      repository_readable: 1,
    });

    const before = Date.now() / 1000;
    run('used', ['backup', '--host', 'b', at('documents')]);
    const after = Date.now() / 1000;
    const { facts } = await ask('used');
    expect(facts['restore_points']).toBe(3);
    expect(facts['last_success_timestamp_seconds']).toBeGreaterThanOrEqual(before - 1);
    expect(facts['last_success_timestamp_seconds']).toBeLessThanOrEqual(after);
    expect((await ask('used', { host: 'a' })).facts).toMatchObject({
      last_success_timestamp_seconds: Date.parse('2026-03-28T17:30:00Z') / 1000,
      restore_points: 2,
    });
  });

  test('a wrong password', async () => {
    const { facts, reasons } = await ask('used', { password_file: at('other-password') });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['authentication_failed'] });
  });

  test('a repository that is not there', async () => {
    const { facts, reasons } = await ask('nowhere');
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['repository_missing'] });
  });

  test.each([['no-password'], ['documents']])('no password to read at %s', async (password) => {
    const { facts, reasons } = await ask('used', { password_file: at(password) });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['password_unreadable'] });
  });

  test('an empty line as password is found out by restic', async () => {
    writeFileSync(at('blank-password'), '\n');
    const { facts, reasons } = await ask('used', { password_file: at('blank-password') });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['password_unreadable'] });
  });

  test('restic is not in the PATH', async () => {
    const { facts, reasons } = await ask('used', { environment: { PATH: at('documents') } });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['tool_missing'] });
  });

  test('a backup that is running does not make the repository unreadable', async () => {
    const backup = spawn('restic', ['backup', '--stdin'], {
      env: environment('used'),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    started.push(backup);
    await vi.waitUntil(() => readdirSync(at('used/locks')).length > 0, { timeout: 30_000 });
    const { facts, reasons } = await ask('used');
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ repository_readable: 1, restore_points: 3 });
    backup.kill('SIGKILL');
    await once(backup, 'exit');
  });

  test('an exclusive lock keeps restic out, not the collector', async () => {
    run('locked', ['backup', '--time', '2026-03-29 02:30:00', at('documents')], { TZ: 'UTC' });
    // A pack that never answers holds the check, and with it the lock, for as long as the test wants.
    const [pack] = readdirSync(at('locked/data'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.length > 60,
    );
    rmSync(join(at('locked/data'), pack ?? ''), { force: true });
    execFileSync('mkfifo', [join(at('locked/data'), pack ?? '')]);
    const check = spawn('restic', ['check', '--read-data'], { env: environment('locked'), stdio: 'ignore' });
    started.push(check);
    await vi.waitUntil(() => readdirSync(at('locked/locks')).length > 0, { timeout: 30_000 });

    expect(() => run('locked', ['snapshots'])).toThrow(/already locked exclusively/);
    expect(await ask('locked')).toEqual({
      facts: {
        ...declared,
        repository_readable: 1,
        restore_points: 1,
        last_success_timestamp_seconds: Date.parse('2026-03-29T02:30:00Z') / 1000,
      },
      reasons: [],
      messages: [],
    });
    expect(check.exitCode).toBeNull();
  });

  test('a restic that insists on the lock is busy, not unreadable', async () => {
    // Arguments lose --no-lock: what the real restic says then is what counts.
    const real = execFileSync('sh', ['-c', 'command -v restic'], { encoding: 'utf8' }).trim();
    const { facts, reasons } = await ask('locked', fake('insisting', `exec ${real} snapshots --json`));
    expect({ facts, reasons }).toEqual({
      facts: declared,
      reasons: ['repository_locked'],
    });
  });

  test('a damaged snapshot makes the list incomplete, although restic ends with 0', async () => {
    run('damaged', ['backup', at('documents')]);
    const [snapshot] = readdirSync(at('damaged/snapshots'));
    chmodSync(join(at('damaged/snapshots'), snapshot ?? ''), 0o600);
    writeFileSync(join(at('damaged/snapshots'), snapshot ?? ''), 'damaged');
    const { facts, reasons, messages } = await ask('damaged', { cache_directory: at('fresh-cache') });
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['tool_failed'] });
    expect(messages[0]).toMatch(/(?:could not|failed to) load snapshot/);
  });

  test.each([
    ['cut off', `printf '[{"time":"2026-11-22T10:00:00Z","id":"1"},{"ti'`],
    ['nothing', 'true'],
    ['binary', String.raw`printf '\377\376\000[\001\n'`],
  ])('output that is %s is unexpected', async (name, script) => {
    const { facts, reasons } = await ask('used', fake(name.replace(' ', '-'), script));
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['unexpected_output'] });
  });

  test('progress before the list, as 0.19.0 printed it, does not disturb', async () => {
    const script = `echo '[0:00] 100.00%  1 / 1 index files loaded'\necho '[{"time":"2026-11-22T10:00:00.5+01:00","id":"1"}]'`;
    const { facts, reasons } = await ask('used', fake('noisy', script));
    expect(reasons).toEqual([]);
    expect(facts).toMatchObject({ restore_points: 1, last_success_timestamp_seconds: 1_795_338_000.5 });
  });

  test('output without end is stopped', async () => {
    const { facts, reasons } = await ask('used', fake('endless', 'exec yes'));
    expect({ facts, reasons }).toEqual({ facts: unreadable, reasons: ['output_too_large'] });
  });

  test('one bad repository costs the good one nothing', async () => {
    const good = { password_file: at('password'), cache_directory: at('cache'), expected_interval: '24h' };
    const { samples, problems } = await restic.collect(host, {
      repositories: [
        { ...good, backup_job: 'bad', repository: at('nowhere') },
        { ...good, backup_job: 'good', repository: at('used') },
      ],
    });
    expect(problems.map(({ reason }) => reason)).toEqual(['repository_missing']);
    expect(samples.find(({ name }) => name.endsWith('_restore_points'))).toEqual({
      name: 'maintenance_backup_restore_points',
      labels: { tool: 'restic', backup_job: 'good' },
      value: 3,
    });
  });
});

describe('the results of the real restic', () => {
  /** Runs restic; its exit code is an answer. */
  function end(repository: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { status, stdout, stderr } = spawnSync('restic', args, {
      env: { ...environment(repository), ...env },
      encoding: 'utf8',
    });
    return { exitCode: status ?? -1, stdout, stderr };
  }
  function backup(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { exitCode, stdout, stderr } = end('results', ['backup', ...args], env);
    return { exitCode, ...parseBackupResult(exitCode, stdout, stderr) };
  }
  function check(
    repository: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ) {
    const all = ['check', ...args];
    const { exitCode, stdout, stderr } = end(repository, all, env);
    return parseCheckResult(all, exitCode, stdout, stderr);
  }

  beforeAll(() => {
    run('results', ['init']);
    mkdirSync(at('large'));
    // Not compressible, so that damage hits contents.
    let seed = 1;
    const bytes = Buffer.alloc(100_000).map(() => (seed = (seed * 48_271) % 2_147_483_647) & 255);
    writeFileSync(at('large/a'), bytes);
  });

  test.each([[[]], [['--json']]])('a complete backup %j', (options) => {
    expect(backup([...options, at('large')])).toMatchObject({
      exitCode: 0,
      outcome: 'success',
      files: 1,
      // As text rounded: 97.656 KiB.
      bytes: 100_000,
    });
  });

  test('a source that is not there: partial, whatever the exit code', () => {
    const result = backup([at('large'), at('gone')]);
    expect([0, 3]).toContain(result.exitCode);
    expect(result).toMatchObject({ outcome: 'partial', files: 1, reason: expect.stringContaining('gone') });
  });

  test('a file that cannot be read: partial', () => {
    const options = ['--json'];
    // The first page of a process can be opened, not read, by root either.
    const result = backup([...options, at('large'), '/proc/self/mem']);
    expect(result).toMatchObject({ exitCode: 3, outcome: 'partial', reason: expect.stringContaining('mem') });
  });

  test('nothing there at all, a wrong password and no repository: failures', () => {
    expect(backup([at('gone')]).outcome).toBe('failure');
    expect(backup([at('large')], { RESTIC_PASSWORD_FILE: at('other-password') })).toMatchObject({
      outcome: 'failure',
      reason: expect.stringContaining('wrong password'),
    });
    expect(backup([at('large')], { RESTIC_REPOSITORY: at('nowhere') }).outcome).toBe('failure');
    expect(backup(['--dry-run', at('large')])).toMatchObject({ exitCode: 0, outcome: 'failure' });
  });

  test('a fresh snapshot of a partial run on record is no success', async () => {
    run('partial', ['init']);
    const state = at('state-of-runs');
    for (const sources of [[at('documents')], [at('documents'), at('gone')]]) {
      const begun = Date.now() / 1000;
      const dated = sources.length === 1 ? ['--time', '2026-03-28 17:30:00'] : [];
      const { exitCode, stdout, stderr } = end('partial', ['backup', '--json', ...dated, ...sources], {
        TZ: 'UTC',
      });
      const { outcome } = parseBackupResult(exitCode, stdout, stderr);
      const ended = Date.now() / 1000;
      // oxlint-disable-next-line no-await-in-loop -- one run after the other
      await updateRecord(state, 'job', (record) => ({
        ...record,
        runs: [...record.runs, { id: String(begun), process: 'x/1/1', started: begun, ended, outcome }],
      }));
    }
    const { samples } = await restic.collect(localHost({ stateDirectory: state }), {
      repositories: [
        {
          backup_job: 'job',
          repository: at('partial'),
          password_file: at('password'),
          cache_directory: at('cache'),
          expected_interval: '24h',
        },
      ],
    });
    const value = (name: string) =>
      samples.find((sample) => sample.name === `maintenance_backup_${name}`)?.value;
    expect(value('restore_points')).toBe(2);
    expect(value('last_run_success')).toBe(0);
    expect(value('last_success_timestamp_seconds')).toBe(Date.parse('2026-03-28T17:30:00Z') / 1000);
  });

  test.each(['UTC', 'Asia/Tokyo', 'America/New_York'])(
    'the same timestamps whatever the zone of the exporter: %s',
    async (zone) => {
      vi.stubEnv('TZ', zone);
      try {
        expect((await ask('used', { host: 'a' })).facts).toMatchObject({
          last_success_timestamp_seconds: Date.parse('2026-03-28T17:30:00Z') / 1000,
        });
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  test('checks of a good repository', () => {
    const options = ['--json'];
    expect(check('results', options)).toEqual({ kind: 'check', depth: 'structure', success: true });
    expect(check('results', ['--read-data', ...options])).toEqual({
      kind: 'check',
      depth: 'data',
      success: true,
    });
    expect(check('results', ['--read-data-subset=1/1', ...options])).toEqual({
      kind: 'check',
      depth: 'data',
      success: true,
      share: '1/1',
    });
  });

  test('a check that may not look gives no verdict', () => {
    const options = ['--json'];
    const other = { RESTIC_PASSWORD_FILE: at('other-password') };
    expect(check('results', options, other).kind).toBe('no_verdict');
    expect(check('nowhere', options).kind).toBe('no_verdict');
  });

  test('a check during a backup is busy: no verdict', async () => {
    const options = ['--json'];
    const running = spawn('restic', ['backup', '--stdin'], {
      env: environment('results'),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    started.push(running);
    await vi.waitUntil(() => readdirSync(at('results/locks')).length > 0, { timeout: 30_000 });
    expect(check('results', options)).toEqual({
      kind: 'no_verdict',
      reason: expect.stringContaining('already locked'),
    });
    running.kill('SIGKILL');
    await once(running, 'exit');
    run('results', ['unlock', '--remove-all']);
  });

  test('damaged data pass the check of the structure, not that of the data', () => {
    const options = ['--json'];
    const name = 'damaged-data';
    run(name, ['init']);
    run(name, ['backup', at('large')]);
    const packs = readdirSync(at(`${name}/data`), { recursive: true, encoding: 'utf8' })
      .map((pack) => join(at(`${name}/data`), pack))
      .toSorted((a, b) => statSync(b).size - statSync(a).size);
    const [largest = ''] = packs.filter((pack) => statSync(pack).isFile());
    const bytes = readFileSync(largest);
    bytes.fill(0x55, 50_000, 50_004);
    chmodSync(largest, 0o600);
    writeFileSync(largest, bytes);
    expect(check(name, options)).toEqual({ kind: 'check', depth: 'structure', success: true });
    expect(check(name, ['--read-data', ...options])).toEqual({
      kind: 'check',
      depth: 'data',
      success: false,
      reason: expect.stringMatching(/^restic found damage: .*(?:does not match|ciphertext)/),
    });
    rmSync(largest);
    expect(check(name, options)).toEqual({
      kind: 'check',
      depth: 'structure',
      success: false,
      reason: expect.stringContaining('does not exist'),
    });
  });
});
