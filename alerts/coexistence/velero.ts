import { firstOf } from '../control.ts';
import { type MappingRule, owned, perJob } from './mapped.ts';

/** Backups nobody scheduled have an empty schedule. */
const match = `{schedule!="",${owned}}`;
const job = { from: ['schedule'], fits: '(.+)', name: 'velero/$1' };
const labels = { tool: 'velero' };

/** Completed ones only, partially failed ones do not count; read anew from the cluster each minute, so a restart loses nothing (getLastSuccessBySchedule). */
const lastSuccess = perJob(`velero_backup_last_successful_timestamp${match} > 0`, job);
/** There from the first minute of a schedule on, at 0 (InitSchedule). */
const known = perJob(`velero_backup_attempt_total${match}`, job);
const interval = perJob(`velero_schedule_expected_interval_seconds${match}`, job);

/**
 * Schedules of Velero (pkg/metrics/metrics.go). velero_backup_last_status is not used: it says 0 after each restart of Velero until
 * the next backup (https://github.com/vmware-tanzu/velero/issues/6809), and 1 for a schedule that has never run.
 */
export const velero: readonly MappingRule[] = [
  { record: 'maintenance_backup_last_success_timestamp_seconds', expr: lastSuccess, labels },
  // A schedule without a single completed backup in the cluster.
  {
    record: 'maintenance_backup_restore_points',
    expr: `(${firstOf(known, interval)}) * 0\nunless\n${lastSuccess}`,
    labels,
  },
  // Velero 1.19 and newer.
  { record: 'maintenance_backup_expected_interval_seconds', expr: `${interval} > 0`, labels },
];
