import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, past, perObject } from '../control.ts';

const object = 'product';
const loaded = vector('maintenance_antivirus_definitions_loaded_timestamp_seconds');
const onDisk = vector('maintenance_antivirus_definitions_timestamp_seconds');

/** The antivirus agent works with recent definitions: those it has loaded, else the newest on disk. */
export const avDefinitions = {
  name: 'av_definitions',
  judges: 'age',
  seen: perObject(
    'group',
    object,
    firstOf(vector('maintenance_antivirus_info'), vector('maintenance_antivirus_running'), loaded, onDisk),
  ),
  since: firstOf(perObject('min', object, past(loaded)), perObject('max', object, past(onDisk))),
  hostSourced: true,
  alert: {
    name: 'MaintenanceAvDefinitionsOutdated',
    summary: 'Antivirus definitions are older than the policy allows.',
    finding: 'the definitions {{ $labels.object }} works with are {{ $value | humanizeDuration }} old',
    firstStep: '`journalctl -u clamav-freshclam --since -2d` on the host',
  },
} as const satisfies AgeControl;
