import { expect, test } from 'vitest';
import { sample } from '../metrics.ts';
import { replay } from '../replay.ts';
import { task } from './task.ts';

function hostWith(document: unknown, lost = false): Parameters<typeof task.collect>[0] {
  const problems = lost ? [{ reason: 'state_unreadable' as const, message: 'tasks.json is damaged' }] : [];
  const state = { read: async () => ({ document, problems, lost }), write: async () => undefined };
  return { ...replay({}), state };
}

test('what was confirmed, when and how it ended', async () => {
  const tasks = {
    access_review: { at: 1_790_000_000, outcome: 'success', by: 'ada' },
    restore_drill: { at: 1_790_000_500, outcome: 'failure', by: 'bo' },
  };
  expect(await task.collect(hostWith({ format: 1, tasks }), {})).toEqual({
    samples: [
      sample('maintenance_tasks_confirmed', {}, 2),
      sample('maintenance_task_last_confirmed_timestamp_seconds', { task: 'access_review' }, 1_790_000_000),
      sample('maintenance_task_last_outcome_success', { task: 'access_review' }, 1),
      sample('maintenance_task_last_confirmed_timestamp_seconds', { task: 'restore_drill' }, 1_790_000_500),
      sample('maintenance_task_last_outcome_success', { task: 'restore_drill' }, 0),
    ],
    problems: [],
  });
});

test('nothing confirmed is a count of 0, for the record was read', async () => {
  expect(await task.collect(hostWith(undefined), {})).toEqual({
    samples: [sample('maintenance_tasks_confirmed', {}, 0)],
    problems: [],
  });
});

test.each([
  ['lost', undefined, true],
  ['of another format', { format: 2, tasks: {} }, false],
  ['with an outcome nobody knows', { format: 1, tasks: { a: { at: 1, outcome: 'ok', by: '' } } }, false],
])('a record that is %s says nothing', async (_, document, lost) => {
  const { samples, problems } = await task.collect(hostWith(document, lost), {});
  expect(samples).toEqual([]);
  expect(problems.map(({ reason }) => reason)).toEqual(['state_unreadable']);
});
