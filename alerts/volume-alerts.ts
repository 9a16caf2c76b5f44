import { vector } from '../exporter/metrics.ts';
import type { MetaAlert } from './meta-alerts.ts';

/** Full by enough to act, and with enough left to do so within a day. */
const filling = 0.85;

/** Alerts about volumes that are in order and will not be for long. */
export const volumeAlerts: readonly MetaAlert[] = [
  {
    name: 'MaintenanceThinPoolFilling',
    domain: 'storage',
    expr: `max by (customer, instance, role, volume, space) (last_over_time(${vector('maintenance_volume_used_ratio', { kind: 'lvm' })}[1d])) >= ${filling}`,
    for: '15m',
    labels: { severity: 'warning', sla_class: 'standard' },
    summary: 'A thin pool or snapshot of LVM is nearly full.',
    description:
      '{{ $labels.instance }} ({{ $labels.customer }}): {{ $labels.volume }} has used {{ $value | humanizePercentage }} of its {{ $labels.space }} space; when it is full, writes fail or the snapshot is lost. First step: `lvs -a` and `vgs` on the host, then `lvextend` it or remove what is not needed.',
    about: 'host',
  },
];
