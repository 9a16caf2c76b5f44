import type { MetricName } from '../../exporter/metrics.ts';
import { host, nested } from '../control.ts';
import type { MappingRule } from './mapped.ts';

/** What another exporter says of volumes of one kind. Expressions have the labels of the host and `volume`; info has `level` as well. */
interface VolumeExporter {
  readonly exporter: string;
  readonly kind: string;
  readonly info: string;
  readonly facts: readonly { readonly record: MetricName; readonly expr: string }[];
  /** Per customer and instance: it shows all there is. A volume that was there within a week and is not shown is gone. */
  readonly complete: string;
}

/** Facts of volumes as rules; where our own collector of this kind runs on the host, it tells. */
export function volumeRules({
  exporter,
  kind,
  info,
  facts,
  complete,
}: VolumeExporter): readonly MappingRule[] {
  const labels = { exporter, kind };
  const there = `group by (${host}, volume) (${nested(info)})`;
  const seen = `group by (${host}, volume) (present_over_time(maintenance_volume_info{exporter="${exporter}",kind="${kind}"}[1w]))`;
  const own = `on (customer, instance) present_over_time(maintenance_volume_info{exporter="",kind="${kind}"}[1d])`;
  const rules: readonly Omit<MappingRule, 'labels'>[] = [
    { record: 'maintenance_volume_info', expr: `group by (${host}, volume, level) (${nested(info)})` },
    {
      record: 'maintenance_volume_present',
      expr: `${there}\nor\n(${seen} * 0\nand on (customer, instance) ${complete})`,
    },
    ...facts,
  ];
  return rules.map(({ record, expr }) => ({ record, expr: `(${nested(expr)})\nunless ${own}`, labels }));
}
