import { expect, test } from 'vitest';
import { assert, constantFrom, integer, property } from 'fast-check';
import { lastFullMonth, monthPeriod, monthsUpTo } from './period.ts';

const hours = (month: string, zone: string): number => {
  const { start, end } = monthPeriod(month, zone);
  return (end - start) / 3600;
};
const utc = (text: string): number => Date.parse(text) / 1000;

test.each([
  ['2026-10', 'Europe/Madrid', 745],
  ['2026-03', 'Europe/Madrid', 743],
  ['2026-11', 'America/New_York', 721],
  ['2026-03', 'America/New_York', 743],
  ['2026-10', 'Australia/Lord_Howe', 743.5],
  ['2026-04', 'Australia/Lord_Howe', 720.5],
  ['2026-02', 'UTC', 672],
  ['2028-02', 'Asia/Kolkata', 696],
])('%s in %s has %d hours', (month, zone, expected) => {
  expect(hours(month, zone)).toBe(expected);
});

test('a month goes from local midnight to local midnight', () => {
  expect(monthPeriod('2026-10', 'Europe/Madrid')).toEqual({
    month: '2026-10',
    start: utc('2026-09-30T22:00:00Z'),
    end: utc('2026-10-31T23:00:00Z'),
    offset: 60,
    zoneName: 'CET',
  });
  expect(monthPeriod('2026-12', 'America/New_York').end).toBe(utc('2027-01-01T05:00:00Z'));
});

test('a month whose first midnight the clocks skip begins when they move on', () => {
  // Paraguay, 2017-10-01: 00:00 -04 became 01:00 -03.
  expect(monthPeriod('2017-10', 'America/Asuncion').start).toBe(utc('2017-10-01T04:00:00Z'));
  expect(hours('2017-10', 'America/Asuncion')).toBe(743);
  // Syria, 2011-04-01: 00:00 +02 became 01:00 +03.
  expect(monthPeriod('2011-04', 'Asia/Damascus').start).toBe(utc('2011-03-31T22:00:00Z'));
});

test('a month whose first midnight is shown twice begins at the first', () => {
  // Cuba, 2026-11-01: 01:00 -04 becomes 00:00 -05.
  expect(monthPeriod('2026-11', 'America/Havana').start).toBe(utc('2026-11-01T04:00:00Z'));
  expect(hours('2026-11', 'America/Havana')).toBe(721);
});

test.each([
  ['2026-10', 'America/New_York', 'EDT', -240],
  ['2026-06', 'Europe/London', 'BST', 60],
  ['2026-10', 'Asia/Kolkata', 'GMT+5:30', 330],
  ['2026-10', 'America/Asuncion', 'GMT-3', -180],
  ['2026-10', 'UTC', 'UTC', 0],
])('at the end of %s the clocks of %s show %s', (month, zone, zoneName, offset) => {
  expect(monthPeriod(month, zone)).toMatchObject({ zoneName, offset });
});

test('months follow one another without a gap in every zone', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  assert(
    property(
      constantFrom(...zones),
      integer({ min: 2000, max: 2040 }),
      integer({ min: 1, max: 12 }),
      (zone, year, month) => {
        const name = `${year}-${String(month).padStart(2, '0')}`;
        const [before, own] = monthsUpTo(name, 2).map((each) => monthPeriod(each, zone));
        expect(before?.end).toBe(own?.start);
        expect(lastFullMonth(own?.start ?? 0, zone)).toBe(before?.month);
        expect(lastFullMonth((own?.end ?? 0) - 1, zone)).toBe(before?.month);
      },
    ),
    { numRuns: 200 },
  );
});

test('thirteen months up to one cross a new year', () => {
  const months = monthsUpTo('2026-02', 13);
  expect(months).toHaveLength(13);
  expect(months[0]).toBe('2025-02');
  expect(months.slice(-3)).toEqual(['2025-12', '2026-01', '2026-02']);
});

test('the last full month is that of the zone, not of UTC', () => {
  const instant = utc('2026-11-01T02:00:00Z');
  expect(lastFullMonth(instant, 'Europe/Madrid')).toBe('2026-10');
  expect(lastFullMonth(instant, 'America/New_York')).toBe('2026-09');
  expect(lastFullMonth(utc('2026-01-15T00:00:00Z'), 'UTC')).toBe('2025-12');
});

test.each(['2026-13', '2026-00', '2026-1', '26-10', 'October', '', '2026-10-01', ' 2026-10', '0000-01'])(
  '%j is refused as a month',
  (text) => {
    expect(() => monthPeriod(text, 'UTC')).toThrow(/is no month\. Write it like 2026-10\./);
  },
);
