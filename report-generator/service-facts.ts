import type { Policy } from '../alerts/policy.ts';
import type { ServiceFacts, ServicesFacts } from './facts/services.ts';
import { isUnder, minorDigits, minorUnits, tierOf } from './minor-units.ts';
import type { ServiceMonth } from './service-months.ts';

type Service = Policy['services'][string];
type Told = Pick<ServiceFacts, 'outages' | 'gaps' | 'speed'>;

/**
 * What a service came to in a month. Unknown time is away in the worst case and there in the best; a credit is due when
 * even the best case is under its tier, and more is possible down to the worst.
 */
export function serviceFacts(id: string, service: Service, month: ServiceMonth, told: Told): ServiceFacts {
  const { name, fee, credits } = service;
  const { slo, seconds, planned, known, up, agreedKnown, agreedUp } = month;
  const agreedTime = seconds - planned;
  const unknown = Math.max(0, agreedTime - agreedKnown);
  const best = agreedUp + unknown;
  const tier = tierOf(credits, fee, best, agreedTime);
  const worstTier = tierOf(credits, fee, agreedUp, agreedTime);
  const due = tier?.amount ?? 0;
  return {
    id,
    name,
    slo,
    seconds,
    planned,
    away: agreedKnown - agreedUp,
    unknown,
    awayPlanned: Math.max(0, known - up - (agreedKnown - agreedUp)),
    agreed: { worst: shareOf(agreedUp, agreedTime), best: shareOf(best, agreedTime) },
    raw: { worst: shareOf(up, seconds), best: shareOf(up + Math.max(0, seconds - known), seconds) },
    verdict: verdictOf(month, best, agreedTime),
    outages: told.outages,
    gaps: told.gaps,
    credit:
      credits.length === 0
        ? null
        : {
            fee: fee === undefined ? null : minorUnits(fee),
            tier,
            worstTier,
            due,
            possible: (worstTier?.amount ?? 0) - due,
          },
    speed: told.speed,
  };
}

function verdictOf(
  { slo, agreedKnown, agreedUp }: ServiceMonth,
  best: number,
  agreedTime: number,
): ServiceFacts['verdict'] {
  if (agreedKnown === 0) return 'none';
  if (!isUnder(agreedUp, agreedTime, slo)) return 'met';
  return isUnder(best, agreedTime, slo) ? 'missed' : 'unknown';
}

/** A month that was one window has no agreed time: everything of it is kept. */
function shareOf(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.min(1, part / whole);
}

/** Over all services of a month, of the agreed time that is known; null when none is. */
export function availabilityOf(months: Iterable<ServiceMonth>): number | null {
  const all = [...months];
  const known = all.reduce((sum, { agreedKnown }) => sum + agreedKnown, 0);
  return known === 0 ? null : all.reduce((sum, { agreedUp }) => sum + agreedUp, 0) / known;
}

/** What all services come to in money. */
export function creditsOf(services: readonly ServiceFacts[], currency: string): ServicesFacts['credits'] {
  const sum = (part: 'due' | 'possible'): number =>
    services.reduce((total, { credit }) => total + (credit?.[part] ?? 0), 0);
  return { due: sum('due'), possible: sum('possible'), currency, digits: minorDigits(currency) };
}

const ranks: Readonly<Record<ServiceFacts['verdict'], number>> = { missed: 0, unknown: 1, none: 2, met: 3 };

/** Missed ones first, then those nobody can judge, each the worst first. */
export function worstFirst(services: readonly ServiceFacts[]): readonly ServiceFacts[] {
  return services.toSorted(
    (one, other) =>
      ranks[one.verdict] - ranks[other.verdict] ||
      one.agreed.best - other.agreed.best ||
      one.agreed.worst - other.agreed.worst ||
      (one.name < other.name ? -1 : 1),
  );
}
