import type { Kpi } from '../kpi.ts';
import { availabilityOf } from '../service-facts.ts';
import { readServiceMonth } from '../service-months.ts';
import { reasonOf } from './services-in-sla.ts';

/**
 * Over all services, the share of the agreed time that is known for which they were there. It has no target: each service
 * has its own.
 */
export const availability: Kpi = {
  id: 'availability',
  unit: 'ratio',
  better: 'high',
  measure: async ({ prometheus, customer, months, month, facts }) => {
    const trend = await Promise.all(
      months.map(async ({ period }) => {
        const all = [...(await readServiceMonth(prometheus, customer, period)).services.values()];
        const agreed = all.reduce((sum, { seconds, planned }) => sum + seconds - planned, 0);
        const known = all.reduce((sum, { agreedKnown }) => sum + agreedKnown, 0);
        return {
          month: period.month,
          value: availabilityOf(all),
          time: agreed === 0 ? 0 : Math.min(1, known / agreed),
        };
      }),
    );
    const own = await readServiceMonth(prometheus, customer, month.period);
    const all = [...own.services.values()];
    const { value, time } = trend.at(-1) ?? { value: null, time: 0 };
    const sum = (part: 'agreedUp' | 'agreedKnown'): number =>
      all.reduce((total, each) => total + each[part], 0);
    return {
      value,
      reason: value === null ? reasonOf(facts.services?.services.length ?? 0, own.interval ?? null) : null,
      numerator: value === null ? null : sum('agreedUp'),
      denominator: value === null ? null : sum('agreedKnown'),
      target: null,
      coverage: { objects: null, time },
      atEnd: null,
      trend,
      queries: [...own.queries],
    };
  },
};
