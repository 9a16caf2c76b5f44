import type { ControlName } from '../../alerts/controls.ts';
import type { Policy } from '../../alerts/policy.ts';
import { explain, type Line, lineColors, stat, trend } from '../panels.ts';
import { compliance, coverage, record } from '../queries.ts';
import { table } from '../table.ts';
import { states } from '../verdicts.ts';

export function kpi(policy: Policy, id: number, control: ControlName, title: string) {
  const now = compliance(control);
  const goal = record('maintenance:control_target:ratio', { control });
  const description = explain(policy, {
    what: `Share of what should be in order for control ${control} that is, over the customers picked, at the end of the time range. Beside it the target and the coverage: the share that is known at all.`,
    formula: 'In order / expected; coverage is known / expected. Unknown counts as not in order.',
    target: 'The target of the policy at that time, recorded as maintenance:control_target:ratio.',
    action: 'Look at "Controls" for the customer and at "Worst hosts" for where to begin.',
    controls: [control],
  });
  return stat(
    { id, title, description, width: 6, height: 6, unit: 'percentunit' },
    {
      missed: { query: `${now} < on (control) ${goal}`, name: 'Missed', color: 'bad' },
      met: { query: `${now} >= on (control) ${goal}`, name: 'Met', color: 'good' },
      unknown: { query: `(NaN * ${goal}) unless on (control) (${now})`, name: 'Unknown', color: 'unknown' },
      target: { query: goal, name: 'Target', color: 'plain' },
      coverage: { query: coverage(control), name: 'Coverage', color: 'plain' },
    },
  );
}

export function controlsTable(policy: Policy) {
  const share = record('customer:maintenance_control_compliant:ratio');
  const goal = record('maintenance:control_target:ratio');
  const description = explain(policy, {
    what: 'Every control of every customer picked, furthest below its target first.',
    formula:
      'In order / expected, known / expected; met when in order / expected is at least the target. A control nobody expects has no row.',
    target: 'The target of the policy, recorded per control.',
    action: 'Begin with the first row that is missed; low coverage is a blind collector or a silent host.',
    alerts: ['MaintenanceCollectorBlind'],
  });
  return table(
    { id: 5, title: 'Controls, furthest below target first', description, width: 14, height: 10 },
    {
      verdict: `${share} >= bool on (control) group_left () ${goal}`,
      share,
      target: `${share} * 0 + on (control) group_left () ${goal}`,
      margin: `${share} - on (control) group_left () ${goal}`,
      coverage: record('customer:maintenance_control_known:ratio'),
      compliant: record('customer:maintenance_control_compliant:sum'),
      expected: record('customer:maintenance_control_expected:sum'),
    },
    {
      customer: { title: 'Customer' },
      control: { title: 'Control' },
      verdict: { title: 'Verdict', states: states({ 0: ['Missed', 'bad'], 1: ['Met', 'good'] }) },
      share: { title: 'In order', unit: 'percentunit', decimals: 1 },
      target: { title: 'Target', unit: 'percentunit', decimals: 1 },
      margin: { title: 'Against target', unit: 'percentunit', decimals: 1 },
      coverage: { title: 'Coverage', unit: 'percentunit', decimals: 1 },
      compliant: { title: 'Objects in order', unit: 'short' },
      expected: { title: 'Objects expected', unit: 'short' },
    },
    { column: 'Against target', descending: false },
  );
}

export function complianceTrend(policy: Policy, id: number, title: string, names: readonly ControlName[]) {
  const lines = names.flatMap((control, index): [string, Line][] => {
    const color = lineColors[index] ?? lineColors[0];
    const goal = record('maintenance:control_target:ratio', { control });
    return [
      [control, { query: compliance(control), legend: control, color }],
      [`${control} target`, { query: goal, legend: `${control} target`, color, style: 'dash' }],
      [
        `${control} coverage`,
        { query: coverage(control), legend: `${control} coverage`, color, style: 'dot' },
      ],
    ];
  });
  const description = explain(policy, {
    what: `Share in order over time for ${names.join(' and ')}, over the customers picked, with the target (dashes) and the coverage (dots).`,
    formula:
      'In order / expected at each instant; coverage is known / expected. A gap is time nobody watched.',
    target: 'The dashed line: the target the policy had at that time.',
    action: 'A fall together with the coverage is lost sight; a fall alone is lost maintenance.',
    controls: names,
  });
  return trend(
    { id, title, description, width: 8, height: 8, unit: 'percentunit', max: 1 },
    Object.fromEntries(lines),
  );
}
