import type { TaskFacts } from '../facts/tasks.ts';
import type { Measuring } from '../kpi.ts';
import { monthTasks } from '../month-tasks.ts';

/** Tasks of people in the month; absent where the policy has none for the customer. */
export async function readTasks(measuring: Measuring): Promise<TaskFacts | undefined> {
  return monthTasks(measuring, measuring.month.period);
}
