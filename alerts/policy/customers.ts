import { z } from 'zod';
import { frameworkNames } from '../frameworks.ts';
import { week } from './day-hours.ts';
import type { Mistake } from './mistake.ts';
import { currency, currencyMistakes, money } from './money.ts';
import { date, label, text, zone } from './values.ts';

/** One day, or the days of a range, both ends included; read as a range. */
const holiday = z
  .strictObject({ date: date.optional(), from: date.optional(), to: date.optional(), name: text })
  .transform(({ date: day, from = day, to = day, name }, context) => {
    const given = day === undefined ? from !== undefined && to !== undefined : from === day && to === day;
    if (given && from !== undefined && to !== undefined) return { from, to, name };
    context.addIssue('expected date, or from and to');
    return z.NEVER;
  });

const contact = z.strictObject({
  name: text,
  email: z.email('expected an address like ana@example.org').optional(),
  phone: text.optional(),
  duty: text.optional().describe('What they decide or answer for: approves reboots.'),
});

const customer = z.strictObject({
  name: text.describe('Its name in the report.'),
  zone,
  language: z.enum(['en', 'es']).describe('Language of the report.'),
  currency,
  working_hours: week.describe(
    'The hours a contract clock in working time runs: mon-fri: [09:00-14:00, 16:00-19:00].',
  ),
  holidays: z.array(holiday).default([]).describe('Days without working hours.'),
  owner: text.optional().describe('Who answers for this customer on our side.'),
  contacts: z.array(contact).default([]),
  fee: money.optional().describe('What a month costs; credits in percent are of it.'),
  frameworks: z.array(z.enum(frameworkNames)).default([]).describe('What readiness is reported for.'),
  report: z
    .strictObject({
      to: z
        .array(z.email('expected an address like ana@example.org'))
        .default([])
        .describe('Who is sent the report.'),
      tenant: z
        .string()
        .regex(/^[\x21-\x7e]+$/, 'expected the name of a tenant')
        .optional()
        .describe('Of Mimir or Thanos, whose metrics are those of the customer: X-Scope-OrgID.'),
    })
    .optional(),
  branding: z
    .strictObject({
      logo: text.optional().describe('A PNG or SVG file, from the folder of the policy.'),
      colour: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/, 'expected a colour like #0b5fa5')
        .optional(),
    })
    .optional(),
});

export const customers = z.record(label, customer).describe('By the customer label of their targets.');
export type Customers = z.infer<typeof customers>;
export type Customer = z.infer<typeof customer>;

/** Holidays that end before they begin or are named twice, frameworks named twice, fees in a foreign currency. */
export function customerMistakes(policy: { readonly customers: Customers }): readonly Mistake[] {
  return Object.entries(policy.customers).flatMap(([name, one]) => {
    const path = ['customers', name] as const;
    return [
      ...holidayMistakes([...path, 'holidays'], one),
      ...one.frameworks.flatMap((framework, index) =>
        one.frameworks.indexOf(framework) === index
          ? []
          : [
              {
                path: [...path, 'frameworks', index],
                reason: `${framework} is there already`,
                hint: 'Remove one.',
              },
            ],
      ),
      ...currencyMistakes([...path, 'fee'], one.fee, one.currency),
    ];
  });
}

function holidayMistakes(path: readonly PropertyKey[], { holidays }: Customer): readonly Mistake[] {
  const taken = new Map<string, string>();
  return holidays.flatMap(({ from, to, name }, index): readonly Mistake[] => {
    if (to < from) return [{ path: [...path, index], reason: `ends on ${to}, before it begins on ${from}` }];
    if (Date.parse(to) - Date.parse(from) > 366 * 86_400_000)
      return [{ path: [...path, index], reason: `lasts more than a year, from ${from} to ${to}` }];
    const days = daysBetween(from, to);
    const twice = days.find((day) => taken.has(day));
    for (const day of days) if (!taken.has(day)) taken.set(day, name);
    return twice === undefined
      ? []
      : [
          {
            path: [...path, index],
            reason: `${twice} is a holiday already, ${taken.get(twice)}`,
            hint: 'Remove one.',
          },
        ];
  });
}

/** Every day from one to another, both included, as `2026-12-25`. */
export function daysBetween(from: string, to: string): readonly string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
