import { spawn } from 'node:child_process';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter } from 'node:path';
import {
  CollectorError,
  type Host,
  type Reason,
  RunEndedError,
  type RunOptions,
  type ToolOutput,
} from './collector.ts';
import { readCompressed } from './compressed.ts';
import { query } from './database.ts';
import { errorCode } from './error-code.ts';
import { appendEvidence } from './evidence.ts';
import { readMachine } from './machine.ts';
import { type Expander, readThrough } from './read-through.ts';
import { request } from './request.ts';
import { stateIn } from './state.ts';

const MiB = 1024 * 1024;
const largestFile = 32 * MiB;
/** Between asking a process group to end and making it. */
const patience = 2000;

/** Tools often live where an unprivileged PATH does not look. */
const unixFolders = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const onWindows = process.platform === 'win32';
const searchPath = [process.env['PATH'] ?? '', onWindows ? '' : unixFolders]
  .filter((part) => part !== '')
  .join(delimiter);
/** Without these no program of Windows starts, PowerShell and COM least of all. */
const windowsNames = [
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ProgramData',
  'ProgramFiles',
  'TEMP',
  'TMP',
  'PSModulePath',
  'COMSPEC',
  'PATHEXT',
];
const windowsEnvironment = onWindows
  ? Object.fromEntries(windowsNames.map((name) => [name, process.env[name]]))
  : {};

/** Unix seconds. */
const now = (): number => Date.now() / 1000;

/**
 * The real machine: the one door to the outside for collectors.
 * @param signal ends every tool and question that is still under way.
 */
export function localHost(options: {
  readonly stateDirectory: string;
  readonly signal?: AbortSignal;
  /** Seconds; two minutes unless told. */
  readonly timeLimit?: number;
}): Host {
  const { signal, timeLimit = 120 } = options;
  const runHere: Host['run'] = (tool, args, runOptions) => run(tool, args, runOptions ?? {}, signal);
  return {
    run: runHere,
    read: (path) =>
      absentIsAnswer(path, async () => {
        if ((await stat(path)).size > largestFile)
          throw new CollectorError('output_too_large', `${path} is larger than ${largestFile / MiB} MiB`);
        return readFile(path, 'utf8');
      }),
    readCompressed: (path) => absentIsAnswer(path, () => readCompressed(path, runHere)),
    query: (database, sql) => absentIsAnswer(database, () => query(database, sql)),
    head: (path, bytes) =>
      absentIsAnswer(path, async () => {
        const file = await open(path, 'r');
        try {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
          return buffer.toString('latin1', 0, bytesRead);
        } finally {
          await file.close();
        }
      }),
    tail: (path, bytes) =>
      absentIsAnswer(path, async () => {
        const file = await open(path, 'r');
        try {
          const { size } = await file.stat();
          const length = Math.min(bytes, size);
          const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
          return buffer.toString('latin1', 0, bytesRead);
        } finally {
          await file.close();
        }
      }),
    readThrough: (path, throughOptions) =>
      absentIsAnswer(path, () => readThrough(path, throughOptions, expand, signal)),
    list: (path) => absentIsAnswer(path, async () => (await readdir(path)).toSorted()),
    stat: (path) =>
      absentIsAnswer(path, async () => {
        const found = await stat(path);
        return {
          size: found.size,
          modified: found.mtimeMs / 1000,
          changed: found.ctimeMs / 1000,
          directory: found.isDirectory(),
          identity: `${found.dev}:${found.ino}`,
        };
      }),
    ask: (socket, message, timeout = 10_000) => ask(socket, message, timeout, signal),
    request: (url, requestOptions) => request(url, requestOptions, signal),
    machine: readMachine,
    now,
    timeLimit,
    state: stateIn(options.stateDirectory),
    evidence: (events) => appendEvidence(options.stateDirectory, events, now()),
  };
}

async function absentIsAnswer<T>(path: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof CollectorError) throw error;
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const reason: Reason = code === 'EACCES' || code === 'EPERM' ? 'permission_denied' : 'tool_failed';
    throw new CollectorError(reason, `could not read ${path} (${code ?? 'unknown error'})`, { cause: error });
  }
}

function run(
  tool: string,
  args: readonly string[],
  { env = {}, timeout = 30_000, maxOutput = 32 * MiB }: RunOptions,
  signal: AbortSignal | undefined,
): Promise<ToolOutput> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that what the tool started ends with it.
    const child = spawn(tool, args, {
      env: {
        ...windowsEnvironment,
        PATH: searchPath,
        HOME: process.env['HOME'] ?? '/',
        TZ: process.env['TZ'],
        LC_ALL: 'C',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !onWindows,
      windowsHide: true,
    });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const sizes = { stdout: 0, stderr: 0 };
    let settled = false;

    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    // Answers at once: a child that cannot be killed (uninterruptible sleep) must not hold anybody up.
    const letGo = (error: CollectorError) =>
      settle(() => {
        endGroup(child.pid);
        child.stdout.destroy();
        child.stderr.destroy();
        child.unref();
        reject(error);
      });
    const giveUp = (reason: Reason, message: string) =>
      letGo(new CollectorError(reason, message, { leftBehind: child.pid }));
    const onAbort = () => letGo(new RunEndedError('timeout', `${tool} was stopped with its collector`));
    const timer = setTimeout(
      () => giveUp('timeout', `${tool} took longer than ${timeout / 1000} s`),
      timeout,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();

    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        sizes[stream] += chunk.length;
        if (sizes[stream] > maxOutput)
          giveUp('output_too_large', `${tool} printed more than ${Math.round(maxOutput / MiB)} MiB`);
        else if (!settled) chunks[stream].push(chunk);
      });
    }
    child.on('error', (error) => settle(() => reject(startFailure(tool, error))));
    child.on('close', (code, killed) =>
      settle(() => {
        if (code === null)
          return reject(new CollectorError('tool_failed', `${tool} was ended by ${killed ?? 'a signal'}`));
        return resolve({
          exitCode: code,
          stdout: Buffer.concat(chunks.stdout).toString('utf8'),
          stderr: Buffer.concat(chunks.stderr).toString('utf8'),
        });
      }),
    );
  });
}

const expand: Expander = (tool, args, signal) => {
  const child = spawn(tool, args, {
    env: { PATH: searchPath, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, 300)));
  const ended = new Promise<{ exitCode: number | null; said: string }>((resolve, reject) => {
    child.on('error', (error) => reject(signal.aborted ? error : startFailure(tool, error)));
    child.on('close', (exitCode) => resolve({ exitCode, said: said.trim() }));
  });
  return { output: child.stdout, ended };
};

function startFailure(tool: string, error: Error): CollectorError {
  const code = errorCode(error);
  if (code === 'ENOENT')
    return new CollectorError('tool_missing', `${tool} is not installed, or not in PATH`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM')
    return new CollectorError('permission_denied', `${tool} may not be run by this user`, { cause: error });
  return new CollectorError('tool_failed', `${tool} did not start: ${error.message}`, { cause: error });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  // Windows has no process groups that a signal reaches; what the tool started is left to end by itself.
  if (onWindows) return signalProcess(pid, 'SIGKILL');
  signalProcess(-pid, 'SIGTERM');
  ending.add(pid);
  setTimeout(() => killGroup(pid), patience).unref();
}

/** Groups that were told to end. An exporter that ends before their time is over (`--once`) leaves none behind. */
const ending = new Set<number>();
process.on('exit', () => ending.forEach(killGroup));

function killGroup(pid: number): void {
  ending.delete(pid);
  signalProcess(-pid, 'SIGKILL');
}

/** @param pid negative for a process group; see kill(2). */
function signalProcess(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // A tool that became another user (sudo) may not be ended by this one; whoever waits for it goes on all the same.
    if (!['ESRCH', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
  }
}

function ask(
  socket: string,
  message: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect({ path: socket, ...(signal === undefined ? {} : { signal }) });
    const chunks: Buffer[] = [];
    const fail = (reason: Reason, text: string, cause?: unknown) => {
      connection.destroy();
      reject(new CollectorError(reason, text, { cause }));
    };
    let size = 0;
    connection.setTimeout(timeout, () => fail('timeout', `${socket} did not answer in ${timeout / 1000} s`));
    connection.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MiB) fail('output_too_large', `${socket} sent more than 1 MiB`);
      else chunks.push(chunk);
    });
    connection.on('error', (error) => {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ECONNREFUSED')
        fail('not_running', `nobody listens on ${socket}`, error);
      else if (code === 'EACCES' || code === 'EPERM')
        fail('permission_denied', `may not connect to ${socket}`, error);
      else if (code === 'ABORT_ERR') fail('timeout', `${socket} was left with its collector`, error);
      else fail('tool_failed', `${socket}: ${error.message}`, error);
    });
    connection.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
    connection.end(message);
  });
}
