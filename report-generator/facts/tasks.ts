import { z } from 'zod';

/**
 * on_time: confirmed by the deadline. late: confirmed after it, and before the next time. missed: not confirmed, as the record
 * shows. unconfirmed: nobody could read the record. running: the deadline lies after the month.
 */
export const taskOutcomes = ['on_time', 'late', 'missed', 'unconfirmed', 'running'] as const;
export type TaskOutcome = (typeof taskOutcomes)[number];

/** What people had to do in the month, by task, in the order of the policy. */
export const tasksSchema = z.strictObject({
  tasks: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      category: z.enum(['preventive', 'corrective', 'adaptive', 'perfective']),
      owner: z.string(),
      occurrences: z.array(
        z.strictObject({
          /** The local day it was due, `2026-10-05`. */
          due: z.string(),
          /** The day of the month it is drawn on: 1 for what was due earlier. */
          day: z.int().min(1).max(31),
          outcome: z.enum(taskOutcomes),
          /** When it was confirmed, unix seconds. */
          confirmed: z.number().nullable(),
        }),
      ),
    }),
  ),
  /** Days of the month that are holidays of the customer. */
  holidays: z.array(z.int().min(1).max(31)),
  queries: z.array(z.string()),
});
export type TaskFacts = z.infer<typeof tasksSchema>;
