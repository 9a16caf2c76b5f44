import { type Span, type Week, weekdays } from './policy/day-hours.ts';
import { wallIntervals, type WindowTimes } from './policy/window-times.ts';
import { changeBetween, offsetAt } from './zone.ts';

const day = 86_400;

/** Part of time, unix seconds, without its end. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** When a customer works; every customer of a policy is one. */
export interface WorkingCalendar {
  readonly zone: string;
  readonly working_hours: Week;
  /** Days off, `2026-12-24`, both ends included. */
  readonly holidays: readonly { readonly from: string; readonly to: string }[];
}

/** The working time in [from, to), unix seconds, in order and merged where one part follows another. */
export function workingIntervals(calendar: WorkingCalendar, from: number, to: number): readonly Interval[] {
  return [...workingTime(calendar, from, to)];
}

/** Seconds of working time in [from, to), unix seconds. */
export function workingSeconds(calendar: WorkingCalendar, from: number, to: number): number {
  return workingIntervals(calendar, from, to).reduce((sum, part) => sum + part.to - part.from, 0);
}

/**
 * The instant at which `seconds` of working time have passed since `from`, unix seconds; undefined where the next two years
 * do not have as many. Nothing to wait for ends at once, also outside of working hours.
 */
export function workingDeadline(
  calendar: WorkingCalendar,
  from: number,
  seconds: number,
): number | undefined {
  if (seconds <= 0) return from;
  let left = seconds;
  for (const part of workingTime(calendar, from, from + 2 * 366 * day)) {
    if (part.to - part.from >= left) return part.from + left;
    left -= part.to - part.from;
  }
  return undefined;
}

/** The times of a maintenance window in [from, to), unix seconds, on the wall clock of a zone. */
export function windowIntervals(
  window: WindowTimes,
  zone: string,
  from: number,
  to: number,
): readonly Interval[] {
  // A wall clock is at most 14 hours away from UTC.
  const wall = wallIntervals(window, from - day, to + day);
  const parts = wall.flatMap((part) => clipped(instantsOf(zone, part), from, to));
  return [...merged(parts.toSorted((one, other) => one.from - other.from))];
}

function* workingTime(calendar: WorkingCalendar, from: number, to: number): Generator<Interval> {
  yield* merged(workingParts(calendar, from, to));
}

function* workingParts(
  { zone, working_hours, holidays }: WorkingCalendar,
  from: number,
  to: number,
): Generator<Interval> {
  for (let midnight = Math.floor(from / day - 1) * day; midnight < to + day; midnight += day) {
    const date = new Date(midnight * 1000).toISOString().slice(0, 10);
    if (holidays.some((holiday) => holiday.from <= date && date <= holiday.to)) continue;
    const parts = hoursOf(midnight, working_hours).flatMap((span) =>
      instantsOf(zone, { from: midnight + span.from, to: midnight + span.to }),
    );
    // Where clocks repeat an hour, the second part of a morning may follow the first part of an afternoon.
    yield* clipped(parts, from, to).toSorted((one, other) => one.from - other.from);
  }
}

function hoursOf(midnight: number, week: Week): readonly Span[] {
  const name = weekdays[(new Date(midnight * 1000).getUTCDay() + 6) % 7];
  return name === undefined ? [] : week[name];
}

/**
 * The instants at which the wall clock shows a time in [from, to), which are seconds of that clock counted as if it were UTC.
 * An hour that clocks skip is not there, an hour they repeat is there twice. Spans up to a week: between a day before and a
 * day after one clocks change once at most.
 */
function instantsOf(zone: string, wall: Interval): readonly Interval[] {
  const [early, late] = [wall.from - day, wall.to + day];
  const [before, after] = [offsetAt(zone, early), offsetAt(zone, late)];
  if (before === after) return [{ from: wall.from - before, to: wall.to - before }];
  const change = changeBetween(zone, early, late, before);
  return [
    { from: wall.from - before, to: Math.min(wall.to - before, change) },
    { from: Math.max(wall.from - after, change), to: wall.to - after },
  ].filter((part) => part.from < part.to);
}

function clipped(parts: readonly Interval[], from: number, to: number): readonly Interval[] {
  return parts
    .map((part) => ({ from: Math.max(part.from, from), to: Math.min(part.to, to) }))
    .filter((part) => part.from < part.to);
}

function* merged(parts: Iterable<Interval>): Generator<Interval> {
  let open: Interval | undefined;
  for (const part of parts) {
    if (open !== undefined && part.from <= open.to)
      open = { from: open.from, to: Math.max(open.to, part.to) };
    else {
      if (open !== undefined) yield open;
      open = part;
    }
  }
  if (open !== undefined) yield open;
}
