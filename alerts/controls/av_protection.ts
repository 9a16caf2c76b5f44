import { vector } from '../../exporter/metrics.ts';
import { perObject, type StateControl } from '../control.ts';
import { avDefinitions } from './av_definitions.ts';

/** The antivirus agent answers. */
export const avProtection = {
  name: 'av_protection',
  domain: 'protection',
  objects: 'antivirus',
  judges: 'state',
  // A product that shows its definitions is there, even where the agent may not be asked.
  seen: avDefinitions.seen,
  state: perObject('min', 'product', vector('maintenance_antivirus_running')),
  hostSourced: true,
  alert: {
    name: 'MaintenanceAvProtectionDown',
    summary: 'An antivirus agent does not answer.',
    finding: '{{ $labels.object }} does not answer, so nothing is scanned',
    firstStep: '`systemctl status clamav-daemon` on the host',
  },
} as const satisfies StateControl;
