import { z } from 'zod';
import { type Mistake, suggestion } from './mistake.ts';

/** An amount in a currency. */
export interface Money {
  readonly amount: number;
  /** ISO 4217 */
  readonly currency: string;
}

const moneyWords = 'expected an amount and a currency like 1200 EUR';
const currencies = Intl.supportedValuesOf('currency');

/** A currency by its ISO 4217 code. */
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: 'expected an ISO 4217 code like EUR', abort: true })
  .refine((code) => currencies.includes(code), {
    error: 'expected a currency of ISO 4217 like EUR',
    params: { known: currencies },
  })
  .describe('An ISO 4217 code: EUR.');

/** `1200 EUR` or `49.90 EUR`. */
export const money = z
  .string(moneyWords)
  .regex(/^\d+(?:\.\d{1,3})? [A-Z]{3}$/, moneyWords)
  .transform((written): Money => {
    const [amount = '', code = ''] = written.split(' ');
    return { amount: Number(amount), currency: code };
  })
  .describe('An amount and a currency: 1200 EUR.');

/** Money in another currency than the customer is billed in. */
export function currencyMistakes(
  path: readonly PropertyKey[],
  found: Money | undefined,
  billed: string | undefined,
): readonly Mistake[] {
  if (found === undefined || billed === undefined || found.currency === billed) return [];
  const hint = currencies.includes(found.currency)
    ? `Write ${found.amount} ${billed}.`
    : suggestion(found.currency, [billed]);
  return [{ path, reason: `${found.currency} is not the currency of the customer, ${billed}`, hint }];
}
