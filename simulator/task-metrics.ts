import { type Sample, sample } from '../exporter/metrics.ts';
import { isReadable } from './task-findings.ts';
import type { Life } from './world.ts';

/** What the host that holds the confirmations of its customer says of them. */
export function tasks(life: Life, instant: number): readonly Sample[] {
  if (life.tasks === undefined || !isReadable(life, instant)) return [];
  const confirmed = life.tasks.tasks.flatMap(({ name, confirmations }) => {
    const newest = confirmations.findLast(({ at }) => at <= instant);
    return newest === undefined ? [] : [{ task: name, ...newest }];
  });
  return [
    sample('maintenance_tasks_confirmed', {}, confirmed.length),
    ...confirmed.flatMap(({ task, at, success }) => [
      sample('maintenance_task_last_confirmed_timestamp_seconds', { task }, at),
      sample('maintenance_task_last_outcome_success', { task }, success ? 1 : 0),
    ]),
  ];
}
