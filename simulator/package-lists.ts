import { day, hour } from './calendar.ts';
import type { Fault } from './faults.ts';
import { edges, spanAt, starts, type Track, trackOf, valueAt } from './track.ts';
import type { BlindFault } from './world.ts';

/** When the repositories of the distribution last published before an instant: every six hours, here two hours later. */
function published(instant: number): number {
  return Math.floor((instant - 2 * hour) / (6 * hour)) * 6 * hour;
}

/** When the firmware service last published: every midnight. */
export function firmwarePublished(instant: number): number {
  return Math.floor(instant / day) * day;
}

/** How far the lists of a host lag behind, over time. */
export interface PackageLists {
  /** Those its mirror does not renew. */
  readonly stale: readonly Fault[];
  /** Those it never fetched anew, so that the collector does not believe them. */
  readonly outdated: readonly BlindFault[];
  /** Whether their age is told: also of those too old to be believed. */
  readonly told: Track<boolean>;
}

export function packageLists(
  faults: readonly Fault[],
  blind: readonly BlindFault[],
  up: Track<boolean>,
  apt: Track<boolean>,
): PackageLists {
  const outdated = blind.filter(
    ({ collector, reason }) => collector === 'apt' && reason === 'metadata_stale',
  );
  return {
    stale: faults.filter(({ kind }) => kind === 'mirror_stale'),
    outdated,
    told: trackOf(
      [...starts(up), ...starts(apt), ...edges(outdated)],
      (instant) =>
        valueAt(up, instant) === true &&
        (valueAt(apt, instant) === true || spanAt(outdated, instant) !== undefined),
    ),
  };
}

/** When the package lists of a host were published, unix seconds. */
export function listsPublished({ stale, outdated }: PackageLists, instant: number): number {
  const until = spanAt(stale, instant)?.from ?? instant;
  return published(until) - (spanAt(outdated, instant) === undefined ? 0 : 9 * day);
}
