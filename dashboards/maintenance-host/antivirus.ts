import type { Policy } from '../../alerts/policy.ts';
import { explain } from '../panels.ts';
import { everyHost, metric } from '../queries.ts';
import { ageColumn, table } from '../table.ts';
import { states } from '../verdicts.ts';
import { ageTrend } from './age-trend.ts';
import { age, host, hostColumns, worst } from './facts.ts';

export function antivirus(policy: Policy) {
  return table(
    {
      id: 31,
      title: 'Antivirus',
      width: 12,
      height: 7,
      description: explain(policy, {
        what: 'Whether the agent answers, and how old the definitions are that it works with and that lie on disk.',
        formula: 'Now minus the vendor’s build time; on disk is the newest database.',
        target: 'Running; the limit of the control av_definitions in "Controls".',
        action: 'Start the agent. Loaded older than on disk: the agent did not reload, restart it.',
        controls: ['av_protection', 'av_definitions'],
      }),
    },
    {
      running: everyHost(worst('product', metric('maintenance_antivirus_running'))),
      loaded: age('product', metric('maintenance_antivirus_definitions_loaded_timestamp_seconds')),
      disk: age('product', metric('maintenance_antivirus_definitions_timestamp_seconds')),
      info: `count by (${host}, product, version) (${metric('maintenance_antivirus_info')})`,
    },
    {
      product: { title: 'Product' },
      running: { title: 'Agent', states: states({ 0: ['Not running', 'bad'], 1: ['Running', 'good'] }) },
      loaded: ageColumn('Loaded definitions'),
      disk: ageColumn('Definitions on disk'),
      version: { title: 'Version' },
      ...hostColumns,
    },
    { column: 'Agent', descending: false },
  );
}

export function definitionsTrend(policy: Policy) {
  return ageTrend(policy, {
    id: 32,
    control: 'av_definitions',
    title: 'Age of the antivirus definitions',
    height: 7,
  });
}
