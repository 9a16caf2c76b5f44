import { vector } from '../exporter/metrics.ts';
import type { MetaAlert } from './meta-alerts.ts';
import type { Policy } from './policy.ts';
import { recorded } from './records.ts';

const day = 86_400;
const where = '{{ $labels.instance }} ({{ $labels.customer }})';
/** What belongs to a customer has no instance. */
const hostOrCustomer =
  '{{ with $labels.instance }}{{ . }} ({{ $labels.customer }}){{ else }}{{ $labels.customer }}{{ end }}';
const warning = { severity: 'warning', sla_class: 'standard' } as const;
const info = { severity: 'info', sla_class: 'standard' } as const;
const percent = (share: number): string => `${Number((share * 100).toPrecision(6))}%`;

const age = recorded('object:maintenance_control_age_seconds:last');
const limit = recorded('object:maintenance_control_limit_seconds:effective');
const excepted = recorded('object:maintenance_control_excepted:bool');
const known = recorded('customer:maintenance_control_known:ratio');
const compliant = recorded('customer:maintenance_control_compliant:ratio');
const size = vector('maintenance_backup_size_bytes');
const lastRun = vector('maintenance_collector_last_run_timestamp_seconds');

// Read back by the template: a label would start the alert anew whenever the policy changes.
const allowed =
  '{{ range query (printf "object:maintenance_control_limit_seconds:effective{control=%q,customer=%q,instance=%q,role=%q,object=%q}" $labels.control $labels.customer $labels.instance $labels.role $labels.object) }}{{ .Value | humanizeDuration }}{{ end }}';

/** Shorter limits leave no time for a warning, and a nightly job would always be due soon. */
const worthWarning = 3 * day;

/** Alerts whose limit is in `watching` of the policy, and those about all controls at once. */
export function watchingAlerts({ watching }: Policy): readonly MetaAlert[] {
  return [
    {
      name: 'MaintenanceControlDueSoon',
      domain: 'watching',
      expr: `((${age} > 2 / 3 * (${limit} >= ${worthWarning})) <= ${limit})\nunless\n${excepted}`,
      for: '15m',
      labels: info,
      summary: 'Two thirds of a limit have passed.',
      description: `${hostOrCustomer}: {{ $labels.control }}{{ with $labels.object }} of {{ . }}{{ end }} is at {{ $value | humanizeDuration }} and out of order after ${allowed}. First step: plan it now; the runbook of the control says what to do.`,
      about: 'host',
    },
    {
      name: 'MaintenanceClockSkew',
      domain: 'watching',
      expr: `max by (customer, instance, role) (${lastRun} - timestamp(${lastRun})) > ${watching.clock_ahead}`,
      for: '15m',
      labels: warning,
      summary: 'The clock of a host is ahead, so its facts look younger than they are.',
      description: `${where}: the exporter says that a collector ended {{ $value | humanizeDuration }} after it was asked. First step: \`timedatectl\` on the host.`,
      about: 'host',
    },
    {
      name: 'MaintenanceBackupSizeAnomaly',
      domain: 'backups',
      expr: `min by (customer, instance, role, backup_job) (\n  last_over_time(${size}[1d])\n  <\n  ${watching.backup_size} * quantile_over_time(0.5, ${size}[14d])\n)`,
      for: '15m',
      labels: warning,
      summary: 'A backup is much smaller than it was.',
      description: `${where}: the newest restore point of backup job {{ $labels.backup_job }} covers {{ $value | humanize1024 }}B, less than ${percent(watching.backup_size)} of the median of two weeks. First step: compare what the job was told to save with what is there.`,
      about: 'host',
    },
    {
      name: 'MaintenanceRuleEvaluationFailing',
      domain: 'watching',
      expr: 'sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total{rule_group=~".*;maintenance-.+"}[1h])) > 0',
      for: '15m',
      labels: { severity: 'critical', sla_class: 'urgent' },
      summary: 'Prometheus cannot evaluate a rule of ours.',
      description:
        'A rule of {{ $labels.rule_group }} fails, so verdicts are missing and alerts may never fire. First step: the Rules page of Prometheus names the rule and the error.',
      about: 'fleet',
    },
    {
      name: 'MaintenanceRetentionTooShort',
      domain: 'watching',
      // 0: no limit in time. The series is there from Prometheus 2.49.
      expr: `min by (instance) (prometheus_tsdb_retention_limit_seconds > 0) < ${watching.retention}`,
      for: '15m',
      labels: warning,
      summary: 'Prometheus forgets before the monthly report is made.',
      description:
        'Prometheus {{ $labels.instance }} keeps its data for {{ $value | humanizeDuration }}, so a report has no whole month. First step: set --storage.tsdb.retention.time=400d.',
      about: 'fleet',
    },
    {
      name: 'MaintenanceCoverageLow',
      domain: 'watching',
      expr: `max_over_time(${known}[1d]) < ${watching.coverage}\nand\n${known} offset 1d`,
      for: '15m',
      labels: warning,
      summary: 'Too much of a control has been unknown for a day.',
      description: `{{ $labels.customer }}: no more than {{ $value | humanizePercentage }} of {{ $labels.control }} was known within a day (wanted: ${percent(watching.coverage)}). First step: the table "Unknown" of the overview names the hosts.`,
      about: 'fleet',
    },
    {
      name: 'MaintenanceComplianceLow',
      domain: 'watching',
      expr: `max_over_time(${compliant}[1d]) < on (control) group_left () ${recorded('maintenance:control_target:ratio')}\nand\n${compliant} offset 1d`,
      for: '15m',
      labels: info,
      summary: 'A control has been below its target for a day.',
      description:
        '{{ $labels.customer }}: no more than {{ $value | humanizePercentage }} of {{ $labels.control }} was in order within a day, which is below its target. First step: the table "Worst hosts" of the overview.',
      about: 'fleet',
    },
  ];
}
