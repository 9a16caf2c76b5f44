import { spawn } from 'node:child_process';
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { RestoreError } from './failure.ts';

export interface CommandResult {
  readonly exitCode: number;
  /** The end of what it printed. */
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the file system of the scratch folder was full when it ended. */
  readonly full: boolean;
}

export interface Limits {
  readonly scratch: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly maximumBytes: number;
  /** Ends what runs when the test itself is stopped. */
  readonly signal: AbortSignal;
}

export interface RunLimitedOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command with `$SCRATCH` set. @throws RestoreError as `runLimited`. */
export type LimitedRun = (
  tool: string,
  args: readonly string[],
  options?: RunLimitedOptions,
) => Promise<CommandResult>;

const tailKept = 64 * 1024;
/** Between two looks at how much was restored, milliseconds. */
const look = 500;
/** Between asking a process group to end and making it. */
const patience = 3000;

/**
 * Runs a restore command and ends it, with everything it started, as soon as it takes more time or space than it may.
 * @throws RestoreError timeout, too_large, no_space (the file system is nearly full), restore_failed when it does not start.
 */
export function runLimited(limits: Limits): LimitedRun {
  return (tool, args, { cwd, env = {} } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(tool, args, {
        cwd: cwd ?? limits.scratch,
        env: { ...process.env, LC_ALL: 'C', SCRATCH: limits.scratch, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      const tails = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8');
        child[stream].on('data', (text: string) => {
          tails[stream] = (tails[stream] + text).slice(-tailKept);
        });
      }
      let failure: RestoreError | undefined;
      const giveUp = (error: RestoreError) => {
        failure ??= error;
        endGroup(child.pid);
      };
      const stop = () => giveUp(new RestoreError('restore_failed', 'the test was stopped'));
      limits.signal.addEventListener('abort', stop, { once: true });
      if (limits.signal.aborted) stop();
      const timer = setTimeout(
        () => giveUp(new RestoreError('timeout', `${tool} was stopped: the restore took longer than it may`)),
        Math.max(0, limits.deadline - Date.now()),
      );
      const watch = setInterval(() => void overLimit(limits).then((error) => error && giveUp(error)), look);
      const settle = (act: () => void) => {
        clearTimeout(timer);
        clearInterval(watch);
        limits.signal.removeEventListener('abort', stop);
        act();
      };
      child.on('error', (error) =>
        settle(() =>
          reject(
            new RestoreError(
              'restore_failed',
              errorCode(error) === 'ENOENT' ? `${tool} is not installed, or not in PATH` : error.message,
              { cause: error },
            ),
          ),
        ),
      );
      child.on('close', (code) =>
        settle(() => {
          if (failure !== undefined) reject(failure);
          else
            void isFull(limits.scratch).then(
              (full) => resolve({ exitCode: code ?? 255, ...tails, full }),
              reject,
            );
        }),
      );
    });
}

/** What is over its limit now. A folder that vanishes while it is looked at counts as empty. */
async function overLimit({ scratch, maximumBytes }: Limits): Promise<RestoreError | undefined> {
  if (await isFull(scratch))
    return new RestoreError('no_space', `the file system of ${scratch} ran full, so the restore was stopped`);
  const { bytes } = await sizeOf(scratch);
  if (bytes <= maximumBytes) return undefined;
  return new RestoreError(
    'too_large',
    `more than ${maximumBytes} bytes came back, so the restore was stopped`,
  );
}

/** Whether the file system of a folder is full, but for half a percent; that of one that vanished is not. */
async function isFull(folder: string): Promise<boolean> {
  const space = await statfs(folder).catch(() => undefined);
  return space !== undefined && space.bfree * 200 < space.blocks;
}

/** Bytes and number of the regular files below a folder. */
export async function sizeOf(folder: string): Promise<{ readonly bytes: number; readonly files: number }> {
  let bytes = 0;
  let files = 0;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    files += 1;
    // oxlint-disable-next-line no-await-in-loop -- one at a time is kind to the host
    bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return { bytes, files };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  setTimeout(() => signalGroup(pid, 'SIGKILL'), patience).unref();
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    // EPERM: it runs as another user, through sudo; it is given up all the same.
    if (errorCode(error) !== 'ESRCH' && errorCode(error) !== 'EPERM') throw error;
  }
}
