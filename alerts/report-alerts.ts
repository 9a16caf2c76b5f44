import { vector } from '../exporter/metrics.ts';
import type { MetaAlert } from './meta-alerts.ts';
import type { Policy } from './policy.ts';

const last = (match: { readonly report?: string }): string =>
  `last_over_time(${vector('maintenance_report_last_success_timestamp_seconds', match)}[1d])`;

/**
 * The report that leadership waits for. Its metric names the customer in `report`: the host it comes from may belong to
 * another. A customer whose report is sent to somebody must have one; of others only one that came once is missed.
 */
export function reportAlerts({ customers, watching }: Policy): readonly MetaAlert[] {
  const stale = `label_replace(time() - max by (report) (${last({})}), "customer", "$1", "report", "(.+)") > ${watching.report}`;
  const awaited = Object.entries(customers).filter(([, { report }]) => (report?.to.length ?? 0) > 0);
  const never = awaited.map(
    ([customer]) => `label_replace(absent(${last({ report: customer })}), "customer", "${customer}", "", "")`,
  );
  return [
    {
      name: 'MaintenanceReportNotProduced',
      domain: 'watching',
      expr: `max by (customer) (\n  ${[stale, ...never].join('\n  or\n  ')}\n)`,
      for: '15m',
      labels: { severity: 'warning', sla_class: 'standard' },
      summary: 'The monthly report of a customer was not made.',
      description:
        '{{ $labels.customer }}: {{ if gt $value 1.0 }}the newest monthly report was written {{ $value | humanizeDuration }} ago{{ else }}nothing tells of a monthly report, and somebody is to be sent one{{ end }}. First step: `journalctl -u maintenance-report` on the machine that makes it says why.',
      about: 'fleet',
    },
  ];
}
