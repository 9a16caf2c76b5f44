import type { AgeControl } from '../control.ts';
import { listUpdates, pendingUpdates } from './patches.ts';

/** Firmware updates are installed in time. */
export const patchFirmware = {
  name: 'patch_firmware',
  domain: 'updates',
  objects: 'package_manager',
  judges: 'age',
  ...pendingUpdates(['firmware']),
  hostSourced: true,
  alert: {
    name: 'MaintenancePatchFirmwareOverdue',
    summary: 'A firmware update has been waiting for longer than the policy allows.',
    finding:
      'the oldest firmware update that {{ $labels.object }} would install has been waiting for {{ $value | humanizeDuration }}',
    firstStep: `${listUpdates} on the host, and what the vendor says of the update`,
  },
} as const satisfies AgeControl;
