import { vector } from '../exporter/metrics.ts';
import { agreementAlerts } from './agreement-alerts.ts';
import { authenticationAlerts } from './authentication-alerts.ts';
import { diskAlerts } from './disk-alerts.ts';
import type { Domain } from './control.ts';
import { recorded } from './records.ts';
import { serviceAlerts } from './service-alerts.ts';
import { volumeAlerts } from './volume-alerts.ts';

/** An alert about the watching itself, or about a verdict that needs no limit: no policy sets one. */
export interface MetaAlert {
  readonly name: `Maintenance${string}`;
  readonly domain: Domain;
  readonly expr: string;
  /** The label that names its object; it becomes `object`, as on the alerts of controls. */
  readonly object?: 'disk' | 'backup_job';
  /** Absent: at once. */
  readonly for?: '15m';
  readonly keepFiringFor?: '15m';
  readonly labels:
    | { readonly severity: 'critical' | 'warning' | 'info'; readonly sla_class: 'urgent' | 'standard' }
    // Inherits the class of what it is about.
    | { readonly severity: 'critical' | 'warning' }
    | { readonly severity: 'none' };
  readonly summary: string;
  readonly description: string;
  /** Which board its link opens. */
  readonly about: 'host' | 'fleet';
}

const where = '{{ $labels.instance }} ({{ $labels.customer }})';
const warning = { severity: 'warning', sla_class: 'standard' } as const;
const perCollector = (metric: string): string => `max by (customer, instance, role, collector) (${metric})`;

// Read back by the template and no label: the reasons change while the alert fires, and each change of a label would end
// one incident and begin another.
const reasons =
  '{{ range $i, $sample := query (printf "maintenance_collector_error_info{customer=%q,instance=%q,collector=%q}" $labels.customer $labels.instance $labels.collector) | sortByLabel "reason" }}{{ if $i }}, {{ end }}{{ $sample.Labels.reason }}{{ else }}no reason given{{ end }}';

const limit = recorded('object:maintenance_control_limit_seconds:effective');
const unknown = `${recorded('object:maintenance_control_known:bool')} == 0`;

export const metaAlerts: readonly MetaAlert[] = [
  {
    name: 'MaintenanceExporterAbsent',
    domain: 'watching',
    expr: 'absent(up{job="maintenance"})',
    for: '15m',
    labels: { severity: 'critical', sla_class: 'urgent' },
    summary: 'Prometheus reads no maintenance exporter at all.',
    description:
      'Prometheus has no target with job="maintenance", so every control of every customer is unknown. First step: the Targets page of Prometheus and its scrape configuration.',
    about: 'fleet',
  },
  {
    name: 'MaintenanceCollectorBlind',
    domain: 'watching',
    expr: `min by (customer, instance, role, collector) (${vector('maintenance_collector_success')}) == 0`,
    for: '15m',
    keepFiringFor: '15m',
    labels: warning,
    summary: 'A collector cannot read all of its facts.',
    description: `${where}: collector {{ $labels.collector }} cannot answer everything it is asked: ${reasons}. What it cannot read counts as unknown. First step: \`journalctl -u maintenance-exporter --since -1h\` on the host.`,
    about: 'host',
  },
  {
    name: 'MaintenanceCollectorStale',
    domain: 'watching',
    expr: [
      `time() - ${perCollector(vector('maintenance_collector_last_run_timestamp_seconds'))}`,
      '>',
      `3 * ${perCollector(vector('maintenance_collector_interval_seconds'))} + 300`,
    ].join('\n'),
    for: '15m',
    keepFiringFor: '15m',
    labels: warning,
    summary: 'A collector has not run for more than three of its intervals.',
    description: `${where}: collector {{ $labels.collector }} last ended a run {{ $value | humanizeDuration }} ago, so its facts describe the past. First step: \`systemctl restart maintenance-exporter\` on the host, then its log.`,
    about: 'host',
  },
  {
    name: 'MaintenanceControlMissing',
    domain: 'watching',
    // No object: nothing that belongs to the control has been seen for a day. What is seen and cannot be read has an object.
    // {object=""} would read the index of every object there is: only what has none equals its group.
    expr: [
      unknown,
      'and',
      `group by (customer, instance, role, control) (${unknown})`,
      'and on (customer, instance, role)',
      '(up{job="maintenance"} == 1)',
      'unless',
      recorded('object:maintenance_control_excepted:bool'),
    ].join('\n'),
    for: '15m',
    labels: warning,
    summary: 'A host shows nothing of a control that its role asks for.',
    description: `${where}: role {{ $labels.role }} asks for {{ $labels.control }}, and the host reports no backup job, agent, disk, package manager or end of support of it. It counts as not in order. First step: switch the collector on with \`maintenance-exporter init\`, or give the host a role that does not ask for it.`,
    about: 'host',
  },
  {
    name: 'MaintenanceRestoreTestFailed',
    domain: 'backups',
    // What was last said, for a day: a silent exporter does not make a backup restorable.
    object: 'backup_job',
    expr: `min by (customer, instance, role, backup_job) (last_over_time(${vector('maintenance_backup_restore_test_success')}[1d])) == 0`,
    for: '15m',
    labels: { severity: 'critical', sla_class: 'urgent' },
    summary: 'A backup could not be restored.',
    description: `${where}: the last restore test of backup job {{ $labels.backup_job }} did not bring back what it should. Treat the job as not backed up. First step: \`maintenance-exporter evidence --kind restore_test --outcome failure\` on the host names the reason.`,
    about: 'host',
  },
  {
    name: 'MaintenanceBackupCheckFailed',
    domain: 'backups',
    object: 'backup_job',
    expr: `min by (customer, instance, role, backup_job, depth) (last_over_time(${vector('maintenance_backup_check_success')}[1d])) == 0`,
    for: '15m',
    labels: { severity: 'critical', sla_class: 'urgent' },
    summary: 'A check of a backup found damage.',
    description: `${where}: the last {{ $labels.depth }} check of backup job {{ $labels.backup_job }} found something wrong. First step: make a new backup to another place, then read what the check said.`,
    about: 'host',
  },
  ...authenticationAlerts,
  ...diskAlerts,
  ...volumeAlerts,
  ...serviceAlerts,
  ...agreementAlerts,
  {
    name: 'MaintenancePolicyMissing',
    domain: 'watching',
    // A task that left the policy keeps its age for a day, and is not expected.
    expr: [
      `((${recorded('object:maintenance_control_age_seconds:last')} unless ${limit})`,
      'or',
      `(${recorded('object:maintenance_control_left_seconds:last')} unless ${limit}))`,
      'unless',
      `(${recorded('object:maintenance_control_age_seconds:last', { control: 'tasks' })} unless ${recorded('object:maintenance_control_expected:bool')})`,
    ].join('\n'),
    for: '15m',
    labels: warning,
    summary: 'A control is measured but the policy gives it no limit.',
    description: `${where}: control {{ $labels.control }}{{ with $labels.object }} {{ . }}{{ end }} has an age and no limit, so its alert can never fire. First step: generate the rules again from policy.yaml and load both rule files.`,
    about: 'host',
  },
  {
    name: 'MaintenanceWatchdog',
    domain: 'watching',
    expr: 'vector(1) > 0',
    labels: { severity: 'none' },
    summary: 'This alert always fires: it proves that alerts reach people.',
    description:
      'Prometheus evaluates rules and Alertmanager delivers. Nothing to do while it arrives; when it stops, the receiver outside must raise the alarm.',
    about: 'fleet',
  },
];
