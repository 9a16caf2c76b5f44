import { monthFrom } from './format.ts';
import type { Indicator, Snapshot } from './snapshot.ts';
import type { Comparison, Score } from './words/words.ts';

/** The value of a month, with the share of the month that was watched. */
interface MonthValue {
  readonly value: number;
  readonly time: number;
}

/** Of the time of a month: what is known of less is no measure for another month. */
const enough = 0.8;

/** The month before; undefined when it has no value. */
export function valueBefore({ trend }: Indicator): MonthValue | undefined {
  const { value = null, time = 0 } = trend.at(-2) ?? {};
  return value === null ? undefined : { value, time };
}

/** Whether any month of the trend before this one has a value. */
export function hasEarlier({ trend }: Indicator): boolean {
  return trend.slice(0, -1).some(({ value }) => value !== null);
}

/**
 * Whether a change can be called better or worse. What was not watched has no upper end where less is better, nor have
 * objects nobody knows: a rise of the few that are known is no improvement of all.
 */
export function comparable({ better, coverage }: Indicator, before: MonthValue): boolean {
  const known = Math.min(coverage.time, coverage.objects ?? 1, before.time);
  return known >= (better === 'high' ? enough : 1);
}

function isMeasuredTarget({ value, target }: Indicator): boolean {
  return value !== null && target !== null;
}

/** How many targets the month met. What no host must have is no target. */
export function scoreOf({ month, indicators }: Snapshot): Score {
  const measured = indicators.filter(isMeasuredTarget);
  const count = (verdict: Indicator['verdict']): number =>
    measured.filter((indicator) => indicator.verdict === verdict).length;
  return {
    month,
    before: monthFrom(month, -1),
    measured: measured.length,
    met: count('met') + count('risk'),
    unknown: count('unknown'),
    // A share has a target in any policy, also where nothing was recorded to tell which.
    notMeasured: indicators.filter(
      ({ verdict, target, unit }) => verdict === 'none' && (unit === 'ratio' || target !== null),
    ).length,
  };
}

/** The targets measured in this month and in the one before, both held against the targets of now. */
export function comparisonOf({ indicators }: Snapshot): Comparison {
  const both = indicators.filter((indicator) => {
    const before = valueBefore(indicator);
    return isMeasuredTarget(indicator) && before !== undefined && before.time >= enough;
  });
  return {
    targets: both.length,
    met: both.filter(({ verdict }) => verdict === 'met' || verdict === 'risk').length,
    metBefore: both.filter(metBefore).length,
  };
}

/** Unwatched time counts against the month before as it does against this one (judge.ts). */
function metBefore(indicator: Indicator): boolean {
  const before = valueBefore(indicator);
  const { target, better } = indicator;
  if (before === undefined || target === null) return false;
  if (better === 'low') return before.value <= target && before.time === 1;
  return before.value * before.time >= target;
}
