import type { AgeControl } from '../control.ts';
import { listUpdates, pendingUpdates } from './patches.ts';

/** Updates of system and applications that are not about security are installed in time. */
export const patchStandard = {
  name: 'patch_standard',
  domain: 'updates',
  objects: 'package_manager',
  judges: 'age',
  ...pendingUpdates(['standard', 'application']),
  hostSourced: true,
  alert: {
    name: 'MaintenancePatchStandardOverdue',
    summary: 'An update has been waiting for longer than the policy allows.',
    finding:
      'the oldest update that {{ $labels.object }} would install has been waiting for {{ $value | humanizeDuration }}',
    firstStep: `${listUpdates} on the host`,
  },
} as const satisfies AgeControl;
