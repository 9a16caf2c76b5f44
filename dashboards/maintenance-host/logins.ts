import type { Policy } from '../../alerts/policy.ts';
import { explain, lineColors, trend } from '../panels.ts';
import { metric, record } from '../queries.ts';
import { host } from './facts.ts';

export function logins(policy: Policy) {
  return trend(
    {
      id: 51,
      title: 'Failed logins within half an hour',
      width: 12,
      height: 7,
      unit: 'short',
      description: explain(policy, {
        what: 'Authentications that failed within 30 minutes, with what is usual on the host (dots) and how many are not yet a burst (dashes).',
        formula:
          'increase(maintenance_authentication_failures_total[30m]), the average of seven days, and authentication.failures_30m of the policy.',
        target: 'Below the dashed line, or near what is usual.',
        action: 'Above both: see in the journal of the host who tries, and from where.',
        alerts: ['MaintenanceAuthenticationFailureBurst'],
      }),
    },
    {
      failed: {
        query: `sum by (${host}) (increase(${metric('maintenance_authentication_failures_total')}[30m]))`,
        legend: '{{instance}}',
        color: lineColors[0],
        shades: true,
      },
      usual: {
        query: record('instance:maintenance_authentication_failures_usual:increase30m'),
        legend: '{{instance}} usual',
        color: lineColors[1],
        style: 'dot',
      },
      burst: {
        query: record('instance:maintenance_authentication_failures_limit:count'),
        legend: '{{instance}} limit',
        color: lineColors[1],
        style: 'dash',
      },
    },
  );
}
