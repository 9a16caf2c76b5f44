import { trend } from '../charts/trend.ts';
import { heading, headline, para } from '../pdf/blocks.ts';
import { figure } from '../pdf/items.ts';
import { addPage, bookmark } from '../pdf/sheet.ts';
import { group } from '../pdf/structure.ts';
import type { Indicator } from '../snapshot.ts';
import { tileOf } from '../tile.ts';
import { columnAt, grid, page, span } from '../tokens.ts';
import { type Drawing, headlineIndicators, measureOn, targetText, valueText } from './drawing.ts';

/** `around` is what its texts and the gap below it take. */
const chart = { most: 86, least: 60, around: 46.5, gap: 12 } as const;

/** Page 2: thirteen months of the indicators of page 1, two beside each other. */
export function drawTrends(drawing: Drawing): void {
  const { sheet, snapshot, words } = drawing;
  const start = addPage(sheet, words.sections.trends);
  bookmark(sheet, words.sections.trends);
  group(sheet, 'Sect', () => {
    const top = headline(sheet, words.sections.trends, grid.left, start, grid.width, 'title', 17);
    let y = para(sheet, words.captions.trends, grid.left, top + 2, grid.width, 'note') + 10;
    const indicators = headlineIndicators(snapshot);
    const rows = Math.ceil(indicators.length / 2);
    const height = Math.min(chart.most, (page.bottom + chart.gap - y) / rows - chart.around);
    if (height < chart.least) throw new Error('the trends do not fit on their page');
    for (let row = 0; row < indicators.length; row += 2) {
      const bottoms = indicators
        .slice(row, row + 2)
        .map((indicator, column) => drawTrend(drawing, indicator, columnAt(column * 6), y, height));
      y = Math.max(...bottoms) + chart.gap;
    }
    if (y > page.bottom + chart.gap + 0.01) throw new Error('the trends do not fit on their page');
  });
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
