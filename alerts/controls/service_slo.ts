import { host, type StateControl } from '../control.ts';
import { recorded } from '../records.ts';

/**
 * Each service of the policy was there for the promised share of the last 30 days, outside of its maintenance windows. Too little known is unknown, and so is a
 * service that nobody probes now.
 */
export const serviceSlo = {
  name: 'service_slo',
  domain: 'services',
  objects: 'service',
  judges: 'state',
  seen: `group by (${host}, object) (last_over_time(${recorded('object:maintenance_service_promised:ratio')}[5m]))`,
  state: `last_over_time(${recorded('object:maintenance_service_promise_kept:bool')}[5m])`,
  hostSourced: false,
  alert: {
    name: 'MaintenanceServiceSloMissed',
    summary: 'A service was there for less of the last 30 days than promised.',
    finding: 'service {{ $labels.object }} was away for longer in the last 30 days than its promise allows',
    firstStep: 'compare the gaps in probe_success with the incidents and changes of those days',
  },
} as const satisfies StateControl;
