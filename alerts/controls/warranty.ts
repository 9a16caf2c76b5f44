import { vector } from '../../exporter/metrics.ts';
import { perObject, type TimeLeftControl } from '../control.ts';

const ends = vector('maintenance_warranty_expiry_timestamp_seconds');

/** The warranty of each device lasts longer than the limit. */
export const warranty = {
  name: 'warranty',
  domain: 'agreements',
  objects: 'device',
  judges: 'time_left',
  seen: perObject('group', 'asset', ends),
  until: perObject('min', 'asset', ends),
  hostSourced: true,
  alert: {
    name: 'MaintenanceWarrantyExpiring',
    summary: 'The warranty of a device ends soon, or has ended.',
    finding:
      'the warranty of {{ $labels.object }} {{ if lt $value 0.0 }}has ended{{ else }}ends in {{ $value | humanizeDuration }}{{ end }}',
    firstStep:
      'decide whether the contract is extended or the device replaced, and write the new day into `collectors.asset` of the exporter that tells of it',
  },
} as const satisfies TimeLeftControl;
