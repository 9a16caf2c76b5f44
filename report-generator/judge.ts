import type { Indicator, Verdict } from './snapshot.ts';

/** What a verdict rests on. */
export type Judged = Pick<Indicator, 'value' | 'reason' | 'target' | 'better' | 'coverage'>;

/** Of the objects, over the month: with less, no target counts as met. */
const enough = 0.8;

/**
 * What a month is worth, with everything unknown counted against it.
 *
 * - A share (better high) already counts unknown objects as not in order. Its worst case counts the unwatched time so,
 *   too; its best case takes every unknown object and all unwatched time as in order.
 * - met: even the worst case reaches the target, and at least 80% was known. missed: even the best case does not.
 *   unknown: the unknown part decides, or under 80% was known.
 * - Where less is better, what nobody saw has no upper end: met needs everything watched.
 * - Without a target: plain, or unknown when under 80% was known. Nothing expected, nothing happened: plain.
 */
export function judge({ value, reason, target, better, coverage }: Judged): Verdict {
  const { objects, time } = coverage;
  const known = (objects ?? 1) * time;
  if (value === null) {
    if (reason === 'nothing_expected') return 'plain';
    if (reason !== 'nothing_happened') return 'none';
    return known < enough ? 'unknown' : 'plain';
  }
  if (target === null) return known < enough ? 'unknown' : 'plain';
  if (better === 'low') {
    if (value > target) return 'missed';
    return known === 1 ? 'met' : 'unknown';
  }
  const worst = value * time;
  const best = Math.min(1, value + 1 - (objects ?? 1)) * time + 1 - time;
  if (worst >= target && known >= enough) return 'met';
  // Sums of shares are not exact.
  return best < target - 1e-12 ? 'missed' : 'unknown';
}
