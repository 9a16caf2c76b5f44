import { day, days } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { SimulatedHost } from './fleet.ts';
import { spanAt, type Track } from './track.ts';

/** The newest self-test that came to a verdict. */
export interface SelfTest {
  /** When it ended, unix seconds: disks count in hours. */
  readonly at: number;
  readonly success: boolean;
  /** How many the disk has on record; it keeps twenty-one. */
  readonly logged: number;
}

/** Plays the extended test of one disk on Saturday mornings from `start` (with two weeks of run-up) to `end`. */
export function selfTests(
  host: SimulatedHost,
  {
    faults,
    failing,
    start,
    end,
  }: {
    /** Those of the host. */
    readonly faults: readonly Fault[];
    /** When a test of this disk finds damage. */
    readonly failing: readonly Fault[];
    readonly start: number;
    readonly end: number;
  },
): Track<SelfTest> {
  const stopped = faults.filter(({ kind }) => kind === 'self_tests_stopped');
  return [...days(host.zone, start - 15 * day, end, 6)]
    .filter(({ instant, weekday }) => weekday === 6 && spanAt(stopped, instant) === undefined)
    .map(({ instant: at }, index) => ({
      from: at,
      value: { at, success: spanAt(failing, at) === undefined, logged: Math.min(21, index + 1) },
    }));
}
