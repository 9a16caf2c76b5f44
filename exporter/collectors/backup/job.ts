import { z } from 'zod';
import { durationSchema } from '../../duration.ts';

/** Text that must not be empty; `what` says in an error what is expected. */
export function words(what: string) {
  return z.string({ error: `expected ${what}` }).min(1, `expected ${what}`);
}

/** What every declared backup job has in the configuration of its collector. */
export const jobShape = {
  backup_job: words('a name for the job, as it shall stand in alerts').describe(
    'Name of the job, as it stands in alerts; unique.',
  ),
  expected_interval: durationSchema.describe('How often the job runs, such as `24h`.'),
  criticality: z
    .enum(['critical', 'normal'], { error: 'expected critical or normal' })
    .default('normal')
    .describe('Whether the business stands still without it: `critical` or `normal`.'),
  minimum_bytes: z
    .number({ error: 'expected a number of bytes' })
    .positive()
    .optional()
    .describe('A restore point smaller than this is incomplete: it counts as partial, never as success.'),
  minimum_files: z
    .number({ error: 'expected a number of files' })
    .positive()
    .optional()
    .describe('A restore point with fewer files than this is incomplete.'),
} as const;

const jobSchema = z.strictObject(jobShape);
/** A backup job as declared, whatever tool runs it. */
export type BackupJob = z.infer<typeof jobSchema>;

/** Refuses a list in which two jobs have the same name. */
export function uniqueJobs(list: readonly { readonly backup_job: string }[]): boolean {
  return new Set(list.map((entry) => entry.backup_job)).size === list.length;
}
