import type { Policy } from '../alerts/policy.ts';
import type { Taken } from './acknowledgements.ts';
import { localDay, type Month } from './calendar.ts';
import type { ToldIncident } from './told-incidents.ts';

type SlaClass = keyof Policy['sla_classes'];

/** One incident of a month, and whether somebody answered it in time as far as the end of the month tells. Unix seconds. */
export interface ResponseTruth {
  readonly labels: Readonly<Record<string, string>>;
  readonly from: number;
  /** Null while it is open at the end of the month. */
  readonly to: number | null;
  readonly verdict: 'met' | 'breached' | 'running' | 'unknown';
  readonly basis: 'answered' | 'resolved_first' | null;
  readonly deadline: number;
  readonly answered_at: number | null;
  /** Seconds of the clock of its class until somebody answered. */
  readonly answered_after: number | null;
  /** It was decided in this month, or runs at its end. */
  readonly counts: boolean;
}

/** Of one class in a month: counts, and means in seconds; null when there is nothing to take a mean of. */
export interface ClassTruth {
  readonly answered: number;
  readonly resolved_first: number;
  readonly breached: number;
  readonly unknown: number;
  readonly running: number;
  readonly resolved: number;
  readonly mean_seconds_to_resolve: number | null;
  readonly mean_seconds_to_respond: number | null;
}

/** Whether a clock of contract time runs in the step that begins at an instant. */
export type Clock = (instant: number) => boolean;

/**
 * The clock of a customer's working hours, read off the wall clock of its zone one step after the other: knows nothing of
 * intervals, of days that are longer or of how alerts/calendar.ts works.
 */
export function workingClock({ zone, working_hours, holidays }: Policy['customers'][string]): Clock {
  const known = new Map<number, boolean>();
  return (instant) => {
    const found = known.get(instant);
    if (found !== undefined) return found;
    const { date, weekday, second } = localDay(zone, instant);
    const off = holidays.some(({ from, to }) => from <= date && date <= to);
    const runs = !off && working_hours[weekday].some(({ from, to }) => from <= second && second < to);
    known.set(instant, runs);
    return runs;
  };
}

/** @param step seconds; everything that happens falls on a multiple of it. */
export function responseTruth(
  incident: ToldIncident,
  taken: readonly Taken[],
  month: Month,
  { response }: Policy['sla_classes'][SlaClass],
  runs: Clock,
  step: number,
): ResponseTruth {
  const { labels, from } = incident;
  const to = incident.to < month.to ? incident.to : null;
  const deadline = after(from, response, runs, step);
  const at = taken.find((each) => each.incident === incident && each.at < month.to)?.at ?? null;
  const common = { labels, from, to, deadline, answered_at: at, basis: null, answered_after: null };
  const inMonth = (instant: number): boolean => month.from <= instant && instant < month.to;
  if (at !== null)
    return {
      ...common,
      verdict: at <= deadline ? 'met' : 'breached',
      basis: 'answered',
      answered_after: between(from, at, runs, step),
      counts: inMonth(at),
    };
  if (to !== null && to <= deadline)
    return { ...common, verdict: 'met', basis: 'resolved_first', counts: inMonth(to) };
  if (to === null && deadline >= month.to) return { ...common, verdict: 'running', counts: true };
  return { ...common, verdict: 'unknown', counts: inMonth(deadline) };
}

export function classTruth(incidents: readonly ResponseTruth[], month: Month): ClassTruth {
  const counted = incidents.filter(({ counts }) => counts);
  const count = (verdict: ResponseTruth['verdict']): number =>
    counted.filter((one) => one.verdict === verdict).length;
  const first = counted.filter(({ basis }) => basis === 'resolved_first').length;
  const ended = incidents.flatMap(({ from, to }) => (to !== null && to >= month.from ? [to - from] : []));
  return {
    answered: count('met') - first,
    resolved_first: first,
    breached: count('breached'),
    unknown: count('unknown'),
    running: count('running'),
    resolved: ended.length,
    mean_seconds_to_resolve: mean(ended),
    mean_seconds_to_respond: mean(counted.flatMap((one) => one.answered_after ?? [])),
  };
}

/** Step by step until so many seconds of the clock have passed. */
function after(from: number, seconds: number, runs: Clock, step: number): number {
  let left = seconds;
  let instant = from;
  while (left > 0) {
    if (runs(instant)) left -= step;
    instant += step;
  }
  return instant;
}

function between(from: number, to: number, runs: Clock, step: number): number {
  let seconds = 0;
  for (let instant = from; instant < to; instant += step) if (runs(instant)) seconds += step;
  return seconds;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
