import { vector } from '../exporter/metrics.ts';
import type { MetaAlert } from './meta-alerts.ts';
import { recorded } from './records.ts';

const disk = 'disk {{ $labels.disk }}';
const where = `{{ $labels.instance }} ({{ $labels.customer }}): ${disk}`;
const common = {
  domain: 'storage',
  object: 'disk',
  for: '15m',
  labels: { severity: 'warning', sla_class: 'standard' },
  about: 'host',
} as const;
const perDisk = 'customer, instance, role, disk';

/** What was last known within a day: a silent exporter does not mend a disk. */
function lastKnown(aggregation: 'min' | 'max', selector: string): string {
  return `${aggregation} by (${perDisk}) (last_over_time(${selector}[1d]))`;
}

/** The hosts that could read the disk within a day; a disk that moves is at two of them for as long. */
const readers = `(${lastKnown('max', vector('maintenance_disk_readable'))} == 1)`;

/**
 * Attributes that count damage of the disk itself, the ones Scrutiny calls critical: reallocated sectors, spin retries, end-to-end
 * errors, uncorrectable errors, timeouts, reallocation events, pending and offline uncorrectable sectors. The others tell of use
 * (start/stop, power-off retracts), of the cable (CRC, downshifts), or swing with the load (ECC recovered).
 */
const damage = ['5', '10', '184', '187', '188', '196', '197', '198'];
const failureRatio = vector('maintenance_disk_observed_annual_failure_ratio');

const errors = recorded('disk:maintenance_disk_errors:last');
const unrecovered = recorded('disk:maintenance_disk_errors:last', {
  error: ['pending_sectors', 'uncorrectable_errors', 'media_errors'],
});
const reallocated = recorded('disk:maintenance_disk_errors:last', { error: 'reallocated_sectors' });
const growth = recorded('disk:maintenance_disk_errors:growth30d');
const tooMuchGrowth = `${growth} > on (error) group_left () ${recorded('maintenance:disk_errors_growth_limit:count')}`;

const temperature = `max by (${perDisk}) (${vector('maintenance_disk_temperature_celsius')})`;
/** What the disk states: its specification, or where NVMe warns. */
const ownLimit = `min by (${perDisk}) (${vector('maintenance_disk_temperature_limit_celsius', { limit: 'operating' })})`;

/** Go template: `8 pending_sectors, 16 reallocated_sectors` of the disk, where the counts of the query say so. */
function listed(query: (matchers: string) => string): string {
  const asked = query('{customer=%q,disk=%q}').replaceAll('"', String.raw`\"`);
  return `{{ range $i, $sample := query (printf "${asked}" $labels.customer $labels.disk) | sortByLabel "error" }}{{ if $i }}, {{ end }}{{ $sample.Value }} {{ $sample.Labels.error }}{{ end }}`;
}

/** Alerts about disks that still work. Their limits are in the policy; of temperature and spare, the disk's own come first. */
export const diskAlerts: readonly MetaAlert[] = [
  {
    ...common,
    name: 'MaintenanceDiskErrorsGrowing',
    expr: `${readers}\n* on (customer, disk) group_left ()\ngroup by (customer, disk) (${tooMuchGrowth})`,
    summary: 'The errors of a disk have grown within 30 days.',
    description: `${where} has more errors than 30 days ago: ${listed(
      (matchers) =>
        `${growth}${matchers} > on (error) group_left () ${recorded('maintenance:disk_errors_growth_limit:count')}`,
    )}. First step: check that the backup is recent, then \`smartctl -x\` on the disk.`,
  },
  {
    ...common,
    name: 'MaintenanceDiskErrorsHigh',
    // Hard disks with failure statistics are judged by these.
    expr: [
      readers,
      '* on (customer, disk) group_left ()',
      'group by (customer, disk) (',
      `  (sum by (customer, disk) (${unrecovered}) > on () group_left () ${recorded('maintenance:disk_unrecovered_errors_limit:count')})`,
      '  or',
      `  ((${reallocated} and on (customer, disk) last_over_time(${vector('maintenance_disk_info', { protocol: 'SCSI' })}[1d])) > on () group_left () ${recorded('maintenance:disk_grown_defects_limit:count')})`,
      ')',
      `unless on (${perDisk})`,
      lastKnown('max', failureRatio),
    ].join('\n'),
    summary: 'A disk has lost data or grown many defects.',
    description: `${where} could not read or write everything it was asked to: ${listed((matchers) => `${errors}${matchers} > 0`)}. First step: check that the backup is recent, then \`smartctl -x\` on the disk.`,
  },
  {
    ...common,
    name: 'MaintenanceDiskRiskHigh',
    expr: `${lastKnown('max', vector('maintenance_disk_observed_annual_failure_ratio', { attribute_id: damage }))}\n>= on () group_left ()\n${recorded('maintenance:disk_annual_failure_limit:ratio')}`,
    summary: 'Hard disks with as many errors as this one fail often.',
    description: `${where} still works, but of hard disks with as many errors {{ $value | humanizePercentage }} failed within a year. First step: check that the backup is recent, then plan its replacement.`,
  },
  {
    ...common,
    name: 'MaintenanceDiskWearHigh',
    expr: `${lastKnown('max', vector('maintenance_disk_wear_ratio'))}\n>= on () group_left ()\n${recorded('maintenance:disk_wear_limit:ratio')}`,
    summary: 'The rated endurance of a disk is nearly used up.',
    description: `${where} has used {{ $value | humanizePercentage }} of its rated endurance. First step: see on the host board how fast it rises, then order a replacement in time.`,
  },
  {
    ...common,
    name: 'MaintenanceDiskHot',
    // Of the moment: what was measured before an exporter fell silent says nothing of now.
    expr: [
      `(${temperature} > on (${perDisk}) ${ownLimit})`,
      'or',
      `((${temperature} unless on (${perDisk}) ${ownLimit}) > on () group_left () ${recorded('maintenance:disk_temperature_limit:celsius')})`,
    ].join('\n'),
    summary: 'A disk is hotter than it is specified for.',
    description: `${where} is at {{ $value }} °C, more than it states it may be, or than the policy allows a disk that states nothing. First step: check fans, filters and the temperature of the room.`,
  },
  {
    ...common,
    name: 'MaintenanceDiskSpareLow',
    expr: `${lastKnown('min', vector('maintenance_disk_spare_ratio'))}\n< on (${perDisk})\n${lastKnown('max', vector('maintenance_disk_spare_threshold_ratio'))}`,
    summary: 'A disk has fewer spare blocks left than its vendor calls enough.',
    description: `${where} has {{ $value | humanizePercentage }} of its spare capacity left, less than the threshold it states. First step: check that the backup is recent, then replace the disk.`,
  },
];
