import { expect, test } from 'vitest';
import { parseMatcher } from '../../alerts/matchers.ts';
import { type Acknowledgement, firstAnswer, readAcknowledgements } from './acknowledgement.ts';

function taken(at: number, matcher = 'instance="db-1"', by = 'Ada'): Acknowledgement {
  const parsed = parseMatcher(matcher);
  return { at, by, source: 'file', matchers: parsed === undefined ? [] : [parsed] };
}

const incident = { labels: { alertname: 'A', instance: 'db-1' }, fired: 100, to: 200 };

test.each([
  ['before it fired', [99], undefined],
  ['when it fired', [100], 100],
  ['when it was over', [200], 200],
  ['after it was over', [201], undefined],
  ['several times', [99, 150, 180], 150],
])('an acknowledgement %s', (_, instants, found) => {
  const list = instants.map((at) => taken(at));
  expect(firstAnswer(list, incident, 1000)?.at).toBe(found);
});

test('one of another alert, or that nobody knew of then, is none', () => {
  expect(firstAnswer([taken(150, 'instance="db-2"')], incident, 1000)).toBeUndefined();
  expect(firstAnswer([taken(150)], incident, 150)).toBeUndefined();
  expect(firstAnswer([taken(150)], incident, 151)?.at).toBe(150);
});

test('an open incident is answered whenever somebody does', () => {
  expect(firstAnswer([taken(5000)], { ...incident, to: undefined }, 9000)?.at).toBe(5000);
});

test('what two sources know is there once, oldest first', async () => {
  const source = (...list: readonly Acknowledgement[]) => ({ read: () => Promise.resolve(list) });
  const found = await readAcknowledgements([
    source(taken(20), taken(30)),
    source(taken(20), taken(10), taken(20, 'instance="x"'), taken(20, 'instance="db-1"', 'Bea')),
  ]);
  expect(found.map(({ at, by }) => `${at} ${by}`)).toEqual([
    '10 Ada',
    '20 Ada',
    '20 Ada',
    '20 Bea',
    '30 Ada',
  ]);
});
