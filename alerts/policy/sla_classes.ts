import { z } from 'zod';
import { parseDuration } from '../duration.ts';
import { creditMistakes, credits } from './credits.ts';
import type { Mistake } from './mistake.ts';
import { share } from './values.ts';

const promiseWords = 'expected hours or minutes like 4h or 30m';

/** `4h` or `30m`, read as seconds. No days: a day of working time has no fixed length. */
const promise = z
  .string(promiseWords)
  .regex(/^0*[1-9]\d*[hm]$/, promiseWords)
  .transform((written) => parseDuration(written) ?? Number.NaN)
  .describe('Hours or minutes of the clock: 4h, 30m.');

const slaPolicy = z.strictObject({
  response: promise.describe('From the alert to the first person who takes it.'),
  resolve: promise.optional().describe('From the alert to its end.'),
  clock: z
    .enum(['around_the_clock', 'working_hours'])
    .describe('Whose hours count: all, or those of the customer.'),
  target: share.describe('The share of incidents a month must keep.'),
  credits: credits.default([]).describe('What is paid back, as a share of the fee of the customer.'),
});

export const slaClasses = z.strictObject({ urgent: slaPolicy, standard: slaPolicy });
export type SlaClasses = z.infer<typeof slaClasses>;

/** Times that cannot be kept, credits out of order or in money. */
export function slaMistakes({ sla_classes }: { readonly sla_classes: SlaClasses }): readonly Mistake[] {
  return Object.entries(sla_classes).flatMap(([name, { response, resolve, target, credits: tiers }]) => {
    const path = ['sla_classes', name] as const;
    const mistakes: readonly Mistake[] = [
      ...(resolve !== undefined && resolve < response
        ? [
            {
              path: [...path, 'resolve'],
              reason: 'is shorter than response',
              hint: `Write at least ${promiseText(response)}.`,
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
  });
}

/** `40h` of 144000 seconds, `90m` of 5400: never days, which working time does not have. */
export function promiseText(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds / 60}m`;
}
