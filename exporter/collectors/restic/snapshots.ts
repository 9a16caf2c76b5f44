import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import type { RestorePoint } from '../backup/facts.ts';

const count = z.number().nonnegative().optional().catch(undefined);
const text = z.string().optional().catch(undefined);
const texts = z.array(z.string()).nullish().catch(undefined);

/** restic 0.17 and newer record what a backup run did; older ones do not. */
const summarySchema = z.object({
  backup_start: text,
  backup_end: text,
  data_added: count,
  total_files_processed: count,
  total_bytes_processed: count,
});

const time = z.string().transform((written, context) => {
  const seconds = parseTime(written);
  if (seconds !== undefined) return seconds;
  context.addIssue(`not a time: ${written}`);
  return z.NEVER;
});

const snapshotSchema = z.object({
  time,
  hostname: text,
  paths: texts,
  tags: texts,
  summary: summarySchema.optional().catch(undefined),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Which snapshots of a repository belong to a job: this host, all of these tags, all of these paths. */
export interface SnapshotFilter {
  readonly host?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
}

/**
 * Reads what `restic snapshots --json` printed. An empty repository is `[]` (`null` in old versions). Other lines
 * are passed over: restic 0.19.0 printed its progress into the JSON output
 * (https://github.com/restic/restic/issues/21891).
 * @throws CollectorError unexpected_output when there is no whole list in it, or one of the snapshots has no time.
 */
export function parseSnapshots(stdout: string): readonly Snapshot[] {
  const list = parseList(stdout) ?? findList(stdout.split('\n'));
  if (list === undefined)
    throw new CollectorError('unexpected_output', 'restic printed no whole list of snapshots as JSON');
  return list.map((entry) => {
    const result = snapshotSchema.safeParse(entry);
    if (result.success) return result.data;
    throw new CollectorError(
      'unexpected_output',
      `restic listed something that is not a snapshot: ${result.error.issues[0]?.message}`,
      { cause: result.error },
    );
  });
}

function findList(lines: readonly string[]): readonly unknown[] | undefined {
  for (const line of lines) {
    const list = parseList(line);
    if (list !== undefined) return list;
  }
  return undefined;
}

function parseList(line: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (value === null) return [];
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Seconds since 1970 of a time as restic writes it: RFC 3339 with up to nanoseconds and the zone of the machine that
 * made the backup (`2026-11-22T05:41:47.404121805+09:00`). Undefined for anything else.
 */
export function parseTime(value: string | undefined): number | undefined {
  const [, date, fraction, zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value ?? '') ?? [];
  if (date === undefined || zone === undefined) return undefined;
  const milliseconds = Date.parse(`${date}${zone}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000 + Number(`0${fraction ?? ''}`);
}

export function belongs(snapshot: Snapshot, { host, tags = [], paths = [] }: SnapshotFilter): boolean {
  return (
    (host === undefined || snapshot.hostname === host) &&
    tags.every((tag) => snapshot.tags?.includes(tag)) &&
    paths.every((path) => snapshot.paths?.includes(path))
  );
}

/**
 * Snapshots as restore points. One is dated by its own time, when the run began: what changed after that may not be in it, and
 * nothing shall look newer than it is.
 */
export function restorePoints(snapshots: readonly Snapshot[]): readonly RestorePoint[] {
  return snapshots.map(({ time: taken, summary }) => {
    const started = parseTime(summary?.backup_start);
    const ended = parseTime(summary?.backup_end);
    const duration = started === undefined || ended === undefined ? undefined : ended - started;
    return {
      time: taken,
      started,
      duration: duration === undefined || duration < 0 ? undefined : duration,
      bytes: summary?.total_bytes_processed,
      addedBytes: summary?.data_added,
      files: summary?.total_files_processed,
    };
  });
}
