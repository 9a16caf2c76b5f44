import { vector } from '../../exporter/metrics.ts';
import { firstOf, perObject, type StateControl } from '../control.ts';

const object = 'product';
const running = vector('maintenance_antivirus_running');

/** The antivirus agent answers. */
export const avProtection = {
  name: 'av_protection',
  judges: 'state',
  seen: perObject('group', object, firstOf(vector('maintenance_antivirus_info'), running)),
  state: perObject('min', object, running),
  hostSourced: true,
  alert: {
    name: 'MaintenanceAvProtectionDown',
    summary: 'An antivirus agent does not answer.',
    finding: '{{ $labels.object }} does not answer, so nothing is scanned',
    firstStep: '`systemctl status clamav-daemon` on the host',
  },
} as const satisfies StateControl;
