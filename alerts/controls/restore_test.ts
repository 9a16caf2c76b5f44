import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, past } from '../control.ts';
import { everyJob, perJob } from './backup-jobs.ts';

const last = vector('maintenance_backup_restore_test_last_success_timestamp_seconds');
const success = vector('maintenance_backup_restore_test_success');

/** Each backup job was really restored lately, and what came back was right. After a failed test nothing is proven. */
export const restoreTest = {
  name: 'restore_test',
  domain: 'backups',
  objects: 'backup_job',
  judges: 'age',
  seen: perJob('group', firstOf(vector('maintenance_backup_restore_test_timestamp_seconds'), success, last)),
  since: firstOf(`(${perJob('min', success)} == 0) - Inf`, perJob('min', past(last))),
  asked: everyJob,
  hostSourced: false,
  alert: {
    name: 'MaintenanceRestoreTestOverdue',
    summary: 'No restore of a backup has been proven for longer than the policy allows.',
    finding:
      '{{ if gt $value 1e12 }}nothing proves that backup job {{ $labels.object }} can be restored{{ else }}backup job {{ $labels.object }} was last restored and compared {{ $value | humanizeDuration }} ago{{ end }}',
    firstStep: '`maintenance-exporter restore-test --job {{ $labels.object }}` on the host',
  },
} as const satisfies AgeControl;
