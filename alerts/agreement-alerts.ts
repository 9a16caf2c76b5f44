import type { MetaAlert } from './meta-alerts.ts';
import { recorded } from './records.ts';

const day = 86_400;
/** How long before its end an exception, and a calendar, is spoken of, in seconds. */
const exceptionNotice = 14 * day;
const calendarNotice = 60 * day;
/** The share of the time for an answer from which on it is at risk. */
const atRisk = 0.75;

const warning = { severity: 'warning', sla_class: 'standard' } as const;

const used = recorded('alert:maintenance_alert_working_seconds:sum');
const limit = recorded('maintenance:sla_response_limit:seconds');
const usedUp = `${used} > on (sla_class) group_left () ${limit}`;
const which =
  '{{ $labels.alert }}{{ with $labels.instance }} on {{ . }}{{ end }}{{ with $labels.object }}, {{ . }}{{ end }}{{ with $labels.customer }} ({{ . }}){{ end }}';
const allowed =
  '{{ range query (printf "maintenance:sla_response_limit:seconds{sla_class=%q}" $labels.sla_class) }}{{ .Value | humanizeDuration }}{{ end }}';
const acknowledge =
  'Prometheus cannot know whether somebody has. First step: take it, and silence customer, instance, control and object with a comment that begins with ACK.';

/** Alerts about what was agreed: response times, exceptions, windows, calendars. None of them is under a contract clock itself. */
export const agreementAlerts: readonly MetaAlert[] = [
  {
    name: 'MaintenanceResponseSlaAtRisk',
    domain: 'agreements',
    expr: `(\n  ${used}\n  > on (sla_class) group_left ()\n  (${atRisk} * ${limit})\n)\nunless\n(${usedUp})`,
    for: '15m',
    // Its class is that of the alert it is about.
    labels: { severity: 'warning' },
    summary: 'Most of the time for an answer to an alert is used up.',
    description: `${which} has used {{ $value | humanizeDuration }} of the ${allowed} in which somebody must answer. ${acknowledge}`,
    about: 'fleet',
  },
  {
    name: 'MaintenanceResponseSlaBreached',
    domain: 'agreements',
    expr: usedUp,
    for: '15m',
    labels: { severity: 'critical' },
    summary: 'The time for an answer to an alert is used up.',
    description: `${which} has fired for {{ $value | humanizeDuration }} of contract time, and somebody must have answered within ${allowed}. ${acknowledge}`,
    about: 'fleet',
  },
  {
    name: 'MaintenanceExceptionExpiring',
    domain: 'agreements',
    expr: `min by (customer, control) (${recorded('object:maintenance_control_exception_end_timestamp_seconds:max')}) - time() < ${exceptionNotice}`,
    for: '15m',
    labels: warning,
    summary: 'An exception from a control ends within two weeks.',
    description:
      '{{ $labels.customer }}: an exception from {{ $labels.control }} ends in {{ $value | humanizeDuration }}; what it excepts is judged again from then on. First step: ask its owner, who is in policy.yaml, what comes then.',
    about: 'fleet',
  },
  {
    name: 'MaintenanceCalendarEnding',
    domain: 'agreements',
    expr: `${recorded('customer:maintenance_calendar_end_timestamp_seconds:min')} - time() < ${calendarNotice}`,
    for: '15m',
    labels: warning,
    summary: 'The calendar of a customer ends within two months.',
    description:
      '{{ $labels.customer }}: the holidays or the changes of clocks that the rules know {{ if lt $value 0.0 }}have ended{{ else }}end in {{ $value | humanizeDuration }}{{ end }}; without them working time is counted wrong or not at all. First step: add the holidays of the next year to policy.yaml and generate the rules again.',
    about: 'fleet',
  },
  {
    name: 'MaintenanceWindowActive',
    domain: 'agreements',
    expr: `max by (customer, instance) (${recorded('instance:maintenance_window_active:bool')}) == 1`,
    labels: { severity: 'none' },
    summary: 'A maintenance window of the host is open.',
    description:
      '{{ $labels.instance }} ({{ $labels.customer }}): work is planned now, so only critical alerts of the host are told. Nothing to do.',
    about: 'host',
  },
];
