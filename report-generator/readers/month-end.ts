import type { ControlName } from '../../alerts/policy.ts';
import { recorded } from '../../alerts/records.ts';
import type { Gap, Judged } from '../facts/judged.ts';
import type { Measuring } from '../kpi.ts';
import { type LastEvaluation, recordedThen } from '../last-evaluation.ts';
import { askedAt } from '../month-query.ts';
import type { Sample } from '../prometheus.ts';

/** What one control said of one object at the last evaluation of the month. */
export interface ObjectState {
  readonly instance: string;
  readonly role: string;
  /** Empty where the host itself is judged, or where it must have the control and shows nothing. */
  readonly object: string;
  readonly verdict: Judged;
  /** Seconds: 0 when nothing is open, Infinity when what must happen never did. Undefined when not known, and of a state. */
  readonly age: number | undefined;
  /** Seconds. */
  readonly limit: number | undefined;
}

/** The end of the month as it was last looked at. */
export interface MonthEnd {
  readonly last: LastEvaluation;
  /** Objects of a control that was asked for. */
  readonly objects: (control: ControlName) => readonly ObjectState[];
  /** Why something of a host is not known; null when it is. */
  readonly gap: (instance: string, verdicts: readonly (Judged | null)[]) => Gap | null;
}

/** One question per record, for the whole customer. @returns undefined when nothing was evaluated in the month. */
export async function readMonthEnd(
  { prometheus, customer, month, last }: Measuring,
  controls: readonly ControlName[],
): Promise<MonthEnd | undefined> {
  if (last === undefined) return undefined;
  const match = { customer, control: [...controls, 'host_reporting'] };
  const asked = (
    [
      'object:maintenance_control_known:bool',
      'object:maintenance_control_compliant:bool',
      'object:maintenance_control_age_seconds:last',
      'object:maintenance_control_limit_seconds:effective',
    ] as const
  ).map(async (name) =>
    byObject(await prometheus.values(recordedThen(recorded(name, match), last), askedAt(month.period))),
  );
  const [known, compliant, ages, limits] = await Promise.all(asked);
  const states = [...(known ?? new Map<string, Sample>())].map(([key, { labels, value }]) => {
    const isKnown = last.speaksForEnd && value === 1;
    const verdict: Judged = !isKnown ? 'unknown' : compliant?.get(key)?.value === 1 ? 'met' : 'missed';
    const state: ObjectState = {
      instance: labels['instance'] ?? '',
      role: labels['role'] ?? '',
      object: labels['object'] ?? '',
      verdict,
      age: isKnown ? ages?.get(key)?.value : undefined,
      limit: limits?.get(key)?.value,
    };
    return { control: labels['control'] ?? '', state };
  });
  const byControl = Map.groupBy(states, ({ control }) => control);
  const objects = (control: string): readonly ObjectState[] =>
    (byControl.get(control) ?? []).map(({ state }) => state);
  const reporting = new Set(
    objects('host_reporting')
      .filter(({ verdict }) => verdict === 'met')
      .map(({ instance }) => instance),
  );
  return {
    last,
    objects,
    gap: (instance, verdicts) => {
      if (!verdicts.includes('unknown')) return null;
      if (!last.speaksForEnd) return 'unwatched';
      return reporting.has(instance) ? 'untold' : 'silent';
    },
  };
}

/** Facts as scraped at the last evaluation, by some of their labels; nothing where it does not speak for the end. */
export type Scraped = ReadonlyMap<string, Sample>;

/** @param query has at most one series per combination of the labels; the last one counts where there are more. */
export async function scrapedThen(
  { prometheus }: Measuring,
  last: LastEvaluation,
  query: string,
  labels: readonly string[],
): Promise<Scraped> {
  if (!last.speaksForEnd) return new Map();
  const samples = await prometheus.values(query, last.instant);
  return new Map(samples.map((sample) => [keyOf(labels.map((label) => sample.labels[label] ?? '')), sample]));
}

/** The value with these labels, in the order they were asked by. */
export function valueOf(facts: Scraped, ...labels: readonly string[]): number | null {
  return facts.get(keyOf(labels))?.value ?? null;
}

/** A label of the series with these labels. */
export function labelOf(facts: Scraped, label: string, ...labels: readonly string[]): string {
  return facts.get(keyOf(labels))?.labels[label] ?? '';
}

/** The worst of the verdicts: out of order outweighs unknown. Null when there is none. */
export function worstOf(verdicts: readonly Judged[]): Judged | null {
  return (['missed', 'unknown', 'met'] as const).find((verdict) => verdicts.includes(verdict)) ?? null;
}

/** Out of order first, then unknown, then in order. */
export function rank(verdicts: readonly (Judged | null)[]): number {
  if (verdicts.includes('missed')) return 0;
  return verdicts.includes('unknown') ? 1 : 2;
}

export function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

export function keyOf(parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function byObject(samples: readonly Sample[]): Scraped {
  return new Map(
    samples.map((sample) => [
      keyOf(['control', 'instance', 'role', 'object'].map((label) => sample.labels[label] ?? '')),
      sample,
    ]),
  );
}
