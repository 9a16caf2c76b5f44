import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, past, perObject } from '../control.ts';

const object = 'product';
const loaded = vector('maintenance_antivirus_definitions_loaded_timestamp_seconds');
const running = vector('maintenance_antivirus_running');
const onDisk = vector('maintenance_antivirus_definitions_timestamp_seconds');

// Only of an agent that is known not to run: one that runs may have older ones loaded than those on disk.
const stopped = perObject('min', object, `(${running} == 0)`);

/** The antivirus agent works with recent definitions: those it has loaded; of one that does not run, the newest on disk. */
export const avDefinitions = {
  name: 'av_definitions',
  domain: 'protection',
  objects: 'antivirus',
  judges: 'age',
  seen: perObject('group', object, firstOf(vector('maintenance_antivirus_info'), running, loaded, onDisk)),
  since: firstOf(
    perObject('min', object, past(loaded)),
    `(${perObject('max', object, past(onDisk))} and ${stopped})`,
  ),
  hostSourced: true,
  alert: {
    name: 'MaintenanceAvDefinitionsOutdated',
    summary: 'Antivirus definitions are older than the policy allows.',
    finding: 'the definitions {{ $labels.object }} works with are {{ $value | humanizeDuration }} old',
    firstStep: '`journalctl -u clamav-freshclam --since -2d` on the host',
  },
} as const satisfies AgeControl;
