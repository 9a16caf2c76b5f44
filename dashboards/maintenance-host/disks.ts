import type { Policy } from '../../alerts/policy.ts';
import { explain, type Line, lineColors, trend } from '../panels.ts';
import { everyHost, metric } from '../queries.ts';
import { ageColumn, table } from '../table.ts';
import { states } from '../verdicts.ts';
import { age, host, hostColumns, worst } from './facts.ts';

export function disks(policy: Policy) {
  return table(
    {
      id: 41,
      title: 'Disks, failing first',
      width: 24,
      height: 8,
      description: explain(policy, {
        what: 'Each disk: is it there, can it be asked, what is its own verdict, and its signs of wear.',
        formula:
          'As the disk reports through S.M.A.R.T.; a sleeping disk is not asked, its other facts are unknown.',
        target: 'Present, and its own verdict passed.',
        action:
          'Failing or gone: secure the backup, then replace it. Growing sector counts announce the same.',
        controls: ['disk_health'],
      }),
    },
    {
      present: everyHost(worst('disk', metric('maintenance_disk_present'))),
      info: `count by (${host}, disk, device, model) (${metric('maintenance_disk_info')})`,
      healthy: `min by (${host}, disk) (${metric('maintenance_disk_smart_healthy')})`,
      readable: `min by (${host}, disk) (${metric('maintenance_disk_readable')})`,
      standby: worst('disk', metric('maintenance_disk_standby')),
      temperature: worst('disk', metric('maintenance_disk_temperature_celsius')),
      wear: worst('disk', metric('maintenance_disk_wear_ratio')),
      reallocated: worst('disk', metric('maintenance_disk_reallocated_sectors')),
      pending: worst('disk', metric('maintenance_disk_pending_sectors')),
      uncorrectable: worst('disk', metric('maintenance_disk_uncorrectable_errors')),
      ratio: worst('disk', metric('maintenance_disk_observed_annual_failure_ratio')),
      tested: age('disk', metric('maintenance_disk_self_test_last_timestamp_seconds')),
    },
    {
      disk: { title: 'Disk' },
      device: { title: 'Device' },
      model: { title: 'Model' },
      healthy: { title: 'Own verdict', states: states({ 0: ['Failing', 'bad'], 1: ['Passed', 'good'] }) },
      present: { title: 'Present', states: states({ 0: ['Gone', 'bad'], 1: ['Present', 'plain'] }) },
      readable: { title: 'Answers', states: states({ 0: ['No', 'unknown'], 1: ['Yes', 'plain'] }) },
      standby: { title: 'Asleep', states: states({ 0: ['No', 'plain'], 1: ['Yes', 'unknown'] }) },
      temperature: { title: 'Temperature', unit: 'celsius' },
      wear: { title: 'Endurance used', unit: 'percentunit', none: 'Not reported' },
      reallocated: { title: 'Reallocated sectors', unit: 'short', none: 'Not reported' },
      pending: { title: 'Pending sectors', unit: 'short', none: 'Not reported' },
      uncorrectable: { title: 'Uncorrectable errors', unit: 'short', none: 'Not reported' },
      ratio: { title: 'Observed failures per year', unit: 'percentunit', none: 'No statistics' },
      tested: ageColumn('Last self-test', 'Not known'),
      ...hostColumns,
    },
    { column: 'Own verdict', descending: false },
  );
}

function sectors(what: 'reallocated' | 'pending', query: string, color: string): Line {
  return { query, legend: `{{instance}} {{disk}} ${what}`, color, shades: true };
}

export function diskTrend(policy: Policy) {
  return trend(
    {
      id: 42,
      title: 'Damaged sectors, trend',
      width: 12,
      height: 7,
      unit: 'short',
      description: explain(policy, {
        what: 'Sectors the disk has replaced, and sectors it could not read and waits to replace.',
        formula: 'maintenance_disk_reallocated_sectors and maintenance_disk_pending_sectors.',
        target: 'Flat. A disk that reports neither has no line.',
        action: 'A growing line: order the replacement now, whatever the disk says of itself.',
        controls: ['disk_health'],
      }),
    },
    {
      reallocated: sectors('reallocated', metric('maintenance_disk_reallocated_sectors'), lineColors[0]),
      pending: sectors('pending', metric('maintenance_disk_pending_sectors'), lineColors[1]),
    },
  );
}
