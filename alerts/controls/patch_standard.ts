import type { AgeControl } from '../control.ts';
import { pendingUpdates } from './patches.ts';

/** Updates that are not about security are installed in time. */
export const patchStandard = {
  name: 'patch_standard',
  judges: 'age',
  ...pendingUpdates('standard'),
  hostSourced: true,
  alert: {
    name: 'MaintenancePatchStandardOverdue',
    summary: 'An update has been waiting for longer than the policy allows.',
    finding:
      'the oldest update that {{ $labels.object }} would install has been waiting for {{ $value | humanizeDuration }}',
    firstStep: '`apt list --upgradable` on the host',
  },
} as const satisfies AgeControl;
