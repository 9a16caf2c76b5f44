import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, host, past, perObject } from '../control.ts';

const object = 'backup_job';
const readable = vector('maintenance_backup_repository_readable');
const restorePoints = vector('maintenance_backup_restore_points');
const lastSuccess = vector('maintenance_backup_last_success_timestamp_seconds');
const each = `on (${host}, tool, backup_job)`;
/** There are restore points and something is missing in every one of them; or, of a job that only the record of its runs tells about, none ever succeeded. */
const noneComplete = [
  `((${restorePoints} > 0) unless ${each} ${lastSuccess})`,
  `((${vector('maintenance_backup_runs_total', { tool: 'run', outcome: 'success' })} == 0) unless ${each} ${lastSuccess})`,
];

/** Each backup job has a complete restore point that is recent enough. */
export const backup = {
  name: 'backup',
  domain: 'backups',
  objects: 'backup_job',
  judges: 'age',
  seen: perObject(
    'group',
    object,
    firstOf(vector('maintenance_backup_expected_interval_seconds'), readable, restorePoints, lastSuccess),
  ),
  since: firstOf(
    `(${perObject('min', object, restorePoints)} == 0) - Inf`,
    ...noneComplete.map((jobs) => `(${perObject('group', object, jobs)}) - Inf`),
    `(${perObject('min', object, past(lastSuccess))} unless ${perObject('group', object, `(${readable} == 0)`)})`,
  ),
  hostSourced: false,
  alert: {
    name: 'MaintenanceBackupOverdue',
    summary: 'The newest complete restore point of a backup job is older than the policy allows.',
    // The age of a job that never succeeded is +Inf, which humanizeDuration prints as such.
    finding:
      'backup job {{ $labels.object }} {{ if gt $value 1e12 }}has no complete restore point at all{{ else }}made its newest complete restore point {{ $value | humanizeDuration }} ago{{ end }}',
    firstStep:
      '`maintenance-exporter evidence --kind backup_run` on the host, then the log of the last run of the job',
  },
} as const satisfies AgeControl;
