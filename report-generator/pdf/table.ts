import { colour, grid, page, stroke, type Style, type StyleName, styles } from '../tokens.ts';
import { type Cell, cellOf, type Column, indentOf, placeColumns, type Row, type Slot } from './columns.ts';
import { swatch, swatchIndent } from '../marks.ts';
import { decoration, mark, rule } from './items.ts';
import { breakLines, runsWidth } from './paragraph.ts';
import { noteInLast, told, unread } from './reading.ts';
import type { Sheet } from './sheet.ts';
import { artifact, group, leaf } from './structure.ts';
import { fit, type Lines, setLines } from './text.ts';

export type { Cell, Column, Row };

export interface TableOptions {
  readonly columns: readonly Column[];
  /** Cells by column key. */
  readonly rows: readonly Row[];
  readonly y: number;
  readonly x?: number;
  readonly width?: number;
  /** Least height of a row. */
  readonly rowHeight?: number;
  /** Where the page ends; used with newPage. */
  readonly bottom?: number;
  /** Starts a page and returns its content top. */
  readonly newPage?: () => number;
  /** What a row is higher than its text. */
  readonly air?: number;
}

interface PlacedCell {
  readonly cell: ReturnType<typeof cellOf>;
  readonly slot: Slot;
  readonly align: 'start' | 'middle' | 'end';
  readonly style: StyleName | Style;
  readonly lines: Lines;
}

interface PlacedRow {
  readonly cells: readonly PlacedCell[];
  readonly height: number;
  /** Lines of its tallest cell. */
  readonly count: number;
}

const { lead } = styles.cell;
const notedHeight = styles.cell.lead + styles.note.lead;
const aligned = { left: 'start', middle: 'middle', right: 'end' } as const;

/**
 * A table that may run over pages: its head is repeated (and read once), rows stay whole, and the last row is never
 * alone on a page. The first column names the row. Returns its bottom.
 */
export function table(sheet: Sheet, options: TableOptions): number {
  const { columns, rows, x = grid.left, width = grid.width, bottom = page.bottom, newPage } = options;
  const slots = placeColumns(sheet, columns, rows, x, width);
  const heads = columns.map((column, index) =>
    breakLines(
      sheet,
      column.head,
      'head',
      (slots[index]?.width ?? 1) - (column.swatch === undefined ? 0 : swatchIndent),
    ),
  );
  const headHeight = Math.max(1, ...heads.map((lines) => lines.length)) * styles.head.lead + 6;
  const placed = rows.map((row) => placeRow(sheet, row, slots, options));
  /** Height of a row, and of the last one with the one before it. */
  const needed = (index: number): number =>
    (placed[index]?.height ?? 0) + (index === placed.length - 2 ? (placed[index + 1]?.height ?? 0) : 0);

  const drawHead = (top: number, draw: (lines: Lines, index: number) => void): number => {
    for (const [index, lines] of heads.entries()) draw(lines, index);
    rule(sheet, x, top + headHeight, width, stroke.hair, colour.ink3);
    return top + headHeight;
  };
  const setHead = (top: number, lines: Lines, index: number): void => {
    const slot = slots[index] ?? { x, width };
    const first = top + headHeight - 4 - lines.length * styles.head.lead;
    const { align = 'left', headScene, swatch: part } = columns[index] ?? {};
    const picture = headScene?.(slot.width);
    if (picture !== undefined) {
      decoration(sheet, picture, slot.x, top + headHeight - picture.height);
      return;
    }
    const room = slot.width - (part === undefined ? 0 : swatchIndent);
    const widest = Math.max(0, ...lines.map((one) => runsWidth(sheet, one)));
    const left = part === undefined ? slot.x : slot.x + swatchIndent;
    const { head = '' } = columns[index] ?? {};
    const set = (): number =>
      setLines(sheet, lines, left, first, 'head', { align: aligned[align], width: room });
    told(sheet, head, 'head', set, aligned[align]);
    if (part === undefined) return;
    const at = align === 'right' ? slot.x + slot.width - widest - swatchIndent : slot.x;
    decoration(sheet, swatch(part), at, first + 2);
  };

  return group(sheet, 'Table', () => {
    let { y } = options;
    if (newPage && y + headHeight + needed(0) > bottom) y = newPage();
    const top = y;
    y = group(sheet, 'THead', () =>
      group(sheet, 'TR', () =>
        drawHead(top, (lines, index) =>
          leaf(sheet, 'TH', () => setHead(top, lines, index), { scope: 'Column' }),
        ),
      ),
    );
    if (placed.length === 0) return y;
    let fresh = true;
    group(sheet, 'TBody', () => {
      for (const [index, row] of placed.entries()) {
        if (newPage && !fresh && y + needed(index) > bottom) {
          const again = newPage();
          y = artifact(sheet, () => drawHead(again, (lines, column) => setHead(again, lines, column)), {
            type: 'Pagination',
          });
        }
        drawRow(sheet, row, y);
        y += row.height;
        rule(sheet, x, y, width, stroke.hair, colour.grid);
        fresh = false;
      }
    });
    return y;
  });
}

function placeRow(
  sheet: Sheet,
  row: Row,
  slots: readonly Slot[],
  { columns, rowHeight = 15, air = 4 }: TableOptions,
): PlacedRow {
  const cells = columns.map((column, index): PlacedCell => {
    const cell = cellOf(row, column);
    const slot = slots[index] ?? { x: 0, width: 1 };
    const style = cell.style ?? column.style ?? 'cell';
    const room = slot.width - indentOf(cell);
    const most = cell.note === undefined ? (column.lines ?? 2) : 1;
    const lines = breakLines(sheet, cell.text, style, room, most);
    return { cell, slot, style, lines, align: aligned[column.align ?? 'left'] };
  });
  const count = Math.max(1, ...cells.map(({ lines }) => lines.length));
  const noted = cells.some(({ cell }) => cell.note !== undefined);
  return { cells, count, height: Math.max(rowHeight, count * lead + air, noted ? notedHeight + air : 0) };
}

function drawRow(sheet: Sheet, row: PlacedRow, y: number): void {
  const top = y + (row.height - row.count * lead) / 2;
  group(sheet, 'TR', () => {
    for (const [index, placed] of row.cells.entries()) {
      const tag = index === 0 ? 'TH' : 'TD';
      const options = index === 0 ? ({ scope: 'Row' } as const) : {};
      const noted = placed.cell.note !== undefined;
      const at = noted ? y + (row.height - notedHeight) / 2 : top;
      if (indentOf(placed.cell) === 0) leaf(sheet, tag, () => setCell(sheet, placed, at), options);
      else group(sheet, tag, () => judgedCell(sheet, placed, at), options);
      const picture = placed.cell.scene?.(placed.slot.width, row.height);
      if (picture === undefined) continue;
      noteInLast(sheet, { kind: 'picture', scene: picture, said: false });
      const pictureTop = y + (row.height - picture.height) / 2;
      unread(sheet, () => decoration(sheet, picture, placed.slot.x, pictureTop));
    }
  });
}

/** The mark is read as its word where there is one; a mark without text has to have one. */
function judgedCell(sheet: Sheet, placed: PlacedCell, top: number): void {
  const { cell, slot, align } = placed;
  const alone = cell.text === '';
  if (alone) told(sheet, '', placed.style, () => {}, align);
  const centre = alone && align === 'middle' ? slot.x + slot.width / 2 : slot.x + 3.6;
  const draw = (): void => mark(sheet, cell.verdict ?? 'plain', centre, top + lead / 2, 3.4);
  if (cell.label !== undefined) leaf(sheet, 'Span', draw, { actual: `${cell.label} ` });
  else if (alone) throw new Error(`a cell with only the mark "${cell.verdict}" needs a label`);
  else draw();
  if (!alone) leaf(sheet, 'Span', () => setCell(sheet, placed, top));
}

function setCell(sheet: Sheet, { cell, slot, style, lines, align }: PlacedCell, top: number): void {
  const { fill, note } = cell;
  const indent = indentOf(cell);
  const room = { align, width: slot.width - indent, ...(fill === undefined ? {} : { fill }) };
  const set = (): number => setLines(sheet, lines, slot.x + indent, top, style, room);
  const bottom = told(sheet, cell.text, style, set, align);
  if (note === undefined) return;
  const quiet = breakLines(sheet, fit(sheet, note, 'note', slot.width), 'note', slot.width, 1);
  told(sheet, note, 'note', () =>
    setLines(sheet, quiet, slot.x, bottom, 'note', { align, width: slot.width }),
  );
}
