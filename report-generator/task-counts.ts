import { type TaskFacts, type TaskOutcome, taskOutcomes } from './facts/tasks.ts';

export type TaskCounts = Readonly<Record<TaskOutcome | 'planned', number>>;

/** How the times that tasks were due ended; `planned` are all but those that still run. */
export function taskCounts(found: Pick<TaskFacts, 'tasks'> | undefined): TaskCounts {
  return occurrenceCounts((found?.tasks ?? []).flatMap(({ occurrences }) => occurrences));
}

/** The same of one task. */
export function occurrenceCounts(all: readonly { readonly outcome: TaskOutcome }[]): TaskCounts {
  const [on_time = 0, late = 0, missed = 0, unconfirmed = 0, running = 0] = taskOutcomes.map(
    (outcome) => all.filter((one) => one.outcome === outcome).length,
  );
  return { on_time, late, missed, unconfirmed, running, planned: on_time + late + missed + unconfirmed };
}
