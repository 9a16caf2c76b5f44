import { z } from 'zod';
import type { Problem, State } from '../collector.ts';

/** Name of the state document. Only `confirm` writes it, so that it and a running exporter never undo each other's work. */
export const tasksName = 'tasks';

export const taskOutcomes = ['success', 'failure'] as const;
export type TaskOutcome = (typeof taskOutcomes)[number];

/** Names of tasks, as in the policy. */
export const taskName = /^[a-z][a-z0-9_]{1,40}$/;

const confirmationSchema = z.object({
  /** When it was done, unix seconds. */
  at: z.number(),
  outcome: z.enum(taskOutcomes),
  by: z.string(),
});
/** What somebody last said of a task. */
export type Confirmation = z.infer<typeof confirmationSchema>;

/** By the name of the task. */
export type Confirmations = ReadonlyMap<string, Confirmation>;

const schema = z.object({ format: z.literal(1), tasks: z.record(z.string(), confirmationSchema) });

/** As they are remembered. */
export function tasksDocument(tasks: Confirmations): z.infer<typeof schema> {
  return { format: 1, tasks: Object.fromEntries([...tasks].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

/**
 * Reads what was confirmed; none where nobody ever did.
 * @returns undefined tasks where what is there cannot be read: nothing is known then.
 * @throws CollectorError permission_denied.
 */
export async function readTasks(
  state: State,
): Promise<{ readonly tasks: Confirmations | undefined; readonly problems: readonly Problem[] }> {
  const { document, problems, lost } = await state.read(tasksName);
  if (lost) return { tasks: undefined, problems };
  if (document === undefined) return { tasks: new Map(), problems };
  const { data } = schema.safeParse(document);
  if (data !== undefined) return { tasks: new Map(Object.entries(data.tasks)), problems };
  const message = `${tasksName}.json in the state directory is not what this exporter writes; move it away and confirm the tasks again, or go back to the version that wrote it`;
  return { tasks: undefined, problems: [...problems, { reason: 'state_unreadable', message }] };
}
