import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { localHost } from '../../host.ts';
import { restic } from '../restic.ts';

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
    expect(messages[0]).toContain('could not load snapshot');
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
