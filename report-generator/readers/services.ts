import { clocksOf } from '../clocks.ts';
import type { ServiceFacts, ServicesFacts } from '../facts/services.ts';
import type { Measuring } from '../kpi.ts';
import { ledgerOf, readFound } from '../outages.ts';
import { availabilityOf, creditsOf, serviceFacts, worstFirst } from '../service-facts.ts';
import { readSpeeds } from '../service-speeds.ts';
import { readServiceMonth, type ServiceMonth } from '../service-months.ts';

/** The services of the customer, of those that were promised in the month; absent where there is none. */
export async function readServices({
  prometheus,
  policy,
  customer,
  month,
}: Pick<Measuring, 'prometheus' | 'policy' | 'customer'> & {
  readonly month: Pick<Measuring['month'], 'period'>;
}): Promise<ServicesFacts | undefined> {
  const own = Object.entries(policy.services).filter(([, service]) => service.customer === customer);
  if (own.length === 0) return undefined;
  const { services: months, interval, queries } = await readServiceMonth(prometheus, customer, month.period);
  const speeds = await readSpeeds(prometheus, customer, month.period);
  const services = await Promise.all(
    own.flatMap(([id, service]) => {
      const found = months.get(id);
      // The group was evaluated and did not know it: it was promised only after the month.
      if (found === undefined && interval !== undefined) return [];
      const facts = found ?? nothingKnown(service.slo, month.period);
      return [tell(id, facts).then((told) => serviceFacts(id, service, facts, told))];
    }),
  );
  if (services.length === 0) return undefined;
  const { currency, zone } = policy.customers[customer] ?? { currency: '', zone: 'UTC' };
  return {
    services: [...worstFirst(services)],
    interval: interval ?? null,
    availability: availabilityOf(months.values()),
    credits: creditsOf(services, currency),
    // An outage of the night in which the clocks change is told by both.
    clocks: [...clocksOf(zone, month.period.start, month.period.end)],
    queries: [...queries, ...speeds.queries],
  };

  async function tell(
    id: string,
    { seconds, planned }: ServiceMonth,
  ): Promise<Pick<ServiceFacts, 'outages' | 'gaps' | 'speed'>> {
    const speed = speeds.services.get(id) ?? null;
    const { start, end } = month.period;
    if (interval === undefined) return { outages: [], gaps: [{ start, end }], speed };
    const found = await readFound(prometheus, { customer, object: id }, month.period, planned > 0);
    const { outages, gaps } = ledgerOf(found, end - seconds, end, interval);
    return { outages: [...outages], gaps: [...gaps], speed };
  }
}

/** No evaluation is stored of the month: nobody knows anything of a service the policy promises. */
function nothingKnown(
  slo: number,
  { start, end }: { readonly start: number; readonly end: number },
): ServiceMonth {
  return { slo, seconds: end - start, planned: 0, known: 0, up: 0, agreedKnown: 0, agreedUp: 0 };
}
