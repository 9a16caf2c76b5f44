import type { Credits } from '../alerts/policy/credits.ts';
import type { Money } from '../alerts/policy/money.ts';

/** Money as a whole number of the smallest unit of its currency: cents of EUR, yen of JPY. */
export type MinorUnits = number;

/** Currencies whose smallest unit is no hundredth (ISO 4217, list one). */
const digitsOf: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3])),
  CLF: 4,
  UYW: 4,
};

/** Decimals of an amount in a currency. */
export function minorDigits(currency: string): number {
  return digitsOf[currency] ?? 2;
}

/** Amounts of a policy have at most three decimals, so this is exact where the currency has as many. */
export function minorUnits({ amount, currency }: Money): MinorUnits {
  return Math.round(amount * 10 ** minorDigits(currency));
}

/** Shares of a policy are written with so many decimals at most, as whole numbers of this. */
const whole = 1_000_000_000_000n;
const scaled = (share: number): bigint => BigInt(Math.round(share * Number(whole)));

/** A share of an amount, to the nearest minor unit, halves up. */
export function shareOf(amount: MinorUnits, share: number): MinorUnits {
  return Number((2n * BigInt(amount) * scaled(share) + whole) / (2n * whole));
}

/** Whether part / of is under a share, exactly: 99.9% of a month is not under 99.9%. @param part and `of` in whole seconds. */
export function isUnder(part: number, of: number, share: number): boolean {
  return BigInt(Math.round(part)) * whole < scaled(share) * BigInt(Math.round(of));
}

/** A tier of credits that applies: `amount` is what it comes to, `share` of the fee where it is one. */
export interface Tier {
  readonly below: number;
  readonly share: number | null;
  readonly amount: MinorUnits;
}

/** The lowest tier that an availability of part / of is under; null when it is under none. */
export function tierOf(credits: Credits, fee: Money | undefined, part: number, of: number): Tier | null {
  const tier = credits.findLast(({ below }) => isUnder(part, of, below));
  if (tier === undefined) return null;
  const { below, credit } = tier;
  if ('amount' in credit) return { below, share: null, amount: minorUnits(credit) };
  return {
    below,
    share: credit.share,
    amount: fee === undefined ? 0 : shareOf(minorUnits(fee), credit.share),
  };
}
