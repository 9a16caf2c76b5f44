import { expect, test } from 'vitest';
import { incidentTruth, merged } from './incidents.ts';

const month = { name: '2026-10', from: 0, to: 100_000 };

test('episodes of one identity up to fifteen minutes apart are one incident', () => {
  const episodes = [
    { from: 0, to: 1000 },
    { from: 1900, to: 3000 },
    { from: 3901, to: 5000 },
  ];
  expect(merged(episodes)).toEqual([
    { from: 0, to: 3000 },
    { from: 3901, to: 5000 },
  ]);
});

test('a month counts what began, what ended with its whole duration, and what is open when it is over', () => {
  const incidents = [
    { from: -5000, to: 1000 },
    { from: 2000, to: 4000 },
    { from: 90_000, to: 100_000 },
    { from: 95_000, to: Infinity },
    { from: 100_000, to: 110_000 },
  ];
  expect(incidentTruth(incidents, month, [], 300)).toEqual({
    opened: 3,
    resolved: 2,
    open_at_end: 2,
    mean_seconds_to_resolve: 4000,
    ended_unseen: 0,
  });
});

test('without resolved incidents there is no mean', () => {
  expect(incidentTruth([], month, [], 300).mean_seconds_to_resolve).toBeNull();
});

test('an incident that was over when alerts were written again ended unseen', () => {
  const outage = { from: 10_000, to: 20_100 };
  const ends = [9_900, 20_100, 20_400, 20_700];
  const unseen = ends.map((to) => incidentTruth([{ from: 0, to }], month, [outage], 300).ended_unseen);
  expect(unseen).toEqual([0, 1, 1, 0]);
});
