import { expect, test } from 'vitest';
import { durationSchema, parseDuration } from './duration.ts';

test.each([
  ['90s', 90],
  ['15m', 900],
  ['26h', 93_600],
  ['31d', 2_678_400],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
  expect(durationSchema.parse(text)).toBe(seconds);
});

test.each(['', '0h', '24', 'h', '-1h', '1.5h', '1h30m', '1 h', '24H', '1w', '24h\n', '１h'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(durationSchema.safeParse(text).error?.issues[0]?.message).toBe(
      `expected a duration like 90s, 15m, 26h or 31d, got ${text}`,
    );
  },
);

test('a number without a unit is refused with what to write', () => {
  expect(durationSchema.safeParse(24).error?.issues[0]?.message).toBe(
    'expected a duration like 90s, 15m, 26h or 31d',
  );
});
