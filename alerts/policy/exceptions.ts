import { z } from 'zod';
import { controlNames } from '../controls.ts';
import { match, matchesAll, matchKey, matchMistakes, type MatchNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { date, text } from './values.ts';

/** Longer than this an exception is a policy of its own. */
const longestDays = 366;
/** How long before its end an exception is spoken of. */
const soonDays = 30;
const day = 86_400;

const exception = z.strictObject({
  control: z.enum(controlNames),
  match: match.describe('What is excepted.'),
  owner: text.describe('Who accepts the risk.'),
  reason: text.describe('Why, and what is done instead.'),
  from: date.optional().describe('The first day it counts; without it, it counts from now on.'),
  expires: date.describe('The last day it counts, in the zone of the customer.'),
});

export const exceptions = z.array(exception).default([]);
export type Exceptions = z.infer<typeof exceptions>;

/** Exceptions for everything, without an end within a year, or granted twice. `now` in unix seconds. */
export function exceptionMistakes(
  policy: MatchNames & { readonly exceptions: Exceptions },
  now: number,
): readonly Mistake[] {
  return policy.exceptions.flatMap((one, index): readonly Mistake[] => {
    const path = ['exceptions', index] as const;
    const begins = one.from === undefined ? now : startOf(one.from);
    const twin = policy.exceptions.findIndex((other) => same(one, other));
    return [
      ...(matchesAll(one.match)
        ? [
            {
              path: [...path, 'match'],
              reason: 'matches everything',
              hint: `Take ${one.control} out of the roles instead.`,
            },
          ]
        : matchMistakes([...path, 'match'], one.match, policy)),
      ...(one.from !== undefined && one.expires < one.from
        ? [{ path: [...path, 'expires'], reason: `is before from, ${one.from}` }]
        : []),
      ...(startOf(one.expires) - begins > longestDays * day
        ? [
            {
              path: [...path, 'expires'],
              reason: 'is more than a year away',
              hint: 'Decide again within a year, or change the limit.',
            },
          ]
        : []),
      ...(twin !== -1 && twin < index
        ? [{ path, reason: `excepts the same as exceptions[${twin}] at the same time`, hint: 'Remove one.' }]
        : []),
    ];
  });
}

/** Exceptions that are over or soon will be; the rules take them back by themselves. `now` in unix seconds. */
export function exceptionWarnings(
  { exceptions: found }: { readonly exceptions: Exceptions },
  now: number,
): readonly Mistake[] {
  return found.flatMap(({ control, expires, owner }, index): readonly Mistake[] => {
    const path = ['exceptions', index, 'expires'] as const;
    const left = Math.ceil((startOf(expires) + day - now) / day);
    if (left <= 0)
      return [
        {
          path,
          reason: `over since ${expires}; ${control} counts again`,
          hint: `Remove it, or ask ${owner} to decide anew.`,
        },
      ];
    return left <= soonDays
      ? [
          {
            path,
            reason: `ends in ${left === 1 ? '1 day' : `${left} days`}; ${control} counts again after ${expires}`,
            hint: `Ask ${owner} what comes then.`,
          },
        ]
      : [];
  });
}

type Exception = Exceptions[number];

function same(one: Exception, other: Exception): boolean {
  const apart =
    (one.from !== undefined && one.from > other.expires) ||
    (other.from !== undefined && other.from > one.expires);
  return one.control === other.control && matchKey(one.match) === matchKey(other.match) && !apart;
}

/** Midnight UTC: zones shift it by at most 14 hours, which matters to no limit in days. */
function startOf(written: string): number {
  return Date.parse(written) / 1000;
}
