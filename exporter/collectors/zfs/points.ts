import type { RestorePoint } from '../backup/facts.ts';
import type { Snapshot } from './list.ts';

/** Restore points of one dataset, or why there is nothing to say. */
export type Points = { readonly points: readonly RestorePoint[] } | { readonly problem: string };

/**
 * @param snapshots of one dataset.
 * @param source GUIDs of the snapshots it is replicated from, where that can be seen. A snapshot that the receiving side takes of
 *   what it has is new and holds old data: nothing newer than the newest common one counts.
 */
export function pointsOf(snapshots: readonly Snapshot[], source: ReadonlySet<string> | undefined): Points {
  const common = source === undefined ? snapshots : snapshots.filter(({ guid }) => source.has(guid));
  if (snapshots.length > 0 && common.length === 0)
    return { problem: 'no snapshot is there on both sides, so nothing more can be sent on top of it' };
  const newest = Math.max(...common.map(({ taken }) => taken));
  return {
    points: snapshots
      .filter(({ taken, guid }) => taken < newest || source === undefined || source.has(guid))
      .map(({ taken, bytes }) => ({ time: taken, bytes })),
  };
}
