import { day } from './calendar.ts';
import type { Fault } from './faults.ts';
import { between, random } from './random.ts';
import { edges, spanAt, type Track, trackOf } from './track.ts';

export interface AntivirusState {
  readonly running: boolean;
  /** When the vendor built the daily definitions on disk, unix seconds. */
  readonly onDisk: number;
  /** The same for those the agent last loaded. */
  readonly loaded: number;
}

/** When the vendor built the databases that change once in years, unix seconds before the first day of history. */
export const oldDatabases = { main: 1900 * day, bytecode: 640 * day } as const;

/** Plays the antivirus agent of a host from `start` to `end`: the vendor builds once a day, hosts fetch it two hours later. */
export function antivirus(
  faults: readonly Fault[],
  seed: number,
  start: number,
  end: number,
): Track<AntivirusState> {
  const builds = vendorBuilds(seed, start - 3 * day, end);
  const stuck = faults.filter((fault) => fault.kind === 'definitions_stuck');
  const notLoaded = faults.filter((fault) => fault.kind === 'definitions_not_loaded');
  const stopped = faults.filter(({ kind }) => kind === 'antivirus_stopped');
  const fetched = (instant: number): number => {
    const until = spanAt(stuck, instant)?.from ?? instant;
    return builds.findLast((build) => build + delay <= until) ?? start - 3 * day;
  };
  return trackOf(
    [start, ...builds.map((build) => build + delay), ...edges([...stuck, ...notLoaded, ...stopped])].filter(
      (instant) => instant >= start,
    ),
    (instant) => ({
      running: spanAt(stopped, instant) === undefined,
      onDisk: fetched(instant),
      loaded: fetched(spanAt(notLoaded, instant)?.from ?? instant),
    }),
    (a, b) => a.running === b.running && a.onDisk === b.onDisk && a.loaded === b.loaded,
  );
}

const delay = 7200;

/** One build a day, the same for the whole fleet. */
function vendorBuilds(seed: number, start: number, end: number): readonly number[] {
  const next = random(seed, 'definitions');
  const builds = [];
  for (let midnight = Math.floor(start / day) * day; midnight < end; midnight += day) {
    builds.push(midnight + 27_000 + between(next, 0, 5400));
  }
  return builds;
}
