import type { AgeControl } from '../control.ts';
import { listUpdates, pendingUpdates } from './patches.ts';

/** No update of any class slips past a month: an upper limit beside those of the classes. */
export const patchSlip = {
  name: 'patch_slip',
  domain: 'updates',
  objects: 'package_manager',
  judges: 'age',
  ...pendingUpdates(['security', 'standard', 'application', 'firmware']),
  hostSourced: true,
  alert: {
    name: 'MaintenancePatchSlipped',
    summary: 'An update of some class has slipped past the last limit of the policy.',
    finding:
      'the oldest update of any class of {{ $labels.object }}, pending or held back, came out {{ $value | humanizeDuration }} ago',
    firstStep: `${listUpdates} on the host, and what is held there`,
  },
} as const satisfies AgeControl;
