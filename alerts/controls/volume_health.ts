import { type MetricName, vector } from '../../exporter/metrics.ts';
import { firstOf, nested, perObject, type StateControl } from '../control.ts';

const object = 'kind_and_volume';

/**
 * `md:md0`: a pool of ZFS and a volume group of one name are two volumes. A label of its own: VictoriaMetrics 1.79 empties the label
 * it joins into before it reads the others, so that all volumes of a kind would be one.
 */
function named(...metrics: readonly Extract<MetricName, `maintenance_volume_${string}`>[]): string {
  const facts = firstOf(...metrics.map((name) => vector(name)));
  return `label_join(${nested(`${facts},\n"${object}", ":", "kind", "volume"`)})`;
}

/** Each volume is there and in order: whole, no member failed, nothing rebuilding, no damage reported. */
export const volumeHealth = {
  name: 'volume_health',
  domain: 'storage',
  objects: 'volume',
  judges: 'state',
  seen: perObject(
    'group',
    object,
    named('maintenance_volume_info', 'maintenance_volume_present', 'maintenance_volume_healthy'),
  ),
  state: firstOf(
    `(${perObject('min', object, named('maintenance_volume_present'))} == 0)`,
    perObject('min', object, named('maintenance_volume_healthy')),
  ),
  hostSourced: true,
  alert: {
    name: 'MaintenanceVolumeDegraded',
    summary:
      'A RAID array, pool or volume group lacks redundancy, is damaged, has failed, or has disappeared.',
    finding:
      'volume {{ $labels.object }} is degraded, rebuilding, damaged or failed, or it was there before and is gone',
    firstStep:
      'check that the backup is recent, then see which disk it is: `cat /proc/mdstat`, `zpool status`, `btrfs device stats`, `lvs -a` or `storcli /cALL show`',
  },
} as const satisfies StateControl;
