import { z } from 'zod';
import { durationText } from '../duration.ts';
import { creditMistakes, credits } from './credits.ts';
import type { Mistake } from './mistake.ts';
import { duration, share } from './values.ts';

const slaPolicy = z.strictObject({
  response: duration.describe('From the alert to the first person who takes it.'),
  resolve: duration.optional().describe('From the alert to its end.'),
  clock: z
    .enum(['around_the_clock', 'working_hours'])
    .describe('Whose hours count: all, or those of the customer.'),
  target: share.describe('The share of incidents a month must keep.'),
  credits: credits.default([]).describe('What is paid back, as a share of the fee of the customer.'),
});

export const slaClasses = z.strictObject({ urgent: slaPolicy, standard: slaPolicy });
export type SlaClasses = z.infer<typeof slaClasses>;

/** Times that cannot be kept, days of working time, credits out of order. */
export function slaMistakes({ sla_classes }: { readonly sla_classes: SlaClasses }): readonly Mistake[] {
  return Object.entries(sla_classes).flatMap(
    ([name, { response, resolve, clock, target, credits: tiers }]) => {
      const path = ['sla_classes', name] as const;
      const days = Object.entries({ response, resolve }).filter(
        ([, seconds]) =>
          clock === 'working_hours' && seconds !== undefined && durationText(seconds).endsWith('d'),
      );
      const mistakes: readonly Mistake[] = [
        ...days.map(([key, seconds]) => ({
          path: [...path, key],
          reason: `${durationText(seconds ?? 0)} of working hours is ${(seconds ?? 0) / 3600} hours of work`,
          hint: `Write hours: 8h is one day of eight hours.`,
        })),
        ...(resolve !== undefined && resolve < response
          ? [
              {
                path: [...path, 'resolve'],
                reason: 'is shorter than response',
                hint: `Write at least ${durationText(response)}.`,
              },
            ]
          : []),
        ...creditMistakes([...path, 'credits'], tiers, target, undefined),
        ...tiers.flatMap(({ credit }, index) =>
          'share' in credit
            ? []
            : [
                {
                  path: [...path, 'credits', index, 'credit'],
                  reason: 'expected a share like 5%',
                  hint: 'A class is for customers of any currency.',
                },
              ],
        ),
      ];
      return mistakes;
    },
  );
}
