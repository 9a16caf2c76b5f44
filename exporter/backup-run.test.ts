import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { backupSamples } from './collectors/backup/facts.ts';
import { readRecorded } from './collectors/backup/recorded.ts';
import { readEvidence } from './evidence.ts';
import { localHost } from './host.ts';
import { parseRecord, recordName } from './job-record.ts';
import { stateIn } from './state.ts';

const scratch = mkdtempSync(join(tmpdir(), 'backup-run-'));
const children: ChildProcess[] = [];
afterAll(() => {
  children.forEach((child) => child.kill('SIGKILL'));
  rmSync(scratch, { recursive: true, force: true });
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(scratch, 'case-'));
});
const argsOf = (command: readonly string[], options: readonly string[] = []) => [
  'exporter/main.ts',
  'run',
  '--state.directory',
  directory,
  '--job',
  'nightly',
  ...options,
  '--',
  ...command,
];
const run = (command: readonly string[], options: readonly string[] = [], input?: string) =>
  spawnSync(process.execPath, argsOf(command, options), {
    encoding: 'utf8',
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
function start(command: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, argsOf(command), { stdio: 'pipe' });
  children.push(child);
  return child;
}
const ended = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });

async function record() {
  return parseRecord((await stateIn(directory).read(recordName('nightly'))).document);
}
/** What a collector says of the job: `metric{label values} value` without labels tool and job. */
async function exported(): Promise<readonly string[]> {
  const host = localHost({ stateDirectory: directory });
  const job = { backup_job: 'nightly', expected_interval: 86_400, criticality: 'normal' } as const;
  return backupSamples('x', job, {}, await readRecorded(host, 'nightly'))
    .map(({ name, labels, value }) =>
      [name.slice('maintenance_backup_'.length), ...Object.values(labels).slice(2), value].join(' '),
    )
    .filter((line) => !line.includes('timestamp') && !/^(?:expected|job_info)/.test(line));
}

test('a command that ends with 0 is a success: exit code, output and input are its own', async () => {
  const { status, stdout, stderr } = run(['sh', '-c', 'cat; echo done >&2'], [], 'from stdin');
  expect([status, stdout, stderr]).toEqual([0, 'from stdin', 'done\n']);
  expect(await exported()).toEqual([
    'last_run_success 1',
    'runs_total success 1',
    'runs_total partial 0',
    'runs_total failure 0',
    'runs_total interrupted 0',
  ]);
  expect((await record())?.runs).toMatchObject([
    { outcome: 'success', exit_code: 0, output: 'from stdin\ndone' },
  ]);
});

test('a command that fails is a failure, passes its exit code on, and is evidence', async () => {
  expect(run(['sh', '-c', 'echo no space; exit 7'])).toMatchObject({ status: 7, stdout: 'no space\n' });
  expect(await exported()).toContain('last_run_success 0');
  expect(await exported()).toContain('runs_total failure 1');
  const { records, damage } = await readEvidence(directory);
  expect(damage).toEqual([]);
  expect(records).toMatchObject([
    {
      kind: 'backup_run',
      outcome: 'failure',
      tool: 'sh',
      details: { job: 'nightly', exit_code: 7, reason: 'it ended with 7' },
    },
  ]);
});

test.each([
  ['a program that is not there', ['no-such-program'], 127],
  ['a file that is no program', ['/etc/passwd'], 126],
])('%s is a failure with the exit code of a shell', async (_, command, status) => {
  expect(run(command).status).toBe(status);
  expect(await exported()).toContain('runs_total failure 1');
});

test('what it prints arrives whole, however much it is', () => {
  const { stdout } = run(['sh', '-c', 'seq 1 500000']);
  expect(stdout.length).toBe(3_388_895);
  expect(stdout.endsWith('\n500000\n')).toBe(true);
});

test('a signal reaches the command, and the end is recorded', async () => {
  const marker = join(directory, 'ready');
  const child = start(['sh', '-c', `trap 'exit 9' TERM; touch ${marker}; sleep 60 & wait`]);
  await vi.waitUntil(() => existsSync(marker), { timeout: 20_000 });
  child.kill('SIGTERM');
  expect(await ended(child)).toEqual({ code: 9, signal: null });
  expect(await exported()).toContain('runs_total failure 1');
});

test('a command that a signal ends has the exit code of a shell', () => {
  expect(run(['sh', '-c', 'kill -KILL $$']).status).toBe(137);
});

test('while it runs that is a fact; killed with its wrapper it began and never ended', async () => {
  const marker = join(directory, 'pid');
  const child = start(['sh', '-c', `echo $$ > ${marker}.new; mv ${marker}.new ${marker}; exec sleep 60`]);
  await vi.waitUntil(() => existsSync(marker), { timeout: 20_000 });
  const host = localHost({ stateDirectory: directory });
  expect((await readRecorded(host, 'nightly')).running.size).toBe(1);
  expect((await exported()).filter((line) => line.startsWith('last_run'))).toEqual([]);
  child.kill('SIGKILL');
  await ended(child);
  process.kill(Number(readFileSync(marker, 'utf8')), 'SIGKILL');
  expect((await readRecorded(host, 'nightly')).running.size).toBe(0);
  expect(await exported()).toEqual([
    'last_run_success 0',
    'runs_total success 0',
    'runs_total partial 0',
    'runs_total failure 0',
    'runs_total interrupted 1',
  ]);
});

test('two runs at the same time are two', async () => {
  const pair = [start(['sh', '-c', 'exit 0']), start(['sh', '-c', 'exit 3'])];
  expect((await Promise.all(pair.map(ended))).map(({ code }) => code)).toEqual([0, 3]);
  expect(await exported()).toEqual(expect.arrayContaining(['runs_total success 1', 'runs_total failure 1']));
});

test('a failed run is started again, each attempt is on record, and the last one decides', async () => {
  const counter = join(directory, 'attempts');
  const { status, stderr } = run(
    ['sh', '-c', `echo x >> ${counter}; [ $(wc -l < ${counter}) -ge 3 ]`],
    ['--retries', '5', '--retry-delay', '1s'],
  );
  expect(status).toBe(0);
  expect(stderr).toContain(
    'backup job nightly failed (it ended with 1); it is started again in 1 s, attempt 2 of 6',
  );
  expect(await exported()).toEqual(
    expect.arrayContaining(['last_run_success 1', 'runs_total success 1', 'runs_total failure 2']),
  );
});

describe('the backup matters more than its record', () => {
  test('it runs when nothing can be recorded, and says so', () => {
    writeFileSync(join(directory, 'file'), '');
    directory = join(directory, 'file');
    const { status, stdout, stderr } = run(['sh', '-c', 'echo saved; exit 4']);
    expect([status, stdout]).toEqual([4, 'saved\n']);
    expect(stderr).toContain('what happens to backup job nightly could not be recorded');
  });

  test('it runs when the configuration is wrong, and says so', () => {
    const { status, stdout, stderr } = run(
      ['echo', 'saved'],
      ['--config.file', join(directory, 'none.yaml')],
    );
    expect([status, stdout]).toEqual([0, 'saved\n']);
    expect(stderr).toMatch(/configuration .*none\.yaml: .*; the backup runs/);
  });
});

test('without a job or a command it says what is missing', () => {
  expect(
    spawnSync(process.execPath, ['exporter/main.ts', 'run', '--', 'true'], { encoding: 'utf8' }),
  ).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("required option '--job <name>' not specified"),
  });
});
