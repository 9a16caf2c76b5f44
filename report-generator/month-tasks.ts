import { vector } from '../exporter/metrics.ts';
import { recorded } from '../alerts/records.ts';
import { offsetAt } from '../alerts/zone.ts';
import { concerns } from './concerns.ts';
import { dayOf } from './due-days.ts';
import type { TaskFacts } from './facts/tasks.ts';
import type { Measuring } from './kpi.ts';
import { lately, lookingThrough, pointsOf } from './month-points.ts';
import type { Period } from './period.ts';
import { occurrencesOf } from './task-occurrences.ts';
import { taskRecord } from './task-record.ts';

type Asking = Pick<Measuring, 'prometheus' | 'policy' | 'customer'>;

/** What the people of a customer had to do in a month, and did; undefined where the policy has no task for it. */
export async function monthTasks(
  { prometheus, policy, customer }: Asking,
  period: Period,
): Promise<TaskFacts | undefined> {
  const tasks = Object.entries(policy.tasks).filter(([, { customers }]) => concerns(customers, customer));
  const zone = policy.customers[customer]?.zone;
  if (tasks.length === 0 || zone === undefined) return undefined;
  const questions = questionsOf(customer);
  const ask = (query: string) => pointsOf(prometheus, query, period);
  const [done, held, read, expected, evaluated, counted] = await Promise.all([
    ask(questions.done),
    ask(questions.held),
    ask(questions.read),
    ask(questions.expected),
    ask(questions.evaluated),
    ask(questions.counted),
  ]);
  const points = { done, held, read, expected, evaluated, counted };
  const first = dayOf(period.start + offsetAt(zone, period.start));
  return {
    tasks: tasks.flatMap(([name, task]) => {
      const occurrences = occurrencesOf(task, zone, period, taskRecord(name, points));
      if (occurrences.length === 0) return [];
      const { title, category, owner } = task;
      return [
        {
          name,
          title,
          category,
          owner,
          occurrences: occurrences.map(({ due, outcome, confirmed }) => ({
            due,
            day: due < first ? 1 : Number(due.slice(8)),
            outcome,
            confirmed,
          })),
        },
      ];
    }),
    holidays: holidaysOf(policy.customers[customer]?.holidays ?? [], period.month),
    queries: Object.values(questions).map((query) => lookingThrough(query, period)),
  };
}

function holidaysOf(
  holidays: readonly { readonly from: string; readonly to: string }[],
  month: string,
): number[] {
  return Array.from({ length: 31 }, (_, index) => index + 1).filter((date) => {
    const written = `${month}-${String(date).padStart(2, '0')}`;
    return holidays.some(({ from, to }) => from <= written && written <= to);
  });
}

function questionsOf(customer: string) {
  const own = { customer };
  const confirmed = lately(vector('maintenance_task_last_confirmed_timestamp_seconds', own));
  const succeeded = lately(vector('maintenance_task_last_outcome_success', own));
  return {
    done: `max by (instance, task) (${confirmed} and (${succeeded} == 1))`,
    held: `max by (instance, task) (${confirmed})`,
    read: `max(${lately(vector('maintenance_tasks_confirmed', own))})`,
    expected: `max by (object) (${lately(recorded('object:maintenance_control_expected:bool', { ...own, control: 'tasks' }))})`,
    evaluated: `max(${lately(recorded('maintenance:evaluation_timestamp_seconds', { rule_group: 'maintenance-controls' }))})`,
    counted: `max(${lately(recorded('instance:maintenance_host_expected:bool', own))})`,
  } as const;
}
