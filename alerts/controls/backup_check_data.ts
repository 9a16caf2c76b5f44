import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, past } from '../control.ts';
import { everyJob, newest, perJob } from './backup-jobs.ts';

const at = vector('maintenance_backup_check_timestamp_seconds', { depth: 'data' });
const success = vector('maintenance_backup_check_success', { depth: 'data' });

/** The data of each backup job were read back and compared lately. One that found damage is as good as none. */
export const backupCheckData = {
  name: 'backup_check_data',
  domain: 'backups',
  objects: 'backup_job',
  judges: 'age',
  seen: perJob('group', firstOf(at, success)),
  since: firstOf(`(${perJob('min', success)} == 0) - Inf`, perJob('min', newest(past(at)))),
  asked: everyJob,
  hostSourced: false,
  alert: {
    name: 'MaintenanceBackupDataCheckOverdue',
    summary: 'The data of a backup have not been read back for longer than the policy allows.',
    finding:
      '{{ if gt $value 1e12 }}no check that read back the data of backup job {{ $labels.object }} and found them in order is on record{{ else }}the data of backup job {{ $labels.object }} were last read back {{ $value | humanizeDuration }} ago{{ end }}',
    firstStep: 'run the check of the tool that reads all data through `maintenance-exporter run` on the host',
  },
} as const satisfies AgeControl;
