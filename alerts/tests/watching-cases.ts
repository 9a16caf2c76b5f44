import { type AlertCases, alive, app, dead, fires, turns } from './case-tables.ts';
import { days, fact, hours, minutes, scraped, type Series, step } from './facts.ts';

const patches = (since: number | string): Series => {
  const labels = { manager: 'apt', class: 'security', severity: 'unknown' } as const;
  return {
    ...fact('maintenance_patches_pending', labels, 1),
    ...fact('maintenance_patch_oldest_pending_timestamp_seconds', { ...labels, basis: 'released' }, since),
  };
};
const soon = { ...app, control: 'patch_security', object: 'apt' };

const lastRun = (values: string): Series =>
  fact('maintenance_collector_last_run_timestamp_seconds', { collector: 'apt' }, values);
/** Right for three hours, then half an hour ahead. */
const jumping = `0+${step}x11 ${turns + 1800}+${step}x400`;

const job = { tool: 'restic', backup_job: 'files' } as const;
const size = (values: string): Series => fact('maintenance_backup_size_bytes', job, values);

const group = '/etc/prometheus/rules/records.yaml;maintenance-controls';
const failures = (values: string): Series => ({
  [`prometheus_rule_evaluation_failures_total{job="prometheus",instance="p-1",rule_group="${group}"}`]:
    values,
});
const retention = (seconds: number, samples = '_x12 '): Series => ({
  'prometheus_tsdb_retention_limit_seconds{job="prometheus",instance="p-1"}': `${samples}${seconds}x400`,
});

/** The report of birch, made on a machine of acme. */
const reported = (at: number, instance = 'box-1'): Series =>
  fact('maintenance_report_last_success_timestamp_seconds', { report: 'birch' }, at, {
    on: { customer: 'acme', instance, role: 'appliance' },
  });

/** A host whose role asks for nothing but that it reports. */
const box = { on: { customer: 'acme', instance: 'box-1', role: 'appliance' } } as const;

/** Two backup jobs of it, the second readable or not. */
function jobs(second: 0 | 1): Series {
  const told = (backup_job: string): Series => ({
    ...fact('maintenance_backup_repository_readable', { tool: 'restic', backup_job }, 1, box),
    ...fact('maintenance_backup_restore_points', { tool: 'restic', backup_job }, 3, box),
    ...fact(
      'maintenance_backup_last_success_timestamp_seconds',
      { tool: 'restic', backup_job },
      `0+${step}x400`,
      box,
    ),
  });
  return {
    ...scraped(box),
    ...told('db'),
    ...(second === 1 ? told('files') : fact('maintenance_backup_repository_readable', job, 0, box)),
  };
}
const backup = { customer: 'acme', control: 'backup' } as const;
const gone = (name: string) => ({ series: scraped({ samples: 24 }), at: dead, firing: [], beside: [name] });

export const watchingCases: Readonly<Record<string, AlertCases>> = {
  MaintenanceControlDueSoon: {
    fires: [
      {
        series: { ...scraped(), ...patches(turns - 48 * hours - 1) },
        at: fires,
        firing: [soon],
        description:
          'app-1 (acme): patch_security of apt is at 2d 0h 15m 1s and out of order after 3d 0h 0m 0s. First step: plan it now; the runbook of the control says what to do.',
      },
    ],
    silent: [
      { series: { ...scraped(), ...patches(turns - 48 * hours - 1) }, at: turns, firing: [] },
      // What is out of order has an alert of its own.
      { series: { ...scraped(), ...patches(-80 * hours) }, at: fires, firing: [] },
      // A limit of 26 hours is too short for a warning.
      {
        series: {
          ...scraped(),
          ...fact('maintenance_backup_repository_readable', job, 1),
          ...fact('maintenance_backup_restore_points', job, 3),
          ...fact('maintenance_backup_last_success_timestamp_seconds', job, -20 * hours),
        },
        at: fires,
        firing: [],
      },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...patches(`${turns - 48 * hours - 1}x23 stale`) },
        at: dead,
        firing: [soon],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceClockSkew: {
    fires: [
      {
        series: { ...scraped(), ...lastRun(jumping) },
        at: fires,
        firing: [app],
        description:
          'app-1 (acme): the exporter says that a collector ended 30m 0s after it was asked. First step: `timedatectl` on the host.',
      },
    ],
    silent: [
      { series: { ...scraped(), ...lastRun(jumping) }, at: turns, firing: [] },
      { series: { ...scraped(), ...lastRun(`${5 * minutes}+${step}x400`) }, at: fires, firing: [] },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...lastRun(`1800+${step}x23 stale`) },
        at: dead,
        firing: [],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceBackupSizeAnomaly: {
    fires: [
      {
        series: { ...scraped(), ...size('4096x11 2047x1 2047x3') },
        at: fires,
        firing: [{ ...app, backup_job: 'files' }],
        description:
          'app-1 (acme): the newest restore point of backup job files covers 1.999kiB, less than 50% of the median of two weeks. First step: compare what the job was told to save with what is there.',
      },
    ],
    silent: [
      { series: { ...scraped(), ...size('4096x11 2047x5') }, at: turns, firing: [] },
      { series: { ...scraped(), ...size('4096x11 2048x5') }, at: fires, firing: [] },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...size('4096x19 1000x3 stale') },
        at: dead,
        firing: [{ ...app, backup_job: 'files' }],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceRuleEvaluationFailing: {
    fires: [
      {
        series: { ...scraped(), ...failures('0x11 1+1x400') },
        at: fires,
        firing: [{ rule_group: group }],
        description: `A rule of ${group} fails, so verdicts are missing and alerts may never fire. First step: the Rules page of Prometheus names the rule and the error.`,
      },
    ],
    silent: [
      { series: { ...scraped(), ...failures('0x11 1+1x400') }, at: turns, firing: [] },
      { series: { ...scraped(), ...failures('7x400') }, at: fires, firing: [] },
    ],
    'exporter dead': [gone('MaintenanceHostDown')],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceRetentionTooShort: {
    fires: [
      {
        series: { ...scraped(), ...retention(45 * days - 1) },
        at: fires,
        firing: [{ instance: 'p-1' }],
      },
      {
        series: { ...scraped(), ...retention(15 * days) },
        at: fires,
        firing: [{ instance: 'p-1' }],
        description:
          'Prometheus p-1 keeps its data for 15d 0h 0m 0s, so a report has no whole month. First step: set --storage.tsdb.retention.time=400d.',
      },
    ],
    silent: [
      { series: { ...scraped(), ...retention(15 * days) }, at: turns, firing: [] },
      { series: { ...scraped(), ...retention(45 * days) }, at: fires, firing: [] },
      { series: { ...scraped(), ...retention(0) }, at: fires, firing: [] },
    ],
    'exporter dead': [gone('MaintenanceHostDown')],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceReportNotProduced: {
    fires: [
      {
        series: { ...scraped(), ...reported(turns - 35 * days - 1) },
        at: fires,
        firing: [{ customer: 'birch' }],
      },
      {
        series: { ...scraped(), ...reported(-40 * days) },
        at: days,
        firing: [{ customer: 'birch' }],
        description:
          'birch: the newest monthly report was written 41d 0h 0m 0s ago. First step: `journalctl -u maintenance-report` on the machine that makes it says why.',
      },
      // Two machines write it, and one stopped: the newest counts, whoever it comes from.
      {
        series: { ...scraped(), ...reported(-40 * days), ...reported(-36 * days, 'box-2') },
        at: fires,
        firing: [{ customer: 'birch' }],
      },
    ],
    silent: [
      { series: { ...scraped(), ...reported(turns - 35 * days - 1) }, at: turns, firing: [] },
      { series: { ...scraped(), ...reported(fires - 35 * days) }, at: fires, firing: [] },
      { series: { ...scraped(), ...reported(-40 * days), ...reported(0, 'box-2') }, at: fires, firing: [] },
    ],
    'exporter dead': [gone('MaintenanceHostDown')],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
  MaintenanceCoverageLow: {
    fires: [
      {
        series: jobs(0),
        at: days + 15 * minutes,
        firing: [backup],
        description:
          'acme: no more than 50% of backup was known within a day (wanted: 95%). First step: the table "Unknown" of the overview names the hosts.',
      },
    ],
    silent: [
      { series: jobs(0), at: days, firing: [] },
      { series: jobs(1), at: 2 * days, firing: [] },
    ],
    'exporter dead': [gone('MaintenanceHostDown')],
    'metric absent': [{ series: {}, at: 2 * days, firing: [] }],
  },
  MaintenanceComplianceLow: {
    fires: [
      {
        series: jobs(0),
        at: days + 15 * minutes,
        firing: [backup],
        description:
          'acme: no more than 50% of backup was in order within a day, which is below its target. First step: the table "Worst hosts" of the overview.',
      },
    ],
    silent: [
      { series: jobs(0), at: days, firing: [] },
      { series: jobs(1), at: 2 * days, firing: [] },
    ],
    'exporter dead': [gone('MaintenanceHostDown')],
    'metric absent': [{ series: {}, at: 2 * days, firing: [] }],
  },
};
