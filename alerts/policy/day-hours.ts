import { z } from 'zod';

/** The days as people write them, Monday first. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Part of a day, seconds of the wall clock since midnight: `09:00-14:00` is 32400 to 50400. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The hours of every day of a week; none on a day off. */
export type Week = Readonly<Record<Weekday, readonly Span[]>>;

const clockWords = 'expected a time like 09:00';
const spanWords = 'expected hours like 09:00-14:00';

/** `09:00` to `23:59`, read as seconds since midnight. */
export const clock = z
  .string(clockWords)
  .regex(/^\d{2}:\d{2}$/, clockWords)
  .transform((written, context) => {
    const seconds = clockSeconds(written);
    if (seconds !== undefined && seconds < 86_400) return seconds;
    context.addIssue(`there is no ${written} on a clock`);
    return z.NEVER;
  })
  .describe('A time of the wall clock: 09:00.');

const span = z
  .string(spanWords)
  .regex(/^\d{2}:\d{2}-\d{2}:\d{2}$/, spanWords)
  .transform((written, context): Span => {
    const [first = '', last = ''] = written.split('-');
    const [from, to] = [clockSeconds(first), clockSeconds(last)];
    if (from === undefined || to === undefined)
      context.addIssue(`there is no ${from === undefined ? first : last} on a clock`);
    else if (to <= from)
      context.addIssue('ends before it begins; hours past midnight belong to the next day');
    return { from: from ?? 0, to: to ?? 0 };
  })
  .describe('From and to on the wall clock: 09:00-14:00.');

const dayWords = 'expected a day or days like mon, mon-fri';
const dayPattern = new RegExp(`^(?:${weekdays.join('|')})(?:-(?:${weekdays.join('|')}))?$`);

/** `mon-fri: [09:00-14:00, 16:00-19:00]`: the hours of a week, day by day; a day that is not named is off. */
export const week = z
  .record(z.string().regex(dayPattern, dayWords), z.array(span).min(1))
  .transform((written, context): Week => {
    const tell = (key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (Object.keys(written).length === 0) context.addIssue('expected at least one day');
    const hours = new Map<Weekday, readonly Span[]>(weekdays.map((day) => [day, []]));
    for (const [days, spans] of Object.entries(written)) {
      const named = daysOf(days);
      if (named.length === 0) tell(days, 'the days run backwards; a week begins with mon');
      for (const day of named) {
        if (hours.get(day)?.length !== 0) tell(days, `${day} has hours already`);
        hours.set(day, spans);
      }
      const ordered = spans.toSorted((one, other) => one.from - other.from);
      if (ordered.some(({ from }, index) => from < (ordered[index - 1]?.to ?? 0)))
        tell(days, 'the hours overlap');
    }
    const at = (day: Weekday): readonly Span[] =>
      (hours.get(day) ?? []).toSorted((one, other) => one.from - other.from);
    return {
      mon: at('mon'),
      tue: at('tue'),
      wed: at('wed'),
      thu: at('thu'),
      fri: at('fri'),
      sat: at('sat'),
      sun: at('sun'),
    };
  });

function daysOf(written: string): readonly Weekday[] {
  const [first = '', last = first] = written.split('-');
  const from = weekdays.findIndex((day) => day === first);
  const to = weekdays.findIndex((day) => day === last);
  return weekdays.slice(from, to + 1);
}

/** Seconds since midnight; 24:00 is the end of the day. */
function clockSeconds(written: string): number | undefined {
  const [hours = 0, minutes = 0] = written.split(':').map(Number);
  const seconds = hours * 3600 + minutes * 60;
  return minutes < 60 && seconds <= 86_400 ? seconds : undefined;
}

/** `09:00` of 32400, `24:00` of the end of a day. */
export function clockText(seconds: number): string {
  return seconds === 86_400 ? '24:00' : new Date(seconds * 1000).toISOString().slice(11, 16);
}
