import type { ServiceFacts, ServicesFacts } from '../facts/services.ts';
import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEn, listEn, spellEn } from './en-count.ts';
import type { ServicesWords } from './services-words.ts';

const {
  duration,
  pctJudged,
  pctRange,
  pctTarget,
  money,
  answerTime,
  month: monthName,
  number,
} = formatsOf('en');

const withVerdict = (services: readonly ServiceFacts[], ...verdicts: readonly string[]) =>
  services.filter(({ verdict }) => verdicts.includes(verdict));
const goalOf = ({ slo }: ServiceFacts) => ({ target: slo, better: 'high' }) as const;
const exact = (ratio: number, service: ServiceFacts): string => pctJudged(ratio, goalOf(service), 2);
const amount = (minorUnits: number, { credits: { currency, digits } }: ServicesFacts): string =>
  money(minorUnits, currency, digits);

/** The first that a headline has room for. */
function shorter(wanted: string, other: string): string {
  return wanted.length > 60 ? other : wanted;
}

function finding(services: readonly ServiceFacts[]): string {
  const [met, missed] = [withVerdict(services, 'met'), withVerdict(services, 'missed')];
  const unknown = services.length - met.length - missed.length;
  const [only] = services;
  if (services.length === 1 && only !== undefined) {
    const name = only.name.length > 22 ? 'The service' : only.name;
    if (only.verdict === 'met') return `${name} met its SLA`;
    return only.verdict === 'missed' ? `${name} missed its SLA` : `Whether ${name} met its SLA is unknown`;
  }
  if (unknown === services.length) return 'Whether the services met their SLA is unknown';
  if (met.length === services.length) return `All ${spellEn(services.length)} services met their SLA`;
  const [first] = missed;
  const of = `${capital(spellEn(met.length))} of ${spellEn(services.length)} services met their SLA`;
  const share = met.length === 1 ? of.replace('their', 'its') : of;
  if (missed.length === 1 && first !== undefined)
    return shorter(`${share}; ${first.name} did not`, `${share}; one did not`);
  if (missed.length === 0) return `${share}; ${unknown === 1 ? 'one is' : `${spellEn(unknown)} are`} unknown`;
  return met.length === 0 && unknown === 0 ? 'No service met its SLA' : share;
}

function missedText(facts: ServicesFacts): string {
  const missed = withVerdict(facts.services, 'missed');
  const [first] = missed;
  if (first === undefined) return '';
  const due = facts.credits.due;
  const paid = due === 0 ? 'no credits are due' : `credits of ${amount(due, facts)} are due`;
  if (missed.length > 2)
    return `${capital(countEn(missed.length, 'service'))} missed their SLA, ${first.name} by most: it was unavailable for ${duration(first.away)} outside maintenance windows; ${paid}.`;
  const away = missed.map(({ name, away: seconds }) => `${name} was unavailable for ${duration(seconds)}`);
  return `${listEn(away)} outside maintenance windows; ${paid}.`;
}

function unknownText(facts: ServicesFacts): string {
  const unknown = withVerdict(facts.services, 'unknown', 'none');
  const told = unknown.slice(0, 2).map((service) => {
    const { name, verdict, unknown: seconds, agreed, credit } = service;
    if (verdict === 'none') return `${name} cannot be judged: nobody probed it in the month.`;
    const more =
      credit === null || credit.possible === 0
        ? ''
        : ` and up to ${amount(credit.possible, facts)} more could be due`;
    return `${name} cannot be judged: probe data is missing for ${duration(seconds)}, so its availability lies between ${exact(agreed.worst, service)} and ${exact(agreed.best, service)}${more}.`;
  });
  const rest = unknown.length - told.length;
  const others = rest === 0 ? [] : [`${capital(spellEn(rest))} more cannot be judged either.`];
  return [...told, ...others].join(' ');
}

function lede(facts: ServicesFacts): string {
  const { availability, services } = facts;
  if (withVerdict(services, 'met').length === services.length && availability !== null)
    return `Over all services, availability outside maintenance windows was ${pctJudged(availability, { target: null, better: 'high' }, 2)}. No credits are due.`;
  return [missedText(facts), unknownText(facts)].filter(Boolean).join(' ');
}

/** "5% of EUR 2,400.00", or only the amount where the tier is one. */
function rule({ credit }: ServiceFacts, facts: ServicesFacts): string {
  const tier = credit?.tier ?? null;
  if (credit === null || tier === null) return '';
  return tier.share === null || credit.fee === null
    ? `${amount(tier.amount, facts)} under ${pctTarget(tier.below)}`
    : `${pctTarget(tier.share)} of ${amount(credit.fee, facts)}`;
}

function credits(facts: ServicesFacts): string {
  const { due, possible } = facts.credits;
  const more = `up to ${amount(possible, facts)}`;
  const paid = facts.services.filter(({ credit }) => (credit?.due ?? 0) > 0);
  const arithmetic =
    paid.length > 2 ? '' : ` (${paid.map((one) => `${one.name}, ${rule(one, facts)}`).join('; ')})`;
  if (due > 0)
    return `Credits due: **${amount(due, facts)}**${arithmetic}${possible > 0 ? `; ${more} more if missing data counts as outage` : ''}.`;
  if (possible > 0) return `No credits are due on measured data; ${more} if missing data counts as outage.`;
  return facts.services.every(({ credit }) => credit === null)
    ? 'No credits are agreed.'
    : 'No credits are due.';
}

function speed(services: readonly ServiceFacts[]): string {
  return services
    .flatMap(({ name, speed: found }) => {
      if (found === null) return [];
      const { baseline, limit, level, days, needed, verdict } = found;
      if (level === null)
        return [
          `The speed of ${name} cannot be judged: ${number(days)} of ${number(needed)} days are known.`,
        ];
      const change = Math.round((level / baseline - 1) * 100);
      const than = `${Math.abs(change)}% ${change < 0 ? 'less' : 'more'} than when it was accepted`;
      return [
        `${name} answered within ${answerTime(level)} (95th percentile), ${change === 0 ? 'as when it was accepted' : than}${verdict === 'missed' ? `; the limit is ${answerTime(limit)}` : ''}.`,
      ];
    })
    .join(' ');
}

function ledgerOf(service: ServiceFacts, facts: ServicesFacts): string {
  const { name, seconds, planned, away, awayPlanned, unknown, agreed, raw, slo, credit, verdict } = service;
  const times = [
    `agreed time ${duration(seconds - planned)}`,
    ...(planned > 0
      ? [`maintenance windows ${duration(planned)}, away in them for ${duration(awayPlanned)}`]
      : []),
    `away for ${duration(away)}`,
    ...(unknown > 0 ? [`unknown for ${duration(unknown)}`] : []),
  ].join(', ');
  const range = (one: ServiceFacts['agreed']): string =>
    one.worst === one.best ? exact(one.best, service) : pctRange(one.worst, one.best, goalOf(service));
  const judged = { met: 'met', missed: 'missed', unknown: 'cannot be judged', none: 'cannot be judged' }[
    verdict
  ];
  const first = `**${name}**: ${times}. Availability ${range(agreed)} (all time: ${range(raw)}) against ${pctTarget(slo)}: ${judged}.`;
  if (credit === null) return `${first} No credit is agreed.`;
  const worst = credit.worstTier;
  const possible =
    credit.possible === 0 || worst === null
      ? ''
      : ` If all missing data were outage, under ${pctTarget(worst.below)}: ${amount(credit.possible, facts)} more.`;
  if (credit.tier === null) return `${first} No credit is due.${possible}`;
  return `${first} Under ${pctTarget(credit.tier.below)}: ${rule(service, facts)} = ${amount(credit.due, facts)} due.${possible}`;
}

export const servicesEn: ServicesWords = {
  finding,
  lede,
  heading: 'Availability by service',
  aside: (month, hours) => `${monthName(month)}: ${number(hours)} hours`,
  heads: {
    name: 'Service',
    agreed: 'Availability',
    slo: 'Target',
    unplanned: 'Unplanned',
    planned: 'Planned',
    verdict: 'SLA',
    credit: 'Credit',
  },
  key: 'Dot: availability in agreed time, without planned windows, in per cent. Ring: all time. Bar: target. Hatched: possible range, data missing.',
  credits,
  speed,
  upTo: (text) => `≤\u00a0${text}`,
  alt: (service) =>
    `${service.name}: ${service.agreed.worst === service.agreed.best ? exact(service.agreed.best, service) : pctRange(service.agreed.worst, service.agreed.best, goalOf(service))} against ${pctTarget(service.slo)}`,
  ledger: {
    lede: 'Every outage of the month, from the stored evaluations of the probes. Time inside a maintenance window is not counted; time without data is neither counted as there nor as away.',
    outages: 'Outages and missing data',
    heads: {
      service: 'Service',
      start: 'From',
      end: 'To',
      lasted: 'Lasted',
      planned: 'In windows',
      counted: 'Counted',
    },
    unknown: 'no data',
    noOutages: 'No outage was seen, and no data is missing.',
    arithmetic: 'Availability and credits by service',
    service: ledgerOf,
  },
};
