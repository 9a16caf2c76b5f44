import { vector } from '../../exporter/metrics.ts';
import { perObject, type TimeLeftControl } from '../control.ts';

const ends = vector('maintenance_licence_expiry_timestamp_seconds');

/** Each licence and subscription lasts longer than the limit. */
export const licence = {
  name: 'licence',
  domain: 'agreements',
  objects: 'licence',
  judges: 'time_left',
  seen: perObject('group', 'product', ends),
  until: perObject('min', 'product', ends),
  hostSourced: true,
  alert: {
    name: 'MaintenanceLicenceExpiring',
    summary: 'A licence ends soon, or has ended.',
    finding:
      'the licence of {{ $labels.object }} {{ if lt $value 0.0 }}has ended{{ else }}ends in {{ $value | humanizeDuration }}{{ end }}',
    firstStep:
      'decide whether it is renewed, order it, and write the new day into `collectors.asset` of the exporter that tells of it',
  },
} as const satisfies TimeLeftControl;
