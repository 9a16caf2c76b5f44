import { expect, test } from 'vitest';
import { days, localTime, monthAt } from './calendar.ts';

const utc = (text: string): number => Date.parse(text) / 1000;

test('local midnights follow the zone through its summer time', () => {
  expect(localTime('Europe/Madrid', 2026, 10)).toBe(utc('2026-09-30T22:00:00Z'));
  expect(localTime('Europe/Madrid', 2026, 11)).toBe(utc('2026-10-31T23:00:00Z'));
  expect(localTime('America/New_York', 2026, 13)).toBe(utc('2027-01-01T05:00:00Z'));
});

test('a time skipped in spring moves on, and of a time shown twice the first is meant', () => {
  expect(localTime('Europe/Madrid', 2026, 3, 29, 2, 30)).toBe(utc('2026-03-29T01:30:00Z'));
  expect(localTime('Europe/Madrid', 2026, 10, 25, 2, 30)).toBe(utc('2026-10-25T00:30:00Z'));
});

test('the month is that of the zone, not of UTC', () => {
  const instant = utc('2026-11-01T02:00:00Z');
  expect(monthAt('America/New_York', instant).name).toBe('2026-10');
  expect(monthAt('Europe/Madrid', instant).name).toBe('2026-11');
  expect(monthAt('Europe/Madrid', instant, -13)).toEqual({
    name: '2025-10',
    from: utc('2025-09-30T22:00:00Z'),
    to: utc('2025-10-31T23:00:00Z'),
  });
});

test('a day is a day of the calendar, also when it has 25 hours', () => {
  const found = [...days('Europe/Madrid', utc('2026-10-24T12:00:00Z'), utc('2026-10-27T12:00:00Z'), 1, 30)];
  expect(found.map(({ instant }) => new Date(instant * 1000).toISOString().slice(0, 16))).toEqual([
    '2026-10-24T23:30',
    '2026-10-26T00:30',
    '2026-10-27T00:30',
  ]);
  expect(found.map(({ weekday }) => weekday)).toEqual([0, 1, 2]);
});
