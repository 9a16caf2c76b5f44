import { z } from 'zod';
import { parseDuration } from '../duration.ts';

const durationWords = 'expected a duration like 90m, 26h or 31d';
const shareWords = 'expected a share like 95%';
const labelWords = 'expected a label like acme: small letters, digits, hyphens';
const dateWords = 'expected a date like 2026-12-25';

/** `90m`, `26h` or `31d`, read as seconds. */
export const duration = z
  .string(durationWords)
  .regex(/^0*[1-9]\d*[smhd]$/, durationWords)
  .transform((written) => parseDuration(written) ?? Number.NaN)
  .describe('One number and one unit: 90m, 26h, 31d.');

/** `95%` or `99.95%`, read as a ratio 0 to 1. */
export const share = z
  .string(shareWords)
  .regex(/^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%$/, shareWords)
  .transform((written) => Number((Number(written.slice(0, -1)) / 100).toPrecision(12)))
  .describe('A percentage: 95% or 99.95%.');

/** A time zone by its IANA name. */
export const zone = z
  .string()
  .refine(isZone, {
    error: 'expected an IANA zone like Europe/Madrid',
    params: { known: Intl.supportedValuesOf('timeZone') },
  })
  .describe('An IANA time zone: Europe/Madrid.');

/** A word that becomes the value of a label. */
export const label = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, labelWords);

export const text = z.string().min(1);

/** `2026-12-25`, a day that exists; the zone is that of the customer it is about. */
export const date = z
  .string(dateWords)
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: dateWords, abort: true })
  .refine(isDate, { error: 'expected a day that exists' })
  .describe('A day: 2026-12-25.');

/** One text or a list of them. */
export const oneOrMore = z.union([text, z.array(text).min(1)]).optional();

/** One of the allowed, or a list of them; read as a list. */
export function oneOrMoreOf<const T extends readonly string[]>(allowed: T) {
  return z.union([z.enum(allowed), z.array(z.enum(allowed)).min(1)]).transform((value) => [value].flat());
}

export const severity = z
  .enum(['critical', 'warning', 'info'])
  .describe('critical pages at any hour, warning waits for office hours, info is context.');

export const slaClass = z.enum(['urgent', 'standard']).describe('Which contract clock runs.');

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return true;
  } catch {
    return false;
  }
}

function isDate(written: string): boolean {
  const instant = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(written);
}

/** Midnight of a day, seconds of the wall clock counted as if it were UTC. */
export function secondOf(written: string): number {
  return Date.parse(written) / 1000;
}

/** `2027-01-01` after `2026-12-31`. */
export function nextDay(written: string): string {
  return new Date(Date.parse(written) + 86_400_000).toISOString().slice(0, 10);
}
