import { expect, test } from 'vitest';
import { together } from './parts.ts';

test('a job is as fresh as its oldest part, and has as many restore points as the part with the fewest', () => {
  const a = [
    { time: 10, bytes: 1 },
    { time: 30, bytes: 3 },
    { time: 20, bytes: 2 },
  ];
  const b = [
    { time: 5, bytes: 10 },
    { time: 25, bytes: 20 },
  ];
  expect(together([a, b])).toEqual([
    { time: 25, incomplete: false, bytes: 23, addedBytes: undefined, files: undefined },
    { time: 5, incomplete: false, bytes: 12, addedBytes: undefined, files: undefined },
  ]);
});

test('what is missing in one part is missing in the job; a size unknown in one part is unknown', () => {
  const [point] = together([[{ time: 10, bytes: 1, files: 1 }], [{ time: 11, files: 2, incomplete: true }]]);
  expect(point).toMatchObject({ time: 10, incomplete: true, bytes: undefined, files: 3 });
});

test('one part keeps all that is known of its restore points; a part that has none leaves the job none', () => {
  const points = [{ time: 10, duration: 3, started: 7 }];
  expect(together([points])).toEqual(points);
  expect(together([points, []])).toEqual([]);
  expect(together([])).toEqual([]);
});
