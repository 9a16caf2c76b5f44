import { type Weekday, weekdays } from './day-hours.ts';

const day = 86_400;

/** When a window comes back; `at` in seconds since midnight, `for` in seconds. */
export interface WindowTimes {
  readonly weekly?: { readonly day: Weekday; readonly at: number; readonly for: number } | undefined;
  readonly monthly?:
    | {
        readonly nth: 'first' | 'second' | 'third' | 'fourth' | 'last';
        readonly day: Weekday;
        readonly at: number;
        readonly for: number;
      }
    | undefined;
  readonly once?: { readonly from: string; readonly to: string } | undefined;
}

/**
 * The times of a window that touch [from, to), in order. All are seconds of the wall clock, counted as if it were UTC; what
 * lasts 4h ends four hours later on that clock, too.
 */
export function wallIntervals(
  { weekly, monthly, once }: WindowTimes,
  from: number,
  to: number,
): readonly { readonly from: number; readonly to: number }[] {
  if (once !== undefined) {
    const [begins, ends] = [Date.parse(`${once.from}Z`) / 1000, Date.parse(`${once.to}Z`) / 1000];
    return begins < to && ends > from ? [{ from: begins, to: ends }] : [];
  }
  const recurring = weekly ?? monthly;
  if (recurring === undefined) return [];
  const found: { from: number; to: number }[] = [];
  const first = Math.floor((from - recurring.for) / day) * day;
  for (let midnight = first; midnight < to; midnight += day) {
    if (!isOn(midnight, recurring.day, monthly?.nth)) continue;
    const begins = midnight + recurring.at;
    const ends = begins + recurring.for;
    if (begins < to && ends > from) found.push({ from: begins, to: ends });
  }
  return found;
}

function isOn(midnight: number, wanted: Weekday, nth: string | undefined): boolean {
  const date = new Date(midnight * 1000);
  if (weekdays[(date.getUTCDay() + 6) % 7] !== wanted) return false;
  if (nth === undefined) return true;
  const ofMonth = date.getUTCDate();
  if (nth === 'last') return new Date(midnight * 1000 + 7 * day * 1000).getUTCMonth() !== date.getUTCMonth();
  return ['first', 'second', 'third', 'fourth'][Math.floor((ofMonth - 1) / 7)] === nth;
}
