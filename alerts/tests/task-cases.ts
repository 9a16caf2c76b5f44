import type { RecordCase, Verdict } from './record-cases.ts';
import { type AlertCases, alive, dead, fires, type Firing, turns } from './case-tables.ts';
import { days, fact, hours, type Lasting, minutes, scraped, type Series, type Target } from './facts.ts';

const server: Target = { customer: 'cedar', instance: 'app-1', role: 'server' };
const other: Target = { customer: 'cedar', instance: 'mon-1', role: 'server' };
const control = 'tasks';
const cedar = { customer: 'cedar', control };
const review: Firing = { ...cedar, object: 'log_review', owner: 'ops' };
const drill: Firing = { ...cedar, object: 'drill', owner: 'backups' };

const up = (on: Target, lasting: Lasting = {}): Series => ({
  ...scraped({ on, ...lasting }),
  ...fact('maintenance_tasks_confirmed', {}, 1, { on, ...lasting }),
});
const confirmed = (task: string, at: number, outcome: 0 | 1 = 1, lasting: Lasting = {}): Series => ({
  ...fact('maintenance_task_last_confirmed_timestamp_seconds', { task }, at, { on: server, ...lasting }),
  ...fact('maintenance_task_last_outcome_success', { task }, outcome, { on: server, ...lasting }),
});
/** The others are done, so that only one task is overdue. */
const done = (...tasks: readonly string[]): Series =>
  Object.assign({}, ...tasks.map((task) => confirmed(task, 0)));

/** Ten days and the one of grace that is not told. */
const limit = 11 * days;
/** Twenty days and two of grace. */
const drillLimit = 22 * days;

export const taskCases: Readonly<Record<string, AlertCases>> = {
  MaintenanceTaskOverdue: {
    fires: [
      {
        series: {
          ...up(server),
          ...done('drill'),
          ...confirmed('log_review', turns - limit - 1),
          ...confirmed('log_revue', 0),
        },
        at: fires,
        firing: [review],
        description:
          'cedar: nobody has confirmed task log_review of ops as done for 11d 0h 15m 1s; confirmed and unknown to the policy: log_revue (allowed: 11d 0h 0m 0s). First step: do it, then `maintenance-exporter confirm log_review` on a host of the customer.',
      },
      {
        // Never confirmed, and a host that says so.
        series: { ...up(server), ...done('drill') },
        at: 15 * minutes,
        firing: [review],
        description:
          'cedar: task log_review of ops was never confirmed, or not done the last time (allowed: 11d 0h 0m 0s). First step: do it, then `maintenance-exporter confirm log_review` on a host of the customer.',
      },
      {
        // Not done the last time, on another host than the last success.
        series: {
          ...up(server),
          ...up(other),
          ...done('drill', 'log_review'),
          ...confirmed('log_review', 60, 0, { on: other }),
        },
        at: 15 * minutes,
        firing: [review],
      },
      {
        // A task that begins a day into the test is late a day and an hour after that.
        series: { ...up(server), ...done('drill', 'log_review') },
        at: 2 * days + hours + 30 * minutes,
        firing: [{ ...cedar, object: 'late_start', owner: 'ops' }],
      },
      {
        // A customer with a host of the role has the task of that role.
        series: {
          ...up({ ...server, role: 'appliance' }),
          ...done('drill', 'log_review'),
        },
        at: 15 * minutes,
        firing: [{ ...cedar, object: 'of_appliances', owner: 'ops' }],
      },
    ],
    silent: [
      {
        series: { ...up(server), ...done('drill'), ...confirmed('log_review', fires - limit) },
        at: fires,
        firing: [],
      },
      {
        // The success after a failure counts, whichever host holds it.
        series: {
          ...up(server),
          ...up(other),
          ...done('drill'),
          ...confirmed('log_review', 60, 1),
          ...confirmed('log_review', 0, 0, { on: other }),
        },
        at: fires,
        firing: [],
      },
      { series: { ...up(server), ...done('drill', 'log_review') }, at: 2 * days + hours, firing: [] },
    ],
    override: [
      // Each task has a limit of its own.
      {
        series: { ...up(server), ...done('log_review'), ...confirmed('drill', turns - limit - 1) },
        at: fires,
        firing: [],
      },
      {
        series: { ...up(server), ...done('log_review'), ...confirmed('drill', turns - drillLimit - 1) },
        at: fires,
        firing: [drill],
      },
    ],
    'exporter dead': [
      {
        series: {
          ...up(server, alive),
          ...confirmed('drill', 0, 1, alive),
          ...confirmed('log_review', turns - limit - 1, 1, alive),
        },
        at: dead,
        firing: [review],
        beside: ['MaintenanceHostDown'],
      },
      {
        // Another host still answers: what the silent one held stands for a day, then nobody confirmed it.
        series: {
          ...up(other),
          ...up(server, alive),
          ...confirmed('log_review', 0, 1, alive),
          ...confirmed('drill', 0, 1, alive),
        },
        at: 6 * hours + days - 15 * minutes,
        firing: [],
      },
      {
        series: {
          ...up(other),
          ...up(server, alive),
          ...confirmed('log_review', 0, 1, alive),
          ...confirmed('drill', 0, 1, { on: other }),
        },
        at: 6 * hours + days + hours,
        firing: [review],
      },
    ],
    'metric absent': [
      // Nobody can tell whether it was done: unknown, not overdue.
      { series: scraped({ on: server }), at: fires, firing: [] },
      // A clock that runs ahead is no confirmation, and no lack of one.
      {
        series: { ...up(server), ...done('drill'), ...confirmed('log_review', 90 * days) },
        at: fires,
        firing: [],
      },
    ],
  },
};

const share = (compliant: number): RecordCase['expect'] => ({
  'customer:maintenance_control_compliant:ratio{control="tasks"}': {
    'customer:maintenance_control_compliant:ratio{customer="cedar",control="tasks"}': compliant,
  },
});

/** Tasks belong to a customer: their series have neither instance nor role. */
export function taskRecordCases(verdict: Verdict): readonly RecordCase[] {
  const on = 'customer="cedar"';
  return [
    {
      fact: 'one task done, one not done the last time, one not begun and one of another role',
      series: { ...up(server), ...confirmed('log_review', 0), ...confirmed('drill', 60, 0) },
      at: hours,
      expect: {
        ...verdict(
          control,
          {
            log_review: { known: 1, compliant: 1, age: hours },
            drill: { known: 1, compliant: 0, age: Infinity },
          },
          on,
        ),
        ...share(0.5),
        'object:maintenance_control_limit_seconds:effective{control="tasks"}': {
          'object:maintenance_control_limit_seconds:effective{customer="cedar",control="tasks",object="log_review"}':
            limit,
          'object:maintenance_control_limit_seconds:effective{customer="cedar",control="tasks",object="drill"}':
            drillLimit,
        },
        'maintenance:task:info{object="drill"}': {
          'maintenance:task:info{object="drill",category="perfective",owner="backups"}': 1,
        },
      },
    },
    {
      fact: 'tasks of a customer none of whose hosts can tell of confirmations are expected and unknown',
      series: scraped({ on: server }),
      at: hours,
      expect: {
        ...verdict(
          control,
          { log_review: { known: 0, compliant: 0 }, drill: { known: 0, compliant: 0 } },
          on,
        ),
        ...share(0),
      },
    },
    {
      fact: 'a task that began half a day ago and nobody confirmed',
      series: { ...up(server), ...done('log_review', 'drill') },
      at: days + 12 * hours,
      expect: verdict(
        control,
        {
          log_review: { known: 1, compliant: 1, age: 36 * hours },
          drill: { known: 1, compliant: 1, age: 36 * hours },
          late_start: { known: 1, compliant: 1, age: 12 * hours },
        },
        on,
      ),
    },
  ];
}
