import { expect, test } from 'vitest';
import { evaluate } from './alerting.ts';

const minute = 60;
const grid = { start: 0, end: 12 * 3600, interval: 5 * minute };
const labels = { alertname: 'MaintenanceBackupOverdue' };

function condition(from: number, to: number, keepFiring = 0) {
  return { labels, pendingFor: 15 * minute, keepFiring, spans: [{ from, to }] };
}

test('an alert is pending for fifteen minutes, then fires until the first evaluation that finds nothing', () => {
  const { samples, episodes } = evaluate(condition(7 * minute, 41 * minute), [], grid);
  expect(samples).toEqual(
    [10, 15, 20, 25, 30, 35, 40].map((at) => ({
      instant: at * minute,
      state: at < 25 ? 'pending' : 'firing',
      activeAt: 10 * minute,
    })),
  );
  expect(episodes).toEqual([{ from: 25 * minute, to: 45 * minute }]);
});

test('a condition shorter than fifteen minutes is no incident', () => {
  const { samples, episodes } = evaluate(condition(0, 14 * minute), [], grid);
  expect(samples.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
  expect(episodes).toEqual([]);
});

test('an alert that is kept firing ends fifteen minutes after the first evaluation without its condition', () => {
  const { episodes } = evaluate(condition(0, 30 * minute, 15 * minute), [], grid);
  expect(episodes).toEqual([{ from: 15 * minute, to: 45 * minute }]);
});

test('an alert that is kept firing bridges a short recovery', () => {
  const flapping = {
    ...condition(0, 0, 15 * minute),
    spans: [
      { from: 0, to: 30 * minute },
      { from: 40 * minute, to: 60 * minute },
    ],
  };
  expect(evaluate(flapping, [], grid).episodes).toEqual([{ from: 15 * minute, to: 75 * minute }]);
});

test('an alert that fires at the end stays open', () => {
  const { episodes } = evaluate(condition(11 * 3600, Infinity), [], grid);
  expect(episodes).toEqual([{ from: 11.25 * 3600, to: Infinity }]);
});

test('after a short restart an alert fires again at once and keeps its beginning', () => {
  const outage = { from: 60 * minute, to: 90 * minute };
  const { samples, episodes } = evaluate(condition(0, 3 * 3600), [outage], grid);
  const after = samples.filter(({ instant }) => instant >= outage.from);
  expect(after[0]).toEqual({ instant: 100 * minute, state: 'firing', activeAt: 0 });
  expect(episodes).toEqual([{ from: 15 * minute, to: 180 * minute }]);
});

test('after an outage of more than an hour an alert is pending anew, and still the same incident', () => {
  const outage = { from: 60 * minute, to: 180 * minute };
  const { samples, episodes } = evaluate(condition(0, 6 * 3600), [outage], grid);
  const after = samples.filter(({ instant }) => instant >= outage.from).slice(0, 2);
  expect(after).toEqual([
    { instant: 190 * minute, state: 'pending', activeAt: 180 * minute },
    { instant: 195 * minute, state: 'firing', activeAt: 180 * minute },
  ]);
  expect(episodes).toEqual([{ from: 15 * minute, to: 360 * minute }]);
});

test('an alert whose condition ends in an outage ends at the first evaluation after it', () => {
  const { episodes } = evaluate(condition(0, 2 * 3600), [{ from: 3600, to: 3 * 3600 }], grid);
  expect(episodes).toEqual([{ from: 15 * minute, to: 3 * 3600 }]);
});
