import { controls } from '../../alerts/controls.ts';
import type { Policy } from '../../alerts/policy.ts';
import { explain } from '../panels.ts';
import { everyHost, metric, record } from '../queries.ts';
import { ageColumn, table } from '../table.ts';
import { states } from '../verdicts.ts';
import { age, host, hostColumns, worst } from './facts.ts';

/** What is judged on the host, object by object. */
export function hostControls(policy: Policy) {
  const by = `by (${host}, control, object)`;
  const known = record('object:maintenance_control_known:bool');
  const compliant = record('object:maintenance_control_compliant:bool');
  return table(
    {
      id: 1,
      title: 'Controls, worst first',
      width: 24,
      height: 10,
      description: explain(policy, {
        what: 'Everything the policy expects of the host, object by object: its state, its age and the age that is still in order.',
        formula:
          'Known + in order: unknown, out of order, in order. Age and limit as recorded; a state such as a running agent has none. Age keeps its last value for a day.',
        target: 'The limit in the same row: the one the policy sets for this object.',
        action: 'Unknown first: read "Collectors" for the reason. Then the runbook of the open alert.',
        controls: controls.map(({ name }) => name),
        alerts: ['MaintenanceCollectorBlind'],
      }),
    },
    {
      state: everyHost(`sum ${by} (${known} + ${compliant})`),
      age: `max ${by} (${record('object:maintenance_control_age_seconds:last')})`,
      limit: `max ${by} (${record('object:maintenance_control_limit_seconds:effective')})`,
    },
    {
      control: { title: 'Control' },
      object: { title: 'Object' },
      state: {
        title: 'State',
        states: states({ 0: ['Unknown', 'unknown'], 1: ['Out of order', 'bad'], 2: ['In order', 'good'] }),
      },
      age: ageColumn('Age', 'None'),
      limit: { title: 'Limit', unit: 's', none: 'None' },
      ...hostColumns,
    },
    { column: 'State', descending: false },
  );
}

/** What the exporter could not find out, and why. */
export function collectors(policy: Policy) {
  const success = worst('collector', metric('maintenance_collector_success'));
  const reasons = `max by (${host}, collector, reason) (${metric('maintenance_collector_error_info')})`;
  const withReason = `(${reasons} * on (${host}, collector) group_left () ${success}) or on (${host}, collector) ${success}`;
  return table(
    {
      id: 3,
      title: 'Collectors, blind first',
      width: 12,
      height: 8,
      description: explain(policy, {
        what: 'The collectors of the exporter: whether the last run answered everything, and the reasons when not.',
        formula:
          'maintenance_collector_success, one row per reason of maintenance_collector_error_info; ages are since the last full answer and since the end of the last run.',
        target: 'All answered, and the last run no older than twice the interval.',
        action:
          'The reason names the fix, like tool_missing, permission_denied or repository_locked. A host without collectors does not report.',
        alerts: ['MaintenanceCollectorBlind', 'MaintenanceCollectorStale'],
      }),
    },
    {
      success: everyHost(withReason),
      answered: age('collector', metric('maintenance_collector_last_success_timestamp_seconds')),
      run: age('collector', metric('maintenance_collector_last_run_timestamp_seconds')),
      interval: worst('collector', metric('maintenance_collector_interval_seconds')),
      duration: worst('collector', metric('maintenance_collector_duration_seconds')),
    },
    {
      collector: { title: 'Collector' },
      success: { title: 'Last run', states: states({ 0: ['Blind', 'bad'], 1: ['Answered', 'good'] }) },
      reason: { title: 'Reason' },
      answered: ageColumn('Last full answer', 'Never'),
      run: ageColumn('Last run ended'),
      interval: { title: 'Interval', unit: 's' },
      duration: { title: 'Duration', unit: 's' },
      ...hostColumns,
    },
    { column: 'Last run', descending: false },
  );
}
