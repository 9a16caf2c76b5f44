import type { MonthIncidents } from '../incidents.ts';
import type { Measured, MonthFacts } from '../kpi.ts';

/** The months, with a value where alerts were evaluated at all. */
export function incidentTrend(
  months: readonly MonthFacts[],
  valueOf: (incidents: MonthIncidents) => number | null,
): Measured['trend'] {
  return months.map(({ period, groups, incidents }) => {
    const { time } = groups['maintenance-alerts'];
    return { month: period.month, value: time > 0 ? valueOf(incidents) : null, time };
  });
}

/** An indicator about incidents before it has a value. Incidents have no target and are no objects. */
export function unwatched({ groups, incidents, queries }: MonthFacts): Omit<Measured, 'value' | 'trend'> {
  const { time } = groups['maintenance-alerts'];
  return {
    reason: time > 0 ? null : 'no_evaluations',
    numerator: null,
    denominator: null,
    target: null,
    coverage: { objects: null, time },
    atEnd: null,
    queries: [...queries, ...incidents.queries],
  };
}
