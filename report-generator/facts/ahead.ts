import { z } from 'zod';

/** What ends: a certificate, the proof that a backup can be restored, support of a system, a licence, a warranty. */
export const deadlineKinds = ['certificate', 'restore_test', 'os_supported', 'licence', 'warranty'] as const;

/** What is known to come, on the wall clock of the customer: `2026-11-08T02:00`, days `2026-11-08`. */
export const aheadSchema = z.strictObject({
  /** Maintenance windows of the next month; `more` are those after the first. */
  windows: z.array(
    z.strictObject({ name: z.string(), from: z.string(), to: z.string(), more: z.int().min(0) }),
  ),
  /** Tasks due in the next month, by the calendar; `more` are the days after the first. */
  tasks: z.array(
    z.strictObject({ title: z.string(), owner: z.string(), due: z.string(), more: z.int().min(0) }),
  ),
  /** What ends within a quarter after the month, soonest first; objects that end together are one. */
  deadlines: z.array(
    z.strictObject({
      kind: z.enum(deadlineKinds),
      day: z.string(),
      objects: z.array(z.strictObject({ instance: z.string(), object: z.string() })).min(1),
    }),
  ),
  queries: z.array(z.string()),
});
export type Ahead = z.infer<typeof aheadSchema>;
