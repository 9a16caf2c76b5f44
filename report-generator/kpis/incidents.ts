import { recorded } from '../../alerts/records.ts';
import type { MonthIncidents } from '../incidents.ts';
import type { Kpi, Measured, Measuring, MonthFacts } from '../kpi.ts';
import { monthValues, rangeOf } from '../month-query.ts';
import type { Period } from '../period.ts';

/** What an indicator about incidents says of one month. */
interface Count {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
}

/** An indicator counted from the incidents of a month. Incidents have no target and are no objects. */
export function incidentKpi(
  id: string,
  unit: 'count' | 'seconds',
  countOf: (incidents: MonthIncidents) => Count,
): Kpi {
  return { id, unit, better: 'low', measure: (measuring) => measureIncidents(countOf, measuring) };
}

async function measureIncidents(
  countOf: (incidents: MonthIncidents) => Count,
  measuring: Measuring,
): Promise<Measured> {
  const { month, months } = measuring;
  const nothing: Count = { value: null, numerator: null, denominator: null };
  const points = await Promise.all(
    months.map(async (each) => {
      const time = await watchedTime(each, measuring);
      return { time, month: each.period.month, count: time > 0 ? countOf(each.incidents) : nothing };
    }),
  );
  const { time, count } = points.at(-1) ?? { time: 0, count: nothing };
  return {
    ...count,
    reason: count.value === null ? reasonOf(time, month) : null,
    target: null,
    coverage: { objects: null, time },
    atEnd: null,
    trend: points.map((point) => ({ month: point.month, value: point.count.value, time: point.time })),
    queries: [...month.queries, expectedQuery(measuring.customer, month.period), ...month.incidents.queries],
  };
}

/**
 * Share of the month in which an incident of the customer would have been seen: alerts were evaluated, the controls they
 * judge as well, and hosts of the customer were among the targets.
 */
async function watchedTime(
  { period, controls, alerts }: MonthFacts,
  { prometheus, customer }: Measuring,
): Promise<number> {
  const { time, evaluations } = controls;
  if (evaluations === 0) return 0;
  const query = expectedQuery(customer, period);
  const counts = await monthValues(prometheus, query, 'control', period);
  const expected = Math.min(1, Math.max(0, ...counts.values()) / evaluations);
  return Math.min(...alerts.map((group) => group.time), time * expected);
}

function reasonOf(time: number, { controls, alerts }: MonthFacts): Measured['reason'] {
  if (time > 0) return 'nothing_happened';
  return [controls, ...alerts].some((group) => group.evaluations === 0) ? 'no_evaluations' : 'no_series';
}

function expectedQuery(customer: string, period: Period): string {
  return `count_over_time(${recorded('customer:maintenance_control_expected:sum', { customer })}${rangeOf(period)})`;
}
