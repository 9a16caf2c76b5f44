import { recorded } from '../../alerts/records.ts';
import type { Measuring, MonthFacts } from '../kpi.ts';
import { monthValues, rangeOf } from '../month-query.ts';
import type { Period } from '../period.ts';

/**
 * Share of the month in which an incident of the customer would have been seen: alerts were evaluated, the controls they
 * judge as well, and hosts of the customer were among the targets.
 */
export async function watchedTime(
  { period, controls, alerts }: MonthFacts,
  { prometheus, customer }: Pick<Measuring, 'prometheus' | 'customer'>,
): Promise<number> {
  const { time, evaluations } = controls;
  if (evaluations === 0) return 0;
  const query = expectedQuery(customer, period);
  const counts = await monthValues(prometheus, query, 'control', period);
  const expected = Math.min(1, Math.max(0, ...counts.values()) / evaluations);
  return Math.min(...alerts.map((group) => group.time), time * expected);
}

export function expectedQuery(customer: string, period: Period): string {
  return `count_over_time(${recorded('customer:maintenance_control_expected:sum', { customer })}${rangeOf(period)})`;
}
