import type { AgeControl } from '../control.ts';
import { pendingUpdates } from './patches.ts';

/** Security updates of any severity, unknown severity included, are installed in time. */
export const patchSecurity = {
  name: 'patch_security',
  judges: 'age',
  ...pendingUpdates('security'),
  hostSourced: true,
  alert: {
    name: 'MaintenancePatchSecurityOverdue',
    summary: 'A security update has been waiting for longer than the policy allows.',
    finding:
      'the oldest security update that {{ $labels.object }} would install has been waiting for {{ $value | humanizeDuration }}',
    firstStep: '`apt list --upgradable` on the host',
  },
} as const satisfies AgeControl;
