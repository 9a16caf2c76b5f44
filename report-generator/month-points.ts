import { askedAt } from './month-query.ts';
import type { Period } from './period.ts';
import type { Prometheus, Samples } from './prometheus.ts';

/** Between two looks at a month, in seconds. Whole hours: Prometheus looks at multiples of it since 1970. */
export const lookStep = 3 * 3600;

/** PromQL: what a selector last said before each look, nothing where it said nothing since the look before. */
export function lately(selector: string): string {
  return `last_over_time(${selector}[3h])`;
}

/** PromQL: the question of `pointsOf`, as a month is asked it. */
export function lookingThrough(query: string, { start, end }: Period): string {
  return `(${query})[${Math.round((end - start) * 1000)}ms:3h]`;
}

/**
 * What an expression was every three hours of a month, and at its end: enough for what changes a few times a month, and a
 * hundredth of the samples. By series, oldest first.
 */
export async function pointsOf(
  prometheus: Prometheus,
  query: string,
  period: Period,
): Promise<readonly Samples[]> {
  const at = askedAt(period);
  const [looks, end] = await Promise.all([
    prometheus.samples(lookingThrough(query, period), at),
    prometheus.values(query, at),
  ]);
  const last = new Map(end.map(({ labels, value }) => [keyOf(labels), { labels, value }]));
  const known = looks.map(({ labels, instants, values }): Samples => {
    const own = last.get(keyOf(labels));
    last.delete(keyOf(labels));
    if (own === undefined) return { labels, instants, values };
    return { labels, instants: [...instants, at], values: [...values, own.value] };
  });
  const late = [...last.values()].map(({ labels, value }) => ({ labels, instants: [at], values: [value] }));
  return [...known, ...late];
}

function keyOf(labels: Samples['labels']): string {
  return JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
