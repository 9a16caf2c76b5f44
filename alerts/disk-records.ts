import { type MetricName, vector } from '../exporter/metrics.ts';
import type { Policy } from './policy.ts';
import { recorded } from './records.ts';
import { type RecordingRule, ruleGroup, type RuleGroup, seldom } from './rules.ts';

/** The rule group of what is recorded per disk. */
export const diskGroup = 'maintenance-disks';

const last = recorded('disk:maintenance_disk_errors:last');

/** What is recorded per disk: the errors it has, how they grew, and what the policy allows. It looks back for 30 days, so it does so seldom. */
export function diskRecords(policy: Policy): RuleGroup<RecordingRule> {
  const { disks } = policy;
  const limits: readonly RecordingRule[] = [
    { record: 'maintenance:disk_wear_limit:ratio', expr: `vector(${disks.wear})` },
    {
      record: 'maintenance:disk_annual_failure_limit:ratio',
      expr: `vector(${disks.annual_failure_ratio})`,
    },
    { record: 'maintenance:disk_temperature_limit:celsius', expr: `vector(${disks.temperature})` },
    {
      record: 'maintenance:disk_unrecovered_errors_limit:count',
      expr: `vector(${disks.unrecovered_errors})`,
    },
    { record: 'maintenance:disk_grown_defects_limit:count', expr: `vector(${disks.grown_defects})` },
    ...Object.entries(disks.growth_30d).map(([error, allowed]): RecordingRule => ({
      record: 'maintenance:disk_errors_growth_limit:count',
      expr: `vector(${allowed})`,
      labels: { error },
    })),
  ];
  return ruleGroup(diskGroup, seldom, [...limits, ...errorRules, growthRule]);
}

const countedBy = {
  reallocated_sectors: 'maintenance_disk_reallocated_sectors',
  pending_sectors: 'maintenance_disk_pending_sectors',
  uncorrectable_errors: 'maintenance_disk_uncorrectable_errors',
  media_errors: 'maintenance_disk_media_errors_total',
  interface_crc_errors: 'maintenance_disk_interface_crc_errors_total',
} as const satisfies Readonly<Record<keyof Policy['disks']['growth_30d'], MetricName>>;

/** What was last known within a day. A disk keeps its count when it moves: without the host it is the same series. */
const errorRules: readonly RecordingRule[] = Object.entries(countedBy).map(([error, metric]) => ({
  record: 'disk:maintenance_disk_errors:last',
  expr: `max by (customer, disk) (last_over_time(${vector(metric)}[1d]))`,
  labels: { error },
}));

/**
 * What there is above the least of the last 30 days. A counter that fell, because the disk was reset or sectors
 * healed, is the new least: falling is no growth, and what came before it is forgotten. No growth is 0 only of a disk that was
 * measured when the window began (within three days: machines are switched off over a weekend); of others it is unknown.
 * What grew since anything was known of the disk is growth in any case. Every six hours are enough: `last` bridges a day.
 */
const grown = `clamp_min(${last} - min_over_time(${last}[30d:6h]), 0)`;
const growthRule: RecordingRule = {
  record: 'disk:maintenance_disk_errors:growth30d',
  expr: [`(${grown} > 0)`, 'or', `(${grown} and present_over_time(${last}[3d:6h] offset 28d))`].join('\n'),
};
