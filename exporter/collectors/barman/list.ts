import { z } from 'zod';
import { answerOf, seconds } from './json.ts';

/** Statuses of a backup (barman/infofile.py, BackupInfo); DONE and WAITING_FOR_WALS have been copied. */
const statuses = ['EMPTY', 'STARTED', 'FAILED', 'WAITING_FOR_WALS', 'DONE', 'SYNCING'] as const;

const listSchema = z.array(
  z.object({
    /** When it was named, in the local time of barman: `20261121T175456`. */
    backup_id: z.string().regex(/^\d{8}T\d{6}/, 'expected a date and a time'),
    status: z.enum(statuses),
    /** Unix seconds, as text; only of a backup that has been copied. */
    end_time_timestamp: seconds.nullish(),
    /** The base backup with the WAL it needs. */
    size_bytes: z.number().nonnegative().nullish(),
  }),
);

/** A backup as barman lists it. */
export interface ListedBackup {
  readonly id: string;
  readonly status: (typeof statuses)[number];
  /** Unix seconds; of one that has been copied. */
  readonly ended: number | undefined;
  readonly bytes: number | undefined;
}

/**
 * Backups of a server from `barman -f json list-backup`, the newest first.
 * @throws CollectorError unexpected_output, also for a backup that was copied and has no end.
 */
export function parseListBackup(text: string, server: string): readonly ListedBackup[] {
  const listed = answerOf('list-backup', text, server, listSchema.superRefine(everyEndIsThere));
  return listed
    .map((backup) => ({
      id: backup.backup_id,
      status: backup.status,
      ended: isCopied(backup.status) ? (backup.end_time_timestamp ?? undefined) : undefined,
      bytes: backup.size_bytes ?? undefined,
    }))
    .toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

function isCopied(status: ListedBackup['status']): boolean {
  return status === 'DONE' || status === 'WAITING_FOR_WALS';
}

function everyEndIsThere(list: z.infer<typeof listSchema>, context: z.RefinementCtx): void {
  for (const [at, { status, end_time_timestamp: end }] of list.entries())
    if (isCopied(status) && (end === undefined || end === null))
      context.addIssue({ code: 'custom', path: [at, 'end_time_timestamp'], message: 'expected a time' });
}
