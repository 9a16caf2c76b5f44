import type { Attribute } from './attributes.ts';
import { numberAt, type Report, textAt } from './report.ts';
import { statisticOf } from './statistics.ts';

/**
 * Share of the rated endurance used, 1 is all of it, may be more. What the standards define comes first, then
 * smartctl's own reading (7.5 and newer), then the vendor attributes whose direction is sure.
 */
export function wearRatio(report: Report, attributes: readonly Attribute[]): number | undefined {
  const used =
    trusted(attributes, lifeGuess, percentAt(report, 'endurance_used', 'current_percent')) ??
    percentAt(report, 'nvme_smart_health_information_log', 'percentage_used') ??
    percentAt(report, 'scsi_percentage_used_endurance_indicator') ??
    statisticOf(report, 'percentageUsed');
  if (used !== undefined) return used > 255 ? undefined : used / 100;
  const left = lifeLeftPercent(report, attributes);
  return left === undefined ? undefined : (100 - left) / 100;
}

/** Share of spare capacity left, and the share at which the disk calls it too little. */
export function spareRatios(
  report: Report,
  attributes: readonly Attribute[],
): { readonly spare: number | undefined; readonly spareThreshold: number | undefined } {
  const log = 'nvme_smart_health_information_log';
  const spare =
    trusted(attributes, spareGuess, percentAt(report, 'spare_available', 'current_percent')) ??
    percentAt(report, log, 'available_spare');
  const threshold =
    percentAt(report, 'spare_available', 'threshold_percent') ??
    percentAt(report, log, 'available_spare_threshold');
  return { spare: share(spare), spareThreshold: spare === undefined ? undefined : share(threshold) };
}

function share(percent: number | undefined): number | undefined {
  return percent === undefined || percent > 100 ? undefined : percent / 100;
}

/** NVMe and SCSI count used endurance up to 255 %. */
function percentAt(report: Report, ...path: readonly string[]): number | undefined {
  return numberAt(report, path, 0, 255);
}

/** ATA attributes from which smartctl 7.5 guesses, by their names (smartmontools ataprint.cpp). */
const lifeGuess = /^(?:SSD_Life_Left|Wear_Leveling)/;
const spareGuess =
  /^(?:Reallocated_Sector_C|Retired_Block_C|(?:Remain.*_)?Spare_Blocks(?:_(?:Avail|Remain).*)?$)/;

/**
 * Takes a percentage of smartctl's unless it is cut out of an attribute that does not count in percent: smartctl turns
 * a value of 200 into "100 % left", and it would stay so until half of everything is gone.
 */
function trusted(
  attributes: readonly Attribute[],
  guess: RegExp,
  percent: number | undefined,
): number | undefined {
  const inPercent = attributes
    .filter(({ name }) => guess.test(name))
    .every(({ value, threshold }) => Math.max(value ?? 0, threshold ?? 0) <= 100);
  return inPercent ? percent : undefined;
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
function lifeLeftPercent(report: Report, attributes: readonly Attribute[]): number | undefined {
  const brand = `${textAt(report, 'model_family') ?? ''} ${textAt(report, 'model_name') ?? ''}`;
  for (const known of lifeLeft) {
    const found = attributes.find(({ id, name }) => id === known.id && name === known.name);
    if (found?.value === undefined || found.value > 100) continue;
    if (known.brand?.test(brand) ?? true) return found.value;
  }
  return undefined;
}
