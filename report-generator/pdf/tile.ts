import type { Scene } from '../scene.ts';
import type { Verdict } from '../snapshot.ts';
import { type Colour, colour, styles } from '../tokens.ts';
import { decoration, figure, mark, rule } from './items.ts';
import { note, told, unread } from './reading.ts';
import type { Sheet } from './sheet.ts';
import { group, leaf } from './structure.ts';
import { baseline, fit, put, width } from './text.ts';

/** One indicator of page 1. */
export interface Tile {
  readonly label: string;
  readonly value: string;
  /** True when the value is a word for the lack of one. */
  readonly muted: boolean;
  readonly verdict: Verdict;
  readonly verdictWord: string;
  readonly change?: string;
  readonly lines: readonly string[];
  /** In the upper right corner. */
  readonly spark?: Scene;
  /** Before the last of `lines`. */
  readonly coverageBar?: Scene;
}

const wordColour: Readonly<Record<Verdict, Colour>> = {
  met: colour.met,
  risk: colour.risk,
  running: colour.accent,
  missed: colour.missed,
  unknown: colour.ink2,
  none: colour.none,
  plain: colour.ink2,
};

const [indent, firstLine, lead, smallestValue] = [11, 61.5, styles.note.lead, 14];

/** Height in points; tiles of one row share the height of the tallest. */
export function tileHeight({ lines }: Tile): number {
  return 59 + lead * lines.length;
}

/** Label, value, verdict and change, lines: one paragraph in that order, then the sparkline. */
export function tile(
  sheet: Sheet,
  data: Tile,
  x: number,
  y: number,
  w: number,
  { first }: { readonly first: boolean },
): void {
  const { spark, coverageBar, lines, verdict } = data;
  if (!first) rule(sheet, x, y, w);
  group(sheet, 'Div', () => {
    leaf(sheet, 'P', () => {
      const label = fit(sheet, data.label, 'label', w);
      told(sheet, data.label, 'label', () => put(sheet, label, x, y + 6 + baseline('label'), 'label'));
      value(sheet, data, x, y + 37, w - (spark ? spark.width + 8 : 0));
      verdictLine(sheet, data, x + (verdict === 'plain' ? 0 : indent), y + 51, x + w);
      for (const [index, line] of lines.entries()) {
        const bar = coverageBar && index === lines.length - 1 ? coverageBar.width + 5 : 0;
        const cut = fit(sheet, line, 'note', w - bar);
        told(sheet, line, 'note', () => put(sheet, cut, x + bar, y + firstLine + index * lead, 'note'));
      }
    });
    unread(sheet, () => mark(sheet, verdict, x + 3.6, y + 48.4));
    if (spark) figure(sheet, spark, x + w - spark.width, y + 20);
    if (coverageBar) decoration(sheet, coverageBar, x, y + firstLine + (lines.length - 1) * lead - 5);
  });
}

function value(sheet: Sheet, data: Tile, x: number, y: number, room: number): void {
  let style = { ...styles.figure, fill: data.muted ? colour.ink3 : colour.ink };
  while (style.size > smallestValue && width(sheet, data.value, style) > room) {
    style = { ...style, size: style.size - 1 };
  }
  const cut = fit(sheet, data.value, style, room);
  told(sheet, data.value, 'figure', () => put(sheet, cut, x, y, style));
}

function verdictLine(sheet: Sheet, data: Tile, x: number, y: number, right: number): void {
  const word = fit(sheet, data.verdictWord, 'noteStrong', right - x);
  if (data.verdict !== 'plain') note(sheet, { kind: 'mark', verdict: data.verdict });
  const fill = wordColour[data.verdict];
  const set = (): number => put(sheet, word, x, y, 'noteStrong', { fill });
  const end = x + told(sheet, data.verdictWord, 'noteStrong', set) + 6;
  const { change } = data;
  if (change === undefined) return;
  told(sheet, change, 'note', () => put(sheet, fit(sheet, change, 'note', right - end), end, y, 'note'));
}
