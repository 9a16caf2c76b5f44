import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, past } from '../control.ts';
import { everyJob, newest, perJob } from './backup-jobs.ts';

const at = vector('maintenance_backup_check_timestamp_seconds');
const success = vector('maintenance_backup_check_success');

/** The structure of each backup job was checked lately; reading back all data checks the structure, too. One that found damage is as good as none. */
export const backupCheck = {
  name: 'backup_check',
  domain: 'backups',
  objects: 'backup_job',
  judges: 'age',
  seen: perJob('group', firstOf(at, success)),
  since: firstOf(`(${perJob('min', success)} == 0) - Inf`, perJob('min', newest(past(at)))),
  asked: everyJob,
  hostSourced: false,
  alert: {
    name: 'MaintenanceBackupCheckOverdue',
    summary: 'A backup has not been checked for longer than the policy allows.',
    finding:
      '{{ if gt $value 1e12 }}no check of backup job {{ $labels.object }} that found it in order is on record{{ else }}backup job {{ $labels.object }} was last checked {{ $value | humanizeDuration }} ago{{ end }}',
    firstStep: 'run the check of the tool through `maintenance-exporter run` on the host',
  },
} as const satisfies AgeControl;
