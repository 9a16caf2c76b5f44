import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatsOf, monthFrom } from './format.ts';

const en = formatsOf('en');
const es = formatsOf('es');
const nb = (text: string): string => text.replaceAll('_', '\u00a0');

test.each([
  [0, 0, '0', '0'],
  [1234, 0, '1,234', '1234'],
  [12_345, 0, '12,345', '12_345'],
  [1_234_567.891, 2, '1,234,567.89', '1_234_567,89'],
  [-9, 0, '\u22129', '\u22129'],
  [-0.04, 1, '0.0', '0,0'],
  [94.5, 1, '94.5', '94,5'],
])('%d with %d decimals', (value, decimals, english, spanish) => {
  expect(en.number(value, decimals)).toBe(english);
  expect(es.number(value, decimals)).toBe(nb(spanish));
});

test('changes carry their sign, a hyphen is never one', () => {
  expect([2.5, -9, 0.04, -0.04, 0].map((value) => en.signed(value, 1))).toEqual([
    '+2.5',
    '\u22129.0',
    '±0.0',
    '±0.0',
    '±0.0',
  ]);
  expect(es.signed(-2.5, 1)).toBe('\u22122,5');
});

describe('a rounded share stays on its side', () => {
  test.each([
    [0.9496, 0.95, '94.96%'],
    [0.94996, 0.95, '94.996%'],
    [0.9499999, 0.95, '94.999%'],
    [0.95, 0.95, '95.0%'],
    [0.29, 0.29, '29.0%'],
    [0.9504, 0.95, '95.0%'],
    [0.99961, 0.99, '99.96%'],
    [0.9999999, 0.99, '99.999%'],
    [1, 0.99, '100.0%'],
    [0.0004, 0.99, '0.04%'],
    [0, 0.99, '0.0%'],
  ])('%d with target %d is %s', (value, target, text) => {
    expect(en.pctJudged(value, { target, better: 'high' })).toBe(text);
  });
  test('without a target', () => {
    expect(en.pctJudged(0.99996, { target: null, better: 'high' })).toBe('99.996%');
    expect(es.pctJudged(0.94, { target: null, better: 'high' })).toBe(nb('94,0_%'));
  });
  test('where less is better', () => {
    expect(en.pctJudged(0.05004, { target: 0.05, better: 'low' })).toBe('5.004%');
    expect(en.pctJudged(0.0500001, { target: 0.05, better: 'low' })).toBe('5.001%');
  });
  test('for any share and target', () => {
    const share = fc.integer({ min: 0, max: 10_000_000 }).map((parts) => parts / 10_000_000);
    const target = fc.integer({ min: 1, max: 1000 }).map((parts) => parts / 1000);
    fc.assert(
      fc.property(share, target, (value, goal) => {
        const shown = Number(en.pctJudged(value, { target: goal, better: 'high' }).slice(0, -1)) / 100;
        if (value < goal) expect(shown).toBeLessThan(goal);
        if (value < 1) expect(shown).toBeLessThan(1);
      }),
    );
  });
});

test('what is known is never rounded up', () => {
  expect([0.97999, 0.9999, 0.8, 0.79999, 1, 0.29].map(en.pctKnown)).toEqual([
    '97.9%',
    '99.9%',
    '80.0%',
    '79.9%',
    '100.0%',
    '29.0%',
  ]);
});

test('a target is printed as the policy has it', () => {
  expect([0.95, 0.995, 0.9995, 1, 0.29].map(en.pctTarget)).toEqual(['95%', '99.5%', '99.95%', '100%', '29%']);
  expect(es.pctTarget(0.995)).toBe(nb('99,5_%'));
});

test.each([
  [0, '0_min'],
  [40, '40_s'],
  [59.6, '1_min'],
  [31 * 60, '31_min'],
  [59 * 60 + 40, '1_h'],
  [7800, '2_h_10_min'],
  [44 * 3600, '44_h'],
  [47 * 3600 + 59 * 60, '47_h_59_min'],
  [48 * 3600, '2_d'],
  [62 * 3600, '2_d_14_h'],
  [71 * 3600 + 3599, '3_d'],
])('%d seconds are %s', (seconds, text) => {
  expect(en.duration(seconds)).toBe(nb(text));
  expect(es.duration(seconds)).toBe(nb(text));
});

test('changes of durations', () => {
  expect([7200, -1860, 0].map(en.signedDuration)).toEqual(['+2_h', '\u221231_min', '±0_min'].map(nb));
});

describe('dates', () => {
  const end = Date.UTC(2026, 9, 31, 23) / 1000;
  const madrid = { offset: 60, zoneName: 'CET' };
  test('of a zone, in both languages', () => {
    expect(en.instant(end, madrid)).toBe(nb('1_November 2026, 00:00_CET'));
    expect(es.instant(end, madrid)).toBe(nb('1_de noviembre de 2026, 00:00_CET'));
    expect(en.day(end, madrid)).toBe(nb('1_November'));
    expect(es.day(end, madrid)).toBe(nb('1_de noviembre'));
    expect(en.stamp(end - 60, madrid)).toBe(nb('2026-10-31_23:59'));
  });
  test('of a zone behind UTC with half an hour', () => {
    const end2 = Date.UTC(2027, 0, 1, 3, 30) / 1000;
    expect(en.instant(end2, { offset: -210, zoneName: 'NST' })).toBe(nb('1_January 2027, 00:00_NST'));
    expect(en.stamp(end2 - 0.001, { offset: -210, zoneName: 'NST' })).toBe(nb('2026-12-31_23:59'));
  });
  test('months', () => {
    expect([en.month('2026-10'), en.monthShort('2026-09'), en.monthYear('2026-01')]).toEqual([
      'October',
      'Sep',
      'January 2026',
    ]);
    expect([es.month('2026-12'), es.monthShort('2026-09'), es.monthYear('2026-10')]).toEqual([
      'diciembre',
      'sep',
      'octubre de 2026',
    ]);
    expect([monthFrom('2026-01', -1), monthFrom('2026-12', 1), monthFrom('2026-10', -12)]).toEqual([
      '2025-12',
      '2027-01',
      '2025-10',
    ]);
  });
});
