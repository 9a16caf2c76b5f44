import { recorded, type RecordName } from '../alerts/records.ts';
import type { ServiceFacts } from './facts/services.ts';
import { monthValues, rangeOf } from './month-query.ts';
import type { Period } from './period.ts';
import type { Prometheus } from './prometheus.ts';

type Speed = NonNullable<ServiceFacts['speed']>;

const day = 86_400;
/** Of the days of a month, whose percentiles a judgement of its speed needs. */
const enoughDays = 0.8;

/**
 * How fast the services of a customer were in a month, by the label `object`, of those whose speed was promised. The days
 * end at midnight in UTC: those are the percentiles that were recorded.
 */
export async function readSpeeds(
  prometheus: Prometheus,
  customer: string,
  period: Period,
): Promise<{ readonly services: ReadonlyMap<string, Speed>; readonly queries: readonly string[] }> {
  const range = rangeOf(period).slice(1, -1);
  const daily = recorded('object:maintenance_service_answer_seconds:p95day', { customer });
  const last = (name: RecordName): string => `last_over_time(${recorded(name, { customer })}[${range}])`;
  const queries = [
    `avg_over_time(${daily}[${range}:1d])`,
    `count_over_time(${daily}[${range}:1d])`,
    last('object:maintenance_service_answer_baseline:seconds'),
    last('object:maintenance_service_answer_limit:seconds'),
  ];
  const [levels, counts, baselines, limits] = await Promise.all(
    queries.map((query) => monthValues(prometheus, query, 'object', period)),
  );
  const needed = Math.ceil(((period.end - period.start) / day) * enoughDays);
  const services = [...(limits ?? [])].map(([id, limit]): readonly [string, Speed] => {
    const days = counts?.get(id) ?? 0;
    const level = days >= needed ? (levels?.get(id) ?? null) : null;
    const verdict = level === null ? 'none' : level > limit ? 'missed' : 'met';
    return [id, { baseline: baselines?.get(id) ?? limit, limit, level, days, needed, verdict }];
  });
  return { services: new Map(services), queries };
}
