import type { WorkingCalendar } from './calendar.ts';
import { nested } from './control.ts';
import { type Span, weekdays } from './policy/day-hours.ts';
import { nextDay, secondOf } from './policy/values.ts';
import { clockChanges } from './zone.ts';
import { knownClocks } from './zone-offset.ts';

const day = 86_400;
const week = 7 * day;
/** 1970 began on a Thursday: so many seconds after a Monday. */
const thursday = 3 * day;

/** PromQL: seconds since Monday began on a wall clock. */
export function sinceMonday(wall: string): string {
  return `(${wall} + ${thursday}) % ${week}`;
}

/** PromQL: a wall clock while it shows working time; seconds of that clock counted as if it were UTC. */
export function isWorking(calendar: WorkingCalendar, wall: string): string {
  const hours = weekHours(calendar).map(({ from, to }) => `(${sinceMonday(wall)} >= ${from} < ${to})`);
  const off = daysOff(calendar).map(({ from, to }) => `(${wall} >= ${from} < ${to})`);
  const unless = off.length === 0 ? '' : `unless\n(${nested(off.join('\nor\n'))})\n`;
  return nested(`(${nested(hours.join('\nor\n'))})\n${unless}`.trimEnd());
}

/**
 * PromQL: working seconds up to `instants`, unix time, at which the wall clock shows `wall`; they count from a moment that does
 * not matter, so that the difference of two is the working time between them. Every week has its hours, days off have none,
 * and hours that clocks skip or repeat when they change are put right from then on.
 */
export function workedUpTo(calendar: WorkingCalendar, wall: string, instants: string): string {
  const hours = weekHours(calendar);
  return [
    `${secondsOf(hours, week)} * floor((${wall} + ${thursday}) / ${week})`,
    ...hours.map(({ from, to }) => `+ clamp(${sinceMonday(wall)} - ${from}, 0, ${to - from})`),
    ...hoursOff(calendar).map(({ from, to }) => `- clamp(${wall} - ${from}, 0, ${to - from})`),
    ...clockChanges(calendar.zone, knownClocks.from, knownClocks.to).flatMap(({ at, before, after }) => {
      const jump = worked(calendar, at + after) - worked(calendar, at + before);
      return jump === 0 ? [] : [`${jump > 0 ? '-' : '+'} ${Math.abs(jump)} * (${instants} >= bool ${at})`];
    }),
  ].join('\n');
}

/** What the expression says without changes of clocks. */
function worked(calendar: WorkingCalendar, wall: number): number {
  const hours = weekHours(calendar);
  const weeks = Math.floor((wall + thursday) / week);
  return (
    weeks * secondsOf(hours, week) +
    secondsOf(hours, (wall + thursday) % week) -
    secondsOf(hoursOff(calendar), wall)
  );
}

/** How many seconds of the spans have passed at a moment. */
function secondsOf(spans: readonly Span[], at: number): number {
  return spans.reduce((sum, { from, to }) => sum + Math.min(Math.max(at - from, 0), to - from), 0);
}

/** The hours of a week in seconds since Monday began, merged over midnight. */
function weekHours({ working_hours }: WorkingCalendar): readonly Span[] {
  return merged(
    weekdays.flatMap((name, index) =>
      working_hours[name].map(({ from, to }) => ({ from: from + index * day, to: to + index * day })),
    ),
  );
}

/** Whole days off on the wall clock, in order and merged. */
function daysOff({ holidays }: WorkingCalendar): readonly Span[] {
  const days = holidays.map(({ from, to }) => ({ from: secondOf(from), to: secondOf(nextDay(to)) }));
  return merged(days.toSorted((one, other) => one.from - other.from));
}

/** The working hours that days off take away, on the wall clock. */
function hoursOff(calendar: WorkingCalendar): readonly Span[] {
  return merged(
    daysOff(calendar).flatMap((off) =>
      Array.from({ length: (off.to - off.from) / day }, (_, index) => off.from + index * day).flatMap(
        (midnight) => {
          const name = weekdays[((midnight + thursday) % week) / day];
          const hours = name === undefined ? [] : calendar.working_hours[name];
          return hours.map(({ from, to }) => ({ from: midnight + from, to: midnight + to }));
        },
      ),
    ),
  );
}

/** Spans in order, those that touch made one. */
function merged(spans: readonly Span[]): readonly Span[] {
  return spans.reduce<readonly Span[]>((done, span) => {
    const last = done.at(-1);
    if (last === undefined || span.from > last.to) return [...done, span];
    return [...done.slice(0, -1), { from: last.from, to: Math.max(last.to, span.to) }];
  }, []);
}
