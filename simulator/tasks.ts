import type { Policy } from '../alerts/policy.ts';
import { weekdays } from '../alerts/policy/day-hours.ts';
import { day, days, hour } from './calendar.ts';
import type { SimulatedHost } from './fleet.ts';
import { random, type Random } from './random.ts';
import type { Span } from './track.ts';

type Task = Policy['tasks'][string];

/** What somebody says of a task: when, and whether it was done. */
export interface Confirmation {
  /** Unix seconds. */
  readonly at: number;
  readonly success: boolean;
}

/** One time a task was due, unix seconds. */
export interface DueTime {
  /** Local midnight of its day. */
  readonly from: number;
  /** When being on time is over. */
  readonly deadline: number;
  /** When what is done counts for the next time. */
  readonly until: number;
}

export interface PlayedTask {
  readonly name: string;
  readonly task: Task;
  readonly due: readonly DueTime[];
  /** Oldest first. */
  readonly confirmations: readonly Confirmation[];
}

/** The tasks of a customer, with their confirmations on one host. */
export interface TaskBook {
  readonly tasks: readonly PlayedTask[];
  /** When the record could not be read. */
  readonly unreadable: readonly Span[];
}

/** Three weeks in which the record of a customer could not be read, in days before the end. */
const unreadable = { from: 45, to: 24 } as const;

/**
 * Plays the tasks of the policy for the customer of a host that holds the confirmations: most are done on their day, some
 * late, some never, some end in failure. Tasks whose cadence is in days are not played.
 */
export function taskBook(
  policy: Policy,
  { customer, zone, instance }: SimulatedHost,
  { seed, start, end, isFirst }: Playing,
): TaskBook {
  const own = Object.entries(policy.tasks).filter(
    ([, { customers }]) => customers === undefined || [customers].flat().includes(customer),
  );
  return {
    tasks: own.map(([name, task]) => {
      const due = dueTimes(task, zone, start, end);
      const next = random(seed, instance, 'task', name);
      return { name, task, due, confirmations: due.flatMap((one) => confirmationOf(one, end, next)) };
    }),
    unreadable: isFirst ? [] : [{ from: end - unreadable.from * day, to: end - unreadable.to * day }],
  };
}

interface Playing {
  readonly seed: number;
  readonly start: number;
  readonly end: number;
  /** Whether the customer is the first of the policy, whose record can always be read. */
  readonly isFirst: boolean;
}

function confirmationOf(
  { from, deadline, until }: DueTime,
  end: number,
  next: Random,
): readonly Confirmation[] {
  const [lot, when] = [next(), next()];
  const onDay = Math.round(from + (9 + 8 * when) * hour);
  const late = Math.round(deadline + 8 * hour + when * Math.min(5 * day, (until - deadline) / 2));
  const found: Confirmation = lot < 0.08 ? { at: late, success: true } : { at: onDay, success: lot > 0.2 };
  return lot > 0.93 || found.at >= end ? [] : [found];
}

/** From half a year before the start, so that the first month has a past. */
function dueTimes(task: Task, zone: string, start: number, end: number): readonly DueTime[] {
  const all = [...days(zone, start - 183 * day, end + 400 * day, 0)].map((one, index, list) => ({
    ...one,
    next: list[index + 1]?.instant ?? one.instant + day,
  }));
  const dates = all.map((one, index) => ({ ...one, isLast: (all[index + 1]?.date ?? 1) === 1 }));
  const due = dates.filter((one) => isDue(task, one, zone));
  return due.map(({ instant, next }, index) => {
    const following = due[index + 1]?.next ?? Infinity;
    return {
      from: instant,
      deadline: next + task.grace,
      until: Math.max(next + task.grace, (next + following) / 2),
    };
  });
}

interface LocalDay {
  readonly instant: number;
  readonly weekday: number;
  readonly date: number;
  readonly isLast: boolean;
}

function isDue(
  { every, on, from }: Task,
  { instant, weekday, date, isLast }: LocalDay,
  zone: string,
): boolean {
  if (from !== undefined && instant < Date.parse(from) / 1000 + every.seconds) return false;
  const monthOfYear = Number(
    new Intl.DateTimeFormat('en', { timeZone: zone, month: 'numeric' }).format(instant * 1000),
  );
  const onDate = on === undefined || on === 'last' ? isLast : date === Number(on);
  if (every.word === 'week') return weekdays[(weekday + 6) % 7] === (on ?? 'sun');
  if (every.word === 'month') return onDate;
  if (every.word === 'quarter') return monthOfYear % 3 === (on === undefined ? 0 : 1) && onDate;
  if (every.word === 'year') {
    const [month, wanted] = (on ?? '12-31').split('-').map(Number);
    return monthOfYear === month && date === wanted;
  }
  return false;
}
