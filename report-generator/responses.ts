import { workingDeadline, workingSeconds } from '../alerts/calendar.ts';
import type { Policy } from '../alerts/policy.ts';
import { type Acknowledgement, firstAnswer } from './acknowledgements/acknowledgement.ts';
import type { Incident } from './incidents.ts';
import type { Period } from './period.ts';

export const slaClasses = ['urgent', 'standard'] as const;
export type SlaClass = (typeof slaClasses)[number];

/**
 * Whether somebody answered in time, as far as was known when the month ended.
 * met: answered before the deadline, or over before it (`resolved_first`: nobody had to). breached: answered after it.
 * running: not answered, and the deadline lies ahead. unknown: the deadline is over and nobody is known to have answered,
 * which is no proof that nobody did.
 */
export interface Response {
  readonly verdict: 'met' | 'breached' | 'running' | 'unknown';
  readonly basis: 'answered' | 'resolved_first' | null;
  /** Unix seconds; null where the calendar has not so much working time. */
  readonly deadline: number | null;
  readonly answer: Answer | null;
  /** When it was decided, unix seconds; null while it runs. */
  readonly settled: number | null;
}

export interface Answer extends Pick<Acknowledgement, 'by' | 'source'> {
  readonly at: number;
  /** From the incident to the answer, on the clock of its class. */
  readonly seconds: number;
}

/** An incident with its answer; without a class no time was promised. */
export interface AnsweredIncident extends Incident {
  readonly slaClass: SlaClass | undefined;
  readonly response: Response | undefined;
}

/** The incidents of a month, each with what is known of its answer at the end of the month. */
export function answered(
  incidents: readonly Incident[],
  { end }: Pick<Period, 'end'>,
  policy: Policy,
  customer: string,
  acknowledgements: readonly Acknowledgement[],
): readonly AnsweredIncident[] {
  const calendar = policy.customers[customer];
  if (calendar === undefined) throw new Error(`The policy has no customer ${customer}.`);
  const ordered = acknowledgements.toSorted((one, other) => one.at - other.at);
  return incidents.map((incident) => {
    const slaClass = slaClasses.find((name) => name === incident.labels['sla_class']);
    if (slaClass === undefined) return { ...incident, slaClass, response: undefined };
    const found = firstAnswer(ordered, incident, end);
    const response = responseOf(incident, found, policy.sla_classes[slaClass], calendar, end);
    return { ...incident, slaClass, response };
  });
}

/** @param now what happened later is not known yet, unix seconds. */
export function responseOf(
  { from, to }: Pick<Incident, 'from' | 'to'>,
  acknowledgement: Acknowledgement | undefined,
  { response, clock }: Policy['sla_classes'][SlaClass],
  calendar: Policy['customers'][string],
  now: number,
): Response {
  const inHours = clock === 'working_hours';
  const deadline = inHours ? workingDeadline(calendar, from, response) : from + response;
  const common = { deadline: deadline ?? null, basis: null, answer: null };
  if (acknowledgement !== undefined) {
    const { by, source } = acknowledgement;
    // Somebody may take an alert while another one mutes it.
    const at = Math.max(acknowledgement.at, from);
    const answer = { at, by, source, seconds: inHours ? workingSeconds(calendar, from, at) : at - from };
    const verdict = deadline === undefined || at <= deadline ? 'met' : 'breached';
    return { ...common, verdict, basis: 'answered', answer, settled: at };
  }
  // Of an end that nobody saw the latest instant counts.
  const over = to !== undefined && to < now ? to : undefined;
  if (over !== undefined && deadline !== undefined && over <= deadline)
    return { ...common, verdict: 'met', basis: 'resolved_first', settled: over };
  if (over === undefined && (deadline === undefined || now <= deadline))
    return { ...common, verdict: 'running', settled: null };
  return { ...common, verdict: 'unknown', settled: deadline ?? over ?? now };
}

/** How the answers of a month came out. */
export interface Tally {
  /** Answered in time. */
  readonly answered: number;
  /** Over before anybody had to answer. */
  readonly resolvedFirst: number;
  readonly breached: number;
  readonly unknown: number;
  readonly running: number;
}

/** Each incident counts in the month in which its answer was decided, or as running at the end of it. */
export function tallyOf(
  incidents: readonly AnsweredIncident[],
  period: Pick<Period, 'start' | 'end'>,
): Tally {
  const decided = decidedIn(incidents, period);
  const count = (holds: (response: Response) => boolean): number => decided.filter(holds).length;
  return {
    answered: count(({ verdict, basis }) => verdict === 'met' && basis === 'answered'),
    resolvedFirst: count(({ basis }) => basis === 'resolved_first'),
    breached: count(({ verdict }) => verdict === 'breached'),
    unknown: count(({ verdict }) => verdict === 'unknown'),
    running: incidents.filter(({ response }) => response?.verdict === 'running').length,
  };
}

/** The answers that were decided in a month. */
export function decidedIn(
  incidents: readonly AnsweredIncident[],
  { start, end }: Pick<Period, 'start' | 'end'>,
): readonly Response[] {
  return incidents.flatMap(({ response }) => {
    const settled = response?.settled ?? null;
    return response === undefined || settled === null || settled < start || settled >= end ? [] : [response];
  });
}

/** Shares of a tally, 0 to 1, null where nothing was decided. */
export interface Attainment {
  /** Of those known: met / (met + breached). */
  readonly measured: number | null;
  /** With every unknown one breached. */
  readonly worst: number | null;
  /** With every unknown one met. */
  readonly best: number | null;
}

export function attainmentOf({ answered: inTime, resolvedFirst, breached, unknown }: Tally): Attainment {
  const met = inTime + resolvedFirst;
  return {
    measured: share(met, met + breached),
    worst: share(met, met + breached + unknown),
    best: share(met + unknown, met + breached + unknown),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** How long those of a class took that ended in a month, in seconds of all time. */
export function resolvedIn(
  incidents: readonly AnsweredIncident[],
  slaClass: SlaClass,
  { start, end }: Pick<Period, 'start' | 'end'>,
): readonly number[] {
  return incidents.flatMap((incident) =>
    incident.slaClass === slaClass && incident.to !== undefined && incident.to >= start && incident.to < end
      ? [incident.to - incident.from]
      : [],
  );
}
