import { describe, expect, test } from 'vitest';
import { CollectorError, type ToolOutput } from '../collector.ts';
import { parseConfig } from '../config.ts';
import { replay } from '../replay.ts';
import { scriptArguments } from './system/powershell.ts';
import { windowsBackupScript } from './windows_backup/script.ts';
import { windowsBackup } from './windows_backup.ts';

const now = Date.parse('2026-03-12T12:00:00Z') / 1000;
const hour = 3600;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('Z', '0000Z');
const command = ['powershell.exe', ...scriptArguments(windowsBackupScript)].join(' ');
const dll = { 'C:/Windows/System32/wuapi.dll': '' };

const job = (begin: number, end: number | undefined, more: object = {}) => ({
  type: 'Backup',
  state: 'Completed',
  started: iso(begin),
  ended: end === undefined ? null : iso(end),
  result: 0,
  detail: 0,
  ...more,
});
const idle = { job: { type: 'Unknown', state: 'Unknown', started: null, ended: null, result: 0, detail: 0 } };
const summary = (more: object = {}) => ({
  lastBackup: iso(now - 2 * hour),
  lastSuccess: iso(now - 2 * hour),
  versions: 101,
  result: 0,
  detail: 0,
  ...more,
});
const answer = (parts: object = {}) =>
  JSON.stringify({
    generated: iso(now),
    installed: true,
    summary: summary(),
    previous: { jobs: [job(now - 2 * hour, now - hour)] },
    current: idle,
    ...parts,
  });
/** As it came back from a French server: the disk was not there. */
const failed = { result: 2_155_348_165, detail: 2_147_942_833 };

async function collect(output: string | Partial<ToolOutput> | CollectorError, settings: object = {}) {
  const host = replay({ files: dll, now, commands: { [command]: output } });
  const { samples, problems } = await windowsBackup.collect(host, {
    jobs: [{ backup_job: 'wsb', expected_interval: '24h', ...settings }],
  });
  expect(samples.every(({ labels }) => labels['backup_job'] === 'wsb')).toBe(true);
  return {
    facts: Object.fromEntries(
      samples.map(({ name, value }) => [
        name.replace('maintenance_backup_', '').replace(/_seconds$/, ''),
        value,
      ]),
    ),
    problems,
    reasons: problems.map(({ reason }) => reason),
  };
}
const declared = { expected_interval: 86_400, job_info: 1 };

describe('Windows Server Backup', () => {
  test('gives the end of its last success, how long it took and how many versions there are', async () => {
    const { facts, problems } = await collect(answer());
    expect(problems).toEqual([]);
    expect(facts).toEqual({
      ...declared,
      repository_readable: 1,
      restore_points: 101,
      last_success_timestamp: now - hour,
      duration: hour,
      last_run_timestamp: now - hour,
      last_run_success: 1,
    });
  });

  test('after a failure keeps the success before it', async () => {
    const { facts } = await collect(
      answer({
        summary: summary({ lastSuccess: iso(now - 29 * hour), ...failed }),
        previous: { jobs: [job(now - 29 * hour, now - 28 * hour), job(now - 2 * hour, now - hour, failed)] },
      }),
    );
    expect(facts).toMatchObject({
      last_success_timestamp: now - 28 * hour,
      last_run_timestamp: now - hour,
      last_run_success: 0,
    });
  });

  test('with something left out is no success, though Windows calls it the last successful one', async () => {
    const { facts } = await collect(
      answer({
        summary: summary({ detail: 2_147_942_405 }),
        previous: { jobs: [job(now - 2 * hour, now - hour, { detail: 2_147_942_405 })] },
      }),
    );
    expect(facts).not.toHaveProperty('last_success_timestamp');
    expect(facts).toMatchObject({ last_run_success: 0, duration: hour });
  });

  test('a recovery that worked is no backup', async () => {
    const recovery = job(now - 60, now - 30, { type: 'Recovery' });
    const { facts } = await collect(
      answer({ previous: { jobs: [recovery, job(now - 2 * hour, now - hour)] } }),
    );
    expect(facts).toMatchObject({ last_success_timestamp: now - hour, last_run_timestamp: now - hour });
  });

  test('whose versions are all gone has no success', async () => {
    const { facts } = await collect(answer({ summary: summary({ versions: 0 }) }));
    expect(facts).not.toHaveProperty('last_success_timestamp');
    expect(facts).toMatchObject({ restore_points: 0 });
  });

  test('that never ran has none', async () => {
    const never = { lastBackup: null, lastSuccess: null, versions: 0 };
    const { facts, problems } = await collect(answer({ summary: summary(never), previous: { jobs: null } }));
    expect(facts).toEqual({ ...declared, repository_readable: 1, restore_points: 0 });
    expect(problems).toEqual([]);
  });

  test('that is running has a beginning', async () => {
    const { facts } = await collect(
      answer({ current: { job: job(now - 60, undefined, { state: 'Running' }) } }),
    );
    expect(facts).toMatchObject({ run_started_timestamp: now - 60, last_success_timestamp: now - hour });
  });

  test('a list of one job may come as that job', async () => {
    const { facts } = await collect(answer({ previous: { jobs: job(now - 2 * hour, now - hour) } }));
    expect(facts).toMatchObject({ last_success_timestamp: now - hour });
  });

  test('without its jobs the summary tells of the last run; an older success stays unknown', async () => {
    const refused = { previous: { error: 'Access is denied' } };
    const good = await collect(answer(refused));
    expect(good.facts).toMatchObject({ last_success_timestamp: now - 2 * hour, last_run_success: 1 });
    expect(good.reasons).toEqual(['tool_failed']);
    const bad = await collect(
      answer({ ...refused, summary: summary({ lastSuccess: iso(now - 30 * hour), ...failed }) }),
    );
    expect(bad.facts).not.toHaveProperty('last_success_timestamp');
    expect(bad.facts).toMatchObject({ last_run_success: 0, last_run_timestamp: now - 2 * hour });
  });

  test('a job in the future keeps nothing fresh', async () => {
    const { facts, reasons } = await collect(
      answer({ previous: { jobs: [job(now + hour, now + 2 * hour), job(now - 9 * hour, now - 8 * hour)] } }),
    );
    expect(facts).toMatchObject({ last_success_timestamp: now - 8 * hour });
    expect(reasons).toEqual(['clock_wrong']);
  });

  test('size and files are not told: a least size makes every success unknown', async () => {
    const { facts } = await collect(answer(), { minimum_bytes: 1 });
    expect(facts).not.toHaveProperty('last_success_timestamp');
  });
});

test.each([
  ['the feature is missing', JSON.stringify({ generated: iso(now), installed: false }), 'tool_missing'],
  ['the summary is refused', answer({ summary: { error: 'Zugriff verweigert' } }), 'tool_failed'],
  ['the summary is missing', answer({ summary: null }), 'unexpected_output'],
  ['the answer is cut off', answer().slice(0, 90), 'unexpected_output'],
  ['the answer is another', '{"version":[1]}', 'unexpected_output'],
  ['the answer is German text', 'Zugriff verweigert', 'unexpected_output'],
  ['PowerShell ends with 1', { exitCode: 1, stderr: 'no' }, 'tool_failed'],
  ['PowerShell is too slow', new CollectorError('timeout', 'played'), 'timeout'],
  ['PowerShell may not be run', new CollectorError('permission_denied', 'played'), 'permission_denied'],
] as const)('when %s the job stays, unreadable', async (_, output, reason) => {
  const { facts, reasons } = await collect(output);
  expect(facts).toEqual({ ...declared, repository_readable: 0 });
  expect(reasons).toEqual([reason]);
});

test('elsewhere than on Windows it says so, and init does not offer it', async () => {
  const { problems } = await windowsBackup.collect(replay({ now }), windowsBackup.example);
  expect(problems).toMatchObject([{ reason: 'unsupported' }]);
  expect(await windowsBackup.detect(replay({}))).toBeUndefined();
  expect(await windowsBackup.detect(replay({ files: dll }))).toBeUndefined();
  const module =
    'C:/Windows/System32/WindowsPowerShell/v1.0/Modules/WindowsServerBackup/WindowsServerBackup.psd1';
  expect(await windowsBackup.detect(replay({ files: { ...dll, [module]: '' } }))).toEqual({
    jobs: [{ backup_job: 'Windows Server Backup', expected_interval: '24h' }],
  });
});

test('a host has one schedule', () => {
  const one = { backup_job: 'a', expected_interval: '24h' };
  const configure = (jobs: readonly object[]) =>
    parseConfig(JSON.stringify({ collectors: { windows_backup: { jobs } } }), {}, [windowsBackup]);
  expect(() => configure([one, { ...one, backup_job: 'b' }])).toThrow('one schedule per host');
  expect(() => configure([one])).not.toThrow();
});
