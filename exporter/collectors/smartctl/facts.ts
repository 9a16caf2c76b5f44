import { type MetricName, sample, type Sample } from '../../metrics.ts';
import {
  type Attribute,
  attributeCount,
  attributesOf,
  lifeLeftPercent,
  statisticsPercentUsed,
} from './attributes.ts';
import { at, countAt, flagAt, numberAt, type Report, textAt } from './report.ts';

/** What a report says of a disk's health. What it does not say is undefined, never 0. */
export interface Facts {
  readonly healthy: boolean | undefined;
  /** Bytes. */
  readonly capacity: number | undefined;
  /** Degrees Celsius. */
  readonly temperature: number | undefined;
  /** Seconds. */
  readonly poweredOn: number | undefined;
  /** Share of the rated endurance, 1 is all of it. */
  readonly wear: number | undefined;
  /** Share of spare capacity, 1 is all of it. */
  readonly spare: number | undefined;
  readonly reallocated: number | undefined;
  readonly pending: number | undefined;
  readonly uncorrectable: number | undefined;
  readonly mediaErrors: number | undefined;
  readonly crcErrors: number | undefined;
  readonly unsafeShutdowns: number | undefined;
  readonly attributes: readonly Attribute[];
}

/**
 * @param exitStatus smartctl's own; bits 2 to 7 leave the data valid (smartctl(8) EXIT STATUS).
 */
export function factsOf(report: Report, exitStatus: number): Facts {
  const attributes = attributesOf(report);
  return {
    healthy: verdict(report, exitStatus),
    capacity: capacityBytes(report),
    temperature: temperatureCelsius(report),
    poweredOn: poweredOnSeconds(report),
    wear: wearRatio(report, attributes),
    spare: percentAt(report, 'nvme_smart_health_information_log', 'available_spare'),
    reallocated:
      attributeCount(attributes, 5, /realloc|reassign|retired|remap|bad_bl/i) ??
      countAt(report, 'scsi_grown_defect_list'),
    pending: attributeCount(attributes, 197, /pending/i),
    uncorrectable:
      attributeCount(attributes, 187, /uncorr|_ue_/i) ??
      attributeCount(attributes, 198, /uncorr/i) ??
      scsiUncorrected(report),
    mediaErrors: countAt(report, 'nvme_smart_health_information_log', 'media_errors'),
    crcErrors: attributeCount(attributes, 199, /crc/i),
    unsafeShutdowns:
      countAt(report, 'nvme_smart_health_information_log', 'unsafe_shutdowns') ??
      attributeCount(attributes, 174, /power_loss|unsafe_shutdown/i) ??
      attributeCount(attributes, 192, /unsafe_shutdown/i) ??
      attributeCount(attributes, 235, /por_recovery/i),
    attributes,
  };
}

/** Facts a device without SMART gives as well: a RAID volume reports 0 °C, and without CAP_SYS_RAWIO smartctl exits 0 with no more than these. */
const noHealth: ReadonlySet<string> = new Set(['capacity', 'temperature', 'poweredOn', 'attributes']);

/** Whether the disk told anything of its health. */
export function tellsHealth(facts: Facts): boolean {
  const told = Object.entries(facts).filter(([name, fact]) => !noHealth.has(name) && fact !== undefined);
  return told.length > 0 || facts.attributes.length > 0;
}

const metricOf = [
  ['capacity', 'maintenance_disk_capacity_bytes'],
  ['temperature', 'maintenance_disk_temperature_celsius'],
  ['poweredOn', 'maintenance_disk_power_on_seconds_total'],
  ['wear', 'maintenance_disk_wear_ratio'],
  ['spare', 'maintenance_disk_spare_ratio'],
  ['reallocated', 'maintenance_disk_reallocated_sectors'],
  ['pending', 'maintenance_disk_pending_sectors'],
  ['uncorrectable', 'maintenance_disk_uncorrectable_errors'],
  ['mediaErrors', 'maintenance_disk_media_errors_total'],
  ['crcErrors', 'maintenance_disk_interface_crc_errors_total'],
  ['unsafeShutdowns', 'maintenance_disk_unsafe_shutdowns_total'],
] as const satisfies readonly (readonly [keyof Facts, MetricName])[];

const attributeMetricOf = [
  ['raw', 'maintenance_disk_attribute_raw'],
  ['value', 'maintenance_disk_attribute_value'],
  ['worst', 'maintenance_disk_attribute_worst'],
  ['threshold', 'maintenance_disk_attribute_threshold'],
] as const satisfies readonly (readonly [keyof Attribute, MetricName])[];

/** One sample per fact that is known. */
export function samplesOf(disk: string, facts: Facts): readonly Sample[] {
  const { healthy } = facts;
  return [
    ...(healthy === undefined ? [] : [sample('maintenance_disk_smart_healthy', { disk }, Number(healthy))]),
    ...metricOf.flatMap(([fact, name]) => {
      const value = facts[fact];
      return value === undefined ? [] : [sample(name, { disk }, value)];
    }),
    ...facts.attributes.flatMap((attribute) => {
      const labels = { disk, attribute_id: String(attribute.id), attribute_name: attribute.name };
      return attributeMetricOf.flatMap(([part, name]) => {
        const value = attribute[part];
        return value === undefined ? [] : [sample(name, labels, value)];
      });
    }),
  ];
}

/** The disk's own verdict. A missing one is not a failure; a device without SMART cannot pass. */
function verdict(report: Report, exitStatus: number): boolean | undefined {
  const diskFailing = 0b1000;
  const passed = flagAt(report, 'smart_status', 'passed');
  if (passed === false || (exitStatus & diskFailing) !== 0) return false;
  return lacksSmart(report) ? undefined : passed;
}

/** The device itself says that it has no SMART: virtual disks, RAID volumes, many USB sticks. */
export function lacksSmart(report: Report): boolean {
  // smartctl before 7.3 has no such member; Synology's build gives a bare boolean.
  return at(report, 'smart_support') === false || flagAt(report, 'smart_support', 'available') === false;
}

function capacityBytes(report: Report): number | undefined {
  // user_capacity of an NVMe disk is that of its first namespace.
  const bytes = [countAt(report, 'nvme_total_capacity'), countAt(report, 'user_capacity', 'bytes')];
  return bytes.find((value) => value !== undefined && value > 0);
}

/** A SCSI device without a temperature sensor reports 0 °C and a trip point of 0 °C, or none. */
function temperatureCelsius(report: Report): number | undefined {
  const current = numberAt(report, ['temperature', 'current'], -100, 300);
  if (current !== 0 || textAt(report, 'device', 'protocol') !== 'SCSI') return current;
  const trip =
    countAt(report, 'temperature', 'drive_trip') ?? countAt(report, 'scsi_temperature', 'drive_trip');
  return trip === undefined || trip === 0 ? undefined : current;
}

function poweredOnSeconds(report: Report): number | undefined {
  const hours = countAt(report, 'power_on_time', 'hours');
  if (hours !== undefined) return hours * 3600 + (countAt(report, 'power_on_time', 'minutes') ?? 0) * 60;
  const logged = countAt(report, 'nvme_smart_health_information_log', 'power_on_hours');
  return logged === undefined ? undefined : logged * 3600;
}

/** First what smartctl (7.5) or the standards define, then the vendor attributes whose direction is sure. */
function wearRatio(report: Report, attributes: readonly Attribute[]): number | undefined {
  const used =
    numberAt(report, ['endurance_used', 'current_percent'], 0, 255) ??
    numberAt(report, ['nvme_smart_health_information_log', 'percentage_used'], 0, 255) ??
    numberAt(report, ['scsi_percentage_used_endurance_indicator'], 0, 255) ??
    statisticsPercentUsed(report);
  if (used !== undefined) return used / 100;
  const left = lifeLeftPercent(report, attributes);
  return left === undefined ? undefined : (100 - left) / 100;
}

function percentAt(report: Report, ...path: readonly string[]): number | undefined {
  const percent = numberAt(report, path, 0, 100);
  return percent === undefined ? undefined : percent / 100;
}

/** Read, write and verify together; a disk need not count all three, but one it counts unreadably makes the sum unknown. */
function scsiUncorrected(report: Report): number | undefined {
  const counted = ['read', 'write', 'verify'].filter(
    (operation) => at(report, 'scsi_error_counter_log', operation) !== undefined,
  );
  let total: number | undefined;
  for (const operation of counted) {
    const errors = countAt(report, 'scsi_error_counter_log', operation, 'total_uncorrected_errors');
    if (errors === undefined) return undefined;
    total = (total ?? 0) + errors;
  }
  return total;
}
