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

/** The widest counter there is, in NVMe logs, has 128 bits. */
const widest = 2n ** 128n - 1n;

/**
 * A count, as the double nearest to its exact value. Beyond 53 bits smartctl adds `KEY_s` (decimal text) and beyond
 * 64 bits `KEY_le` (bytes, lowest first) to `KEY`; the bytes are exact everywhere, the digits where the compiler has
 * 128-bit integers, so they are believed in this order (smartmontools lib/json.cpp, `uint128_precision_bits`).
 */
export function countAt(value: unknown, ...path: readonly string[]): number | undefined {
  const parent = at(value, ...path.slice(0, -1));
  const key = path.at(-1) ?? '';
  const exact = fromBytes(at(parent, `${key}_le`)) ?? fromDigits(at(parent, `${key}_s`));
  if (exact !== undefined) return exact <= widest ? Number(exact) : undefined;
  const plain = at(parent, key);
  const possible =
    typeof plain === 'number' && Number.isInteger(plain) && plain >= 0 && plain <= Number(widest);
  return possible ? plain : undefined;
}

function fromDigits(digits: unknown): bigint | undefined {
  return typeof digits === 'string' && /^\d{1,40}$/.test(digits) ? BigInt(digits) : undefined;
}

function fromBytes(bytes: unknown): bigint | undefined {
  if (!Array.isArray(bytes) || bytes.length === 0 || bytes.length > 16) return undefined;
  let total = 0n;
  for (const byte of bytes.toReversed()) {
    if (typeof byte !== 'number' || !Number.isInteger(byte) || byte < 0 || byte > 255) return undefined;
    total = total * 256n + BigInt(byte);
  }
  return total;
}

/** An integer from 0 to 255, as the parts of a log are. */
export function byteAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = numberAt(value, path, 0, 255);
  return Number.isInteger(found) ? found : undefined;
}
