import { z } from 'zod';
import { answerOf, seconds } from './json.ts';

const size = z.number().nonnegative().nullish();

const showSchema = z.object({
  backup_id: z.string(),
  /** Size of the database; since 3.11 or so. */
  cluster_size_bytes: size,
  base_backup_information: z
    .object({
      begin_time_timestamp: seconds.nullish(),
      end_time_timestamp: seconds.nullish(),
      /** What lies on disk: its name until 3.10, and since. */
      disk_usage_bytes: size,
      backup_size_bytes: size,
      /** Without files that are hard links into the backup before (rsync with reuse_backup). */
      incremental_size_bytes: size,
    })
    .nullish(),
});

/** What `show-backup` tells beyond the list. */
export interface BackupDetail {
  readonly id: string;
  /** Unix seconds. */
  readonly begun: number | undefined;
  /** Seconds from the beginning to the end. */
  readonly duration: number | undefined;
  /** Size of the database where it is told, else of the copy. */
  readonly bytes: number | undefined;
  /** What the backup takes in the repository. */
  readonly addedBytes: number | undefined;
}

/** Reads `barman -f json show-backup SERVER latest`. @throws CollectorError unexpected_output. */
export function parseShowBackup(text: string, server: string): BackupDetail {
  const shown = answerOf('show-backup', text, server, showSchema);
  const base = shown.base_backup_information;
  const begun = base?.begin_time_timestamp ?? undefined;
  const ended = base?.end_time_timestamp ?? undefined;
  const copy = base?.backup_size_bytes ?? base?.disk_usage_bytes ?? undefined;
  return {
    id: shown.backup_id,
    begun,
    duration: begun !== undefined && ended !== undefined && ended >= begun ? ended - begun : undefined,
    bytes: shown.cluster_size_bytes ?? copy,
    addedBytes: base?.incremental_size_bytes ?? copy,
  };
}
