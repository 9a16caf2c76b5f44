import { array, assert, boolean, property } from 'fast-check';
import { expect, test } from 'vitest';
import { episodesOf, evaluationsOf, merged } from './episodes.ts';

const minute = 60;
const times = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => (from + index) * minute);
const seconds = (from: number, to: number | undefined) => ({
  from: from * minute,
  to: to === undefined ? undefined : to * minute,
});

const steady = evaluationsOf(times(0, 100), minute);
/** Down from 40 to 50: the evaluations 50 and 51 write no ALERTS. */
const restarted = evaluationsOf([...times(0, 40), ...times(50, 100)], minute);

test('an episode lasts from the first evaluation that fires to the first that does not', () => {
  expect(episodesOf({ firing: [...times(10, 20), ...times(30, 31)], pending: times(5, 10) }, steady)).toEqual(
    [seconds(10, 20), seconds(30, 31)],
  );
});

test('an episode that fires at the last evaluation is open', () => {
  expect(episodesOf({ firing: times(90, 100), pending: [] }, steady)).toEqual([seconds(90, undefined)]);
});

test('an alert that never fired has no episode', () => {
  expect(episodesOf({ firing: [], pending: times(5, 10) }, steady)).toEqual([]);
});

test('an alert that fires on both sides of an outage is one episode', () => {
  expect(episodesOf({ firing: [...times(30, 40), ...times(52, 60)], pending: [] }, restarted)).toEqual([
    seconds(30, 60),
  ]);
});

test('an alert that is pending again after an outage goes on until it fires, or until it is over', () => {
  const pending = times(52, 57);
  expect(episodesOf({ firing: [...times(30, 40), ...times(57, 60)], pending }, restarted)).toEqual([
    seconds(30, 60),
  ]);
  expect(episodesOf({ firing: times(30, 40), pending }, restarted)).toEqual([seconds(30, 57)]);
});

test('an alert that is gone after an outage ended between the last time it was seen and the first evaluation that writes', () => {
  expect(episodesOf({ firing: times(30, 40), pending: [] }, restarted)).toEqual([
    { ...seconds(30, 52), earliest: 39 * minute },
  ]);
});

test('what is not known yet after an outage is open', () => {
  const evaluations = evaluationsOf([...times(0, 40), ...times(50, 52)], minute);
  expect(episodesOf({ firing: times(30, 40), pending: [] }, evaluations)).toEqual([seconds(30, undefined)]);
});

test('a second outage during the first evaluations keeps them blind', () => {
  const evaluations = evaluationsOf([...times(0, 40), ...times(50, 51), ...times(60, 80)], minute);
  expect(episodesOf({ firing: [...times(30, 40), ...times(62, 70)], pending: [] }, evaluations)).toEqual([
    seconds(30, 70),
  ]);
});

test('samples no evaluation accounts for are left out, heartbeats may come twice and in any order', () => {
  const shuffled = evaluationsOf([...times(50, 100), ...times(0, 60)], minute);
  expect(shuffled).toEqual(steady);
  expect(episodesOf({ firing: [615, ...times(20, 25)], pending: [] }, steady)).toEqual([seconds(20, 25)]);
});

test('episodes up to 15 minutes apart are one incident', () => {
  expect(
    merged([seconds(0, 5), seconds(20, 25), seconds(41, 42), seconds(50, 51), seconds(60, undefined)]),
  ).toEqual([
    { ...seconds(0, 25), flaps: 1 },
    { ...seconds(41, undefined), flaps: 2 },
  ]);
  const unseen = { ...seconds(0, 5), earliest: 3 * minute };
  expect(merged([unseen, seconds(10, 25)])).toEqual([{ ...seconds(0, 25), flaps: 1 }]);
  expect(merged([seconds(-10, -5), unseen])).toEqual([{ ...unseen, from: -600, flaps: 1 }]);
  expect(merged([])).toEqual([]);
});

test('without outages the episodes are exactly the runs of firing evaluations', () => {
  assert(
    property(array(boolean(), { minLength: 1, maxLength: 60 }), (fires) => {
      const instants = fires.map((_, index) => index * minute);
      const found = episodesOf(
        { firing: instants.filter((_, index) => fires[index]), pending: [] },
        evaluationsOf(instants, minute),
      );
      const starts = instants.filter((_, index) => fires[index] === true && fires[index - 1] !== true);
      const ends = instants.filter((_, index) => fires[index] !== true && fires[index - 1] === true);
      expect(found.map(({ from }) => from)).toEqual(starts);
      expect(found.flatMap(({ to }) => to ?? [])).toEqual(ends);
    }),
  );
});
