import { z } from 'zod';
import type { Mistake } from './mistake.ts';
import { currencyMistakes, money, type Money } from './money.ts';
import { share } from './values.ts';

const creditWords = 'expected a share of the fee like 10% or an amount like 200 EUR';

/** What is paid back: a share of the fee, or an amount. */
const creditSchema = z
  .union([share, money], creditWords)
  .transform((value): { readonly share: number } | Money => {
    return typeof value === 'number' ? { share: value } : value;
  });

/** What a missed promise costs: under each share the credit, worst last. */
export const credits = z
  .array(
    z.strictObject({ below: share.describe('Under this share the credit is due.'), credit: creditSchema }),
  )
  .describe('Tiers, from the promise downwards; the lowest that applies counts.');
export type Credits = z.infer<typeof credits>;

/** Tiers out of order, beyond the promise, of mixed kinds or in a foreign currency; `promised` is the share that was agreed. */
export function creditMistakes(
  path: readonly PropertyKey[],
  tiers: Credits,
  promised: number,
  billed: string | undefined,
): readonly Mistake[] {
  return tiers.flatMap((tier, index): readonly Mistake[] => {
    const before = tiers[index - 1];
    const at = [...path, index];
    if (before === undefined)
      return tier.below > promised
        ? [
            {
              path: [...at, 'below'],
              reason: `${percent(tier.below)} is over the ${percent(promised)} promised`,
            },
          ]
        : foreign([...at, 'credit'], tier.credit, billed);
    if (tier.below >= before.below)
      return [
        {
          path: [...at, 'below'],
          reason: `${percent(tier.below)} is not under ${percent(before.below)} of the tier before`,
          hint: 'Write the tiers from the promise downwards.',
        },
      ];
    const [amount, lesser] = [amountOf(tier.credit), amountOf(before.credit)];
    if ('share' in tier.credit !== 'share' in before.credit)
      return [
        {
          path: [...at, 'credit'],
          reason: 'a share follows an amount or the other way round',
          hint: 'Write all tiers of one kind.',
        },
      ];
    if (amount <= lesser)
      return [
        {
          path: [...at, 'credit'],
          reason: 'is not more than that of the tier before',
          hint: 'A worse month costs more.',
        },
      ];
    return foreign([...at, 'credit'], tier.credit, billed);
  });
}

function foreign(
  path: readonly PropertyKey[],
  credit: Credits[number]['credit'],
  billed: string | undefined,
): readonly Mistake[] {
  return 'share' in credit ? [] : currencyMistakes(path, credit, billed);
}

function amountOf(credit: Credits[number]['credit']): number {
  return 'share' in credit ? credit.share : credit.amount;
}

/** `99.95%` of 0.9995. */
export function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(12))}%`;
}
