import type { Kpi } from '../kpi.ts';
import type { MonthIncidents } from '../incidents.ts';
import { incidentTrend, unwatched } from './incident-trend.ts';

/** Mean time from the first firing to the end, over the incidents that ended in the month, with their whole durations. */
export const timeToResolve: Kpi = {
  id: 'time_to_resolve',
  unit: 'seconds',
  better: 'low',
  measure: ({ month, months }) => {
    const { time } = month.groups['maintenance-alerts'];
    const { resolved, secondsToResolve } = month.incidents;
    const value = time > 0 ? mean(month.incidents) : null;
    return Promise.resolve({
      ...unwatched(month),
      value,
      ...(time > 0 && value === null ? { reason: 'nothing_happened' as const } : {}),
      ...(value === null ? {} : { numerator: secondsToResolve, denominator: resolved }),
      trend: incidentTrend(months, mean),
    });
  },
};

function mean({ resolved, secondsToResolve }: MonthIncidents): number | null {
  return resolved === 0 ? null : secondsToResolve / resolved;
}
