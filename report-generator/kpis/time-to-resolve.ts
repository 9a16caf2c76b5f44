import type { Kpi } from '../kpi.ts';
import { resolvedIn, type SlaClass } from '../responses.ts';
import { type Count, incidentKpi, nothing } from './incidents.ts';

const common = { unit: 'seconds', better: 'low' } as const;

/** Mean time from the first firing to the end, over the incidents that ended in the month, with their whole durations. */
export const timeToResolve = incidentKpi({
  ...common,
  id: 'time_to_resolve',
  countOf: ({ incidents: { resolved, secondsToResolve } }) => meanOf(secondsToResolve, resolved),
});

/**
 * The same of one class. The time promised for it is a target where its clock never stands still: working hours cannot be
 * compared with a duration.
 */
export function timeToResolveOf(slaClass: SlaClass): Kpi {
  return incidentKpi({
    ...common,
    id: `time_to_resolve_${slaClass}`,
    countOf: ({ answers, period }) => {
      const durations = resolvedIn(answers, slaClass, period);
      return meanOf(
        durations.reduce((sum, seconds) => sum + seconds, 0),
        durations.length,
      );
    },
    targetOf: ({ sla_classes }) => {
      const { clock, resolve } = sla_classes[slaClass];
      return clock === 'around_the_clock' ? (resolve ?? null) : null;
    },
  });
}

function meanOf(sum: number, count: number): Count {
  return count === 0 ? nothing : { value: sum / count, numerator: sum, denominator: count };
}
