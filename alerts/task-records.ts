import { vector } from '../exporter/metrics.ts';
import { firstOf, nested, past } from './control.ts';
import type { Policy } from './policy.ts';
import { recorded } from './records.ts';
import type { RecordingRule } from './rules.ts';

const labels = { control: 'tasks' } as const;
const seen = 'object:maintenance_control_seen:bool';
const since = 'object:maintenance_control_since_timestamp_seconds:now';
const expected = 'object:maintenance_control_expected:bool';
const limit = 'object:maintenance_control_limit_seconds:effective';

type Listed = Pick<Policy, 'tasks'>;

/**
 * The tasks of each customer, what is known of them, and since when each is due. A confirmation stands for a day after the
 * host that holds it fell silent; which host holds the newest makes no difference.
 */
export function tasksSeen(policy: Listed): readonly RecordingRule[] {
  const tasks = Object.entries(policy.tasks);
  if (tasks.length === 0) return [];
  const info = tasks.map(([object, { category, owner }]): RecordingRule => ({
    record: 'maintenance:task:info',
    expr: 'vector(1)',
    labels: { object, category, owner },
  }));
  const done = lastOf(1);
  const failed = lastOf(0);
  const alternatives = firstOf(
    // After a failure nothing is done, whatever was before.
    `((${nested(`${failed}\nunless\n(${done} > ${failed})`)}) * 0 - Inf)`,
    done,
    neverDone(policy),
  );
  return [
    ...info,
    { record: seen, expr: firstOf(...tasks.map(([name, task]) => customersOf(name, task))), labels },
    {
      record: since,
      expr: `(${nested(alternatives)})\nand on (customer, object)\n${recorded(seen, labels)}`,
      labels,
    },
  ];
}

/** Every task of the policy at this moment: one that was taken out is expected no longer. */
export function tasksExpected({ tasks }: Listed): readonly RecordingRule[] {
  if (Object.keys(tasks).length === 0) return [];
  return [{ record: expected, expr: `group by (customer, object) (${recorded(seen, labels)})`, labels }];
}

/** The longest time between two times, and the grace of the task. */
export function taskLimits({ tasks }: Listed): readonly RecordingRule[] {
  if (Object.keys(tasks).length === 0) return [];
  const limits = Object.entries(tasks).map(
    ([object, { every, grace }]) => `${recorded(expected, { ...labels, object })} * ${every.seconds + grace}`,
  );
  return [{ record: limit, expr: firstOf(...limits), labels }];
}

/** PromQL: when each task was last confirmed with this outcome, by customer. */
function lastOf(outcome: 0 | 1): string {
  const confirmed = `last_over_time(${vector('maintenance_task_last_confirmed_timestamp_seconds')}[1d])`;
  const ended = `(last_over_time(${vector('maintenance_task_last_outcome_success')}[1d]) == ${outcome})`;
  return perTask(`${past(confirmed)} and ${ended}`);
}

function perTask(confirmations: string): string {
  return `max by (customer, object) (label_replace(${confirmations}, "object", "$1", "task", "(.+)"))`;
}

/** PromQL: tasks nobody confirmed, where some host of the customer can tell: due from the day they begin, else for ever. */
function neverDone({ tasks }: Listed): string {
  const all = `group by (customer, object) (${recorded(seen, labels)})`;
  const begun = Object.entries(tasks).flatMap(([object, { from }]) =>
    from === undefined
      ? []
      : [`group by (customer, object) (${recorded(seen, { ...labels, object })}) * ${midnight(from)}`],
  );
  const confirmed = perTask(
    `last_over_time(${vector('maintenance_task_last_confirmed_timestamp_seconds')}[1d])`,
  );
  return [
    `((${nested(firstOf(...begun, `${all} - Inf`))})`,
    `and on (customer) ${vector('maintenance_tasks_confirmed')}`,
    `unless ${confirmed})`,
  ].join('\n');
}

/** PromQL: the customers that have the task; one with `roles` only where a host has one of them, one with `from` since then. */
function customersOf(name: string, { customers, roles, from }: Policy['tasks'][string]): string {
  const hosts = recorded('instance:maintenance_host_expected:bool', {
    ...(customers === undefined ? {} : { customer: customers }),
    ...(roles === undefined ? {} : { role: roles }),
  });
  const having = `group by (customer) (${hosts})`;
  const begun = from === undefined ? having : `(${having} and on () (vector(time()) >= ${midnight(from)}))`;
  return `label_replace(${begun}, "object", "${name}", "", "")`;
}

/** Unix seconds at the start of a day, UTC: zones make a difference of hours, cadences are weeks. */
function midnight(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}
