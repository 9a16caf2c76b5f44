import { z } from 'zod';
import type { Compression } from './compressed.ts';
import type { Evidence } from './evidence.ts';
import type { ForeignSample } from './foreign.ts';
import type { MetricName, Sample } from './metrics.ts';

/** Why a collector could not answer: the values of the `reason` label. Add one only when an operator would act differently on it. */
export const reasons = [
  'tool_missing', // the program is not installed or not in PATH
  'permission_denied', // the service user may not read or run what is needed
  'timeout', // took longer than its limit and was stopped
  'output_too_large', // printed more than the limit
  'tool_failed', // ran and reported an error we cannot tell apart further
  'unexpected_output', // ran, but what it printed is not what it documents
  'source_missing', // a file or directory that must exist does not
  'metadata_missing', // a configured package source was never fetched
  'metadata_stale', // package lists are past their own Valid-Until date
  'repository_missing', // the backup repository is not there
  'repository_locked', // somebody else holds the repository: busy, not broken
  'authentication_failed', // wrong password or key
  'password_unreadable', // the password file is missing or may not be read
  'not_running', // the agent or server does not answer
  'certificate_untrusted', // a server shows a certificate that is not accepted: nothing was sent to it
  'device_unreadable', // a disk could not be asked
  'unsupported', // this system or version cannot give the fact
  'state_unreadable', // what the exporter remembered is damaged
  'state_unwritable', // nothing can be remembered: no space, or a read-only file system
  'clock_wrong', // the clock of this host was never set, or a source is dated in the future
  'internal_error', // a defect in the exporter
] as const;
export type Reason = (typeof reasons)[number];

/** What a tool answered. A non-zero exit is an answer, not an error. */
export interface ToolOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to the clean environment (PATH, HOME, LC_ALL=C, TZ). Secrets go here, never in argv. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; 30 s unless told. The collector's own limit also applies. */
  readonly timeout?: number;
  /** Bytes of stdout or stderr after which the tool is stopped; 32 MiB unless told. */
  readonly maxOutput?: number;
}

export interface RequestOptions {
  /** GET unless told. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange; 30 s unless told. The collector's own limit also applies. */
  readonly timeout?: number;
  /** Bytes of body after which it is given up; 32 MiB unless told. */
  readonly maxBytes?: number;
  /** Path of a PEM file: only certificates signed by these are accepted. */
  readonly caFile?: string;
  /** SHA-256 of the one certificate that is accepted, in hex, with or without colons; nothing else of it is looked at then. */
  readonly fingerprint?: string;
}

/** What an HTTP server answered, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; values of a repeated one joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** As UTF-8. */
  readonly body: string;
}

export interface FileStat {
  /** Bytes. */
  readonly size: number;
  /** Last change of content, unix seconds. */
  readonly modified: number;
  /** Last change of content, name, owner or mode, unix seconds; nobody can set it back. */
  readonly changed: number;
  readonly directory: boolean;
  /** The same for two names of one file (links, hard or symbolic); undefined where the system does not tell. */
  readonly identity?: string | undefined;
}

export interface ThroughOptions {
  /** Bytes of content to keep of the beginning and of the end. */
  readonly ends: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** Hash of the file as it is stored; none unless told. */
  readonly digest?: 'md5' | 'sha1' | 'sha256' | 'sha512' | undefined;
}

/** What is left of a file that was read to its end. */
export interface Through {
  /** What it is compressed with; undefined for plain files. */
  readonly compression: Compression | undefined;
  /** How its content begins and ends, as latin1 text. */
  readonly head: string;
  readonly tail: string;
  /** Bytes of content. */
  readonly bytes: number;
  /** Hexadecimal. */
  readonly digest?: string;
}

export interface FileSystem {
  readonly mountpoint: string;
  readonly fstype: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes an unprivileged user can still use. */
  readonly free: number;
}

/** What systeminformation says of the machine. A fact it cannot give is undefined, never empty or 0. */
export interface Machine {
  readonly hostname: string | undefined;
  readonly os: string | undefined;
  readonly osVersion: string | undefined;
  readonly kernel: string | undefined;
  readonly architecture: string | undefined;
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
  readonly virtual: boolean | undefined;
  readonly cpus: number | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  /** Unix seconds. */
  readonly booted: number | undefined;
  readonly fileSystems: readonly FileSystem[];
}

/** A document of the exporter's memory. */
export interface Remembered {
  /** Undefined when nothing was ever written, and when it is lost. */
  readonly document: unknown;
  /** Damage that was found; the document is then the one before. Gone after the next write. */
  readonly problems: readonly Problem[];
  /** Whether something was remembered and no generation of it could be read. */
  readonly lost: boolean;
}

/** What the exporter remembers between runs: one JSON document per name, written atomically, the one before kept beside it. */
export interface State {
  /** @throws CollectorError permission_denied. */
  readonly read: (name: string) => Promise<Remembered>;
  /** @throws CollectorError permission_denied or state_unwritable; what was remembered before is still there. */
  readonly write: (name: string, document: unknown) => Promise<void>;
}

/** A value of a column in SQLite. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** The outside world as collectors see it; only exporter/host.ts makes a real one. Every failure is a CollectorError with a reason. */
export interface Host {
  /** Runs a tool without a shell. @throws CollectorError tool_missing, permission_denied, timeout or output_too_large. */
  readonly run: (tool: string, args: readonly string[], options?: RunOptions) => Promise<ToolOutput>;
  /** Text of a file (bytes that are not UTF-8 become U+FFFD); undefined when it does not exist. @throws CollectorError permission_denied, output_too_large over 32 MiB. */
  readonly read: (path: string) => Promise<string | undefined>;
  /**
   * Text of a file that may be compressed (gzip, zstd, xz, bzip2, zchunk, told by its first bytes); undefined when it does not exist.
   * @throws CollectorError as `read`, output_too_large over 512 MiB of text, unexpected_output when it is cut off or damaged.
   */
  readonly readCompressed: (path: string) => Promise<string | undefined>;
  /**
   * Rows of an SQLite database, opened read-only; undefined when it does not exist.
   * @throws CollectorError permission_denied, unsupported on a Node.js without SQLite (before 22.5), unexpected_output.
   */
  readonly query: (
    database: string,
    sql: string,
  ) => Promise<readonly Readonly<Record<string, SqlValue>>[] | undefined>;
  /** The first bytes of a file, as latin1 text; undefined when it does not exist. */
  readonly head: (path: string, bytes: number) => Promise<string | undefined>;
  /** The last bytes of a file, as latin1 text; undefined when it does not exist. */
  readonly tail: (path: string, bytes: number) => Promise<string | undefined>;
  /**
   * Reads a file that may be compressed to its end without keeping it; undefined when it does not exist.
   * @throws CollectorError permission_denied, timeout, unexpected_output when it is cut off or damaged, tool_missing (xz, bzip2).
   */
  readonly readThrough: (path: string, options: ThroughOptions) => Promise<Through | undefined>;
  /** Names in a directory, sorted; undefined when it does not exist. @throws CollectorError permission_denied. */
  readonly list: (path: string) => Promise<readonly string[] | undefined>;
  /** Undefined when it does not exist. @throws CollectorError permission_denied. */
  readonly stat: (path: string) => Promise<FileStat | undefined>;
  /** Sends a message to a local (Unix) socket and reads until it closes. @throws CollectorError not_running when nobody listens, permission_denied, timeout. */
  readonly ask: (socket: string, message: string, timeout?: number) => Promise<string>;
  /**
   * Asks an HTTP server. Any status is an answer; redirects are not followed.
   * @throws CollectorError not_running, timeout, certificate_untrusted, output_too_large, tool_failed (cut off, no TLS).
   */
  readonly request: (url: string, options?: RequestOptions) => Promise<HttpAnswer>;
  /** Facts of the machine, through systeminformation. */
  readonly machine: () => Promise<Machine>;
  /** Unix seconds. */
  readonly now: () => number;
  /** Seconds after which this run is given up. Who asks several things in turn shares them out, so that one that hangs does not cost the rest. */
  readonly timeLimit: number;
  readonly state: State;
  /** Adds records to the evidence file. @throws CollectorError permission_denied or state_unwritable. */
  readonly evidence: (records: readonly Evidence[]) => Promise<void>;
}

/** A part of the question that stayed unanswered; the samples beside it are still true. */
export interface Problem {
  readonly reason: Reason;
  /** One sentence for the log and the landing page: what was attempted, what came back, what to do. */
  readonly message: string;
}

export interface Collection {
  readonly samples: readonly Sample[];
  /** Empty when everything could be answered. */
  readonly problems: readonly Problem[];
  /** The same facts under the names of another exporter, for those who ask for them. */
  readonly foreign?: readonly ForeignSample[];
}

/** One tool, read once per run. */
export interface Collector {
  /** File name, configuration key, flag value and `collector` label: one name everywhere. */
  readonly name: string;
  /** One line for `--help`, the landing page and the docs: what it reads. */
  readonly summary: string;
  /** Programs it runs, for the docs and for `init`. */
  readonly tools: readonly string[];
  /** What it needs beyond an unprivileged user, in one sentence; empty when nothing. */
  readonly rights: string;
  /** Every metric it can give, for the docs; a sample of any other is a defect. */
  readonly metrics: readonly MetricName[];
  /** Whether it runs when no configuration file names any collector. */
  readonly byDefault: boolean;
  /** Default seconds between runs. */
  readonly interval: number;
  /** Default seconds after which a run is given up. */
  readonly timeout: number;
  /** Its own configuration keys; strict. `interval` and `timeout` are understood for every collector. */
  readonly settings: z.ZodObject;
  /** A configuration to show in the docs; it must be valid, and is what the conformance tests use. */
  readonly example: Readonly<Record<string, unknown>>;
  /** What `init` writes for this host, or undefined (or a CollectorError) when the tool is not here. */
  readonly detect: (host: Host) => Promise<Readonly<Record<string, unknown>> | undefined>;
  /**
   * Reads the host once. Returns only what was measured; what could not be is a problem.
   * @throws CollectorError (or any Error, which becomes internal_error) when nothing could be answered.
   */
  readonly collect: (host: Host, settings: unknown) => Promise<Collection>;
}

/** Makes a collector whose `collect` receives its settings checked and typed. */
export function defineCollector<S extends z.ZodObject>(
  definition: Omit<Collector, 'settings' | 'collect'> & {
    readonly settings: S;
    readonly collect: (host: Host, settings: z.infer<S>) => Promise<Collection>;
  },
): Collector {
  return {
    ...definition,
    collect: (host, settings) => definition.collect(host, definition.settings.parse(settings)),
  };
}

/** A failure with a reason from the closed list. */
export class CollectorError extends Error {
  readonly reason: Reason;
  /** Id of a process that was told to end and need not have done so: one in uninterruptible sleep never does. */
  readonly leftBehind: number | undefined;

  constructor(
    reason: Reason,
    message: string,
    options?: ErrorOptions & { readonly leftBehind?: number | undefined },
  ) {
    super(message, options);
    this.name = 'CollectorError';
    this.reason = reason;
    this.leftBehind = options?.leftBehind;
  }
}

/** The whole run was ended while it asked: no finding about what was asked. Who goes on after failures lets this one through. */
export class RunEndedError extends CollectorError {}

/**
 * A failure as the problem it leaves behind. One without a reason is a defect in the exporter.
 * @param about what was asked, where one collector asks several things; stands before the message.
 */
export function problemOf(error: unknown, about?: string): Problem {
  const message = error instanceof Error ? error.message : String(error);
  return {
    reason: error instanceof CollectorError ? error.reason : 'internal_error',
    message: about === undefined ? message : `${about}: ${message}`,
  };
}
