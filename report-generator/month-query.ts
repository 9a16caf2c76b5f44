import type { Period } from './period.ts';
import type { Prometheus, Sample } from './prometheus.ts';

/**
 * The range of a month in PromQL. Asked one millisecond before the month is over it holds the month's first instant and
 * not that of the next: Prometheus 2.x takes both ends of a range, 3.x leaves out the left one.
 */
export function rangeOf({ start, end }: Period): string {
  return `[${Math.round((end - start) * 1000)}ms]`;
}

/** The instant at which everything about a month is asked, unix seconds. */
export function askedAt({ end }: Period): number {
  return end - 0.001;
}

/**
 * The values of an answer by one of its labels.
 * @throws Error when two series carry the same: added up, what two servers recorded would count twice.
 */
export function valuesBy(
  label: string,
  samples: readonly Sample[],
  query: string,
): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const { labels, value } of samples) {
    const name = labels[label] ?? '';
    if (values.has(name))
      throw new Error(
        `${query} has more than one series with ${label}="${name}". Ask one Prometheus, or a querier that removes duplicates.`,
      );
    values.set(name, value);
  }
  return values;
}

/** Asks for a month, by label. @throws Error as `valuesBy` and Prometheus do. */
export async function monthValues(
  prometheus: Prometheus,
  query: string,
  label: string,
  period: Period,
): Promise<ReadonlyMap<string, number>> {
  return valuesBy(label, await prometheus.values(query, askedAt(period)), query);
}
