import { offsetAt } from '../alerts/zone.ts';

export const hour = 3600;
export const day = 86_400;

/** A calendar month of a zone: [from, to) in unix seconds, both local midnights. */
export interface Month {
  /** `2026-10`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The instant at which a zone's clocks show this time, unix seconds. Parts may overflow (`month` 14, `date` 32).
 * A time skipped in spring moves on by an hour; of a time shown twice in autumn the first is meant.
 */
export function localTime(
  zone: string,
  year: number,
  month: number,
  date = 1,
  hours = 0,
  minutes = 0,
): number {
  const wall = Date.UTC(year, month - 1, date, hours, minutes) / 1000;
  const earlier = wall - offset(zone, wall - day);
  const later = wall - offset(zone, wall + day);
  const shown = [earlier, later].filter((instant) => instant + offset(zone, instant) === wall);
  return shown.length === 0 ? earlier : Math.min(...shown);
}

/** The month a zone is in at `instant`, moved by `months`. */
export function monthAt(zone: string, instant: number, months = 0): Month {
  const wall = new Date((instant + offset(zone, instant)) * 1000);
  const first = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + months));
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth() + 1];
  return {
    name: `${year}-${String(month).padStart(2, '0')}`,
    from: localTime(zone, year, month),
    to: localTime(zone, year, month + 1),
  };
}

/** Every day from `from` to `to` at a local time of day, with its weekday (0 is Sunday). */
export function* days(
  zone: string,
  from: number,
  to: number,
  hours: number,
  minutes = 0,
): Generator<{ instant: number; weekday: number; date: number }> {
  if (from >= to) return;
  const wall = new Date((from + offset(zone, from)) * 1000);
  const [year, month, first] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
  for (let count = 0; ; count++) {
    const instant = localTime(zone, year, month + 1, first + count, hours, minutes);
    if (instant >= to) return;
    const shown = new Date(Date.UTC(year, month, first + count));
    if (instant >= from) yield { instant, weekday: shown.getUTCDay(), date: shown.getUTCDate() };
  }
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** What the clocks of a zone show: `2026-10-25`, the day of the week and the seconds since they showed midnight. */
export function localDay(
  zone: string,
  instant: number,
): { readonly date: string; readonly weekday: (typeof weekdays)[number]; readonly second: number } {
  const wall = instant + offset(zone, instant);
  const shown = new Date(wall * 1000);
  const weekday = weekdays[shown.getUTCDay()] ?? 'sun';
  return { date: shown.toISOString().slice(0, 10), weekday, second: ((wall % day) + day) % day };
}

const offsets = new Map<string, Map<number, number>>();

/** Seconds the clocks of a zone are ahead of UTC. They change at whole quarter hours. */
function offset(zone: string, instant: number): number {
  const quarter = Math.floor(instant / 900);
  const known = offsets.get(zone) ?? new Map<number, number>();
  offsets.set(zone, known);
  const found = known.get(quarter) ?? offsetAt(zone, quarter * 900);
  known.set(quarter, found);
  return found;
}
