import { z } from 'zod';
import { clock, weekdays } from './day-hours.ts';
import { matchesAll, matchKey, matchMistakes, type MatchNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { duration, oneOrMore, text } from './values.ts';
import { wallIntervals } from './window-times.ts';

const momentWords = 'expected a moment like 2026-12-12T22:00';

/** `2026-12-12T22:00` on the wall clock of the customer. */
const moment = z
  .string(momentWords)
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, { error: momentWords, abort: true })
  .refine(isMoment, { error: 'expected a moment that exists' })
  .describe('A moment of the wall clock: 2026-12-12T22:00.');

const weekday = z.enum(weekdays);
const length = duration.describe('How long it lasts: 4h.');

const maintenanceWindow = z
  .strictObject({
    name: text,
    match: z.strictObject({ customer: oneOrMore, role: oneOrMore, instance: oneOrMore }),
    weekly: z.strictObject({ day: weekday, at: clock, for: length }).optional(),
    monthly: z
      .strictObject({
        nth: z.enum(['first', 'second', 'third', 'fourth', 'last']),
        day: weekday,
        at: clock,
        for: length,
      })
      .optional()
      .describe('The nth such day of the month.'),
    once: z.strictObject({ from: moment, to: moment }).optional(),
  })
  .refine(({ weekly, monthly, once }) => [weekly, monthly, once].filter(Boolean).length === 1, {
    error: 'expected one of weekly, monthly, once',
  });

export const maintenanceWindows = z
  .array(maintenanceWindow)
  .default([])
  .describe('When work is planned, on the wall clock of the customer.');
export type MaintenanceWindow = z.infer<typeof maintenanceWindow>;

/**
 * Whether the time of a window is no time in which the service must be there: windows of the whole customer, and those that
 * name the address of its probe. A window of a role is about hosts of that role and excuses no service.
 */
export function matchesService(
  { match }: Pick<MaintenanceWindow, 'match'>,
  service: { readonly customer: string; readonly probe: { readonly instance: string } },
): boolean {
  if (![match.customer].flat().includes(service.customer) || match.role !== undefined) return false;
  return match.instance === undefined || [match.instance].flat().includes(service.probe.instance);
}

/** Windows without a customer, without an end, too long to be windows, or over each other for the same match. */
export function windowMistakes(
  policy: MatchNames & { readonly maintenance_windows: readonly MaintenanceWindow[] },
): readonly Mistake[] {
  const windows = policy.maintenance_windows;
  return windows.flatMap((one, index): readonly Mistake[] => {
    const path = ['maintenance_windows', index] as const;
    const names = windows.findIndex(({ name }) => name === one.name);
    const own: readonly Mistake[] = [
      ...(names < index
        ? [{ path: [...path, 'name'], reason: `is the name of maintenance_windows[${names}] too` }]
        : []),
      ...(matchesAll(one.match)
        ? [
            {
              path: [...path, 'match'],
              reason: 'matches everything',
              hint: 'Name the customer: its zone says when it is.',
            },
          ]
        : matchMistakes([...path, 'match'], one.match, policy)),
      ...(one.match.customer === undefined && !matchesAll(one.match)
        ? [{ path: [...path, 'match', 'customer'], reason: 'missing; its zone says when the window is' }]
        : []),
      ...lengthMistakes(path, one),
    ];
    if (own.length > 0) return own;
    const other = windows.slice(0, index).findIndex((earlier) => overlap(earlier, one));
    return other === -1
      ? []
      : [
          {
            path,
            reason: `overlaps maintenance_windows[${other}], ${windows[other]?.name}`,
            hint: 'Make one window of both.',
          },
        ];
  });
}

function lengthMistakes(
  path: readonly PropertyKey[],
  { weekly, monthly, once }: MaintenanceWindow,
): readonly Mistake[] {
  if (once !== undefined && once.to <= once.from)
    return [{ path: [...path, 'once', 'to'], reason: `is not after from, ${once.from}` }];
  if (once !== undefined && wallSeconds(once.to) - wallSeconds(once.from) > 31 * 86_400)
    return [
      { path: [...path, 'once', 'to'], reason: 'is more than 31d after from', hint: 'Is the year right?' },
    ];
  const week = 7 * 86_400;
  if (weekly !== undefined && weekly.for >= week)
    return [
      {
        path: [...path, 'weekly', 'for'],
        reason: 'never ends: the next one begins before',
        hint: 'Write less than 7d.',
      },
    ];
  if (monthly !== undefined && monthly.for >= week)
    return [
      {
        path: [...path, 'monthly', 'for'],
        reason: 'is longer than a window can be',
        hint: 'Write less than 7d.',
      },
    ];
  return [];
}

/** Whether two windows of the same match share a moment; those that come back are compared over four years. */
function overlap(one: MaintenanceWindow, other: MaintenanceWindow): boolean {
  if (matchKey(one.match) !== matchKey(other.match)) return false;
  const dated = one.once ?? other.once;
  const [from, to] = dated === undefined ? ['2026-01-01T00:00', '2030-01-01T00:00'] : [dated.from, dated.to];
  const second = wallIntervals(other, wallSeconds(from), wallSeconds(to));
  return wallIntervals(one, wallSeconds(from), wallSeconds(to)).some((left) =>
    second.some((right) => left.from < right.to && right.from < left.to),
  );
}

function wallSeconds(written: string): number {
  return Date.parse(`${written}Z`) / 1000;
}

function isMoment(written: string): boolean {
  const instant = new Date(`${written}Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(written);
}
