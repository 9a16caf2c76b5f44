import { z } from 'zod';

/** Date and time as ISO 8601, with or without a zone; PowerShell writes seven digits of a second. */
const iso = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)\d*(Z|[+-]\d{2}:\d{2})?$/;
/** Milliseconds since 1970, the form of Windows PowerShell; an offset behind them does not change the moment. */
const milliseconds = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;
/** A day and midnight, as an American format writes it. */
const midnight = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?: 12:00:00 AM| 00:00:00)?$/;

/** Windows Update writes this where it has no date: the zero of an OLE date, 30 December 1899. */
const credible = (seconds: number): number | undefined =>
  Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;

/**
 * A date as ConvertTo-Json writes it: ISO 8601 (PowerShell 7, and every script that formats it), `/Date(ms)/` (Windows
 * PowerShell), or an object with either in `value`. One without a zone is UTC, which all dates of the Windows Update Agent are.
 * @returns unix seconds; undefined for text in the format of a country: nothing says which.
 */
export function parseDate(value: unknown): number | undefined {
  if (typeof value === 'object' && value !== null && 'value' in value) return parseDate(value.value);
  if (typeof value !== 'string') return undefined;
  const [, moment, zone = 'Z'] = iso.exec(value) ?? [];
  if (moment !== undefined) return credible(Date.parse(`${moment}${zone}`) / 1000);
  const count = milliseconds.exec(value)?.[1];
  return count === undefined ? undefined : credible(Number(count) / 1000);
}

/**
 * As `parseDate`; a release date is also read from a day at midnight with month and day in numbers (what scripts that print
 * LastDeploymentChangeTime leave), where only one order of the two makes a date.
 */
export function parseReleaseDate(value: unknown): number | undefined {
  const date = parseDate(value);
  if (date !== undefined || typeof value !== 'string') return date;
  const [, first, second, year] = midnight.exec(value) ?? [];
  const dates = [...new Set([`${year}-${two(first)}-${two(second)}`, `${year}-${two(second)}-${two(first)}`])]
    .map((day) => parseDay(day))
    .filter((time) => time !== undefined);
  return dates.length === 1 ? dates[0] : undefined;
}

function two(digits = ''): string {
  return digits.padStart(2, '0');
}

function parseDay(day: string): number | undefined {
  const time = new Date(`${day}T00:00:00Z`);
  // JavaScript takes 30 February for a day in March.
  return Number.isNaN(time.getTime()) || !time.toISOString().startsWith(day)
    ? undefined
    : credible(time.getTime() / 1000);
}

export const dateSchema = z.unknown().optional().transform(parseDate);
export const releaseDateSchema = z.unknown().optional().transform(parseReleaseDate);
