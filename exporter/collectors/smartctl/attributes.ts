import { at, byteAt, countAt, listAt, textAt, type Report } from './report.ts';

/** One row of the ATA attribute table; a part that is missing or impossible is undefined. */
export interface Attribute {
  readonly id: number;
  readonly name: string;
  readonly value: number | undefined;
  readonly worst: number | undefined;
  readonly threshold: number | undefined;
  readonly raw: number | undefined;
  /** How smartctl writes the raw value, such as `25 (Min/Max 19/39)`. */
  readonly rawText: string | undefined;
  /** When the value was at or below its threshold; undefined when never, or not told. */
  readonly failed: 'now' | 'past' | undefined;
}

/** The attribute table. An id given twice counts once, the first time. */
export function attributesOf(report: Report): readonly Attribute[] {
  const byId = new Map<number, Attribute>();
  for (const row of listAt(report, 'ata_smart_attributes', 'table')) {
    const id = byteAt(row, 'id');
    if (id === undefined || id === 0 || byId.has(id)) continue;
    byId.set(id, {
      id,
      name: textAt(row, 'name') ?? '',
      value: byteAt(row, 'value'),
      worst: byteAt(row, 'worst'),
      threshold: byteAt(row, 'thresh'),
      raw: countAt(row, 'raw', 'value'),
      rawText: textAt(row, 'raw', 'string'),
      failed: failedAt(row),
    });
  }
  return [...byId.values()];
}

/** JSON says `now`, `past` or nothing at all, the text form FAILING_NOW and In_the_past (smartmontools ataprint.cpp). */
function failedAt(row: unknown): Attribute['failed'] {
  const [, when] = /(now|past)$/i.exec(textAt(row, 'when_failed') ?? '') ?? [];
  if (when === undefined) return undefined;
  return when.toLowerCase() === 'now' ? 'now' : 'past';
}

/** What the whole table says of its thresholds. */
export interface ThresholdFindings {
  /** An attribute whose failure foretells that of the disk is at its threshold. */
  readonly prefailNow: boolean;
  /** An attribute of age or usage is. */
  readonly usageNow: boolean;
  /** An attribute was, and is no longer. */
  readonly past: boolean;
}

/** Undefined when no row, or one of them not in a known word, tells whether it failed. */
export function thresholdFindings(report: Report): ThresholdFindings | undefined {
  // Every row, also one that is no attribute by its id: none that fails may be overlooked.
  const rows = listAt(report, 'ata_smart_attributes', 'table').filter(
    (row) => at(row, 'when_failed') !== undefined,
  );
  const unclear = rows.some((row) => at(row, 'when_failed') !== '' && failedAt(row) === undefined);
  const some = (when: Attribute['failed'], prefail: boolean) =>
    // A kind that is not told is taken for the graver one.
    rows.some((row) => failedAt(row) === when && (at(row, 'flags', 'prefailure') !== false) === prefail);
  const found = {
    prefailNow: some('now', true),
    usageNow: some('now', false),
    past: some('past', true) || some('past', false),
  };
  return rows.length === 0 || unclear ? undefined : found;
}

/**
 * The count an attribute holds, where its name confirms what the id usually means: Indilinx drives, for one, keep
 * total sectors read and written in 198 and 199 (smartmontools drivedb.h).
 */
export function attributeCount(
  attributes: readonly Attribute[],
  id: number,
  meaning: RegExp,
): number | undefined {
  const found = attributes.find((attribute) => attribute.id === id && meaning.test(attribute.name));
  return found === undefined ? undefined : countOf(found);
}

/** Drives pack more numbers above the count, written as `3 (0 2)`; then only the first one is the count. */
function countOf({ raw, rawText }: Attribute): number | undefined {
  const [, packed] = /^(\d{1,15}) \(/.exec(rawText ?? '') ?? [];
  return packed === undefined ? raw : Number(packed);
}
