import { type MetricName, sample, type Sample } from '../../metrics.ts';
import type { Attribute } from './attributes.ts';
import type { Facts } from './facts.ts';

const metricOf = [
  ['healthy', 'maintenance_disk_smart_healthy'],
  ['capacity', 'maintenance_disk_capacity_bytes'],
  ['temperature', 'maintenance_disk_temperature_celsius'],
  ['poweredOn', 'maintenance_disk_power_on_seconds_total'],
  ['wear', 'maintenance_disk_wear_ratio'],
  ['spare', 'maintenance_disk_spare_ratio'],
  ['spareThreshold', 'maintenance_disk_spare_threshold_ratio'],
  ['reallocated', 'maintenance_disk_reallocated_sectors'],
  ['pending', 'maintenance_disk_pending_sectors'],
  ['uncorrectable', 'maintenance_disk_uncorrectable_errors'],
  ['mediaErrors', 'maintenance_disk_media_errors_total'],
  ['errorsLogged', 'maintenance_disk_errors_logged_total'],
  ['crcErrors', 'maintenance_disk_interface_crc_errors_total'],
  ['unsafeShutdowns', 'maintenance_disk_unsafe_shutdowns_total'],
  ['selfTestsLogged', 'maintenance_disk_self_tests_logged'],
  ['selfTestRunning', 'maintenance_disk_self_test_running'],
] as const satisfies readonly (readonly [keyof Facts, MetricName])[];

const attributeMetricOf = [
  ['raw', 'maintenance_disk_attribute_raw'],
  ['value', 'maintenance_disk_attribute_value'],
  ['worst', 'maintenance_disk_attribute_worst'],
  ['threshold', 'maintenance_disk_attribute_threshold'],
] as const satisfies readonly (readonly [keyof Attribute, MetricName])[];

/** One sample per fact that is known. */
export function samplesOf(disk: string, facts: Facts): readonly Sample[] {
  return [
    ...metricOf.flatMap(([fact, name]) => {
      const value = facts[fact];
      return value === undefined ? [] : [sample(name, { disk }, Number(value))];
    }),
    ...facts.temperatureLimits.map(({ limit, celsius }) =>
      sample('maintenance_disk_temperature_limit_celsius', { disk, limit }, celsius),
    ),
    ...facts.corrected.map(({ operation, errors }) =>
      sample('maintenance_disk_corrected_errors_total', { disk, operation }, errors),
    ),
    ...facts.selfTests.flatMap(({ kind, passed, timestamp }) => [
      ...(timestamp === undefined
        ? []
        : [sample('maintenance_disk_self_test_last_timestamp_seconds', { disk, kind }, timestamp)]),
      sample('maintenance_disk_self_test_last_success', { disk, kind }, Number(passed)),
    ]),
    ...[...facts.findings].map(([finding, found]) =>
      sample('maintenance_disk_finding', { disk, finding }, Number(found)),
    ),
    ...[...facts.criticalWarnings].map(([warning, raised]) =>
      sample('maintenance_disk_critical_warning', { disk, warning }, Number(raised)),
    ),
    ...facts.attributes.flatMap((attribute) => attributeSamples(disk, attribute)),
  ];
}

function attributeSamples(disk: string, attribute: Attribute): readonly Sample[] {
  const labels = { disk, attribute_id: String(attribute.id), attribute_name: attribute.name };
  const { failed } = attribute;
  return [
    ...attributeMetricOf.flatMap(([part, name]) => {
      const value = attribute[part];
      return value === undefined ? [] : [sample(name, labels, value)];
    }),
    ...(failed === undefined
      ? []
      : [sample('maintenance_disk_attribute_failed', { ...labels, when: failed }, 1)]),
  ];
}
