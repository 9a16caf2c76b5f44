import { assert, double, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { evaluationOf } from './evaluation.ts';

const hour = 3600;
const day = { start: 0, end: 24 * hour };

test('a month that was watched throughout is watched whole, wherever its first evaluation falls', () => {
  assert(
    property(
      integer({ min: 1, max: 300 }),
      double({ min: 0, max: 0.999, noNaN: true }),
      (interval, phase) => {
        const end = 745 * hour;
        const evaluations = Math.ceil((end - phase * interval) / interval);
        const found = evaluationOf({ start: 0, end }, evaluations, evaluations * interval, 60);
        expect(found.time).toBe(1);
        expect(found.interval).toBeCloseTo(interval, 9);
        expect(found.expected).toBe(evaluations);
      },
    ),
  );
});

test('each evaluation that is missing is time that was not watched', () => {
  expect(evaluationOf(day, 1440 - 72, (1440 - 72) * 60, 60)).toEqual({
    interval: 60,
    evaluations: 1368,
    expected: 1440,
    time: 0.95,
  });
});

test('an interval that was changed counts each evaluation for its own', () => {
  // Half a day every minute, half a day every five minutes.
  expect(evaluationOf(day, 720 + 144, 720 * 60 + 144 * 300, 60)).toMatchObject({ interval: 100, time: 1 });
  // The same, of which the part with five minutes is missing.
  expect(evaluationOf(day, 720, 720 * 60, 300)).toMatchObject({ interval: 60, time: 0.5 });
});

test('nothing evaluated, or evaluated at an interval nobody recorded, is nothing watched', () => {
  const nothing = { interval: undefined, evaluations: 0, expected: 288, time: 0 };
  expect(evaluationOf(day, 0, 0, 300)).toEqual(nothing);
  expect(evaluationOf(day, 1440, 0, 300)).toEqual(nothing);
});
