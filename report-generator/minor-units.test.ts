import { expect, test } from 'vitest';
import { isUnder, minorDigits, minorUnits, shareOf, tierOf } from './minor-units.ts';

test.each([
  ['EUR', 2],
  ['INR', 2],
  ['HUF', 2],
  ['JPY', 0],
  ['ISK', 0],
  ['KWD', 3],
  ['CLF', 4],
])('%s has %d decimals', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits);
});

test.each([
  [{ amount: 49.9, currency: 'EUR' }, 4990],
  [{ amount: 1.15, currency: 'EUR' }, 115],
  [{ amount: 185_000, currency: 'INR' }, 18_500_000],
  [{ amount: 12_000, currency: 'JPY' }, 12_000],
  [{ amount: 4.125, currency: 'KWD' }, 4125],
])('%o is a whole number of minor units', (money, expected) => {
  expect(minorUnits(money)).toBe(expected);
});

test.each([
  [90_000, 0.1, 9000],
  [500, 0.025, 13],
  [499, 0.025, 12],
  [115, 0.5, 58],
  [1, 0.1, 0],
  [90_000_000_001, 0.335, 30_150_000_000],
])('of %d, the share %d is %d', (amount, share, expected) => {
  expect(shareOf(amount, share)).toBe(expected);
});

test.each([
  [2_589_408, 2_592_000, 0.999, false],
  [2_589_407, 2_592_000, 0.999, true],
  [999, 1000, 0.999, false],
  [2_682_000, 2_682_000, 1, false],
])('%d of %d is under %d: %s', (part, of, share, expected) => {
  expect(isUnder(part, of, share)).toBe(expected);
});

const tiers = [
  { below: 0.999, credit: { share: 0.1 } },
  { below: 0.99, credit: { share: 0.25 } },
  { below: 0.95, credit: { share: 0.5 } },
];
const fee = { amount: 900, currency: 'EUR' };

test.each([
  [999, null],
  [998, { below: 0.999, share: 0.1, amount: 9000 }],
  [990, { below: 0.999, share: 0.1, amount: 9000 }],
  [989, { below: 0.99, share: 0.25, amount: 22_500 }],
  [0, { below: 0.95, share: 0.5, amount: 45_000 }],
])('of %d of 1000 seconds the lowest tier that applies counts', (part, expected) => {
  expect(tierOf(tiers, fee, part, 1000)).toEqual(expected);
});

test('an amount is an amount', () => {
  const amounts = [{ below: 0.995, credit: { amount: 5000, currency: 'INR' } }];
  expect(tierOf(amounts, undefined, 99, 100)).toEqual({ below: 0.995, share: null, amount: 500_000 });
});
