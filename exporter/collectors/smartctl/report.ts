import { CollectorError } from '../../collector.ts';

/** One JSON object as smartctl printed it. Nothing about its members is certain: versions, bridges and controllers differ. */
export type Report = Readonly<Record<string, unknown>>;

/**
 * Reads what `smartctl --json` printed. Lines around the object are ignored: before 7.3 smartctl can print
 * "  Pending defect count: ..." in front of it (smartctl_exporter issue 324).
 * @throws CollectorError unexpected_output.
 */
export function parseReport(text: string): Report {
  const start = text.search(/^\{/m);
  const json = text.slice(start === -1 ? text.indexOf('{') : start, text.lastIndexOf('}') + 1);
  try {
    const value: unknown = JSON.parse(json);
    if (isReport(value)) return value;
  } catch (error) {
    throw new CollectorError('unexpected_output', notJson(text), { cause: error });
  }
  throw new CollectorError('unexpected_output', notJson(text));
}

function notJson(text: string): string {
  const [, old] = /^smartctl (\d+\.\d+)/.exec(text) ?? [];
  if (old !== undefined)
    return `smartctl ${old} printed text instead of JSON; install smartmontools 7.0 or newer`;
  const seen = text.trim().slice(0, 80).replaceAll(/\s+/g, ' ');
  return seen === '' ? 'smartctl printed nothing' : `smartctl printed no complete JSON: ${seen}`;
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member at a path; undefined when any step is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isReport(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** Elements of the array at a path; empty when there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Text without surrounding or repeated blanks; undefined when it is missing, empty or not text. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  if (typeof found !== 'string') return undefined;
  const text = found.trim().replaceAll(/\s+/g, ' ').slice(0, 200);
  return text === '' ? undefined : text;
}

export function flagAt(value: unknown, ...path: readonly string[]): boolean | undefined {
  const found = at(value, ...path);
  return typeof found === 'boolean' ? found : undefined;
}

/** A number from `low` to `high`; undefined when it is missing, not a number or outside. */
export function numberAt(
  value: unknown,
  path: readonly string[],
  low: number,
  high: number,
): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && found >= low && found <= high ? found : undefined;
}

/**
 * A count. Beyond 53 bits smartctl adds `KEY_s` (decimal text) and beyond 64 bits `KEY_le` (bytes, lowest first) to
 * `KEY` (smartmontools lib/json.cpp); whichever is there is read.
 */
export function countAt(value: unknown, ...path: readonly string[]): number | undefined {
  const parent = at(value, ...path.slice(0, -1));
  const key = path.at(-1) ?? '';
  const plain = at(parent, key);
  if (plain !== undefined && plain !== null) return asCount(plain);
  const digits = at(parent, `${key}_s`);
  if (typeof digits === 'string') return /^\d{1,40}$/.test(digits) ? asCount(Number(digits)) : undefined;
  const bytes = listAt(parent, `${key}_le`);
  if (bytes.length === 0 || bytes.length > 16) return undefined;
  let total = 0;
  for (const [index, byte] of bytes.entries()) {
    if (typeof byte !== 'number' || !Number.isInteger(byte) || byte < 0 || byte > 255) return undefined;
    total += byte * 256 ** index;
  }
  return total;
}

/** The widest counter there is, in NVMe logs, has 128 bits. */
function asCount(value: unknown): number | undefined {
  const possible = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2 ** 128;
  return possible ? value : undefined;
}
