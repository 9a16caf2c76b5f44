import type { Colour, Style, StyleName } from '../tokens.ts';
import type { Scene } from '../scene.ts';
import { type Swatch, swatchIndent } from '../marks.ts';
import type { Verdict } from '../snapshot.ts';
import { width } from './measure.ts';
import type { Sheet } from './sheet.ts';

export interface Column {
  readonly key: string;
  readonly head: string;
  readonly align?: 'left' | 'right' | 'middle';
  /** Share of the room that is left over; without it a column is as wide as its longest cell. */
  readonly grow?: number;
  /** Least width of a growing or wrapping column. */
  readonly min?: number;
  /** Greatest width of a column that does not grow. */
  readonly max?: number;
  /** Gives way when the columns need more than the table has. */
  readonly wrap?: boolean;
  readonly style?: StyleName | Style;
  /** More room before it than between other columns. */
  readonly gap?: number;
  /** Lines of a cell before it ends in an ellipsis; 2 when not said. */
  readonly lines?: number;
  /** A picture in the place of the head, as the axis of the pictures below it. */
  readonly headScene?: (width: number) => Scene;
  /** What the part of a picture that this column counts looks like: a swatch before the head. */
  readonly swatch?: Swatch;
}

interface CellText {
  readonly text: string;
  /** A second, quieter line. */
  readonly note?: string;
  readonly verdict?: Verdict;
  readonly style?: StyleName | Style;
  readonly fill?: Colour;
  /** The verdict in a word, read aloud in the place of its mark. */
  readonly label?: string;
  /** A picture that says what the cells beside it say. */
  readonly scene?: (width: number, height: number) => Scene;
}

export type Cell = string | CellText;
export type Row = Readonly<Record<string, Cell>>;

/** Where the text of a column stands. */
export interface Slot {
  readonly x: number;
  readonly width: number;
}

export const markIndent = 11;
const pad = 4;

export function cellOf(row: Row, column: Column): CellText {
  const cell = row[column.key] ?? '';
  return typeof cell === 'string' ? { text: cell } : cell;
}

/** Room of the mark before a text. */
export function indentOf(cell: CellText): number {
  return cell.verdict !== undefined && cell.verdict !== 'plain' ? markIndent : 0;
}

/** Places the columns side by side in exactly the width of the table. */
export function placeColumns(
  sheet: Sheet,
  columns: readonly Column[],
  rows: readonly Row[],
  x: number,
  tableWidth: number,
): readonly Slot[] {
  let at = x;
  const widths = columnWidths(sheet, columns, rows, tableWidth);
  return columns.map((column, index) => {
    const outer = widths[index] ?? 0;
    const gap = column.gap ?? 0;
    const slot = {
      x: at + gap + (index === 0 ? 0 : pad),
      // A hair more than the text: sums of widths are not exact.
      width: Math.max(1, outer - gap - edge(columns, index) + 0.01),
    };
    at += outer;
    return slot;
  });
}

function columnWidths(
  sheet: Sheet,
  columns: readonly Column[],
  rows: readonly Row[],
  tableWidth: number,
): readonly number[] {
  const head = columns.map(
    (column, index) =>
      headWidth(sheet, column.head) +
      (column.swatch === undefined ? 0 : swatchIndent) +
      edge(columns, index) +
      (column.gap ?? 0),
  );
  const least = columns.map((column, index) =>
    column.grow === undefined ? 0 : Math.max(column.min ?? 40, head[index] ?? 0),
  );
  const wanted = columns.map((column, index) => {
    if (column.grow !== undefined) return 0;
    const cells = rows.map((row) => cellWidth(sheet, row, column));
    const natural = Math.max(0, ...cells) + edge(columns, index) + (column.gap ?? 0);
    return Math.min(column.max ?? Infinity, Math.max(head[index] ?? 0, natural)) + 0.5;
  });
  const fixed = giveWay(columns, wanted, sum(wanted) + sum(least) - tableWidth);
  const grown = shareOut(columns, least, tableWidth - sum(fixed));
  const all = columns.map((column, index) => (column.grow === undefined ? fixed[index] : grown[index]) ?? 0);
  const scale = tableWidth / sum(all);
  return all.map((value) => value * scale);
}

/** Takes what lacks from the columns that may wrap. */
function giveWay(columns: readonly Column[], wanted: readonly number[], lack: number): readonly number[] {
  if (lack <= 0) return wanted;
  const soft = columns.map((column, index) =>
    column.wrap === true ? Math.max(0, (wanted[index] ?? 0) - (column.min ?? 40)) : 0,
  );
  const part = Math.min(1, lack / Math.max(1, sum(soft)));
  return wanted.map((value, index) => value - (soft[index] ?? 0) * part);
}

/** Least widths first, then shares of the rest. */
function shareOut(columns: readonly Column[], least: readonly number[], room: number): readonly number[] {
  const shares = columns.map((column) => column.grow ?? 0);
  const all = sum(shares);
  const small = shares.map((share, index) => share > 0 && (room * share) / all < (least[index] ?? 0));
  const left = room - sum(least.filter((_, index) => small[index]));
  const open = sum(shares.filter((_, index) => small[index] === false));
  return shares.map((share, index) => {
    if (share === 0) return 0;
    return small[index] === true ? (least[index] ?? 0) : Math.max(20, (left * share) / open);
  });
}

function cellWidth(sheet: Sheet, row: Row, column: Column): number {
  const cell = cellOf(row, column);
  const text = width(sheet, cell.text, cell.style ?? column.style ?? 'cell');
  return Math.max(text + indentOf(cell), cell.note === undefined ? 0 : width(sheet, cell.note, 'note'));
}

/** Short heads stand on one line, longer ones on their best two. */
function headWidth(sheet: Sheet, head: string): number {
  const whole = width(sheet, head, 'head');
  if (whole <= 48) return whole + 0.1;
  const words = head.split(' ');
  const splits = words
    .slice(1)
    .map((_, index) =>
      Math.max(
        width(sheet, words.slice(0, index + 1).join(' '), 'head'),
        width(sheet, words.slice(index + 1).join(' '), 'head'),
      ),
    );
  return Math.min(whole, ...splits) + 0.1;
}

function edge(columns: readonly Column[], index: number): number {
  return index === 0 || index === columns.length - 1 ? pad : pad * 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
