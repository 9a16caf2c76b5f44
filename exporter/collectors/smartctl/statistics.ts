import { at, flagAt, listAt, numberAt, type Report } from './report.ts';

/** Where a statistic is: page and offset are fixed by the standard (ACS-4 9.5), names are smartctl's. */
const places = {
  powerOnHours: [1, 0x10],
  pendingErrors: [1, 0x40],
  reallocatedSectors: [3, 0x20],
  reallocationCandidates: [3, 0x38],
  uncorrectableErrors: [4, 0x08],
  temperature: [5, 0x08],
  operatingTemperatureLimit: [5, 0x58],
  interfaceCrcErrors: [6, 0x18],
  percentageUsed: [7, 0x08],
} as const satisfies Readonly<Record<string, readonly [page: number, offset: number]>>;

/**
 * A value of the ATA device statistics, which mean the same on every disk. Undefined when the disk does not keep it,
 * has no valid value yet, or scales it in its own way (`normalized`).
 */
export function statisticOf(report: Report, name: keyof typeof places): number | undefined {
  const [number, offset] = places[name];
  for (const page of listAt(report, 'ata_device_statistics', 'pages')) {
    if (at(page, 'number') !== number) continue;
    for (const row of listAt(page, 'table')) {
      if (at(row, 'offset') !== offset || flagAt(row, 'flags', 'valid') !== true) continue;
      if (name !== 'percentageUsed' && flagAt(row, 'flags', 'normalized') === true) continue;
      // The widest statistic used here has four bytes; only temperatures may be below zero.
      const value = numberAt(row, ['value'], -128, 2 ** 32 - 1);
      const signed = number === 5;
      if (value !== undefined && Number.isInteger(value) && (value >= 0 || signed)) return value;
    }
  }
  return undefined;
}
