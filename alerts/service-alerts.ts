import type { MetaAlert } from './meta-alerts.ts';
import { recorded } from './records.ts';
import type { burnWindows } from './service-records.ts';

type Span = (typeof burnWindows)[number];

const where = '{{ $labels.instance }} ({{ $labels.customer }}): service {{ $labels.object }}';
const common = { domain: 'services', for: '15m', about: 'host' } as const;
const critical = { severity: 'critical', sla_class: 'urgent' } as const;
const warning = { severity: 'warning', sla_class: 'standard' } as const;

const up = recorded('object:maintenance_service_up:bool');
const promised = recorded('object:maintenance_service_promised:ratio');

const week = recorded('object:maintenance_service_answer_seconds:p95week');
const baseline = String.raw`object:maintenance_service_answer_baseline:seconds{customer=%q,instance=%q,object=%q}`;

/**
 * More of the error budget of 30 days is used than a pace allows, over a long span and still in a short one
 * (The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts").
 * @param pace 1 uses the budget up in just 30 days.
 */
function burns(pace: number, long: Span, short: Span): string {
  const over = (window: Span): string =>
    `sum without (window) (${recorded('object:maintenance_service_unavailable:ratio', { window })}) > ${pace} * (1 - ${promised})`;
  return `(\n  (${over(long)})\n  and\n  (${over(short)})\n)`;
}

/** Go template: a recorded share of the service. */
function share(
  record: 'object:maintenance_service_agreed:ratio30d' | 'object:maintenance_service_promised:ratio',
): string {
  const selector = String.raw`${record}{customer=%q,instance=%q,object=%q}`;
  return `{{ range query (printf "${selector}" $labels.customer $labels.instance $labels.object) }}{{ .Value | humanizePercentage }}{{ end }}`;
}

const soFar = `it was there for ${share('object:maintenance_service_agreed:ratio30d')} of the last 30 days as far as they are known and outside of maintenance windows, and ${share('object:maintenance_service_promised:ratio')} are promised`;

/** Alerts about what customers can reach: the services of the policy, as blackbox_exporter probes them. */
export const serviceAlerts: readonly MetaAlert[] = [
  {
    ...common,
    name: 'MaintenanceServiceDown',
    // What was last known, for a day: a prober that dies brings no service back.
    expr: `last_over_time(${up}[1d]) == 0`,
    labels: critical,
    summary: 'A service cannot be reached.',
    description: `${where} does not answer its probe. First step: open it from another network; the page of the blackbox exporter shows why the probe failed.`,
  },
  {
    ...common,
    name: 'MaintenanceServiceUnwatched',
    expr: `${promised}\nunless\n${up}`,
    labels: warning,
    summary: 'Nobody probes a service of the policy.',
    description: `${where} has no probe_success, so whether it is there is unknown. First step: the Targets page of Prometheus; job and instance must be those of services.{{ $labels.object }}.probe in the policy.`,
  },
  {
    ...common,
    name: 'MaintenanceServiceBudgetBurnsFast',
    expr: `${burns(14.4, '1h', '5m')}\nor\n${burns(6, '6h', '30m')}`,
    labels: critical,
    summary: 'A service is away so much that its promise for the month breaks within days.',
    description: `${where} uses up the time it may be away within days: ${soFar}. First step: what was changed last on it and in front of it.`,
  },
  {
    ...common,
    name: 'MaintenanceServiceBudgetBurnsSlowly',
    expr: `${burns(3, '1d', '2h')}\nor\n${burns(1, '3d', '6h')}`,
    labels: warning,
    summary: 'A service is away more than its promise for the month allows.',
    description: `${where} is away more than its promise allows, again and again: ${soFar}. First step: compare the gaps in probe_success with what ran at those times.`,
  },
  {
    ...common,
    name: 'MaintenanceServiceSlower',
    expr: `last_over_time(${week}[1d])\n>\n${recorded('object:maintenance_service_answer_limit:seconds')}`,
    labels: warning,
    summary: 'A service answers more slowly than the policy allows.',
    description: `${where} took {{ $value | humanizeDuration }} to answer in the slowest twentieth of the last week, accepted were {{ range query (printf "${baseline}" $labels.customer $labels.instance $labels.object) }}{{ .Value | humanizeDuration }}{{ end }}. First step: find the week in which object:maintenance_service_answer_seconds:p95day began to rise, and what was changed in it.`,
  },
];
