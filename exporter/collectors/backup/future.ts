import type { Problem } from '../../collector.ts';
import type { RestorePoint } from './facts.ts';

/** Clocks of two machines may differ by this much, seconds. */
const tolerance = 300;

/**
 * Restore points that are dated in the future, by a wrong clock where the backup was made, are no success until that time has come:
 * one of them would look fresh for years, whatever happens after it.
 * @param now unix seconds.
 */
export function distrustFuture(
  job: string,
  points: readonly RestorePoint[],
  now: number,
): { readonly points: readonly RestorePoint[]; readonly problems: readonly Problem[] } {
  const isFuture = ({ time }: RestorePoint) => time > now + tolerance;
  const future = points.filter(isFuture);
  const [first] = future;
  if (first === undefined) return { points, problems: [] };
  return {
    points: points.map((point) => (isFuture(point) ? { ...point, incomplete: true } : point)),
    problems: [
      {
        reason: 'clock_wrong',
        message: `backup job ${job}: restore points are dated in the future (${future.length}, one of them ${new Date(first.time * 1000).toISOString()}) and count as incomplete until then; set the clock of the machine that makes the backups`,
      },
    ],
  };
}
