import { trend } from '../charts/trend.ts';
import { knownId } from '../objects.ts';
import type { Scene } from '../scene.ts';
import type { Indicator } from '../snapshot.ts';
import { type Drawing, measureOn, targetText, valueText } from './drawing.ts';

/** Less than this has no room for a label under each third month. */
const narrow = 200;

/** The months of an indicator as a line with its target. */
export function indicatorTrend(
  { sheet, words }: Drawing,
  indicator: Indicator,
  width: number,
  height: number,
): Scene {
  const { target, unit } = indicator;
  const { label } = words.indicators[knownId(indicator.id)];
  return trend({
    values: indicator.trend.map((month) => month.value),
    months: indicator.trend.map(({ month }) => ({
      short: words.format.monthShort(month),
      year: month.slice(0, 4),
      january: month.endsWith('-01'),
    })),
    target,
    targetLabel:
      target === null ? '' : words.tile.target(targetText(indicator, target, words), indicator.better),
    format: (shown) => valueText(indicator, shown, words),
    axisFormat: (shown) =>
      unit === 'ratio' ? words.format.pctTarget(shown) : valueText(indicator, shown, words),
    // Counts and durations begin at nothing; shares of a whole end at the whole.
    ...(unit === 'ratio' ? { highest: 1 } : { lowest: 0 }),
    ...(unit === 'seconds' ? { unit: wholeUnit(indicator) } : {}),
    noData: words.tile.noData,
    every: width < narrow ? 6 : 3,
    measure: measureOn(sheet),
    width,
    height,
    alt: words.alt.trend(
      label,
      indicator.trend.map((month) => ({
        month: month.month,
        value: month.value === null ? null : valueText(indicator, month.value, words),
      })),
      target === null ? undefined : targetText(indicator, target, words),
    ),
  });
}

/** Seconds in the unit that suits the longest duration: a day, an hour or a minute. */
function wholeUnit({ trend: months }: Indicator): number {
  const longest = Math.max(0, ...months.map(({ value }) => value ?? 0));
  return [86_400, 3600].find((seconds) => longest > 2 * seconds) ?? 60;
}
