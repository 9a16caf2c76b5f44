import type { ControlName } from '../../alerts/controls.ts';
import type { Policy } from '../../alerts/policy.ts';
import { explain, lineColors, trend } from '../panels.ts';
import { record } from '../queries.ts';

/** The age a control judges against the limit it had at that time. */
export function ageTrend(
  policy: Policy,
  text: { id: number; control: ControlName; title: string; height: number },
) {
  const { control, ...panel } = text;
  return trend(
    {
      ...panel,
      width: 12,
      unit: 's',
      description: explain(policy, {
        what: `The age the control ${control} judges, object by object, with the limit of that time (dashes).`,
        formula:
          'object:maintenance_control_age_seconds:last and object:maintenance_control_limit_seconds:effective. A silent host keeps ageing for a day, then the line ends.',
        target: 'Below the dashed line.',
        action: 'A line that rises past its limit is overdue; one that stops is no longer known.',
        controls: [control],
      }),
    },
    {
      age: {
        query: record('object:maintenance_control_age_seconds:last', { control }),
        legend: '{{instance}} {{object}}',
        color: lineColors[0],
        shades: true,
      },
      limit: {
        query: record('object:maintenance_control_limit_seconds:effective', { control }),
        legend: '{{instance}} {{object}} limit',
        color: lineColors[1],
        style: 'dash',
      },
    },
  );
}
