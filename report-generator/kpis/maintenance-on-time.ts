import { recorded } from '../../alerts/records.ts';
import type { TaskFacts, TaskOutcome } from '../facts/tasks.ts';
import type { Kpi, Measured, MonthFacts } from '../kpi.ts';
import { monthValues, rangeOf } from '../month-query.ts';
import { monthTasks } from '../month-tasks.ts';
import { taskCounts } from '../task-counts.ts';

/**
 * Tasks of people confirmed by their deadline / those whose deadline has passed or that were done. Late and missed ones count
 * against it, and so do those of which nobody could tell, as unknown ones. What still runs is told by the next month.
 */
export const maintenanceOnTime: Kpi = {
  id: 'maintenance_on_time',
  unit: 'ratio',
  better: 'high',
  measure: async (measuring) => {
    const { facts, month, months, prometheus } = measuring;
    const target = `last_over_time(${recorded('maintenance:control_target:ratio', { control: 'tasks' })}${rangeOf(month.period)})`;
    const targets = await monthValues(prometheus, target, 'control', month.period);
    const trend = await Promise.all(
      months.map(async (each) => {
        const found = each === month ? facts.tasks : await monthTasks(measuring, each.period);
        return { month: each.period.month, value: shareOnTime(found, each), time: knownShare(found) };
      }),
    );
    const counts = taskCounts(facts.tasks);
    const value = trend.at(-1)?.value ?? null;
    const { planned, on_time, unconfirmed } = counts;
    return {
      value,
      reason: value === null ? reasonOf(facts.tasks, counts, month) : null,
      numerator: value === null ? null : on_time,
      denominator: value === null ? null : planned,
      target: targets.get('tasks') ?? null,
      coverage: { objects: value === null ? null : (planned - unconfirmed) / planned, time: 1 },
      atEnd: null,
      trend,
      queries: [...(facts.tasks?.queries ?? []), target],
    };
  },
};

/** What was unconfirmed is as little known as what was not watched. */
function knownShare(tasks: TaskFacts | undefined): number {
  const { planned, unconfirmed } = taskCounts(tasks);
  return planned === 0 ? 1 : (planned - unconfirmed) / planned;
}

/** Null where no task was due, and where nothing is known of any of them: that is no 0%. */
function shareOnTime(tasks: TaskFacts | undefined, month: MonthFacts): number | null {
  const { planned, on_time, unconfirmed } = taskCounts(tasks);
  if (month.controls.evaluations === 0 || planned === unconfirmed) return null;
  return on_time / planned;
}

function reasonOf(
  tasks: TaskFacts | undefined,
  { planned }: Readonly<Record<TaskOutcome | 'planned', number>>,
  { controls }: MonthFacts,
): Measured['reason'] {
  if (tasks === undefined) return 'nothing_expected';
  if (controls.evaluations === 0) return 'no_evaluations';
  return planned === 0 ? 'nothing_happened' : 'no_series';
}
