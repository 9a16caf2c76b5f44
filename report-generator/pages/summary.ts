import { coverageBar } from '../charts/coverage-bar.ts';
import { spark } from '../charts/spark.ts';
import { narrate } from '../narrative.ts';
import { headline, heading, para, signedNote } from '../pdf/blocks.ts';
import { mark, rule } from '../pdf/items.ts';
import { link } from '../pdf/links.ts';
import { group, leaf } from '../pdf/structure.ts';
import { baseline, put, width } from '../pdf/text.ts';
import { type Tile, tile, tileHeight } from '../pdf/tile.ts';
import { type Indicator, verdicts } from '../snapshot.ts';
import { tileOf } from '../tile.ts';
import { colour, columnAt, type Density, grid, span, styles } from '../tokens.ts';
import { columns } from '../kpis.ts';
import { asksRow } from './asks.ts';
import { contentsTop } from './contents.ts';
import { type Drawing, tilesOf, valueText } from './drawing.ts';
import { type LeadershipPage, pagesOf, setLeadershipPage } from './leadership.ts';

/** Page 1: the finding, the month in two paragraphs, the score, and the map of the pages that follow. */
export function drawSummary(drawing: Drawing, pages: readonly LeadershipPage[]): void {
  const { sheet, snapshot, words } = drawing;
  const starts = new Map<string, number>();
  let next = 2;
  for (const page of pages) {
    starts.set(page.section, next);
    next += pagesOf(drawing, page);
  }
  setLeadershipPage(drawing, {
    section: words.sections.summary,
    bottom: contentsTop - 14,
    head: () => {
      masthead(drawing);
      return headline(sheet, narrate(snapshot, words).headline, grid.left, 79, grid.width, 'display', 21) + 6;
    },
    rows: [
      prose,
      ...(snapshot.facts.notes?.comment ? [comment] : []),
      (_, y, density) => tiles(drawing, y, density, starts),
      asksRow,
    ],
  });
}

/** The month in two paragraphs, and the score beside them. */
function prose(drawing: Drawing, y: number, { lede }: Density): number {
  const { sheet, snapshot, words } = drawing;
  const { past, ahead } = narrate(snapshot, words);
  const afterPast = para(sheet, past, grid.left, y, span(8), lede);
  const bottom = para(sheet, ahead, grid.left, afterPast + 5, span(8), lede);
  return Math.max(bottom, score(drawing, y + 2));
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

/** What a person wrote, apart from what was computed, with the name. */
function comment({ sheet, snapshot, words }: Drawing, y: number): number {
  const { signed, paragraphs } = snapshot.facts.notes?.comment ?? { signed: '', paragraphs: [] };
  return signedNote(sheet, { title: words.risks.comment(signed), paragraphs }, grid.left, y, grid.width);
}

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

/** A column for each page that follows; tiles of one row share the height of the tallest. */
function tiles(
  drawing: Drawing,
  top: number,
  { air, tiles: most }: Density,
  starts: ReadonlyMap<string, number>,
): number {
  const { sheet, snapshot, words } = drawing;
  const sets = columns.map((column) => ({
    section: words.sections[column.section],
    tiles: tilesOf(column, snapshot.indicators, most).map((indicator) => pictured(indicator, drawing)),
  }));
  const rows = Math.max(...sets.map((set) => set.tiles.length));
  const heights = Array.from({ length: rows }, (_, row) =>
    Math.max(...sets.map((set) => (set.tiles[row] === undefined ? 0 : tileHeight(set.tiles[row]) + air))),
  );
  const bottoms = sets.map((set, index) =>
    group(sheet, 'Sect', () => {
      let y = columnHeading(drawing, set.section, columnAt(index * 4), top, starts.get(set.section));
      for (const [row, one] of set.tiles.entries()) {
        tile(sheet, one, columnAt(index * 4), y, span(4), { first: row === 0 });
        y += heights[row] ?? 0;
      }
      return y;
    }),
  );
  return para(sheet, words.captions.sparklines, grid.left, Math.max(...bottoms), grid.width, 'note');
}

/** A heading that leads to its page, where the month has one. */
function columnHeading(
  { sheet, words }: Drawing,
  section: string,
  x: number,
  y: number,
  page: number | undefined,
): number {
  if (page === undefined) return heading(sheet, section, x, y, span(4));
  const bottom = heading(sheet, section, x, y, span(4) - 44, { ruled: span(4) });
  const text = words.onPage(page);
  const room = width(sheet, text, 'note');
  group(sheet, 'P', () =>
    link(
      sheet,
      { to: section, describe: `${section}: ${text}` },
      { x: x + span(4) - room, y: y + 5, width: room, height: 14 },
      () => put(sheet, text, x + span(4), y + 5 + baseline('h2'), 'note', { align: 'end' }),
    ),
  );
  return bottom;
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
