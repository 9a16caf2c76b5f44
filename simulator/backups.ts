import { day, days } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { BackupJob, SimulatedHost } from './fleet.ts';
import { between, random } from './random.ts';
import { spanAt, type Track } from './track.ts';

/** What the repository of a job shows. Undefined facts: there is no restore point. */
export interface BackupState {
  /** Start of the run that made the newest restore point, unix seconds. */
  readonly lastSuccess: number | undefined;
  /** Seconds. */
  readonly duration: number;
  /** Bytes of source data. */
  readonly size: number;
  /** Bytes. */
  readonly added: number;
  readonly files: number;
  readonly restorePoints: number;
}

/** One time the job had to run. */
export interface BackupRun {
  /** Unix seconds. */
  readonly from: number;
  /** When its restore point was there, had it succeeded. */
  readonly to: number;
  readonly success: boolean;
}

const none: BackupState = {
  lastSuccess: undefined,
  duration: 0,
  size: 0,
  added: 0,
  files: 0,
  restorePoints: 0,
};

/** Restore points kept of one job. */
const kept = 30;

/** Seconds between two runs. */
export function intervalOf(job: BackupJob): number {
  return job.weekday === undefined ? day : 7 * day;
}

/** Plays the runs of a job from `start` (with two weeks of run-up) to `end`; a job is not there before it was set up. */
export function backups(
  host: SimulatedHost,
  job: BackupJob,
  faults: readonly Fault[],
  seed: number,
  start: number,
  end: number,
): { readonly states: Track<BackupState>; readonly runs: readonly BackupRun[] } {
  const next = random(seed, host.instance, job.name);
  const failing = faults.filter((fault) => fault.kind === 'backup_failing' && fault.job === job.name);
  const begin = Math.max(start - 15 * day, job.since);
  const track: { from: number; value: BackupState }[] = [{ from: begin, value: none }];
  const runs: BackupRun[] = [];
  let files = between(next, 40_000, 400_000);
  for (const { instant, weekday } of days(host.zone, begin, end, job.hours, 30)) {
    if (job.weekday !== undefined && weekday !== job.weekday) continue;
    const from = instant + between(next, 0, 600);
    const duration = between(next, 600, 2100);
    files += between(next, 0, 60);
    const rare = next() < 0.006 && from > start;
    const success = !rare && spanAt(failing, from) === undefined;
    runs.push({ from, to: from + duration, success });
    if (!success) continue;
    const last = track.at(-1)?.value ?? none;
    track.push({
      from: from + duration,
      value: {
        lastSuccess: from,
        duration,
        size: files * 310_000,
        added: between(next, 200, 4000) * 1_000_000,
        files,
        restorePoints: Math.min(kept, last.restorePoints + 1),
      },
    });
  }
  return { states: track, runs };
}
