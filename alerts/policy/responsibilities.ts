import { z } from 'zod';
import { controlNames } from '../controls.ts';
import { unknownNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { oneOrMore, oneOrMoreOf, text } from './values.ts';

export const responsibilities = z
  .array(
    z.strictObject({
      what: text.describe('The work: Installing security updates on servers.'),
      who: z.enum(['provider', 'customer', 'shared']),
      note: text.optional().describe('For shared work: where the border is.'),
      customers: oneOrMore.describe('For whom; all where it is not said.'),
      controls: oneOrMoreOf(controlNames).optional().describe('The controls that show it.'),
    }),
  )
  .default([])
  .describe('Who does what; printed in the report.');
export type Responsibilities = z.infer<typeof responsibilities>;

/** Customers that are none, work described twice, shared work without a border. */
export function responsibilityMistakes(policy: {
  readonly responsibilities: Responsibilities;
  readonly customers: Readonly<Record<string, unknown>>;
}): readonly Mistake[] {
  const found = policy.responsibilities;
  return found.flatMap(({ what, who, note, customers }, index): readonly Mistake[] => {
    const path = ['responsibilities', index] as const;
    const twin = found.findIndex((other) => other.what === what && sameCustomer(other.customers, customers));
    return [
      ...unknownNames([...path, 'customers'], customers, Object.keys(policy.customers), 'customer'),
      ...(who === 'shared' && note === undefined
        ? [
            {
              path: [...path, 'note'],
              reason: 'missing; shared work needs a border',
              hint: 'Write who does which part.',
            },
          ]
        : []),
      ...(twin < index
        ? [
            {
              path: [...path, 'what'],
              reason: `is said in responsibilities[${twin}] already`,
              hint: 'Remove one.',
            },
          ]
        : []),
    ];
  });
}

function sameCustomer(
  one: string | readonly string[] | undefined,
  other: string | readonly string[] | undefined,
): boolean {
  if (one === undefined || other === undefined) return true;
  return [one].flat().some((name) => [other].flat().includes(name));
}
