import { lookStep } from './month-points.ts';
import type { Samples } from './prometheus.ts';
import type { TaskRecord } from './task-occurrences.ts';

/** What was seen of all tasks of a customer every three hours; values are unix seconds of confirmations. */
export interface TaskPoints {
  /** By instance and task: when it was last confirmed as done. */
  readonly done: readonly Samples[];
  /** By instance and task: when it was last confirmed, whatever the outcome. */
  readonly held: readonly Samples[];
  /** One series: some host could read its record. */
  readonly read: readonly Samples[];
  /** By object: the task was in the policy. */
  readonly expected: readonly Samples[];
  /** One series: rules were evaluated. */
  readonly evaluated: readonly Samples[];
  /** One series: a host of the customer was expected. */
  readonly counted: readonly Samples[];
}

/**
 * The record of one task. Whoever holds its newest confirmation has to be heard for the record to be read: another host only
 * knows that nobody confirmed it there.
 */
export function taskRecord(
  task: string,
  { done, held, read, expected, evaluated, counted }: TaskPoints,
): TaskRecord {
  const confirmed = new Set(
    done.filter(({ labels }) => labels['task'] === task).flatMap(({ values }) => values),
  );
  const holders = held.filter(({ labels }) => labels['task'] === task);
  const newestAt = (instant: number): Samples | undefined => {
    const latest = (one: Samples): number =>
      Math.max(-Infinity, ...one.values.filter((_, index) => (one.instants[index] ?? Infinity) <= instant));
    const [newest] = holders
      .filter((one) => latest(one) > -Infinity)
      .toSorted((one, other) => latest(other) - latest(one));
    return newest;
  };
  const heard = new Set(
    [...new Set([...held, ...read].flatMap(({ instants }) => instants))].filter((instant) => {
      const holder = newestAt(instant);
      return holder === undefined ? looks(read).has(instant) : holder.instants.includes(instant);
    }),
  );
  const planned = looks(expected.filter(({ labels }) => labels['object'] === task));
  const rules = looks(evaluated);
  const hosts = looks(counted);
  const begun = Math.min(...hosts);
  return {
    confirmed: [...confirmed].toSorted((one, other) => one - other),
    // A look tells of the three hours before it: only those that lie wholly behind `from` prove anything.
    isRead: (from, to) => [...heard].some((look) => look - lookStep >= from && look <= to),
    isPlanned: (from, to) => {
      const within = [...rules].filter((look) => look > from && look <= to + lookStep);
      if (within.some((look) => planned.has(look))) return true;
      // Rules tell nothing of a customer they see no host of, unless its first host was yet to come.
      const isYetToCome = Number.isFinite(begun) && within.length > 0 && within.every((look) => look < begun);
      return !isYetToCome && !within.some((look) => hosts.has(look));
    },
  };
}

function looks(series: readonly Samples[]): ReadonlySet<number> {
  return new Set(series.flatMap(({ instants }) => instants));
}
