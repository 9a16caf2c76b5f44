import type { AgeControl } from '../control.ts';
import { listUpdates, pendingUpdates } from './patches.ts';

/** Security updates of any severity, unknown severity included, are installed in time. */
export const patchSecurity = {
  name: 'patch_security',
  domain: 'updates',
  objects: 'package_manager',
  judges: 'age',
  ...pendingUpdates(['security']),
  hostSourced: true,
  alert: {
    name: 'MaintenancePatchSecurityOverdue',
    summary: 'A security update has been waiting for longer than the policy allows.',
    finding:
      'the oldest security update of {{ $labels.object }}, pending or held back, has been waiting for {{ $value | humanizeDuration }}',
    firstStep: `${listUpdates} on the host, and what is held there`,
  },
} as const satisfies AgeControl;
