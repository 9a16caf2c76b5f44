import { day } from './calendar.ts';
import type { Condition } from './conditions.ts';
import type { ServiceLife } from './services.ts';
import { outside, united } from './spans.ts';
import type { Span } from './track.ts';

/** That a service is away, and that nobody probes it. What its budget and its speed come to is not played as alerts. */
export function serviceConditions(
  life: ServiceLife,
  { start, end }: { readonly start: number; readonly end: number },
): readonly Condition[] {
  const { id, service, away, unprobed } = life;
  const identity = { customer: service.customer, instance: service.probe.instance, object: id };
  const condition = (
    alertname: string,
    severity: 'critical' | 'warning',
    sla_class: 'urgent' | 'standard',
    spans: readonly Span[],
  ): readonly Condition[] =>
    spans.length === 0
      ? []
      : [
          {
            labels: { alertname, ...identity, severity, sla_class },
            pendingFor: 900,
            keepFiring: 0,
            spans: spans.map(({ from, to }) => ({ from: Math.max(start, from), to: Math.min(end, to) })),
          },
        ];
  return [
    ...condition('MaintenanceServiceDown', 'critical', 'urgent', lastKnown(away, unprobed)),
    ...condition('MaintenanceServiceUnwatched', 'warning', 'standard', unprobed),
  ];
}

/** What was last known stands for a day: an outage that nobody looks at goes on. */
function lastKnown(away: readonly Span[], unprobed: readonly Span[]): readonly Span[] {
  const known = outside(away, unprobed);
  return united(
    known.flatMap((one) => {
      const gap = unprobed.find(({ from }) => from === one.to);
      return gap === undefined ? [one] : [one, { from: one.to, to: Math.min(gap.to, one.to + day) }];
    }),
  );
}
