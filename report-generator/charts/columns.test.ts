import { expect, test } from 'vitest';
import { columns } from './columns.ts';

const months = ['A', 'B', 'C'].map((letter, index) => ({ letter, year: '2026', january: index === 1 }));
const chart = (values: readonly (number | null)[], partly: readonly boolean[] = []) =>
  columns({
    values,
    partly,
    months,
    format: String,
    measure: (text) => text.length * 4,
    width: 300,
    height: 100,
    alt: 'x',
  }).items;

test('each count is a column of its height with its number, this month dark', () => {
  const items = chart([5, 10, 20]);
  const heights = items.flatMap((item) => (item.kind === 'rect' ? [item.height] : []));
  expect(heights).toEqual([16, 32, 64]);
  const texts = items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
  expect(texts).toEqual(['5', '10', '20', 'A', '2026', 'B', '2026', 'C']);
});

test('a month without a count has no column, and one that was hardly watched is hatched above it', () => {
  const lines = (items: ReturnType<typeof chart>): number =>
    items.filter((item) => item.kind === 'path' && item.path.split('M').length > 4).length;
  expect(lines(chart([5, 10, 20]))).toBe(0);
  expect(lines(chart([null, 10, 20]))).toBe(1);
  expect(chart([null, 10, 20]).filter(({ kind }) => kind === 'rect')).toHaveLength(2);
  expect(lines(chart([5, 10, 20], [true, false, false]))).toBe(1);
  // The highest column leaves no room.
  expect(lines(chart([5, 10, 20], [false, false, true]))).toBe(0);
  expect(lines(chart([0, 0, 0]))).toBe(0);
});
