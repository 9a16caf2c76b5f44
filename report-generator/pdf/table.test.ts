import { describe, expect, test } from 'vitest';
import { page } from '../tokens.ts';
import { placeColumns } from './columns.ts';
import { addPage, createSheet, type Sheet } from './sheet.ts';
import { measureOnly } from './structure.ts';
import { table, type TableOptions } from './table.ts';
import { width } from './text.ts';

function newSheet(): Sheet {
  const sheet = createSheet({
    language: 'en',
    title: '',
    author: '',
    subject: '',
    date: new Date(0),
    running: { customer: '', title: '', footer: '', page: () => '' },
  });
  addPage(sheet, '');
  return sheet;
}

const columns = [
  { key: 'name', head: 'Name', grow: 1 },
  { key: 'count', head: 'Count', align: 'right' },
] as const;
const rowsOf = (length: number) =>
  Array.from({ length }, (_, index) => ({ name: `host ${index}`, count: '1' }));
/** Height of the head: one line of 9.5 and 6 of air. Rows are 15. */
const head = 15.5;

/** Bottom of a table, and how many pages it started. */
function set(options: Partial<TableOptions>): { readonly bottom: number; readonly pages: number } {
  const sheet = newSheet();
  let pages = 0;
  const newPage = (): number => {
    pages += 1;
    return addPage(sheet, '');
  };
  return { bottom: table(sheet, { columns, rows: rowsOf(3), y: 100, newPage, ...options }), pages };
}

describe('rows', () => {
  test('stand under the head, and a table without rows is only its head', () => {
    expect(set({})).toEqual({ bottom: 100 + head + 45, pages: 0 });
    expect(set({ rows: [] })).toEqual({ bottom: 100 + head, pages: 0 });
  });
  test('go over to a next page with the head', () => {
    const room = { bottom: 100 + head + 10 * 15 };
    expect(set({ ...room, rows: rowsOf(10) }).pages).toBe(0);
    expect(set({ ...room, rows: rowsOf(13) })).toEqual({ bottom: page.top + head + 3 * 15, pages: 1 });
  });
  test('never leave the last one alone, whatever its height', () => {
    const room = { bottom: 100 + head + 10 * 15 };
    expect(set({ ...room, rows: rowsOf(11) })).toEqual({ bottom: page.top + head + 2 * 15, pages: 1 });
    const tall = [...rowsOf(9), { name: { text: 'host', note: 'of two lines' }, count: '1' }];
    expect(set({ ...room, rows: tall })).toEqual({ bottom: page.top + head + 15 + 25.5, pages: 1 });
  });
  test('never leave the head alone', () => {
    expect(set({ y: 600, bottom: 600 + head + 10 })).toEqual({ bottom: page.top + head + 45, pages: 1 });
    const two = { rows: rowsOf(2), y: 600, bottom: 600 + head + 20 };
    expect(set(two)).toEqual({ bottom: page.top + head + 30, pages: 1 });
  });
  test('stay on the page when no next page may be started', () => {
    const sheet = newSheet();
    expect(table(sheet, { columns, rows: rowsOf(60), y: 100 })).toBe(100 + head + 900);
  });
  test('grow with a name of two lines, and no further', () => {
    const rows = [{ name: 'long_name_'.repeat(60), count: '1' }];
    expect(set({ rows, width: 120 })).toEqual({ bottom: 100 + head + 26, pages: 0 });
    const three = [{ ...columns[0], lines: 3 }, columns[1]];
    expect(set({ rows, width: 120, columns: three }).bottom).toBe(100 + head + 37);
  });
  test('measure as they are drawn', () => {
    const sheet = newSheet();
    const options = { columns, rows: rowsOf(5), y: 100 };
    expect(measureOnly(sheet, () => table(sheet, options))).toBe(table(sheet, options));
  });
});

function place(options: Pick<TableOptions, 'columns' | 'rows'>, tableWidth = 504) {
  const sheet = newSheet();
  return { sheet, slots: placeColumns(sheet, options.columns, options.rows, 40, tableWidth) };
}

describe('columns', () => {
  test('that do not grow are as wide as their longest cell, and the last ends with the table', () => {
    const rows = [{ name: 'a', count: '123456789012' }];
    const { sheet, slots } = place({ columns, rows });
    const text = width(sheet, '123456789012', 'cell');
    expect(slots[1]?.width).toBeCloseTo(text + 0.5 + 0.01, 6);
    expect((slots[1]?.x ?? 0) + (slots[1]?.width ?? 0)).toBeCloseTo(40 + 504, 1);
    expect(slots[0]?.x).toBe(40);
  });
  test('that grow share the rest', () => {
    const shared = [
      { key: 'a', head: 'A', grow: 2 },
      { key: 'b', head: 'B', grow: 1 },
    ];
    const { slots } = place({ columns: shared, rows: [] }, 300);
    expect([slots[0]?.x, slots[1]?.x]).toEqual([40, 40 + 200 + 4]);
  });
  test('that may wrap give way to the others', () => {
    const wide = 'one two three four five six seven eight nine ten '.repeat(4);
    const tight = [
      { key: 'a', head: 'A', wrap: true },
      { key: 'b', head: 'B' },
    ];
    const { sheet, slots } = place({ columns: tight, rows: [{ a: wide, b: 'stays whole' }] }, 300);
    expect(slots[1]?.width).toBeGreaterThan(width(sheet, 'stays whole', 'cell'));
    expect(slots[0]?.width).toBeLessThan(300);
  });
  test('keep within the table however much they hold', () => {
    const many = Array.from({ length: 8 }, (_, index) => ({ key: `k${index}`, head: `Head ${index}` }));
    const row = Object.fromEntries(many.map(({ key }) => [key, 'a very long cell that never ends']));
    const { slots } = place({ columns: many, rows: [row] });
    const last = slots.at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThan(40 + 504.1);
    for (const { width: room } of slots) expect(room).toBeGreaterThan(20);
  });
});
