import { controls } from '../controls.ts';
import type { MetricName } from '../../exporter/metrics.ts';
import type { RecordName } from '../records.ts';

/*
 * What Prometheus reads when an alert is to fire at once or to be over: the recorded series its rule asks for, so that no
 * record has to come about first.
 */

/** Labels of the facts; `same` names the object, the disk, the job and the collector. */
export interface FactLabels {
  readonly customer: string;
  readonly instance: string;
  readonly same: string;
}

type Line = (labels: FactLabels, bad: boolean) => string;

function line(
  name: RecordName | MetricName | 'up',
  labels: Readonly<Record<string, string>>,
  value: number,
): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}{${pairs.join(',')}} ${value}\n`;
}

const host = ({ customer, instance }: FactLabels) => ({ customer, instance, role: 'server' });

const controlFacts: readonly (readonly [string, Line])[] = controls.map(
  ({ name, judges, alert, objects }) => [
    alert.name,
    (labels, bad) => {
      const all = {
        ...host(labels),
        control: name,
        ...(objects === 'host' ? {} : { object: labels.same }),
      };
      if (judges === 'state') return line('object:maintenance_control_state:last', all, bad ? 0 : 1);
      if (judges === 'time_left')
        return (
          line('object:maintenance_control_left_seconds:last', all, bad ? 0 : 1e9) +
          line('object:maintenance_control_limit_seconds:effective', all, 3600)
        );
      return (
        line('object:maintenance_control_age_seconds:last', all, bad ? 1e9 : 0) +
        line('object:maintenance_control_limit_seconds:effective', all, 3600)
      );
    },
  ],
);

const ofDisk = (labels: FactLabels) => ({ ...host(labels), disk: labels.same });

const otherFacts: Readonly<Record<string, Line>> = {
  MaintenanceHostDown: (labels, bad) =>
    line(
      'object:maintenance_control_compliant:bool',
      { ...host(labels), control: 'host_reporting' },
      bad ? 0 : 1,
    ),
  MaintenanceCollectorBlind: (labels, bad) =>
    line('maintenance_collector_success', { ...host(labels), collector: labels.same }, bad ? 0 : 1),
  MaintenanceCollectorStale: (labels, bad) => {
    const all = { ...host(labels), collector: labels.same };
    return (
      line('maintenance_collector_last_run_timestamp_seconds', all, bad ? 1e9 : 9e9) +
      line('maintenance_collector_interval_seconds', all, 3600)
    );
  },
  MaintenanceRestoreTestFailed: (labels, bad) =>
    line(
      'maintenance_backup_restore_test_success',
      { ...host(labels), tool: 'restic', backup_job: labels.same },
      bad ? 0 : 1,
    ),
  MaintenanceBackupCheckFailed: (labels, bad) =>
    line(
      'maintenance_backup_check_success',
      { ...host(labels), tool: 'restic', backup_job: labels.same, depth: 'data' },
      bad ? 0 : 1,
    ),
  MaintenanceAuthenticationFailureBurst: (labels, bad) =>
    line('maintenance_authentication_failures_total', host(labels), bad ? 1e6 : 0),
  MaintenanceDiskErrorsGrowing: (labels, bad) =>
    line('maintenance_disk_readable', ofDisk(labels), 1) +
    line(
      'disk:maintenance_disk_errors:growth30d',
      { customer: labels.customer, disk: labels.same, error: 'media_errors' },
      bad ? 5 : 0,
    ),
  MaintenanceDiskErrorsHigh: (labels, bad) =>
    line('maintenance_disk_readable', ofDisk(labels), 1) +
    line(
      'disk:maintenance_disk_errors:last',
      { customer: labels.customer, disk: labels.same, error: 'media_errors' },
      bad ? 5 : 0,
    ),
  MaintenanceDiskRiskHigh: (labels, bad) =>
    line(
      'maintenance_disk_observed_annual_failure_ratio',
      { ...ofDisk(labels), attribute_id: '5' },
      bad ? 0.9 : 0,
    ),
  MaintenanceDiskWearHigh: (labels, bad) =>
    line('maintenance_disk_wear_ratio', ofDisk(labels), bad ? 0.99 : 0),
  MaintenanceDiskHot: (labels, bad) =>
    line('maintenance_disk_temperature_celsius', ofDisk(labels), bad ? 90 : 30),
  MaintenanceDiskSpareLow: (labels, bad) =>
    line('maintenance_disk_spare_ratio', ofDisk(labels), bad ? 0.01 : 1) +
    line('maintenance_disk_spare_threshold_ratio', ofDisk(labels), 0.1),
  MaintenanceThinPoolFilling: (labels, bad) =>
    line(
      'maintenance_volume_used_ratio',
      { ...host(labels), kind: 'lvm', volume: labels.same, space: 'data' },
      bad ? 0.99 : 0.1,
    ),
  MaintenanceServiceDown: (labels, bad) =>
    line('object:maintenance_service_up:bool', { ...host(labels), object: labels.same }, bad ? 0 : 1),
  MaintenanceControlDueSoon: (labels, bad) => {
    const all = { ...host(labels), control: 'patch_security', object: labels.same };
    return (
      line('object:maintenance_control_age_seconds:last', all, bad ? 800_000 : 0) +
      line('object:maintenance_control_limit_seconds:effective', all, 900_000)
    );
  },
  MaintenanceClockSkew: (labels, bad) =>
    line(
      'maintenance_collector_last_run_timestamp_seconds',
      { ...host(labels), collector: labels.same },
      bad ? 9e9 : 1e9,
    ),
  MaintenanceWindowActive: (labels, bad) =>
    line('instance:maintenance_window_active:bool', { ...host(labels), window: 'night' }, bad ? 1 : 0),
  MaintenanceServiceBudgetBurnsFast: burning(['1h', '5m']),
  MaintenanceServiceBudgetBurnsSlowly: burning(['1d', '2h']),
};

/** A service that is away for so much of these spans that its budget burns. */
function burning(windows: readonly string[]): Line {
  return (labels, bad) => {
    const all = { ...host(labels), object: labels.same };
    return [
      line('object:maintenance_service_promised:ratio', all, 0.99),
      ...windows.map((window) =>
        line('object:maintenance_service_unavailable:ratio', { ...all, window }, bad ? 0.9 : 0),
      ),
    ].join('');
  };
}

/** The limits of disks, which have no labels of a host. */
export const diskLimits = [
  line('maintenance:disk_errors_growth_limit:count', { error: 'media_errors' }, 0),
  line('maintenance:disk_unrecovered_errors_limit:count', {}, 0),
  line('maintenance:disk_annual_failure_limit:ratio', {}, 0.5),
  line('maintenance:disk_wear_limit:ratio', {}, 0.9),
  line('maintenance:disk_temperature_limit:celsius', {}, 60),
].join('');

/** With it a fleet has an exporter, so MaintenanceExporterAbsent is over. */
export const exporterUp = line('up', { job: 'maintenance', customer: 'any', instance: 'any' }, 1);

const facts = new Map([...controlFacts, ...Object.entries(otherFacts)]);

/** Text of Prometheus with which an alert fires, or is over. @throws Error when nobody wrote here how it comes about. */
export function alertFacts(alert: string, labels: FactLabels, bad = true): string {
  const found = facts.get(alert);
  if (found === undefined)
    throw new Error(`alerts/tests/alert-facts.ts does not say what makes ${alert} fire`);
  return found(labels, bad);
}
