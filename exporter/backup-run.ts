import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { type BackupResult, backupResult, type EndedCommand } from './backup-result.ts';
import { processIdentity } from './collectors/system/process.ts';
import { errorCode } from './error-code.ts';
import { appendEvidence } from './evidence.ts';
import { type JobRecord, type JobRun, type RunOutcome, runsKept, updateRecord } from './job-record.ts';

/** Bytes of output that are kept to find the summary of the tool in. */
const tailKept = 256 * 1024;
/** How long the rest of the output may take once the command has ended, milliseconds. */
const drainPatience = 2000;
/** Lines of output that are kept in the record, and characters of them. */
const linesKept = 20;
const charactersKept = 4000;

export interface BackupRun {
  readonly job: string;
  readonly argv: readonly string[];
  readonly stateDirectory: string;
  /** How often a failed run is started again. */
  readonly retries: number;
  /** Seconds before it is. */
  readonly retryDelay: number;
  /** Unix seconds. */
  readonly now: () => number;
  readonly wait: (seconds: number) => Promise<void>;
  /** What cannot be recorded is said here; the backup runs all the same. */
  readonly warn: (message: string) => void;
}

/**
 * Runs a backup command as it is (input, output, signals and exit code pass through) and puts on record when it began, when
 * and how it ended, and what its tool says of it. A power cut in between leaves a beginning without an end.
 * @returns the exit code of the last attempt.
 */
export async function runBackup(run: BackupRun): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const { exitCode, result, stopped } = await runOnce(run);
    const failed = result.kind === 'run' && result.outcome === 'failure';
    if (!failed || stopped || attempt >= run.retries) return exitCode;
    run.warn(
      `backup job ${run.job} failed (${result.reason ?? `exit code ${exitCode}`}); it is started again in ${run.retryDelay} s, attempt ${attempt + 2} of ${run.retries + 1}`,
    );
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    await run.wait(run.retryDelay);
  }
}

async function runOnce(run: BackupRun) {
  const { job, argv, stateDirectory, now, warn } = run;
  const id = randomUUID();
  const started = now();
  const begun: JobRun = { id, started, process: await ownIdentity() };
  const record = async (change: (record: JobRecord) => JobRecord) => {
    try {
      await updateRecord(stateDirectory, job, change);
    } catch (error) {
      warn(`what happens to backup job ${job} could not be recorded: ${messageOf(error)}`);
    }
  };
  await record((before) => ({ ...before, runs: [...before.runs, begun] }));
  const { ended, stopped } = await spawnThrough(argv);
  const result = backupResult(ended);
  const end = now();
  await record((before) => withEnd(before, begun, end, ended, result));
  await noteEvidence(run, begun, end, ended, result);
  return { exitCode: ended.exitCode, result, stopped };
}

/** The record once a command has ended. A check is no run of the job: its beginning is taken back, its verdict stays. */
function withEnd(
  record: JobRecord,
  begun: JobRun,
  end: number,
  ended: EndedCommand,
  result: BackupResult,
): JobRecord {
  const others = settle(record).runs.filter(({ id }) => id !== begun.id);
  const totals = settle(record).totals;
  if (result.kind === 'no_verdict') return { ...record, runs: others, totals };
  if (result.kind === 'check') {
    const check = {
      at: end,
      success: result.success,
      ...(result.reason === undefined ? {} : { reason: result.reason }),
    };
    return { ...record, runs: others, totals, checks: { ...record.checks, [result.depth]: check } };
  }
  const done: JobRun = {
    ...begun,
    ended: end,
    outcome: result.outcome,
    exit_code: ended.exitCode,
    output: lastLines(ended),
    ...(result.reason === undefined ? {} : { reason: result.reason }),
    ...(result.bytes === undefined ? {} : { bytes: result.bytes }),
    ...(result.addedBytes === undefined ? {} : { added_bytes: result.addedBytes }),
    ...(result.files === undefined ? {} : { files: result.files }),
  };
  return {
    ...record,
    runs: [...others, done].toSorted((a, b) => a.started - b.started),
    totals: { ...totals, [result.outcome]: totals[result.outcome] + 1 },
    ...(result.outcome === 'success' ? { last_success: end } : {}),
  };
}

/** Runs beyond those that are kept move into the totals; one of them without an end has been interrupted. */
function settle({ runs, totals }: JobRecord): Pick<JobRecord, 'runs' | 'totals'> {
  const gone = runs.slice(0, Math.max(0, runs.length - runsKept));
  const interrupted = gone.filter(({ ended }) => ended === undefined).length;
  return {
    runs: runs.slice(gone.length),
    totals: { ...totals, interrupted: totals.interrupted + interrupted },
  };
}

async function noteEvidence(
  { job, argv, stateDirectory, now, warn }: BackupRun,
  begun: JobRun,
  end: number,
  ended: EndedCommand,
  result: BackupResult,
): Promise<void> {
  if (result.kind === 'no_verdict') return;
  const outcome: RunOutcome | 'failure' =
    result.kind === 'run' ? result.outcome : result.success ? 'success' : 'failure';
  const { kind: _, ...told } = result;
  try {
    await appendEvidence(
      stateDirectory,
      [
        {
          kind: result.kind === 'run' ? 'backup_run' : 'backup_check',
          id: `${job} ${begun.id}`,
          at: isoTime(end),
          outcome,
          tool: argv[0]?.split('/').at(-1) ?? '',
          source: 'maintenance-exporter run',
          details: { job, started: isoTime(begun.started), exit_code: ended.exitCode, ...told },
        },
      ],
      now(),
    );
  } catch (error) {
    warn(`the evidence of backup job ${job} could not be recorded: ${messageOf(error)}`);
  }
}

/** A terminal sends the others to the command itself; a second one would make some tools give up at once. */
const forwarded: readonly NodeJS.Signals[] = process.stdin.isTTY
  ? ['SIGTERM', 'SIGUSR1', 'SIGUSR2']
  : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];
/** They end this process only once the command has ended. */
const caught: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

/** Runs a command with our own input and output, and keeps the end of what it prints. */
async function spawnThrough(
  argv: readonly string[],
): Promise<{ readonly ended: EndedCommand; readonly stopped: boolean }> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'pipe'] });
  const tails = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text: string) => {
      tails[stream] = (tails[stream] + text).slice(-tailKept);
      if (!process[stream].write(text)) {
        child[stream].pause();
        process[stream].once('drain', () => child[stream].resume());
      }
    });
  }
  let stopped = false;
  const forward = (signal: NodeJS.Signals) => {
    stopped = true;
    if (forwarded.includes(signal)) child.kill(signal);
  };
  caught.forEach((signal) => process.on(signal, forward));
  const exitCode = await exitOf(child).finally(() =>
    caught.forEach((signal) => process.off(signal, forward)),
  );
  child.stdout.destroy();
  child.stderr.destroy();
  return { ended: { argv, exitCode, ...tails }, stopped };
}

/** As a shell counts: 127 when the program is not there, 126 when it may not be run, 128 and the signal that ended it. */
function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`maintenance-exporter run: ${error.message}\n`);
      resolve(errorCode(error) === 'ENOENT' ? 127 : 126);
    });
    child.once('exit', (code, signal) => {
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      // What the command left behind may hold its output open for ever.
      const timer = setTimeout(() => resolve(exitCode), drainPatience);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(exitCode);
      });
    });
  });
}

function lastLines({ stdout, stderr }: EndedCommand): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-linesKept).join('\n').slice(-charactersKept);
}

/** Where /proc does not tell, a name that no process has: such a run is never taken for one that is under way. */
async function ownIdentity(): Promise<string> {
  return (await processIdentity({ read }, process.pid)) ?? `unknown/${process.pid}/`;
}

function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
