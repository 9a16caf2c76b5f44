import { heading, para } from '../pdf/blocks.ts';
import { figure } from '../pdf/items.ts';
import { group } from '../pdf/structure.ts';
import type { Indicator } from '../snapshot.ts';
import { tileOf } from '../tile.ts';
import { columnAt, page, span } from '../tokens.ts';
import type { Annex } from './annex.ts';
import { type Drawing, headlineIndicators } from './drawing.ts';
import { indicatorTrend } from './indicator-trend.ts';

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

function drawTrend(drawing: Drawing, indicator: Indicator, x: number, y: number, height: number): number {
  const { sheet, snapshot, words } = drawing;
  const { label, verdictWord, value, change } = tileOf(indicator, snapshot, words);
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, label, x, y, span(6), { aside: verdictWord });
    const sentence = change === undefined ? `**${value}**` : `**${value}** · ${change}`;
    const bottom = para(sheet, sentence, x, top, span(6), 'note', { maxLines: 1 });
    const scene = indicatorTrend(drawing, indicator, span(6), height);
    return figure(sheet, scene, x, bottom + 3);
  });
}
