import { expect, test } from 'vitest';
import { timelines } from './timeline.ts';

const series = (instance: string, kernel: string, instants: readonly number[]) => ({
  labels: { instance, kernel },
  instants,
  values: instants.map(() => 1),
});

function told(...found: readonly ReturnType<typeof series>[]): readonly string[] {
  return [...timelines(found, 'instance')].flatMap(([instance, steps]) =>
    steps.map(({ at, labels }) => `${instance} ${at} ${labels['kernel']}`),
  );
}

test('a thing is what its newest series says, and the old one is heard for a look more', () => {
  expect(
    told(series('a', '6.1', [1, 2, 3]), series('a', '6.2', [3, 4, 5]), series('b', '6.1', [1, 5])),
  ).toEqual(['a 1 6.1', 'a 3 6.2', 'b 1 6.1']);
});

test('what goes back is a change, too, and a silence is none', () => {
  expect(told(series('a', '6.1', [1, 2, 7, 8]), series('a', '6.2', [4, 5, 6]))).toEqual([
    'a 1 6.1',
    'a 4 6.2',
    'a 7 6.1',
  ]);
  expect(told(series('a', '6.1', [1, 2, 9]))).toEqual(['a 1 6.1']);
});

test('two that speak all the time are no changes', () => {
  expect(told(series('a', '6.1', [1, 2, 3]), series('a', '6.2', [1, 2, 3]))).toEqual(['a 1 6.1']);
});
