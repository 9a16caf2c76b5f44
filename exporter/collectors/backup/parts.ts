import type { RestorePoint } from './facts.ts';

/**
 * Restore points of a job that consists of several parts (sources, datasets) which are listed one by one. The newest of each
 * are one, the ones before them the next, and so on: there are as many as the part with the fewest has, each is as old as the
 * oldest in it, and something is missing in it when it is in any. One fresh part says nothing of the others.
 */
export function together(parts: readonly (readonly RestorePoint[])[]): readonly RestorePoint[] {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const sorted = parts.map((points) => points.toSorted((a, b) => b.time - a.time));
  const count = Math.min(...sorted.map((points) => points.length));
  if (!Number.isFinite(count)) return [];
  return Array.from({ length: count }, (_, at) => combined(sorted.flatMap((points) => points[at] ?? [])));
}

function combined(points: readonly RestorePoint[]): RestorePoint {
  return {
    time: Math.min(...points.map(({ time }) => time)),
    incomplete: points.some(({ incomplete }) => incomplete === true),
    bytes: sum(points.map(({ bytes }) => bytes)),
    addedBytes: sum(points.map(({ addedBytes }) => addedBytes)),
    files: sum(points.map(({ files }) => files)),
  };
}

/** Undefined when one of them is unknown. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known.reduce((total, value) => total + value, 0) : undefined;
}
