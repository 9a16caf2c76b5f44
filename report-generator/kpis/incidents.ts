import type { Policy } from '../../alerts/policy.ts';
import type { Kpi, Measured, Measuring, MonthFacts } from '../kpi.ts';
import { expectedQuery, watchedTime } from './watched-time.ts';

/** What an indicator about incidents says of one month. */
export interface Count {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** Share of the incidents of which it is known; null where all are. */
  readonly known?: number | null;
  /** Why there is no value although something happened. */
  readonly reason?: 'no_acknowledgements';
}

/** Nothing happened that could be counted. */
export const nothing: Count = { value: null, numerator: null, denominator: null };

interface IncidentKpi extends Pick<Kpi, 'id' | 'unit' | 'better'> {
  readonly countOf: (month: MonthFacts) => Count;
  /** None unless told. */
  readonly targetOf?: (policy: Policy) => number | null;
}

/** An indicator counted from the incidents of a month. Incidents are no objects. */
export function incidentKpi({ countOf, targetOf = () => null, ...kpi }: IncidentKpi): Kpi {
  return { ...kpi, measure: (measuring) => measureIncidents(countOf, targetOf, measuring) };
}

async function measureIncidents(
  countOf: IncidentKpi['countOf'],
  targetOf: (policy: Policy) => number | null,
  measuring: Measuring,
): Promise<Measured> {
  const { month, months } = measuring;
  const points = await Promise.all(
    months.map(async (each) => {
      const time = await watchedTime(each, measuring);
      return { time, month: each.period.month, count: time > 0 ? countOf(each) : nothing };
    }),
  );
  const { time, count } = points.at(-1) ?? { time: 0, count: nothing };
  const { value, numerator, denominator, known = null, reason } = count;
  return {
    value,
    numerator,
    denominator,
    reason: value === null ? (reason ?? reasonOf(time, month)) : null,
    target: targetOf(measuring.policy),
    coverage: { objects: known, time },
    atEnd: null,
    trend: points.map((point) => ({ month: point.month, value: point.count.value, time: point.time })),
    queries: [...month.queries, expectedQuery(measuring.customer, month.period), ...month.incidents.queries],
  };
}

function reasonOf(time: number, { controls, alerts }: MonthFacts): Measured['reason'] {
  if (time > 0) return 'nothing_happened';
  return [controls, ...alerts].some((group) => group.evaluations === 0) ? 'no_evaluations' : 'no_series';
}
