import { recorded, type RecordName } from '../alerts/records.ts';
import { serviceGroup } from '../alerts/service-records.ts';
import { monthValues, rangeOf } from './month-query.ts';
import type { Period } from './period.ts';
import type { Prometheus } from './prometheus.ts';

/** One service in one month, in seconds. */
export interface ServiceMonth {
  /** The share promised at the end of the month. */
  readonly slo: number;
  /** While the promise held: the whole month but the evaluations that did not know the service. */
  readonly seconds: number;
  /** Of those: in maintenance windows. */
  readonly planned: number;
  /** Known and there, whatever was planned. */
  readonly known: number;
  readonly up: number;
  /** Outside of maintenance windows. */
  readonly agreedKnown: number;
  readonly agreedUp: number;
}

export interface ServiceMonths {
  /** By the label `object`; services that were not promised in the month are not there. */
  readonly services: ReadonlyMap<string, ServiceMonth>;
  /** Seconds between evaluations, on the average; undefined when the group was not evaluated. */
  readonly interval: number | undefined;
  readonly queries: readonly string[];
}

/** What was recorded of the services of a customer in a month. Each evaluation stands for an interval. */
export async function readServiceMonth(
  prometheus: Prometheus,
  customer: string,
  period: Period,
): Promise<ServiceMonths> {
  const range = rangeOf(period);
  const over = (what: string, name: RecordName): string => `${what}(${recorded(name, { customer })}${range})`;
  const ofGroup = (what: string, name: RecordName): string =>
    `${what}(${recorded(name, { rule_group: serviceGroup })}${range})`;
  const asked = {
    slo: over('last_over_time', 'object:maintenance_service_promised:ratio'),
    promised: over('count_over_time', 'object:maintenance_service_promised:ratio'),
    planned: over('sum_over_time', 'object:maintenance_service_planned:bool'),
    known: over('count_over_time', 'object:maintenance_service_up:bool'),
    up: over('sum_over_time', 'object:maintenance_service_up:bool'),
    agreedKnown: over('count_over_time', 'object:maintenance_service_agreed:bool'),
    agreedUp: over('sum_over_time', 'object:maintenance_service_agreed:bool'),
  } as const;
  const counted = ofGroup('count_over_time', 'maintenance:evaluation_timestamp_seconds');
  const watched = ofGroup('sum_over_time', 'maintenance:evaluation_interval_seconds');
  const byObject = (query: string) => monthValues(prometheus, query, 'object', period);
  const byGroup = async (query: string): Promise<number> =>
    (await monthValues(prometheus, query, 'rule_group', period)).get(serviceGroup) ?? 0;
  const [evaluations, intervals, slo, promised, planned, known, up, agreedKnown, agreedUp] =
    await Promise.all([
      byGroup(counted),
      byGroup(watched),
      byObject(asked.slo),
      byObject(asked.promised),
      byObject(asked.planned),
      byObject(asked.known),
      byObject(asked.up),
      byObject(asked.agreedKnown),
      byObject(asked.agreedUp),
    ]);
  const interval = evaluations > 0 && intervals > 0 ? intervals / evaluations : undefined;
  const month = period.end - period.start;
  const services = [...slo].map(([object, share]): readonly [string, ServiceMonth] => {
    const span = (counts: ReadonlyMap<string, number>): number =>
      Math.min(month, (counts.get(object) ?? 0) * (interval ?? 0));
    const before = Math.max(0, evaluations - (promised.get(object) ?? 0)) * (interval ?? 0);
    const seconds = month - before;
    const within = (value: number): number => Math.min(seconds, value);
    return [
      object,
      {
        slo: share,
        seconds,
        planned: within(span(planned)),
        known: within(span(known)),
        up: within(span(up)),
        agreedKnown: within(span(agreedKnown)),
        agreedUp: within(span(agreedUp)),
      },
    ];
  });
  return { services: new Map(services), interval, queries: [counted, watched, ...Object.values(asked)] };
}
