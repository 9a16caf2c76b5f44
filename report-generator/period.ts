import { offsetAt } from '../alerts/zone.ts';

/** A calendar month of a zone: from a local midnight to the one a month later, which is not part of it. Unix seconds. */
export interface Period {
  /** `2026-10` */
  readonly month: string;
  readonly start: number;
  readonly end: number;
  /** Of the zone at the end, in minutes ahead of UTC. */
  readonly offset: number;
  /** The short name of the zone at the end, like CET; GMT-3 where there is none. */
  readonly zoneName: string;
}

const day = 86_400;

/** @throws Error when the month is not written like 2026-10. */
export function monthPeriod(month: string, zone: string): Period {
  const [year, number] = parseMonth(month);
  const start = localMidnight(zone, year, number);
  const end = localMidnight(zone, year, number + 1);
  return { month, start, end, offset: offsetAt(zone, end) / 60, zoneName: zoneNameAt(zone, end) };
}

/** The months up to this one, oldest first. @throws Error when the month is not written like 2026-10. */
export function monthsUpTo(month: string, count: number): readonly string[] {
  const [year, number] = parseMonth(month);
  return Array.from({ length: count }, (_, index) => monthText(year, number - count + 1 + index));
}

/** The last month that is over in the zone at an instant, unix seconds. */
export function lastFullMonth(instant: number, zone: string): string {
  const wall = new Date((instant + offsetAt(zone, instant)) * 1000);
  return monthText(wall.getUTCFullYear(), wall.getUTCMonth());
}

function parseMonth(text: string): readonly [year: number, month: number] {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined || Number(year) < 1970)
    throw new Error(`${JSON.stringify(text)} is no month. Write it like 2026-10.`);
  return [Number(year), Number(month)];
}

/** `month` counts from 1 and may overflow. */
function monthText(year: number, month: number): string {
  return new Date(Date.UTC(year, month - 1)).toISOString().slice(0, 7);
}

/**
 * The instant the first of a month begins. Some zones change their clocks at midnight: of a midnight shown twice the
 * first is meant, and a skipped one is the instant the clocks moved on.
 */
function localMidnight(zone: string, year: number, month: number): number {
  const wall = Date.UTC(year, month - 1) / 1000;
  const before = wall - offsetAt(zone, wall - day);
  const after = wall - offsetAt(zone, wall + day);
  const shown = [before, after].filter((instant) => instant + offsetAt(zone, instant) === wall);
  return shown.length === 0 ? before : Math.min(...shown);
}

/** Each region's English has the short names of its own zones only, and writes GMT+11 for the others. */
function zoneNameAt(zone: string, instant: number): string {
  const names = ['en-GB', 'en-US', 'en-AU'].map((locale) => shortName(zone, instant, locale));
  return names.find((name) => !/^GMT[+-]/.test(name)) ?? names[0] ?? zone;
}

function shortName(zone: string, instant: number, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' }).formatToParts(
    instant * 1000,
  );
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
