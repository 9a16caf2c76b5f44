import type { RestorePoint } from '../backup/facts.ts';
import type { Candidate } from './candidates.ts';

/** What must be there together to restore a job: one dump of each pattern. */
export type DumpSet = readonly Candidate[];

/**
 * The newest of each pattern are a set, the ones before them the next, and so on: a job has as many restore points as the pattern
 * with the fewest dumps, and each is as old as the oldest dump in it. One fresh dump of two says nothing of the other.
 * @param patterns newest first.
 */
export function setsOf(patterns: readonly (readonly Candidate[])[]): readonly DumpSet[] {
  const count = Math.min(...patterns.map((dumps) => dumps.length));
  return Array.from({ length: count }, (_, at) => patterns.flatMap((dumps) => dumps[at] ?? []));
}

export function pointOf(set: DumpSet, incomplete: boolean): RestorePoint {
  const sizes = set.map(({ bytes }) => bytes);
  const known = sizes.filter((size) => size !== undefined);
  const bytes = known.length === sizes.length ? known.reduce((sum, size) => sum + size, 0) : undefined;
  return {
    time: Math.min(...set.map(({ time }) => time)),
    incomplete,
    files: set.length,
    bytes,
    addedBytes: bytes,
  };
}
