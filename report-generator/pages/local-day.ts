import { secondOf } from '../../alerts/policy/values.ts';
import type { Words } from '../words/words.ts';

/** The days of a snapshot are those of the customer already: nothing is to be added to them. */
const asItIs = { offset: 0, zoneName: '' };

/** 14 October, of `2026-10-14`. */
export function dayText(day: string, { format }: Words): string {
  return format.day(secondOf(day), asItIs);
}

/** 7 Oct */
export function shortDay(day: string, { format }: Words): string {
  return format.dayShort(secondOf(day), asItIs);
}

/** 3 August 2026 */
export function dateText(day: string, { format }: Words): string {
  return format.date(secondOf(day), asItIs);
}

/** So many days after a day. */
export function daysAfter(day: string, days: number): string {
  return new Date((secondOf(day) + days * 86_400) * 1000).toISOString().slice(0, 10);
}
