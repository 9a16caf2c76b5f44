import type { Policy } from '../../alerts/policy.ts';
import { explain } from '../panels.ts';
import { everyHost, metric } from '../queries.ts';
import { ageColumn, table } from '../table.ts';
import { states } from '../verdicts.ts';
import { age, host, hostColumns } from './facts.ts';

const ends = metric('maintenance_os_support_end_timestamp_seconds');

export function support(policy: Policy) {
  return table(
    {
      id: 15,
      title: 'Support of the system, ended first',
      width: 24,
      height: 6,
      description: explain(policy, {
        what: 'Whether the vendor still makes security updates for the operating system, until when, and how old the table is that says so.',
        formula:
          'maintenance_os_support_end_timestamp_seconds against now. A release that no table knows has no value.',
        target: 'Supported; upgrades take months, so plan them before the date.',
        action:
          'Ended: upgrade. Nothing pending there proves nothing, so "Controls" shows its updates as unknown.',
        controls: ['os_supported'],
      }),
    },
    {
      supported: everyHost(`min by (${host}, os, version) (${ends} > bool time())`),
      until: `1000 * min by (${host}, os, version) (${ends})`,
      known: age('source', metric('maintenance_os_support_table_timestamp_seconds')),
    },
    {
      os: { title: 'System' },
      version: { title: 'Version' },
      supported: { title: 'Support', states: states({ 0: ['Ended', 'bad'], 1: ['Supported', 'good'] }) },
      until: { title: 'Security updates until', unit: 'dateTimeAsIso' },
      source: { title: 'Table' },
      known: ageColumn('Age of the table'),
      ...hostColumns,
    },
    { column: 'Support', descending: false },
  );
}
