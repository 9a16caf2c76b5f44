import type { Indicator } from './snapshot.ts';
import type { Words } from './words/words.ts';

/** A value of the indicator with its unit; a share stays on its side of the target. */
export function valueText(indicator: Indicator, value: number, { format }: Words): string {
  const texts: Readonly<Record<Indicator['unit'], () => string>> = {
    ratio: () => format.pctJudged(value, indicator),
    count: () => format.number(value),
    seconds: () => format.duration(value),
  };
  return texts[indicator.unit]();
}

/** The target with its unit, as the policy has it; undefined where there is none. */
export function goalText(indicator: Indicator, words: Words): string | undefined {
  const { target, unit } = indicator;
  if (target === null) return undefined;
  return unit === 'ratio' ? words.format.pctTarget(target) : valueText(indicator, target, words);
}

/** A signed difference with its unit. */
export function differenceText({ unit }: Indicator, difference: number, { format, tile }: Words): string {
  const texts: Readonly<Record<Indicator['unit'], () => string>> = {
    ratio: () => tile.points(format.signed(difference * 100, 1)),
    count: () => format.signed(difference),
    seconds: () => format.signedDuration(difference),
  };
  return texts[unit]();
}

/** The difference as it is shown: 0 where it rounds to nothing. */
export function shownDifference({ unit }: Indicator, difference: number): number {
  const shown: Readonly<Record<Indicator['unit'], () => number>> = {
    ratio: () => Number((difference * 100).toFixed(1)),
    count: () => difference,
    seconds: () => Math.round(difference / 60),
  };
  return shown[unit]();
}
