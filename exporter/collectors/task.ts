import { z } from 'zod';
import { defineCollector } from '../collector.ts';
import { sample } from '../metrics.ts';
import { readTasks } from '../tasks/record.ts';

/** What people confirmed with `maintenance-exporter confirm`. Which tasks there are, and how often, only the policy knows. */
export const task = defineCollector({
  name: 'task',
  summary: 'tasks of people, as `maintenance-exporter confirm` puts them on record',
  tools: [],
  rights: 'to read its own state directory',
  metrics: [
    'maintenance_tasks_confirmed',
    'maintenance_task_last_confirmed_timestamp_seconds',
    'maintenance_task_last_outcome_success',
  ],
  byDefault: true,
  interval: 5 * 60,
  timeout: 30,
  settings: z.strictObject({}),
  example: {},
  detect: async () => ({}),
  collect: async (host) => {
    const { tasks, problems } = await readTasks(host.state);
    if (tasks === undefined) return { samples: [], problems };
    const samples = [...tasks].flatMap(([name, { at, outcome }]) => [
      sample('maintenance_task_last_confirmed_timestamp_seconds', { task: name }, at),
      sample('maintenance_task_last_outcome_success', { task: name }, outcome === 'success' ? 1 : 0),
    ]);
    return { samples: [sample('maintenance_tasks_confirmed', {}, tasks.size), ...samples], problems };
  },
});
