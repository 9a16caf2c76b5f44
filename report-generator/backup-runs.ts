import type { Runs } from './facts/backups.ts';
import type { Period } from './period.ts';

/** What was told of a job at one instant: when its newest complete restore point was taken (unix seconds), or that there is none. */
export interface Look {
  readonly at: number;
  /** Undefined when it is known that there is none. */
  readonly newest: number | undefined;
}

export interface SeenJob {
  /** Seconds between two runs. */
  readonly interval: number;
  /** When something was told of its restore points, oldest first. */
  readonly looks: readonly Look[];
  /** First instant in the month at which the job was named, and whether it was there when the month began. */
  readonly since: number;
  readonly isOld: boolean;
  /** Until when it had to run: the end of the month, or when it was taken away. */
  readonly until: number;
}

/** A run that takes longer, or begins later, counts in the next month; in seconds. */
const longestGrace = 6 * 3600;

/** How long after it was due a run may still be under way, in seconds. */
export function graceOf(interval: number): number {
  return Math.min(longestGrace, interval / 4);
}

/**
 * Runs that made a complete restore point, of those due. The schedule is read from the restore points themselves: between
 * two of them as many runs were due as intervals fit, and the earlier ones did not succeed. Restore points closer than half
 * an interval are one run, so that repeating a run makes up for no other. Whether a run that left no trace failed is known
 * only where something older was still the newest restore point after the run was due; else it is unknown.
 *
 * Every instant is moved by the grace: what was due six hours before the month ends is over by then.
 */
export function runsOf(job: SeenJob, { start, end }: Pick<Period, 'start' | 'end'>): Runs {
  const { interval, looks, since, isOld } = job;
  const grace = graceOf(interval);
  const [from, until] = [start - grace, Math.min(end, job.until) - grace];
  const counted = { succeeded: 0, missed: 0, unknown: 0 };
  const points = thinned(looks, interval);
  const inside = (instant: number): boolean => from <= instant && instant < until;
  const judge = (due: number): void => {
    if (!inside(due)) return;
    const proof = looks.some(({ at, newest = -Infinity }) => at >= due + grace && newest < due);
    counted[proof ? 'missed' : 'unknown'] += 1;
  };
  // Without a restore point to count from: the middle of the first interval, or a whole one after the job was set up.
  let anchor = isOld ? from - interval / 2 : since;
  for (const point of points) {
    const gaps = Math.max(1, Math.round((point - anchor) / interval));
    const length = (point - anchor) / gaps;
    if (point >= from) for (let gap = 1; gap < gaps; gap += 1) judge(anchor + gap * length);
    if (inside(point)) counted.succeeded += 1;
    anchor = point;
  }
  for (let due = anchor + interval; due < until; due += interval) judge(due);
  return counted;
}

/** When restore points were taken, without those that repeat a run. */
function thinned(looks: readonly Look[], interval: number): readonly number[] {
  const points: number[] = [];
  const all = new Set(looks.flatMap(({ newest }) => newest ?? []));
  for (const point of [...all].toSorted((one, other) => one - other)) {
    const last = points.at(-1);
    if (last === undefined || point - last >= interval / 2) points.push(point);
  }
  return points;
}
