import type { Policy } from '../alerts/policy.ts';
import { weekdays } from '../alerts/policy/day-hours.ts';
import { secondOf } from '../alerts/policy/values.ts';

const day = 86_400;

/** When a task of the calendar is due: `on` as the policy writes it. */
export type Cadence = Pick<Policy['tasks'][string], 'every' | 'on' | 'from'>;

/**
 * The days on which a task is due, from one day to another, both included, like `2026-10-05`. Without `on` it is the last day
 * of the week, month, quarter or year. The first is one cadence after `from`. None for a cadence in days, which counts from
 * the last time.
 */
export function dueDays({ every, on, from }: Cadence, first: string, last: string): readonly string[] {
  const { word, seconds } = every;
  if (word === undefined) return [];
  const days: string[] = [];
  for (let second = secondOf(first); second <= secondOf(last); second += day) {
    if (from !== undefined && second < secondOf(from) + seconds) continue;
    if (isDue[word](new Date(second * 1000), on)) days.push(dayOf(second));
  }
  return days;
}

type Word = NonNullable<Cadence['every']['word']>;

const isDue: Readonly<Record<Word, (date: Date, on: string | undefined) => boolean>> = {
  week: (date, on = 'sun') => weekdays[(date.getUTCDay() + 6) % 7] === on,
  month: (date, on = 'last') => isDayOfMonth(date, on),
  // A quarter without a day ends with its last month; a day of it is in its first.
  quarter: (date, on) =>
    date.getUTCMonth() % 3 === (on === undefined ? 2 : 0) && isDayOfMonth(date, on ?? 'last'),
  year: (date, on = '12-31') => date.toISOString().slice(5, 10) === on,
};

function isDayOfMonth(date: Date, on: string): boolean {
  if (on !== 'last') return date.getUTCDate() === Number(on);
  return new Date(date.getTime() + day * 1000).getUTCDate() === 1;
}

/** The day of a second of the wall clock. */
export function dayOf(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, 10);
}
