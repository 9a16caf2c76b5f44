import { coverageBar } from '../charts/coverage-bar.ts';
import { spark } from '../charts/spark.ts';
import { narrate } from '../narrative.ts';
import { headline, heading, para } from '../pdf/blocks.ts';
import { mark, rule } from '../pdf/items.ts';
import { addPage, bookmark } from '../pdf/sheet.ts';
import { group, leaf } from '../pdf/structure.ts';
import { baseline, put, width } from '../pdf/text.ts';
import { type Tile, tile, tileHeight } from '../pdf/tile.ts';
import { type Indicator, verdicts } from '../snapshot.ts';
import { tileOf } from '../tile.ts';
import { colour, columnAt, grid, span, styles } from '../tokens.ts';
import { columns } from '../kpis.ts';
import { type Drawing, valueText } from './drawing.ts';
import { drawOpen } from './open.ts';

/** Page 1: the finding, the month in two paragraphs, the score, and every indicator as a tile. */
export function drawSummary(drawing: Drawing): void {
  const { sheet, snapshot, words } = drawing;
  addPage(sheet, words.sections.summary);
  bookmark(sheet, words.sections.summary);
  const { headline: finding, past, ahead } = narrate(snapshot, words);
  group(sheet, 'Sect', () => {
    masthead(drawing);
    const top = headline(sheet, finding, grid.left, 79, grid.width, 'display', 21) + 6;
    const afterPast = para(sheet, past, grid.left, top, span(8), 'lede');
    const textBottom = para(sheet, ahead, grid.left, afterPast + 5, span(8), 'lede');
    const scoreBottom = score(drawing, top + 2);
    const bottom = tiles(drawing, Math.max(textBottom, scoreBottom) + 18);
    const captioned = para(sheet, words.captions.sparklines, grid.left, bottom, grid.width, 'note');
    drawOpen(drawing, captioned + 16);
  });
}

function masthead({ sheet, snapshot, words }: Drawing): void {
  const { customer, month, provider } = snapshot;
  rule(sheet, grid.left, 41, grid.width, 2, colour.accent);
  para(sheet, customer.name, grid.left, 47, span(8), 'kicker', { maxLines: 1 });
  leaf(sheet, 'P', () =>
    put(sheet, words.preparedBy(provider), grid.left + grid.width, 47 + baseline('note'), 'note', {
      align: 'end',
    }),
  );
  para(sheet, words.title(month, customer.zone), grid.left, 60, grid.width, 'note');
}

/** Points between the marks of the score, so that none covers another. */
const markStep = 10;

/** One shape per indicator, a row or more per verdict: how the month went at a glance. */
function score({ sheet, snapshot, words }: Drawing, top: number): number {
  const x = columnAt(8);
  const rows = verdicts
    .map((verdict) => ({
      verdict,
      count: snapshot.indicators.filter((one) => one.verdict === verdict).length,
    }))
    .filter(({ count }) => count > 0);
  let y =
    para(sheet, words.score.heading(snapshot.indicators.length), x, top, span(4), 'label', { tag: 'H2' }) + 5;
  for (const { verdict, count } of rows) {
    leaf(sheet, 'P', () => {
      put(sheet, words.score.rows[verdict](count), x, y + baseline('note'), 'note', {
        fill: colour.ink,
      });
    });
    const from = x + 82;
    const perRow = Math.floor((span(4) - 82) / markStep);
    for (let index = 0; index < count; index += 1) {
      const [column, row] = [index % perRow, Math.floor(index / perRow)];
      mark(sheet, verdict, from + column * markStep, y + 6.2 + row * markStep);
    }
    y += (Math.ceil(count / perRow) - 1) * markStep;
    y += 14;
  }
  return y;
}

function tiles(drawing: Drawing, top: number): number {
  const { sheet, snapshot, words } = drawing;
  const sets = columns.map(({ section, indicators }) => ({
    heading: words.sections[section],
    tiles: indicators.flatMap((id) => {
      const indicator = snapshot.indicators.find((one) => one.id === id);
      return indicator === undefined ? [] : [pictured(indicator, drawing)];
    }),
  }));
  const rows = Math.max(...sets.map((set) => set.tiles.length));
  const heights = Array.from({ length: rows }, (_, row) =>
    Math.max(...sets.map((set) => (set.tiles[row] === undefined ? 0 : tileHeight(set.tiles[row]) + 9))),
  );
  const bottoms = sets.map((set, index) =>
    group(sheet, 'Sect', () => {
      const x = columnAt(index * 4);
      let y = heading(sheet, set.heading, x, top, span(4));
      for (const [row, one] of set.tiles.entries()) {
        tile(sheet, one, x, y, span(4), { first: row === 0 });
        y += heights[row] ?? 0;
      }
      return y;
    }),
  );
  return Math.max(...bottoms);
}

/** The texts of a tile with its pictures. */
function pictured(indicator: Indicator, { sheet, snapshot, words }: Drawing): Tile {
  const { coverage, ...texts } = tileOf(indicator, snapshot, words);
  const values = indicator.trend.map(({ value }) => value);
  const known = values.filter((value) => value !== null);
  const [first, last] = [known[0], known.at(-1)];
  const alt =
    first === undefined || last === undefined
      ? words.alt.noSparkline(texts.label)
      : words.alt.sparkline(
          texts.label,
          valueText(indicator, first, words),
          valueText(indicator, last, words),
          values.length - known.length,
        );
  // A long value needs the room more than the picture does.
  const room = span(4) - width(sheet, texts.value, { ...styles.figure, size: 14 }) - 8;
  return {
    ...texts,
    ...(room < 62 ? {} : { spark: spark({ values, target: indicator.target, alt }) }),
    ...(coverage === undefined ? {} : { coverageBar: coverageBar(coverage.known) }),
  };
}
