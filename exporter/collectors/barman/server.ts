import type { BackupFacts, RestorePoint, ToolRun } from '../backup/facts.ts';
import type { BackupDetail } from './detail.ts';
import { offsetOf, timeOf } from './id-time.ts';
import type { ListedBackup } from './list.ts';

/** Clocks of two machines may differ by this much, seconds; a run dated later than that tells nothing of today. */
const tolerance = 300;

/**
 * Facts of a server in barman. DONE is a restore point; WAITING_FOR_WALS is one that lacks WAL and cannot be restored yet;
 * FAILED is a run that left none; the others are under way, or never ended when a newer one is there.
 * @param backups the newest first.
 * @param detail of the newest one that was copied.
 * @param now unix seconds.
 */
export function serverFacts(
  backups: readonly ListedBackup[],
  detail: BackupDetail | undefined,
  now: number,
): BackupFacts & { readonly restorePoints: readonly RestorePoint[] } {
  const offset = detail === undefined ? undefined : offsetOf(detail.id, detail.begun);
  const begun = (backup: ListedBackup) => {
    const told = backup.id === detail?.id ? detail.begun : undefined;
    const named = told ?? timeOf(backup.id, offset);
    // A zone that had to be guessed must not put anything into the future.
    return named === undefined ? undefined : Math.min(named, Math.floor(now));
  };
  const [newest] = backups;
  return {
    readable: true,
    restorePoints: backups.flatMap((backup) => restorePoint(backup, detail)),
    lastRun: backups
      .map((backup, at) => runOf(backup, at === 0, begun))
      .find((run) => run !== undefined && run.ended <= now + tolerance),
    runningSince: newest !== undefined && isOpen(newest) ? begun(newest) : undefined,
  };
}

function isOpen({ status }: ListedBackup): boolean {
  return status === 'STARTED' || status === 'EMPTY' || status === 'SYNCING';
}

function restorePoint(
  { id, status, ended, bytes }: ListedBackup,
  detail: BackupDetail | undefined,
): readonly RestorePoint[] {
  if (ended === undefined) return [];
  const more = detail?.id === id ? detail : undefined;
  return [
    {
      time: ended,
      started: more?.begun,
      incomplete: status !== 'DONE',
      duration: more?.duration,
      bytes: more?.bytes ?? bytes,
      addedBytes: more?.addedBytes,
    },
  ];
}

/** How a run ended, undefined while it may be under way. Of one that failed or broke off only its beginning is known. */
function runOf(
  backup: ListedBackup,
  isNewest: boolean,
  begun: (backup: ListedBackup) => number | undefined,
): ToolRun | undefined {
  if (backup.ended !== undefined)
    return { ended: backup.ended, outcome: backup.status === 'DONE' ? 'success' : 'partial' };
  const started = begun(backup);
  if (started === undefined || backup.status === 'SYNCING') return undefined;
  if (backup.status === 'FAILED') return { ended: started, outcome: 'failure' };
  return isNewest ? undefined : { ended: started, outcome: 'interrupted' };
}
