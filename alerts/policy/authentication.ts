import { z } from 'zod';
import { match, type MatchNames } from './match.ts';
import type { Mistake } from './mistake.ts';
import { overrideMistakes } from './overrides.ts';

const countWords = 'expected a count like 30';
const count = z.int(countWords).refine((value) => value >= 1, countWords);
const timesWords = 'expected a number from 1 on, like 5';

const override = z.strictObject({ match: match.omit({ object: true }), failures_30m: count });

/** When failed authentications are more than mistyping. */
export const authentication = z
  .strictObject({
    failures_30m: count
      .default(30)
      .describe('More failures than these on a host within 30 minutes are a burst.'),
    times_usual: z
      .number(timesWords)
      .refine((value) => value >= 1, timesWords)
      .default(5)
      .describe('And more than so many times what is usual there: some hosts always hear noise.'),
    overrides: z.array(override).default([]).describe('Other counts; the first whose match fits wins.'),
  })
  .prefault({});

/** Overrides that match everything, nothing, or what one before them has. */
export function authenticationMistakes(
  policy: MatchNames & { readonly authentication: z.infer<typeof authentication> },
): readonly Mistake[] {
  const { overrides } = policy.authentication;
  return overrideMistakes(
    ['authentication', 'overrides'],
    overrides,
    'Change authentication.failures_30m instead.',
    policy,
  );
}
