import { createHash } from 'node:crypto';
import {
  CollectorError,
  type FileStat,
  type Host,
  type HttpAnswer,
  type Machine,
  type SqlValue,
  type ToolOutput,
} from './collector.ts';
import type { Evidence } from './evidence.ts';

/** What a replayed host answers; everything not listed does not exist there. */
export interface Replay {
  /** Key: tool and arguments joined by spaces. A CollectorError is thrown, text is stdout with exit 0. */
  readonly commands?: Readonly<Record<string, string | Partial<ToolOutput> | CollectorError>>;
  /** Key: path. A CollectorError is thrown. */
  readonly files?: Readonly<Record<string, string | CollectorError>>;
  /** Modification times by path, unix seconds; `now` where not listed. */
  readonly modified?: Readonly<Record<string, number>>;
  /** Key: socket path and message joined by a space. */
  readonly sockets?: Readonly<Record<string, string | CollectorError>>;
  /** Key: method and address joined by a space. Text is a body with status 200. */
  readonly requests?: Readonly<Record<string, string | Partial<HttpAnswer> | CollectorError>>;
  /** Key: path of the database and statement joined by a space. */
  readonly databases?: Readonly<
    Record<string, readonly Readonly<Record<string, SqlValue>>[] | CollectorError>
  >;
  readonly machine?: Partial<Machine>;
  /** Unix seconds. */
  readonly now?: number;
  /** Seconds; two minutes unless told. */
  readonly timeLimit?: number;
  /** Shared between replays to play a restart. */
  readonly state?: Map<string, unknown>;
  /** What was recorded, for a look afterwards. */
  readonly evidence?: Evidence[];
}

/**
 * A host made from captured output, for tests. A command that was not captured fails the test, so a changed
 * flag breaks a test instead of production; a tool none of whose commands was captured is not installed.
 */
export function replay(captured: Replay): Host {
  const now = captured.now ?? 1_795_000_000;
  const files = captured.files ?? {};
  const state = captured.state ?? new Map<string, unknown>();
  const read = async (path: string): Promise<string | undefined> => answer(files[path]);
  return {
    run: async (tool, args) => {
      const commands = captured.commands ?? {};
      const found = answer(commands[[tool, ...args].join(' ')]);
      if (found === undefined) {
        if (Object.keys(commands).some((command) => command.split(' ')[0] === tool))
          throw new Error(`not in the captured session: ${[tool, ...args].join(' ')}`);
        throw new CollectorError('tool_missing', `${tool} is not installed`);
      }
      return {
        exitCode: 0,
        stdout: '',
        stderr: '',
        ...(typeof found === 'string' ? { stdout: found } : found),
      };
    },
    read,
    readCompressed: read,
    query: async (database, sql) => {
      const found = answer(captured.databases?.[`${database} ${sql}`]);
      if (found !== undefined) return found;
      if (Object.keys(captured.databases ?? {}).some((key) => key.startsWith(`${database} `)))
        throw new Error(`not in the captured session: ${sql} of ${database}`);
      return undefined;
    },
    head: async (path, bytes) => (await read(path))?.slice(0, bytes),
    tail: async (path, bytes) => (await read(path))?.slice(-bytes),
    readThrough: async (path, { ends, digest }) => {
      const text = await read(path);
      if (text === undefined) return undefined;
      return {
        compression: undefined,
        head: text.slice(0, ends),
        tail: text.slice(-ends),
        bytes: text.length,
        ...(digest === undefined ? {} : { digest: createHash(digest).update(text, 'latin1').digest('hex') }),
      };
    },
    list: async (path) => {
      const folder = path.endsWith('/') ? path : `${path}/`;
      const names = Object.keys(files)
        .filter((file) => file.startsWith(folder))
        .map((file) => file.slice(folder.length).split('/')[0] ?? '');
      return names.length === 0 ? undefined : [...new Set(names)].toSorted();
    },
    stat: async (path): Promise<FileStat | undefined> => {
      const text = await read(path);
      const directory = Object.keys(files).some((file) => file.startsWith(`${path}/`));
      if (text === undefined && !directory) return undefined;
      const modified = captured.modified?.[path] ?? now;
      return { size: text?.length ?? 0, modified, changed: modified, directory };
    },
    ask: async (socket, message) => {
      const found = answer(captured.sockets?.[`${socket} ${message}`]);
      if (found === undefined) throw new CollectorError('not_running', `nobody listens on ${socket}`);
      return found;
    },
    request: async (url, { method = 'GET' } = {}) => {
      const requests = captured.requests ?? {};
      const found = answer(requests[`${method} ${url}`]);
      if (found !== undefined)
        return {
          status: 200,
          headers: {},
          body: '',
          ...(typeof found === 'string' ? { body: found } : found),
        };
      const { origin } = new URL(url);
      if (Object.keys(requests).some((key) => new URL(key.split(' ')[1] ?? '').origin === origin))
        throw new Error(`not in the captured session: ${method} ${url}`);
      throw new CollectorError('not_running', `nobody answers at ${origin}`);
    },
    machine: async () => ({ ...unknownMachine, ...captured.machine }),
    now: () => now,
    timeLimit: captured.timeLimit ?? 120,
    state: {
      read: async (name) => ({ document: state.get(name), problems: [], lost: false }),
      write: async (name, document) => void state.set(name, structuredClone(document)),
    },
    evidence: async (events) => void captured.evidence?.push(...events),
  };
}

const unknownMachine: Machine = {
  hostname: undefined,
  os: undefined,
  osVersion: undefined,
  kernel: undefined,
  architecture: undefined,
  manufacturer: undefined,
  model: undefined,
  virtual: undefined,
  cpus: undefined,
  memory: undefined,
  booted: undefined,
  fileSystems: [],
};

function answer<T>(found: T | CollectorError | undefined): T | undefined {
  if (found instanceof CollectorError) throw found;
  return found;
}
