import type { Kpi, Measured } from '../kpi.ts';
import { readSpeeds } from '../service-speeds.ts';
import { reasonOf } from './services-in-sla.ts';

/** Services that answered no more slowly than the policy allows, of those whose speed it promises; without enough days, unknown. */
export const serviceSpeed: Kpi = {
  id: 'service_speed',
  unit: 'ratio',
  better: 'high',
  measure: async ({ prometheus, customer, months, month, facts }) => {
    const points = await Promise.all(
      months.map(async ({ period }) => {
        const speeds = await readSpeeds(prometheus, customer, period);
        return { month: period.month, ...counted([...speeds.services.values()]) };
      }),
    );
    const { queries } = await readSpeeds(prometheus, customer, month.period);
    const own = facts.services?.services.flatMap(({ speed }) => speed ?? []) ?? [];
    const { met, judged, value, time } = counted(own);
    return {
      value,
      reason: value === null ? reasonOf(own.length, facts.services?.interval ?? null) : null,
      numerator: value === null ? null : met,
      denominator: value === null ? null : own.length,
      target: value === null ? null : 1,
      coverage: { objects: value === null ? null : judged / own.length, time },
      atEnd: null,
      trend: points.map(({ month: name, value: share, time: watched }) => ({
        month: name,
        value: share,
        time: watched,
      })),
      queries: [...queries],
    };
  },
};

function counted(speeds: readonly { readonly verdict: 'met' | 'missed' | 'none' }[]): {
  readonly met: number;
  readonly judged: number;
} & Pick<Measured['trend'][number], 'value' | 'time'> {
  const judged = speeds.filter(({ verdict }) => verdict !== 'none').length;
  const met = speeds.filter(({ verdict }) => verdict === 'met').length;
  return { met, judged, value: judged === 0 ? null : met / speeds.length, time: judged === 0 ? 0 : 1 };
}
