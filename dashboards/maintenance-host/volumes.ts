import type { Policy } from '../../alerts/policy.ts';
import { explain } from '../panels.ts';
import { everyHost, metric } from '../queries.ts';
import { table } from '../table.ts';
import { states } from '../verdicts.ts';
import { age, host, hostColumns, worst } from './facts.ts';

const labels = 'kind, volume';

export function volumes(policy: Policy) {
  return table(
    {
      id: 45,
      title: 'Volumes, degraded first',
      width: 24,
      height: 8,
      description: explain(policy, {
        what: 'Each RAID array, pool and volume group: is it whole, does it serve its data, how far is a rebuild, when was it last checked.',
        formula:
          'As md, ZFS, Btrfs, LVM, the RAID controller or Storage Spaces report. In order only when no member is missing, failed or rebuilding and no damage is known.',
        target: 'In order. A scrub about once a month.',
        action:
          'Not in order: secure the backup, then replace the disk. Failed: force nothing, see the runbook.',
        controls: ['volume_health'],
      }),
    },
    {
      present: everyHost(worst(labels, metric('maintenance_volume_present'))),
      info: `count by (${host}, ${labels}, level) (${metric('maintenance_volume_info')})`,
      healthy: `min by (${host}, ${labels}) (${metric('maintenance_volume_healthy')})`,
      operational: `min by (${host}, ${labels}) (${metric('maintenance_volume_operational')})`,
      degraded: worst(labels, metric('maintenance_volume_degraded_members')),
      rebuilt: worst(labels, metric('maintenance_volume_rebuild_ratio')),
      scrubbed: age(labels, metric('maintenance_volume_scrub_timestamp_seconds')),
      mismatches: worst(labels, metric('maintenance_volume_scrub_errors')),
      errors: `sum by (${host}, ${labels}) (${metric('maintenance_volume_errors')})`,
      full: worst(labels, metric('maintenance_volume_used_ratio')),
    },
    {
      volume: { title: 'Volume' },
      kind: { title: 'Kind' },
      level: { title: 'Layout' },
      healthy: { title: 'In order', states: states({ 0: ['No', 'bad'], 1: ['Yes', 'good'] }) },
      operational: { title: 'Serves data', states: states({ 0: ['Failed', 'bad'], 1: ['Yes', 'plain'] }) },
      present: { title: 'Present', states: states({ 0: ['Gone', 'bad'], 1: ['Present', 'plain'] }) },
      degraded: { title: 'Members lacking', unit: 'short' },
      rebuilt: { title: 'Rebuilt', unit: 'percentunit', none: 'Not rebuilding' },
      scrubbed: { title: 'Since last scrub', unit: 's', none: 'Not recorded' },
      mismatches: { title: 'Scrub found', unit: 'short', none: 'Not recorded' },
      errors: { title: 'Errors', unit: 'short', none: 'Not reported' },
      full: { title: 'Space used', unit: 'percentunit', none: 'Not reported' },
      ...hostColumns,
    },
    { column: 'In order', descending: false },
  );
}
