import { z } from 'zod';
import { durationText, parseDuration } from '../duration.ts';
import { weekdays } from './day-hours.ts';
import { matchMistakes, type MatchNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { date, duration, oneOrMore, text } from './values.ts';

const day = 86_400;
/** Calendar words and the longest time between two of them, in seconds. */
const calendar = { week: 7 * day, month: 31 * day, quarter: 92 * day, year: 366 * day } as const;
type CalendarWord = keyof typeof calendar;

const cadenceWords = 'expected week, month, quarter, year or days like 92d';

/** How often; `seconds` is the longest time between two times, `word` is there where the calendar says when. */
const cadence = z
  .string(cadenceWords)
  .regex(/^(?:week|month|quarter|year|0*[1-9]\d*d)$/, cadenceWords)
  .transform((written): { readonly seconds: number; readonly word?: CalendarWord } =>
    isCalendarWord(written)
      ? { seconds: calendar[written], word: written }
      : { seconds: parseDuration(written) ?? Number.NaN },
  )
  .describe('week, month, quarter, year, or days: 92d.');

const dayOfMonth = z.union([z.int(), z.string()], 'expected a day like fri, 15, last or 03-15');

const task = z.strictObject({
  title: text.describe('What is done, for the calendar and the report.'),
  category: z
    .enum(['preventive', 'corrective', 'adaptive', 'perfective'])
    .describe('Before it breaks, after it broke, because the world changed, to make it better.'),
  every: cadence,
  on: dayOfMonth
    .transform(String)
    .optional()
    .describe('A weekday for week; 1 to 28 or last for month and quarter; 03-15 for year.'),
  grace: duration.default(day).describe('How much later than that is still in order; 1d unless told.'),
  from: date
    .optional()
    .describe('The day it begins; not expected before. The first time is due one cadence later.'),
  owner: text.describe('Who does it.'),
  customers: oneOrMore.describe('For whom; all where it is not said.'),
  roles: oneOrMore.describe('Only for customers with a host of this role.'),
  checklist: z.array(text).default([]).describe('What must be seen before it is confirmed.'),
});

export const tasks = z
  .record(
    z
      .string()
      .regex(
        /^[a-z][a-z0-9_]{1,40}$/,
        'expected a name like access_review: small letters, digits, underscores',
      ),
    task,
  )
  .default({});
export type Tasks = z.infer<typeof tasks>;

/** Days that do not exist or not always, cadences nobody lives to see, customers and roles that are none. */
export function taskMistakes(policy: MatchNames & { readonly tasks: Tasks }): readonly Mistake[] {
  return Object.entries(policy.tasks).flatMap(([name, one]): readonly Mistake[] => {
    const path = ['tasks', name] as const;
    const twice = one.checklist.findIndex((step, index) => one.checklist.indexOf(step) < index);
    const unknown = matchMistakes(path, { customer: one.customers, role: one.roles }, policy);
    return [
      ...(one.every.seconds > 3 * calendar.year
        ? [
            {
              path: [...path, 'every'],
              reason: 'is more than three years',
              hint: `Write at most ${durationText(3 * calendar.year)}.`,
            },
          ]
        : []),
      ...onMistakes([...path, 'on'], one.on, one.every.word),
      ...unknown.map((mistake) => ({ ...mistake, path: [...path, `${String(mistake.path.at(-1))}s`] })),
      ...(twice === -1
        ? []
        : [{ path: [...path, 'checklist', twice], reason: 'is there already', hint: 'Remove one.' }]),
    ];
  });
}

function onMistakes(
  path: readonly PropertyKey[],
  on: string | undefined,
  word: CalendarWord | undefined,
): readonly Mistake[] {
  if (on === undefined) return [];
  if (word === undefined)
    return [
      { path, reason: 'days are counted from the last time', hint: 'Remove on, or write every: month.' },
    ];
  if (word === 'week')
    return weekdays.some((name) => name === on)
      ? []
      : [{ path, reason: `${on} is no day of a week`, hint: `Allowed: ${weekdays.join(', ')}.` }];
  if (word === 'year') return yearDayMistakes(path, on);
  if (on === 'last' || /^(?:[1-9]|1\d|2[0-8])$/.test(on)) return [];
  return /^(?:29|30|31)$/.test(on)
    ? [{ path, reason: `not every month has a day ${on}`, hint: 'Write last.' }]
    : [{ path, reason: `${on} is no day of a month`, hint: 'Write 1 to 28, or last.' }];
}

function yearDayMistakes(path: readonly PropertyKey[], on: string): readonly Mistake[] {
  const instant = new Date(`2023-${on}T00:00:00Z`);
  if (/^\d\d-\d\d$/.test(on) && !Number.isNaN(instant.getTime()) && instant.toISOString().slice(5, 10) === on)
    return [];
  return [
    on === '02-29'
      ? { path, reason: 'not every year has a 02-29', hint: 'Write 02-28.' }
      : { path, reason: `${on} is no day of a year`, hint: 'Write month and day: 03-15.' },
  ];
}

function isCalendarWord(written: string): written is CalendarWord {
  return Object.hasOwn(calendar, written);
}
