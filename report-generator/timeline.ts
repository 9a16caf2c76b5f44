import type { Samples } from './prometheus.ts';

/** From an instant on, what something is; `labels` are those of its series. */
export interface Step {
  readonly at: number;
  readonly labels: Samples['labels'];
  readonly value: number;
}

/**
 * What each thing became, by one of the labels: the first step is what it was when it was first seen. Where two series speak at
 * once, which happens for one look after a change, the one that is new counts.
 */
export function timelines(series: readonly Samples[], by: string): ReadonlyMap<string, readonly Step[]> {
  const bySubject = Map.groupBy(series, ({ labels }) => labels[by] ?? '');
  return new Map([...bySubject].map(([subject, own]) => [subject, stepsOf(own)]));
}

function stepsOf(series: readonly Samples[]): readonly Step[] {
  const seen = series
    .flatMap(({ labels, instants, values }) =>
      instants.map((at, index): Step => ({ at, labels, value: values[index] ?? Number.NaN })),
    )
    .toSorted((one, other) => one.at - other.at);
  const looks = Map.groupBy(seen, ({ at }) => at);
  const steps: Step[] = [];
  for (const [, found] of looks) {
    const last = steps.at(-1);
    const fresh = found.find((one) => last === undefined || !same(one, last));
    if (fresh === undefined || last === undefined) steps.push(...(fresh === undefined ? [] : [fresh]));
    // While the old one is still heard, only a series that was not heard at the look before is a change.
    else if (!found.some((one) => same(one, last)) || !heardBefore(fresh, last, seen)) steps.push(fresh);
  }
  return steps;
}

function heardBefore(one: Step, { at }: Step, seen: readonly Step[]): boolean {
  return seen.some((other) => other.at >= at && other.at < one.at && same(one, other));
}

function same(one: Step, other: Step): boolean {
  return one.value === other.value && JSON.stringify(one.labels) === JSON.stringify(other.labels);
}
