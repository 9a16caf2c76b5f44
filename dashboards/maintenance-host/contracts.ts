import type { Policy } from '../../alerts/policy.ts';
import { explain } from '../panels.ts';
import { everyHost, metric } from '../queries.ts';
import { table } from '../table.ts';
import { host, hostColumns } from './facts.ts';

/** Milliseconds, as Grafana reads dates. */
const ends = (label: string, selector: string): string => `1000 * min by (${host}, ${label}) (${selector})`;

export function contracts(policy: Policy) {
  return table(
    {
      id: 52,
      title: 'Licences and warranties',
      width: 12,
      height: 7,
      description: explain(policy, {
        what: 'Until when licences and warranties last, as the configuration of the host says for the whole customer.',
        formula: 'The end of the last day in UTC.',
        target: 'The limits of the controls licence and warranty in "Controls".',
        action: 'Decide in time: renew, replace, or take it out of the configuration.',
        controls: ['licence', 'warranty'],
      }),
    },
    {
      licence: everyHost(ends('product', metric('maintenance_licence_expiry_timestamp_seconds'))),
      warranty: ends('asset', metric('maintenance_warranty_expiry_timestamp_seconds')),
    },
    {
      product: { title: 'Licence' },
      asset: { title: 'Device' },
      licence: { title: 'Licence until', unit: 'dateTimeAsIso' },
      warranty: { title: 'Warranty until', unit: 'dateTimeAsIso' },
      ...hostColumns,
    },
    { column: 'Licence until', descending: false },
  );
}
