import { vector } from '../../exporter/metrics.ts';
import { firstOf, perObject, type StateControl } from '../control.ts';

const object = 'disk';
const present = vector('maintenance_disk_present');
const healthy = vector('maintenance_disk_smart_healthy');
const asleep = `(${vector('maintenance_disk_standby')} == 1)`;

/** Each disk is there and its own verdict is good. A sleeping disk keeps the verdict it had within the last day. */
export const diskHealth = {
  name: 'disk_health',
  domain: 'storage',
  objects: 'disk',
  judges: 'state',
  seen: perObject(
    'group',
    object,
    // A disk that a scan missed is only named and called unreadable: it stays expected.
    firstOf(vector('maintenance_disk_info'), present, vector('maintenance_disk_readable'), healthy),
  ),
  state: firstOf(
    `(${perObject('min', object, present)} == 0)`,
    perObject('min', object, healthy),
    `(${perObject('min', object, `last_over_time(${healthy}[1d])`)} and ${perObject('group', object, asleep)})`,
  ),
  hostSourced: true,
  alert: {
    name: 'MaintenanceDiskFailing',
    summary: 'A disk reports that it is failing, or it has disappeared.',
    finding: 'disk {{ $labels.object }} says it is failing, or it was there before and is gone',
    firstStep: 'check that the backup is recent, then `smartctl -x` on the disk',
  },
} as const satisfies StateControl;
