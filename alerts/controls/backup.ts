import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, past, perObject } from '../control.ts';

const object = 'backup_job';
const readable = vector('maintenance_backup_repository_readable');
const restorePoints = vector('maintenance_backup_restore_points');
const lastSuccess = vector('maintenance_backup_last_success_timestamp_seconds');

/** Each backup job has a restore point that is recent enough. */
export const backup = {
  name: 'backup',
  judges: 'age',
  seen: perObject(
    'group',
    object,
    firstOf(vector('maintenance_backup_expected_interval_seconds'), readable, restorePoints, lastSuccess),
  ),
  since: firstOf(
    `(${perObject('min', object, restorePoints)} == 0) - Inf`,
    `(${perObject('min', object, past(lastSuccess))} unless ${perObject('group', object, `(${readable} == 0)`)})`,
  ),
  hostSourced: false,
  alert: {
    name: 'MaintenanceBackupOverdue',
    summary: 'The newest restore point of a backup job is older than the policy allows.',
    // The age of a job that never succeeded is +Inf, which humanizeDuration prints as such.
    finding:
      'backup job {{ $labels.object }} {{ if gt $value 1e12 }}has no restore point at all{{ else }}made its newest restore point {{ $value | humanizeDuration }} ago{{ end }}',
    firstStep: 'the log of the last run of the job, then `restic snapshots` for its repository',
  },
} as const satisfies AgeControl;
