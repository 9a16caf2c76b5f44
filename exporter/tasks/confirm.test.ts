import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readEvidence } from '../evidence.ts';
import { stateIn } from '../state.ts';
import { confirmTask } from './confirm.ts';

const directory = mkdtempSync(join(tmpdir(), 'maintenance-tasks-'));
const state = join(directory, 'state');
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => rmSync(state, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function exporter(...args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, SUDO_USER: 'ada', TZ: 'America/New_York' };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['exporter/main.ts', ...args, '--state.directory', state],
      { env },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : child.exitCode, stdout, stderr }),
    );
  });
}

const facts = async () =>
  (await exporter('--once', '--collector.disable-defaults', '--collector.task')).stdout
    .split('\n')
    .filter((line) => line.startsWith('maintenance_task'));

test('a task is confirmed, listed, told to Prometheus and on record for the auditor', async () => {
  expect(await exporter('confirm')).toEqual({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining(`no task was confirmed in ${state}; `),
  });
  expect(await facts()).toEqual(['maintenance_tasks_confirmed 0']);

  const first = await exporter('confirm', 'access_review', '--at', '2026-10-01', '--note', 'two removed');
  expect(first).toEqual({
    code: 0,
    stdout: [
      'access_review: done, 2026-10-01T00:00Z, by ada',
      '',
      'TASK           LAST               OUTCOME  BY',
      'access_review  2026-10-01T00:00Z  success  ada',
      '',
    ].join('\n'),
    stderr: '',
  });
  await exporter('confirm', 'log_review', '--by', 'Bo', '--outcome', 'failure', '--at', '2026-10-02T08:30Z');
  expect((await exporter('confirm')).stdout.split('\n').slice(1)).toEqual([
    'access_review  2026-10-01T00:00Z  success  ada',
    'log_review     2026-10-02T08:30Z  failure  Bo',
    '',
  ]);
  expect(await facts()).toEqual([
    'maintenance_tasks_confirmed 2',
    `maintenance_task_last_confirmed_timestamp_seconds{task="access_review"} ${Date.UTC(2026, 9, 1) / 1000}`,
    `maintenance_task_last_confirmed_timestamp_seconds{task="log_review"} ${Date.UTC(2026, 9, 2, 8, 30) / 1000}`,
    'maintenance_task_last_outcome_success{task="access_review"} 1',
    'maintenance_task_last_outcome_success{task="log_review"} 0',
  ]);
  const { records, damage } = await readEvidence(state);
  expect(damage).toEqual([]);
  expect(
    records.map(({ kind, at, outcome, actor, details }) => ({ kind, at, outcome, actor, details })),
  ).toEqual([
    {
      kind: 'task_confirmed',
      at: '2026-10-01T00:00:00.000Z',
      outcome: 'success',
      actor: 'ada',
      details: { task: 'access_review', note: 'two removed' },
    },
    {
      kind: 'task_confirmed',
      at: '2026-10-02T08:30:00.000Z',
      outcome: 'failure',
      actor: 'Bo',
      details: { task: 'log_review' },
    },
  ]);
});

const asked = { by: 'ada', note: undefined, outcome: 'success', at: undefined, now: 1_790_000_000 } as const;
const confirm = (task: string, more: Partial<Parameters<typeof confirmTask>[0]> = {}) =>
  confirmTask({ ...asked, task, stateDirectory: state, ...more });

test.each([
  ['Access review', {}, 'is no name of a task'],
  ['../tasks', {}, 'is no name of a task'],
  ['access_review', { at: 'yesterday' }, 'yesterday is no time'],
  ['access_review', { at: '2026-02-30' }, '2026-02-30 is no time'],
  ['access_review', { at: '2026-09-22T10:00' }, '2026-09-22T10:00 is no time'],
  ['access_review', { at: '2026-12-01' }, '2026-12-01 is in the future'],
])('%s %o is refused, and nothing is written', async (task, more, said) => {
  await expect(confirm(task, more)).rejects.toThrow(said);
  expect(existsSync(state)).toBe(false);
});

test('what was confirmed later still counts, and both are on record', async () => {
  await confirm('access_review', { outcome: 'failure' });
  const { done, warnings } = await confirm('access_review', { at: '2026-09-01' });
  expect(warnings).toEqual([
    'access_review was confirmed later than that, 2026-09-21T14:13Z, which still counts',
  ]);
  expect(done).toContain('access_review  2026-09-21T14:13Z  failure  ada');
  expect((await readEvidence(state)).records).toHaveLength(2);
});

test('a name that is nearly one of those confirmed before is told', async () => {
  await confirm('access_review');
  expect((await confirm('acces_review')).warnings).toEqual([
    'acces_review was never confirmed here before; if you meant access_review, confirm that one, too',
  ]);
  expect((await confirm('log_check')).warnings).toEqual([]);
});

test('twenty at once are twenty', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `task_${index}`);
  await Promise.all(names.map((name) => confirm(name)));
  expect((await exporter('confirm')).stdout.split('\n')).toHaveLength(22);
  expect((await readEvidence(state)).records).toHaveLength(20);
});

test('a damaged record is told, and does not stop the next confirmation', async () => {
  await confirm('access_review');
  const file = join(state, 'tasks.json');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 50));
  expect(await exporter('confirm')).toMatchObject({ code: 1, stdout: '' });
  const { warnings, done } = await confirm('log_review');
  expect(warnings).toEqual([]);
  expect(done).not.toContain('access_review');
});

test('a record of a later version is left alone', async () => {
  await confirm('access_review');
  const file = join(state, 'tasks.json');
  await stateIn(state).write('tasks', { format: 2 });
  const before = readFileSync(file, 'utf8');
  await expect(confirm('log_review')).rejects.toThrow('not what this exporter writes');
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('without evidence nothing is confirmed', async () => {
  await confirm('access_review', { now: 1_780_000_000 });
  // The file of the month cannot be written.
  mkdirSync(join(state, 'evidence-2026-09.jsonl'));
  await expect(confirm('log_review')).rejects.toThrow('could not add to the evidence');
  expect((await exporter('confirm')).stdout).not.toContain('log_review');
});
