import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import type { RestorePoint } from '../backup/facts.ts';

const count = z.number().nonnegative().optional().catch(undefined);

/** Go writes RFC 3339 in UTC with up to nanoseconds (fs.UTCTimestamp). */
const time = z.string().transform((written, context) => {
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(written)
    ? Date.parse(written)
    : NaN;
  // A snapshot without an end has Go's zero time or that of 1970.
  if (milliseconds > 0) return milliseconds / 1000;
  context.addIssue(`not a time: ${written}`);
  return z.NEVER;
});

/** A snapshot manifest; see snapshot/manifest.go and fs/entry.go (DirectorySummary) of kopia. */
const manifestSchema = z.object({
  id: z.string().optional(),
  source: z.object({ host: z.string(), userName: z.string(), path: z.string() }),
  startTime: time,
  endTime: time.optional().catch(undefined),
  /** Why it is not complete: `canceled`, `checkpoint`, `limit reached` (upload.go). */
  incomplete: z.string().optional(),
  stats: z
    .object({
      totalSize: count,
      fileCount: count,
      errorCount: count,
      ignoredErrorCount: count,
      readErrors: count,
    })
    .optional(),
  rootEntry: z
    .object({
      summ: z
        .object({
          size: count,
          files: count,
          numFailed: count,
          numIgnoredErrors: count,
          incomplete: z.string().optional(),
        })
        .optional(),
    })
    .nullish(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Reads what `kopia snapshot list --json` printed: one list. Lines before it are passed over.
 * @throws CollectorError unexpected_output when there is no whole list in it, or something in it is no snapshot.
 */
export function parseSnapshots(stdout: string): readonly Manifest[] {
  const list = parseJson(stdout.slice(Math.max(stdout.search(/^\[/m), 0)));
  if (!Array.isArray(list))
    throw new CollectorError('unexpected_output', 'kopia printed no whole list of snapshots as JSON');
  return list.map((entry: unknown) => {
    const parsed = manifestSchema.safeParse(entry);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new CollectorError(
      'unexpected_output',
      `kopia listed something that is not a snapshot (${issue?.path.join('.')}: ${issue?.message})`,
      { cause: parsed.error },
    );
  });
}

/** A manifest as `kopia snapshot create --json` prints it; undefined when it is none. */
export function parseManifest(text: string): Manifest | undefined {
  return manifestSchema.safeParse(parseJson(text)).data;
}

/** A source as kopia writes it: `user@host:/path` (snapshot.SourceInfo). */
export function sourceOf({ source: { userName, host, path } }: Manifest): string {
  return `${userName}@${host}:${path}`;
}

/** Errors that are in a snapshot because of which something is missing in it, and errors the policy told kopia to ignore. */
export function errorsIn({ stats, rootEntry }: Manifest): {
  readonly fatal: number;
  readonly ignored: number;
} {
  const summary = rootEntry?.summ;
  return {
    fatal: Math.max(stats?.errorCount ?? 0, stats?.readErrors ?? 0, summary?.numFailed ?? 0),
    ignored: Math.max(stats?.ignoredErrorCount ?? 0, summary?.numIgnoredErrors ?? 0),
  };
}

/** What is missing in a snapshot, in words; undefined when nothing is. */
export function missingIn(manifest: Manifest, ignoredAccepted: boolean): string | undefined {
  const reason = manifest.incomplete ?? manifest.rootEntry?.summ?.incomplete;
  const { fatal, ignored } = errorsIn(manifest);
  if (reason !== undefined && reason !== '') return `it is incomplete (${reason})`;
  if (manifest.rootEntry === undefined || manifest.rootEntry === null) return 'it has no root';
  if (manifest.endTime === undefined) return 'it has no end';
  if (fatal > 0) return `${fatal} files or directories could not be read`;
  if (ignored > 0 && !ignoredAccepted) return `${ignored} errors were ignored, as the policy of kopia says`;
  return undefined;
}

/** @param ignoredAccepted whether a snapshot in which errors were ignored counts as complete. */
export function pointOf(manifest: Manifest, ignoredAccepted: boolean): RestorePoint {
  const { startTime: started, endTime: ended, rootEntry, stats } = manifest;
  const summary = rootEntry?.summ;
  const duration = ended === undefined || ended < started ? undefined : ended - started;
  return {
    time: ended ?? started,
    started,
    duration,
    incomplete: missingIn(manifest, ignoredAccepted) !== undefined,
    // stats.fileCount leaves out files taken over from the snapshot before, in versions before 0.9; the summary counts all.
    bytes: summary?.size ?? stats?.totalSize,
    files: summary?.files,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
