import type { RestorePoint, ToolRun } from '../backup/facts.ts';
import type { RunOutcome } from '../../job-record.ts';

/** A directory `<level>.<n>` of rsnapshot. */
export interface SnapshotDirectory {
  readonly level: string;
  readonly number: number;
  /** Its modification time, unix seconds: rsnapshot sets it when the data are there (touch_interval_dir), and renaming keeps it. */
  readonly time: number;
}

/** A run that copied data, in unix seconds. */
export interface CopyRun {
  readonly started: number | undefined;
  readonly ended: number;
  readonly outcome: RunOutcome;
}

/** Between what the log says and the time of a directory, seconds; both are whole seconds of one clock. */
const slack = 2;

/**
 * Restore points with what the log says of the run that made them. rsnapshot dates a directory also when every rsync failed and
 * old data stand in it (rollback_failed_backups, or the hard links made before), so the date alone proves nothing.
 * @param running whether a run that changes the newest one is under way: it does not count until it is finished.
 * @returns `newestKnown`: whether any run is on record that tells of the newest one.
 */
export function pointsOf(
  directories: readonly SnapshotDirectory[],
  runs: readonly CopyRun[],
  lowest: string,
  running: boolean,
): { readonly points: readonly RestorePoint[]; readonly newestKnown: boolean } {
  const finished = directories.filter(({ level, number }) => !(running && level === lowest && number === 0));
  const last = runs.at(-1);
  const points = finished.map(({ level, number, time }): RestorePoint => {
    const newest = level === lowest && number === 0;
    const made = madeBy(time, runs);
    // Where no run fits (its zone is another one, the log is cut off), the last one may have left its data in the newest.
    const run = made ?? (newest ? last : undefined);
    return {
      time,
      started: made?.started,
      incomplete:
        (newest && last?.outcome === 'interrupted') || (run !== undefined && run.outcome !== 'success'),
    };
  });
  return { points, newestKnown: points.length === 0 || last !== undefined };
}

/** The run in which a directory was dated. One that failed before it began dates none. */
function madeBy(time: number, runs: readonly CopyRun[]): CopyRun | undefined {
  const during = (allowance: number) =>
    runs.findLast(
      ({ started, ended }) =>
        started !== undefined && started - allowance <= time && time <= ended + allowance,
    );
  return during(0) ?? during(slack);
}

export function lastRunOf(runs: readonly CopyRun[]): ToolRun | undefined {
  const last = runs.at(-1);
  return last === undefined ? undefined : { ended: last.ended, outcome: last.outcome };
}
