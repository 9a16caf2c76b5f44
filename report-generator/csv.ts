import { stringify } from 'csv-stringify/sync';
import type { ReportFile } from './output.ts';
import type { Snapshot } from './snapshot.ts';

type Value = string | number | boolean | null;
type Row = Readonly<Record<string, unknown>>;

/**
 * Every table of a snapshot as CSV: indicators, their trends, hosts, rule groups, and each list of the facts under its
 * name. An empty cell is unknown or does not apply; nothing unknown is ever 0.
 */
export function tablesOf({ indicators, hosts, evaluation, facts }: Snapshot): readonly ReportFile[] {
  const lists: readonly (readonly [string, readonly Row[]])[] = [
    ['indicators', indicators.map(withoutLists)],
    ['trends', indicators.flatMap(({ id, trend }) => trend.map((point) => ({ id, ...point })))],
    ['hosts', hosts],
    ['evaluation', evaluation],
    ...listsIn('', facts),
  ];
  return lists.map(([name, rows]) => ({ name: `csv/${name}.csv`, content: csvOf(rows) }));
}

/** The trends are a table of their own, and queries are no matter of a table. */
function withoutLists(indicator: Snapshot['indicators'][number]): Row {
  return Object.fromEntries(Object.entries(indicator).filter(([, value]) => !Array.isArray(value)));
}

/** Lists of objects anywhere below, by the way to them: `services`, `incidents-open`. */
function listsIn(path: string, value: unknown): readonly (readonly [string, readonly Row[]])[] {
  if (Array.isArray(value)) {
    const rows = value.filter(isObject);
    return rows.length > 0 && path !== '' ? [[path, rows]] : [];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    listsIn(path === '' ? nameOf(key) : `${path}-${nameOf(key)}`, inner),
  );
}

function csvOf(rows: readonly Row[]): string {
  const flat = rows.map((row) => flattened('', row));
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  // The mark says UTF-8 to spreadsheets, which would take it for the code page of the machine.
  return stringify(flat, {
    header: true,
    columns,
    bom: true,
    record_delimiter: '\r\n',
    cast: { string: harmless },
  });
}

/** `coverage.time` for what is inside of an object; lists of texts in one cell, lists of objects as JSON. */
function flattened(path: string, row: Row): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([key, value]): readonly (readonly [string, Value])[] => {
      const name = path === '' ? key : `${path}.${key}`;
      if (isObject(value)) return Object.entries(flattened(name, value));
      return [[name, cellOf(value)]];
    }),
  );
}

function cellOf(value: unknown): Value {
  if (Array.isArray(value))
    return value.some((one) => typeof one === 'object') ? JSON.stringify(value) : value.join('; ');
  if (typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'boolean' ? String(value) : null;
}

/** A spreadsheet would run a name like `=HYPERLINK(...)`: an apostrophe makes it a text. Numbers stay numbers. */
function harmless(text: string): string {
  return /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
}

function nameOf(key: string): string {
  return key
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
