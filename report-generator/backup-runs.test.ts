import { expect, test } from 'vitest';
import { type Look, runsOf, type SeenJob } from './backup-runs.ts';

const hour = 3600;
const day = 24 * hour;
const start = Date.UTC(2026, 9, 1) / 1000;
const end = Date.UTC(2026, 10, 1) / 1000;
const period = { start, end };

/** Looks every six hours; the job runs at one in the morning on every day of the month and the one before, but for some. */
function job(
  failed: readonly number[] = [],
  changes: Partial<SeenJob> & { readonly blind?: (at: number) => boolean } = {},
): SeenJob {
  const { blind = () => false, ...rest } = changes;
  const points = Array.from({ length: 32 }, (_, date) => date)
    .filter((date) => !failed.includes(date))
    .map((date) => start + (date - 1) * day + hour + date * 7);
  const looks: Look[] = [];
  for (let at = start; at < end; at += 6 * hour)
    if (!blind(at)) looks.push({ at, newest: points.findLast((point) => point + 600 <= at) });
  return { interval: day, looks, since: start, isOld: true, until: end, ...rest };
}

test('every run of the month is counted, and none of the month before', () => {
  expect(runsOf(job(), period)).toEqual({ succeeded: 31, missed: 0, unknown: 0 });
});

test.each([[[1]], [[31]], [[14]], [[5, 6, 7]], [[1, 2, 30, 31]]])(
  'runs of the days %j were missed',
  (failed) => {
    expect(runsOf(job(failed), period)).toEqual({
      succeeded: 31 - failed.length,
      missed: failed.length,
      unknown: 0,
    });
  },
);

test('a miss of the month before stays there', () => {
  const looks = job([0]).looks.map((look) => ({ ...look, newest: look.newest ?? start - 2 * day + hour }));
  expect(runsOf(job([0], { looks }), period)).toEqual({ succeeded: 31, missed: 0, unknown: 0 });
});

test('what nobody saw is unknown, not missed: the host was silent for three days', () => {
  const blind = (at: number): boolean => at >= start + 9.5 * day && at < start + 12.5 * day;
  expect(runsOf(job([], { blind }), period)).toEqual({ succeeded: 29, missed: 0, unknown: 2 });
});

test('a host that is silent to the end owes the rest of its runs', () => {
  const blind = (at: number): boolean => at >= start + 20 * day;
  expect(runsOf(job([], { blind }), period)).toEqual({ succeeded: 20, missed: 0, unknown: 11 });
  expect(runsOf(job([], { blind, until: start + 20 * day }), period)).toEqual({
    succeeded: 20,
    missed: 0,
    unknown: 0,
  });
});

test('a job that never succeeded missed every run', () => {
  const looks = job().looks.map(({ at }) => ({ at, newest: undefined }));
  expect(runsOf(job([], { looks }), period)).toEqual({ succeeded: 0, missed: 31, unknown: 0 });
});

test('a job of which nothing was ever told is unknown throughout', () => {
  expect(runsOf(job([], { looks: [] }), period)).toEqual({ succeeded: 0, missed: 0, unknown: 31 });
});

test('a job set up in the month owes its runs from then on', () => {
  const since = start + 9.5 * day;
  const looks = job().looks.filter(({ at }) => at >= since);
  const first = looks.map(({ at, newest }) => ({ at, newest: (newest ?? 0) < since ? undefined : newest }));
  expect(runsOf(job([], { looks: first, since, isOld: false }), period)).toEqual({
    succeeded: 21,
    missed: 0,
    unknown: 0,
  });
});

test('repeated runs make up for no missed one', () => {
  const { looks } = job([10, 11, 12]);
  const burst = Array.from({ length: 20 }, (_, index) => ({
    at: start + 8.5 * day + index * 1000,
    newest: start + 8.5 * day + index * 900 - 100,
  }));
  const all = [
    ...looks.filter(({ at }) => at < start + 8.5 * day),
    ...burst,
    ...looks.filter(({ at }) => at > start + 13 * day),
  ];
  const { succeeded, missed, unknown } = runsOf(job([], { looks: all }), period);
  expect(succeeded).toBeLessThanOrEqual(29);
  expect(missed + unknown).toBeGreaterThanOrEqual(3);
});

test('a weekly job owes five Saturdays', () => {
  const saturdays = [-4, 3, 10, 17, 24, 31].map((date) => start + (date - 1) * day + 6 * hour);
  const looks = job().looks.map(({ at }) => ({ at, newest: saturdays.findLast((point) => point <= at) }));
  const weekly = { interval: 7 * day, looks };
  expect(runsOf(job([], weekly), period)).toEqual({ succeeded: 5, missed: 0, unknown: 0 });
});
