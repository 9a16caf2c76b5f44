import { assert, constantFrom, double, option, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { judge, type Judged } from './judge.ts';

const whole = { objects: 1, time: 1 };
const of = (value: number | null, target: number | null, coverage = whole): Judged => ({
  value,
  reason: value === null ? 'no_series' : null,
  target,
  better: 'high',
  coverage,
});

test.each([
  ['the target is reached to the last object', of(0.95, 0.95), 'met'],
  ['one object of twenty is missing', of(0.94, 0.95), 'missed'],
  ['the target is everything, and everything is in order', of(1, 1), 'met'],
  // 94% in order, 3% unknown: at best 97%.
  ['the unknown objects decide', of(0.94, 0.95, { objects: 0.97, time: 1 }), 'unknown'],
  // 90% in order, 3% unknown: at best 93%.
  ['the unknown objects could not save it', of(0.9, 0.95, { objects: 0.97, time: 1 }), 'missed'],
  ['the target is reached though some are unknown', of(0.96, 0.95, { objects: 0.97, time: 1 }), 'met'],
  // 95% of 99.9% of the month is under 95%.
  ['the unwatched time decides', of(0.95, 0.95, { objects: 1, time: 0.999 }), 'unknown'],
  [
    'the target is reached with the unwatched time against it',
    of(0.99, 0.95, { objects: 1, time: 0.97 }),
    'met',
  ],
  ['half of the month was not watched', of(1, 0.95, { objects: 1, time: 0.5 }), 'unknown'],
  ['a low target is reached, and too little is known', of(0.79, 0.5, { objects: 0.79, time: 1 }), 'unknown'],
  ['objects and time together leave too little', of(0.89, 0.5, { objects: 0.89, time: 0.89 }), 'unknown'],
  ['little is known, and that little cannot reach it', of(0.1, 0.95, { objects: 0.7, time: 1 }), 'missed'],
  ['nothing is in order and everything known', of(0, 0.95), 'missed'],
  ['nothing is known', of(0, 0.95, { objects: 0, time: 1 }), 'unknown'],
  ['nothing was measured', of(null, 0.95), 'none'],
  ['nothing was evaluated', { ...of(null, 0.95, { objects: 1, time: 0 }), reason: 'no_evaluations' }, 'none'],
  ['nothing was expected', { ...of(null, 0.95), reason: 'nothing_expected' }, 'plain'],
  ['nothing happened', { ...of(null, null), reason: 'nothing_happened' }, 'plain'],
  [
    'nothing happened that anybody saw',
    { ...of(null, null, { objects: 1, time: 0.5 }), reason: 'nothing_happened' },
    'unknown',
  ],
  ['there is no target', of(12, null), 'plain'],
  ['there is no target, and half of it was not watched', of(12, null, { objects: 1, time: 0.5 }), 'unknown'],
  ['few are good, and all were seen', { ...of(3, 5), better: 'low' }, 'met'],
  [
    'few were seen, and not always watched',
    { ...of(3, 5, { objects: 1, time: 0.99 }), better: 'low' },
    'unknown',
  ],
  ['too many were seen', { ...of(6, 5, { objects: 1, time: 0.5 }), better: 'low' }, 'missed'],
] as const)('%s', (_, judged, verdict) => {
  expect(judge(judged)).toBe(verdict);
});

const share = () => double({ min: 0, max: 1, noNaN: true });
const anything = record({
  value: option(share(), { nil: null }),
  target: option(share(), { nil: null }),
  better: constantFrom('high', 'low'),
  objects: option(share(), { nil: null }),
  time: share(),
}).map(({ objects, time, value, ...rest }): Judged => {
  // A share is never above what is known.
  const capped = value === null ? null : Math.min(value, objects ?? 1);
  return { ...rest, value: capped, reason: value === null ? 'no_series' : null, coverage: { objects, time } };
});

test('whatever is missing, a target is met only when everything unknown is counted against it', () => {
  assert(
    property(anything, (judged) => {
      const { value, target, better, coverage } = judged;
      if (judge(judged) !== 'met') return;
      expect(value).not.toBeNull();
      expect(target).not.toBeNull();
      expect((coverage.objects ?? 1) * coverage.time).toBeGreaterThanOrEqual(0.8);
      if (better === 'high') expect((value ?? 0) * coverage.time).toBeGreaterThanOrEqual(target ?? 1);
      else expect(value ?? 1).toBeLessThanOrEqual(target ?? 0);
    }),
    { numRuns: 5000 },
  );
});

test('knowing less never turns a verdict into met, nor into missed', () => {
  assert(
    property(anything, share(), share(), (judged, objects, time) => {
      const { coverage, value } = judged;
      const known = coverage.objects ?? 1;
      // Objects that become unknown were in order before, or not: the share in order falls by at most as much.
      const less: Judged = {
        ...judged,
        value: value === null ? null : Math.min(value, known * objects),
        coverage: { objects: known * objects, time: coverage.time * time },
      };
      const verdict = judge(less);
      if (verdict === 'met') expect(judge(judged)).toBe('met');
      // The sums round: a target that is reached exactly may fall either way.
      const slack = judged.better === 'high' ? 1e-9 : -1e-9;
      const strict = { ...judged, target: judged.target === null ? null : judged.target + slack };
      if (verdict === 'missed') expect(judge(strict)).toBe('missed');
    }),
    { numRuns: 5000 },
  );
});
