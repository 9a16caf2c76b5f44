import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';

/** A server of the stack. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves with what ended it: an exit code or a signal's name. */
  readonly ended: Promise<string>;
  /** Asks it to end, then makes it; resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

const patience = 10_000;
const alive = new Set<ChildProcess>();
// Whatever ends us, nothing stays behind.
process.on('exit', () => alive.forEach((child) => child.kill('SIGTERM')));

/** Starts a server in a process group of its own, so that Ctrl-C reaches only us and we stop things in order. */
export async function startServer(
  name: string,
  command: readonly [string, ...string[]],
  logFile: string,
): Promise<Running> {
  const [program, ...args] = command;
  const log = openSync(logFile, 'w');
  const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  alive.add(child);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      alive.delete(child);
      resolve(code === null ? String(signal) : `exit ${code}`);
    });
    child.once('error', (error) => resolve(error.message));
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (error) =>
      reject(new Error(`${name} did not start: ${error.message}`, { cause: error })),
    );
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const gone = await Promise.race([ended, later(patience, undefined, { ref: false })]);
    if (gone === undefined) child.kill('SIGKILL');
    await ended;
  };
  return { name, pid, logFile, ended, stop };
}

/**
 * Waits until a server answers 2xx.
 * @throws Error with the end of its log when it ends first or does not answer in time.
 */
export async function untilReady(server: Running, url: string, seconds = 60): Promise<void> {
  let end: string | undefined;
  void server.ended.then((how) => (end = how));
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (end !== undefined)
      throw new Error(`${server.name} ended at once (${end}):\n${lastLines(server.logFile)}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok === true) return;
    await later(100);
  }
  throw new Error(`${server.name} did not answer on ${url} in ${seconds} s:\n${lastLines(server.logFile)}`);
}

/** The preferred port of this machine's loopback, or any free one where it is taken. */
export async function freePort(preferred: number): Promise<number> {
  return (
    (await tryPort(preferred)) ?? (await tryPort(0)) ?? Promise.reject(new Error('no free port on 127.0.0.1'))
  );
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      const found = typeof address === 'object' && address !== null ? address.port : undefined;
      probe.close(() => resolve(found));
    });
  });
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
}
