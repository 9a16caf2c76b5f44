import type { ServiceFacts, ServicesFacts } from '../facts/services.ts';
import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEs, listEs, spellEs } from './es-count.ts';
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
} = formatsOf('es');

const withVerdict = (services: readonly ServiceFacts[], ...verdicts: readonly string[]) =>
  services.filter(({ verdict }) => verdicts.includes(verdict));
const goalOf = ({ slo }: ServiceFacts) => ({ target: slo, better: 'high' }) as const;
const exact = (ratio: number, service: ServiceFacts): string => pctJudged(ratio, goalOf(service), 2);
const amount = (minorUnits: number, { credits: { currency, digits } }: ServicesFacts): string =>
  money(minorUnits, currency, digits);

/** El primero para el que hay sitio en un titular. */
function shorter(wanted: string, other: string): string {
  return wanted.length > 60 ? other : wanted;
}

function finding(services: readonly ServiceFacts[]): string {
  const [met, missed] = [withVerdict(services, 'met'), withVerdict(services, 'missed')];
  const unknown = services.length - met.length - missed.length;
  const [only] = services;
  if (services.length === 1 && only !== undefined) {
    const name = only.name.length > 22 ? 'El servicio' : only.name;
    if (only.verdict === 'met') return `${name} cumplió su SLA`;
    return only.verdict === 'missed' ? `${name} incumplió su SLA` : `No se sabe si ${name} cumplió su SLA`;
  }
  if (unknown === services.length) return 'No se sabe si los servicios cumplieron su SLA';
  if (met.length === services.length) return `Los ${spellEs(services.length)} servicios cumplieron su SLA`;
  if (met.length === 0 && unknown === 0) return 'Ningún servicio cumplió su SLA';
  const [first] = missed;
  const share =
    met.length === 0
      ? 'Ningún servicio cumplió con certeza su SLA'
      : `${capital(spellEs(met.length))} de ${spellEs(services.length)} servicios ${met.length === 1 ? 'cumplió' : 'cumplieron'} su SLA`;
  if (missed.length === 1 && first !== undefined && met.length > 0)
    return shorter(`${share}; ${first.name} no`, `${share}; uno no`);
  if (missed.length === 0 && met.length > 0)
    return `${share}; ${unknown === 1 ? 'uno' : spellEs(unknown)} sin certeza`;
  return share;
}

function missedText(facts: ServicesFacts): string {
  const missed = withVerdict(facts.services, 'missed');
  const [first] = missed;
  if (first === undefined) return '';
  const { due } = facts.credits;
  const paid = due === 0 ? 'no procede compensación' : `procede una compensación de ${amount(due, facts)}`;
  if (missed.length > 2)
    return `${capital(countEs(missed.length, 'service'))} incumplieron su SLA, sobre todo ${first.name}, que no estuvo disponible durante ${duration(first.away)} fuera de las ventanas de mantenimiento; ${paid}.`;
  const away = missed.map(
    ({ name, away: seconds }) => `${name} no estuvo disponible durante ${duration(seconds)}`,
  );
  return `${listEs(away)} fuera de las ventanas de mantenimiento; ${paid}.`;
}

function unknownText(facts: ServicesFacts): string {
  const unknown = withVerdict(facts.services, 'unknown', 'none');
  const told = unknown.slice(0, 2).map((service) => {
    const { name, verdict, unknown: seconds, agreed, credit } = service;
    if (verdict === 'none') return `${name} no puede juzgarse: en todo el mes nadie lo sondeó.`;
    const more =
      credit === null || credit.possible === 0
        ? ''
        : ` y podrían proceder hasta ${amount(credit.possible, facts)} más`;
    return `${name} no puede juzgarse: faltan datos de sonda de ${duration(seconds)}, por lo que su disponibilidad está entre el ${exact(agreed.worst, service)} y el ${exact(agreed.best, service)}${more}.`;
  });
  const rest = unknown.length - told.length;
  const others =
    rest === 0
      ? []
      : [rest === 1 ? 'Otro más tampoco puede juzgarse.' : `Otros ${spellEs(rest)} tampoco pueden juzgarse.`];
  return [...told, ...others].join(' ');
}

function lede(facts: ServicesFacts): string {
  const { availability, services } = facts;
  if (withVerdict(services, 'met').length === services.length && availability !== null)
    return `La disponibilidad del conjunto fuera de las ventanas de mantenimiento fue del ${pctJudged(availability, { target: null, better: 'high' }, 2)}. No procede ninguna compensación.`;
  return [missedText(facts), unknownText(facts)].filter(Boolean).join(' ');
}

function rule({ credit }: ServiceFacts, facts: ServicesFacts): string {
  const tier = credit?.tier ?? null;
  if (credit === null || tier === null) return '';
  return tier.share === null || credit.fee === null
    ? `${amount(tier.amount, facts)} por debajo del ${pctTarget(tier.below)}`
    : `${pctTarget(tier.share)} de ${amount(credit.fee, facts)}`;
}

function credits(facts: ServicesFacts): string {
  const { due, possible } = facts.credits;
  const more = `hasta ${amount(possible, facts)}`;
  const paid = facts.services.filter(({ credit }) => (credit?.due ?? 0) > 0);
  const arithmetic =
    paid.length > 2 ? '' : ` (${paid.map((one) => `${one.name}, ${rule(one, facts)}`).join('; ')})`;
  if (due > 0)
    return `Compensación: **${amount(due, facts)}**${arithmetic}${possible > 0 ? `; ${more} más si los datos que faltan cuentan como caída` : ''}.`;
  if (possible > 0)
    return `Con los datos medidos no procede compensación; ${more} si los datos que faltan cuentan como caída.`;
  return facts.services.every(({ credit }) => credit === null)
    ? 'No hay compensaciones acordadas.'
    : 'No procede ninguna compensación.';
}

function speed(services: readonly ServiceFacts[]): string {
  return services
    .flatMap(({ name, speed: found }) => {
      if (found === null) return [];
      const { baseline, limit, level, days, needed, verdict } = found;
      if (level === null)
        return [
          `La velocidad de ${name} no puede juzgarse: se conocen ${number(days)} de los ${number(needed)} días necesarios.`,
        ];
      const change = Math.round((level / baseline - 1) * 100);
      const than = `un ${number(Math.abs(change))}\u00a0% ${change < 0 ? 'menos' : 'más'} que cuando se aceptó`;
      return [
        `${name} respondió en ${answerTime(level)} (percentil 95), ${change === 0 ? 'como cuando se aceptó' : than}${verdict === 'missed' ? `; el límite es ${answerTime(limit)}` : ''}.`,
      ];
    })
    .join(' ');
}

function ledgerOf(service: ServiceFacts, facts: ServicesFacts): string {
  const { name, seconds, planned, away, awayPlanned, unknown, agreed, raw, slo, credit, verdict } = service;
  const times = [
    `tiempo acordado ${duration(seconds - planned)}`,
    ...(planned > 0
      ? [`ventanas de mantenimiento ${duration(planned)}, de ellas ${duration(awayPlanned)} sin servicio`]
      : []),
    `sin servicio ${duration(away)}`,
    ...(unknown > 0 ? [`sin datos ${duration(unknown)}`] : []),
  ].join(', ');
  const range = (one: ServiceFacts['agreed']): string =>
    one.worst === one.best ? exact(one.best, service) : pctRange(one.worst, one.best, goalOf(service));
  const judged = {
    met: 'cumplido',
    missed: 'incumplido',
    unknown: 'no puede juzgarse',
    none: 'no puede juzgarse',
  }[verdict];
  const first = `**${name}**: ${times}. Disponibilidad ${range(agreed)} (todo el tiempo: ${range(raw)}) frente al ${pctTarget(slo)}: ${judged}.`;
  if (credit === null) return `${first} No hay compensación acordada.`;
  const worst = credit.worstTier;
  const possible =
    credit.possible === 0 || worst === null
      ? ''
      : ` Si todos los datos que faltan fueran caída, por debajo del ${pctTarget(worst.below)}: ${amount(credit.possible, facts)} más.`;
  if (credit.tier === null) return `${first} No procede compensación.${possible}`;
  return `${first} Por debajo del ${pctTarget(credit.tier.below)}: ${rule(service, facts)} = ${amount(credit.due, facts)}.${possible}`;
}

export const servicesEs: ServicesWords = {
  finding,
  lede,
  heading: 'Disponibilidad por servicio',
  aside: (month, hours) => `${capital(monthName(month))}: ${number(hours)} horas`,
  heads: {
    name: 'Servicio',
    agreed: 'Disponibilidad',
    slo: 'Objetivo',
    unplanned: 'Imprevisto',
    planned: 'Previsto',
    verdict: 'SLA',
    credit: 'Compens.',
  },
  key: 'Punto: tiempo acordado, sin ventanas previstas, en porcentaje. Anillo: todo el tiempo. Barra: objetivo. Rayado: intervalo posible, faltan datos.',
  credits,
  speed,
  upTo: (text) => `≤\u00a0${text}`,
  alt: (service) =>
    `${service.name}: ${service.agreed.worst === service.agreed.best ? exact(service.agreed.best, service) : pctRange(service.agreed.worst, service.agreed.best, goalOf(service))} frente al ${pctTarget(service.slo)}`,
  ledger: {
    lede: 'Todas las caídas del mes, según las evaluaciones guardadas de las sondas. El tiempo dentro de una ventana de mantenimiento no se cuenta; el tiempo sin datos no se cuenta ni como servicio ni como caída.',
    outages: 'Caídas y datos que faltan',
    heads: {
      service: 'Servicio',
      start: 'Desde',
      end: 'Hasta',
      lasted: 'Duración',
      planned: 'En ventanas',
      counted: 'Computado',
    },
    unknown: 'sin datos',
    noOutages: 'No se vio ninguna caída y no faltan datos.',
    arithmetic: 'Disponibilidad y compensación por servicio',
    service: ledgerOf,
  },
};
