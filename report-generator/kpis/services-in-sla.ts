import { recorded } from '../../alerts/records.ts';
import type { Kpi, Measured, Measuring, MonthFacts } from '../kpi.ts';
import { isUnder } from '../minor-units.ts';
import { monthValues, rangeOf } from '../month-query.ts';
import { readServiceMonth, type ServiceMonth } from '../service-months.ts';

/**
 * Services that kept their promise with everything unknown counted against them, of all that were promised: those that
 * cannot be judged count against it, and lower the share that is known.
 */
export const servicesInSla: Kpi = {
  id: 'services_in_sla',
  unit: 'ratio',
  better: 'high',
  measure: async (measuring) => {
    const { prometheus, customer, month, months, facts } = measuring;
    const points = await Promise.all(months.map((each) => pointOf(each, measuring)));
    const target = `last_over_time(${recorded('maintenance:control_target:ratio', { control: 'service_slo' })}${rangeOf(month.period)})`;
    const own = facts.services?.services ?? [];
    const counted = { met: 0, judged: 0, all: own.length };
    for (const { verdict } of own) {
      if (verdict === 'met') counted.met += 1;
      if (verdict === 'met' || verdict === 'missed') counted.judged += 1;
    }
    const nothing = own.every(({ verdict }) => verdict === 'none');
    return {
      value: nothing ? null : counted.met / counted.all,
      reason: nothing ? reasonOf(own.length, facts.services?.interval ?? null) : null,
      numerator: nothing ? null : counted.met,
      denominator: nothing ? null : counted.all,
      target: (await monthValues(prometheus, target, 'control', month.period)).get('service_slo') ?? null,
      coverage: { objects: nothing ? null : counted.judged / counted.all, time: nothing ? 0 : 1 },
      atEnd: null,
      trend: points.map((point, index) =>
        index === points.length - 1
          ? { ...point, value: nothing ? null : counted.met / counted.all, time: nothing ? 0 : 1 }
          : point,
      ),
      queries: [...(await readServiceMonth(prometheus, customer, month.period)).queries, target],
    };
  },
};

/** Nothing is expected where the policy promises no service. */
export function reasonOf(services: number, interval: number | null): Measured['reason'] {
  if (services === 0) return 'nothing_expected';
  return interval === null ? 'no_evaluations' : 'no_series';
}

/** Unknown time needs no share of its own here: a service that is met is met with all of it against it. */
async function pointOf(
  { period }: MonthFacts,
  { prometheus, customer }: Measuring,
): Promise<Measured['trend'][number]> {
  const { services } = await readServiceMonth(prometheus, customer, period);
  const all = [...services.values()];
  const known = all.some(({ agreedKnown }) => agreedKnown > 0);
  const met = all.filter(isMet).length;
  return { month: period.month, value: known ? met / all.length : null, time: known ? 1 : 0 };
}

function isMet({ slo, seconds, planned, agreedKnown, agreedUp }: ServiceMonth): boolean {
  return agreedKnown > 0 && !isUnder(agreedUp, seconds - planned, slo);
}
