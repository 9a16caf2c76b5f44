import { expect, test } from 'vitest';
import { monthPeriod } from './period.ts';
import type { Samples } from './prometheus.ts';
import { occurrencesOf, type TaskRecord } from './task-occurrences.ts';
import { taskRecord } from './task-record.ts';

const [hour, day] = [3600, 86_400];
const zone = 'Europe/Madrid';
const october = monthPeriod('2026-10', zone);
const at = (written: string): number => Date.parse(`${written}Z`) / 1000;

const weekly = { every: { seconds: 7 * day, word: 'week' }, on: 'mon', grace: day } as const;
const everyTenDays = { every: { seconds: 10 * day }, grace: day } as const;

function record(confirmed: readonly string[], more: Partial<TaskRecord> = {}): TaskRecord {
  return { confirmed: confirmed.map(at), isRead: () => true, isPlanned: () => true, ...more };
}

/** `05 on_time`, by the day of the month it was due. */
function told(task: Parameters<typeof occurrencesOf>[0], found: TaskRecord): readonly string[] {
  return occurrencesOf(task, zone, october, found).map(({ due, outcome }) => `${due.slice(5)} ${outcome}`);
}

test('done by the deadline is on time, later is late, not at all is missed', () => {
  // On Monday; a minute before the grace is over; a minute after; never.
  const found = record(['2026-10-05T10:00', '2026-10-13T21:59', '2026-10-20T22:01']);
  expect(told(weekly, found)).toEqual(['10-05 on_time', '10-12 on_time', '10-19 late', '10-26 missed']);
});

test('a confirmation counts for the nearest day, and only once', () => {
  // Saturday the 17th is nearer to the 19th; Thursday the 8th to the 5th.
  expect(told(weekly, record(['2026-10-08T08:00', '2026-10-17T08:00']))).toEqual([
    '10-05 late',
    '10-12 missed',
    '10-19 on_time',
    '10-26 missed',
  ]);
  // Two in one week do not make two weeks.
  expect(told(weekly, record(['2026-10-05T08:00', '2026-10-06T08:00']))).toEqual([
    '10-05 on_time',
    '10-12 missed',
    '10-19 missed',
    '10-26 missed',
  ]);
});

test('nothing was missed for sure while nobody could read the record after the deadline', () => {
  const silent = { from: at('2026-10-10T00:00'), to: at('2026-10-21T00:00') };
  const isRead: TaskRecord['isRead'] = (from, to) => from < silent.from || to > silent.to;
  expect(told(weekly, record([], { isRead }))).toEqual([
    '10-05 missed',
    '10-12 unconfirmed',
    '10-19 missed',
    '10-26 missed',
  ]);
  expect(told(weekly, record([], { isRead: () => false }))).toContain('10-26 unconfirmed');
});

test('what can still be done after the month is running, and told by the next month', () => {
  const monthly = { every: { seconds: 31 * day, word: 'month' }, on: 'last', grace: 5 * day } as const;
  expect(told(monthly, record([]))).toEqual(['09-30 missed', '10-31 running']);
  expect(told(monthly, record(['2026-09-30T10:00', '2026-10-30T10:00']))).toEqual(['10-31 on_time']);
  const november = monthPeriod('2026-11', zone);
  const later = (confirmed: readonly string[]) =>
    occurrencesOf(monthly, zone, november, record(confirmed)).map(
      ({ due, outcome }) => `${due.slice(5)} ${outcome}`,
    );
  expect(later([])).toEqual(['10-31 missed', '11-30 running']);
  expect(later(['2026-11-05T10:00'])).toEqual(['10-31 on_time', '11-30 running']);
  expect(later(['2026-10-30T10:00'])).toEqual(['11-30 running']);
  // Whose deadline is the very end belongs to the next month, too.
  const short = { ...monthly, on: '28', grace: 3 * day } as const;
  expect(told(short, record([]))).toEqual(['09-28 missed', '10-28 running']);
  expect(occurrencesOf(short, zone, november, record([])).map(({ due }) => due)).toEqual([
    '2026-10-28',
    '2026-11-28',
  ]);
});

test('a task that was not in the policy then was not due', () => {
  const isPlanned: TaskRecord['isPlanned'] = (_from, to) => to > at('2026-10-14T00:00');
  expect(told(weekly, record([], { isPlanned }))).toEqual(['10-19 missed', '10-26 missed']);
});

test('days are counted from the last time', () => {
  // Due 5 October, done then; due 15, done 20 (late); due 30, still in its grace at the end.
  expect(told(everyTenDays, record(['2026-09-25T10:00', '2026-10-05T08:00', '2026-10-20T08:00']))).toEqual([
    '10-05 on_time',
    '10-15 late',
    '10-30 missed',
  ]);
  // Done two days early: its day is when it was done.
  expect(told(everyTenDays, record(['2026-09-25T10:00', '2026-10-03T10:00', '2026-10-13T10:00']))).toEqual([
    '10-03 on_time',
    '10-13 on_time',
    '10-23 missed',
  ]);
  // Never done, and no day on which it begins: due at once, and every ten days; clocks went back on the 25th.
  expect(told(everyTenDays, record([]))).toEqual([
    '10-01 missed',
    '10-11 missed',
    '10-21 missed',
    '10-30 missed',
  ]);
  expect(told({ ...everyTenDays, from: '2026-10-07' }, record([]))).toEqual(['10-17 missed', '10-26 missed']);
});

const look = 3 * hour;
/** Every three hours of some days of October, UTC. */
function looks(labels: Samples['labels'], days: readonly [number, number], value: number): Samples {
  const from = at('2026-10-01T00:00') + (days[0] - 1) * day;
  const instants = Array.from({ length: (days[1] - days[0] + 1) * 8 }, (_, index) => from + index * look);
  return { labels, instants, values: instants.map(() => value) };
}

test('the record is read only while the host that holds the newest confirmation is heard', () => {
  const first = at('2026-10-02T10:00');
  const held = [looks({ instance: 'mon-1', task: 'review' }, [3, 9], first)];
  const read = [looks({}, [1, 31], 1)];
  const found = taskRecord('review', { done: held, held, read, expected: [], evaluated: [], counted: [] });
  expect(found.confirmed).toEqual([first]);
  expect(found.isRead(at('2026-10-01T00:00'), at('2026-10-01T06:00'))).toBe(true);
  expect(found.isRead(at('2026-10-08T00:00'), at('2026-10-09T00:00'))).toBe(true);
  // Another host goes on, which knows only that nobody confirmed it there.
  expect(found.isRead(at('2026-10-10T00:00'), at('2026-10-31T00:00'))).toBe(false);
  // A look just behind the deadline may be of the time before.
  expect(found.isRead(at('2026-10-09T20:00'), at('2026-10-31T00:00'))).toBe(false);
  // Its work was taken over by another.
  const second = [...held, looks({ instance: 'mon-2', task: 'review' }, [15, 31], at('2026-10-14T10:00'))];
  const moved = taskRecord('review', {
    done: second,
    held: second,
    read,
    expected: [],
    evaluated: [],
    counted: [],
  });
  expect(moved.isRead(at('2026-10-11T00:00'), at('2026-10-14T00:00'))).toBe(false);
  expect(moved.isRead(at('2026-10-20T00:00'), at('2026-10-21T00:00'))).toBe(true);
});

test('a failure is on record and is no confirmation', () => {
  const held = [looks({ instance: 'mon-1', task: 'review' }, [3, 31], at('2026-10-02T10:00'))];
  const read = [looks({}, [1, 31], 1)];
  const found = taskRecord('review', { done: [], held, read, expected: [], evaluated: [], counted: [] });
  expect(found.confirmed).toEqual([]);
  expect(found.isRead(at('2026-10-20T00:00'), at('2026-10-21T00:00'))).toBe(true);
});

const nobody = { done: [], held: [], read: [], expected: [] } as const;

test('a task is planned while the rules expect it, and where no rule was evaluated', () => {
  const expected = [looks({ object: 'review' }, [14, 31], 1), looks({ object: 'other' }, [1, 31], 1)];
  const evaluated = [looks({}, [5, 31], 1)];
  const counted = [looks({}, [5, 31], 1)];
  const { isPlanned } = taskRecord('review', { ...nobody, expected, evaluated, counted });
  expect(isPlanned(at('2026-10-01T00:00'), at('2026-10-03T00:00'))).toBe(true);
  expect(isPlanned(at('2026-10-05T00:00'), at('2026-10-07T00:00'))).toBe(false);
  expect(isPlanned(at('2026-10-19T00:00'), at('2026-10-21T00:00'))).toBe(true);
});

test('rules that see no host of a customer do not show that nothing was planned', () => {
  const evaluated = [looks({}, [1, 31], 1)];
  const lost = taskRecord('review', { ...nobody, evaluated, counted: [] });
  expect(lost.isPlanned(at('2026-10-19T00:00'), at('2026-10-21T00:00'))).toBe(true);
  const counted = [looks({}, [10, 20], 1)];
  const { isPlanned } = taskRecord('review', { ...nobody, evaluated, counted });
  expect(isPlanned(at('2026-10-03T00:00'), at('2026-10-05T00:00'))).toBe(false);
  expect(isPlanned(at('2026-10-12T00:00'), at('2026-10-14T00:00'))).toBe(false);
  expect(isPlanned(at('2026-10-24T00:00'), at('2026-10-26T00:00'))).toBe(true);
});
