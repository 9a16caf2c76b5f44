import { at, countAt, listAt, numberAt, textAt, type Report } from './report.ts';

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
}

/** The attribute table. An id given twice counts once, the first time. */
export function attributesOf(report: Report): readonly Attribute[] {
  const byId = new Map<number, Attribute>();
  for (const row of listAt(report, 'ata_smart_attributes', 'table')) {
    const id = numberAt(row, ['id'], 1, 255);
    if (id === undefined || !Number.isInteger(id) || byId.has(id)) continue;
    byId.set(id, {
      id,
      name: textAt(row, 'name') ?? '',
      value: byteAt(row, 'value'),
      worst: byteAt(row, 'worst'),
      threshold: byteAt(row, 'thresh'),
      raw: countAt(row, 'raw', 'value'),
      rawText: textAt(row, 'raw', 'string'),
    });
  }
  return [...byId.values()];
}

function byteAt(row: unknown, key: string): number | undefined {
  const value = numberAt(row, [key], 0, 255);
  return value !== undefined && Number.isInteger(value) ? value : undefined;
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

/** Attributes whose normalised value is known to be the percentage of life left, by name (drivedb.h). */
const lifeLeft: readonly { readonly id: number; readonly name: string; readonly brand?: RegExp }[] = [
  { id: 177, name: 'Wear_Leveling_Count', brand: /samsung/i },
  { id: 202, name: 'Percent_Lifetime_Remain' },
  { id: 231, name: 'SSD_Life_Left' },
  // On WD and SanDisk drives the same name (id 230) counts upwards.
  { id: 233, name: 'Media_Wearout_Indicator', brand: /intel/i },
];

/** Life left in percent by the drive's own attributes; undefined where the direction of the value is not sure. */
export function lifeLeftPercent(report: Report, attributes: readonly Attribute[]): number | undefined {
  const brand = `${textAt(report, 'model_family') ?? ''} ${textAt(report, 'model_name') ?? ''}`;
  for (const known of lifeLeft) {
    const found = attributes.find(({ id, name }) => id === known.id && name === known.name);
    if (found?.value === undefined || found.value > 100) continue;
    if (known.brand?.test(brand) ?? true) return found.value;
  }
  return undefined;
}

/** Percentage Used Endurance Indicator of the device statistics, page 7 (ACS-4 A.5.8): what `--log=ssd` asks for. */
export function statisticsPercentUsed(report: Report): number | undefined {
  for (const page of listAt(report, 'ata_device_statistics', 'pages')) {
    if (at(page, 'number') !== 7) continue;
    for (const row of listAt(page, 'table')) {
      if (textAt(row, 'name') !== 'Percentage Used Endurance Indicator') continue;
      if (at(row, 'flags', 'valid') === true) return byteAt(row, 'value');
    }
  }
  return undefined;
}
