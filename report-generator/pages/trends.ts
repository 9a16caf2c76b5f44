import { trend } from '../charts/trend.ts';
import { heading, para } from '../pdf/blocks.ts';
import { figure } from '../pdf/items.ts';
import { group } from '../pdf/structure.ts';
import type { Indicator } from '../snapshot.ts';
import { tileOf } from '../tile.ts';
import { columnAt, page, span } from '../tokens.ts';
import type { Annex } from './annex.ts';
import { type Drawing, headlineIndicators, measureOn, targetText, valueText } from './drawing.ts';

/** `around` is what its texts and the gap below it take. */
const chart = { height: 66, around: 46.5, gap: 12 } as const;

/** Thirteen months of the indicators of page 1, two beside each other, as many pages as it takes. */
export const trendsAnnex: Annex = {
  letter: 'L',
  lede: ({ captions }) => captions.trends,
  draw: drawTrends,
};

function drawTrends(drawing: Drawing, start: number, newPage: () => number): void {
  let y = start;
  const indicators = headlineIndicators(drawing.snapshot);
  for (let row = 0; row < indicators.length; row += 2) {
    if (y + chart.height + chart.around > page.bottom) y = newPage();
    const bottoms = indicators
      .slice(row, row + 2)
      .map((indicator, column) => drawTrend(drawing, indicator, columnAt(column * 6), y, chart.height));
    y = Math.max(...bottoms) + chart.gap;
  }
}

function drawTrend(
  { sheet, snapshot, words }: Drawing,
  indicator: Indicator,
  x: number,
  y: number,
  height: number,
): number {
  const { label, verdictWord, value, change } = tileOf(indicator, snapshot, words);
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, label, x, y, span(6), { aside: verdictWord });
    const sentence = change === undefined ? `**${value}**` : `**${value}** · ${change}`;
    const bottom = para(sheet, sentence, x, top, span(6), 'note', { maxLines: 1 });
    const { target, unit } = indicator;
    const scene = trend({
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
      measure: measureOn(sheet),
      width: span(6),
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
    return figure(sheet, scene, x, bottom + 3);
  });
}

/** Seconds in the unit that suits the longest duration: a day, an hour or a minute. */
function wholeUnit({ trend: months }: Indicator): number {
  const longest = Math.max(0, ...months.map(({ value }) => value ?? 0));
  return [86_400, 3600].find((seconds) => longest > 2 * seconds) ?? 60;
}
