import { z } from 'zod';
import { durationSchema } from '../../duration.ts';

/** Text that must not be empty; `what` says in an error what is expected. */
export function words(what: string) {
  return z.string({ error: `expected ${what}` }).min(1, `expected ${what}`);
}

const restoreTestShape = {
  scratch_directory: words('the path of a directory')
    .startsWith('/', 'expected an absolute path')
    .describe('Where to restore to; the test makes a folder of its own in it and removes it.'),
  timeout: durationSchema.default(3600).describe('How long the restore may take.'),
  maximum_bytes: z
    .number({ error: 'expected a number of bytes' })
    .positive()
    .default(10 * 1024 ** 3)
    .describe('How much it may restore; this much must be free in the scratch directory.'),
  include: z
    .array(words('a path in the backup'))
    .default([])
    .describe('Only these paths of the backup; everything unless set.'),
  minimum_files: z
    .number({ error: 'expected a number of files' })
    .positive()
    .default(1)
    .describe('Fewer files than this are a failure.'),
  canary: z
    .strictObject({
      path: words('a path in the backup').describe('The file, as the backup knows it.'),
      newer_than: durationSchema
        .optional()
        .describe(
          'The canary holds the time it was written (ISO 8601 or unix seconds); older than this is a failure.',
        ),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
        .optional()
        .describe('What the file must hash to.'),
    })
    .optional()
    .describe(
      'A file that must come back as it was: written anew before each backup it proves that the newest one is restored.',
    ),
  manifest: words('a path in the backup')
    .optional()
    .describe(
      'A list of hashes inside the backup (`sha256sum` format, paths relative to it); every file in it must come back and match.',
    ),
  command: z
    .array(words('a word of a command'))
    .min(1)
    .optional()
    .describe(
      'What restores, instead of the tool: run with `$SCRATCH` as its folder. It ends with 0 only when the restore worked.',
    ),
  check: z
    .array(words('a word of a command'))
    .min(1)
    .optional()
    .describe(
      'Looks at what came back: run in the restored folder, with `$SCRATCH` set; it ends with 0 when it is right.',
    ),
} as const;
export const restoreTestSchema = z.strictObject(restoreTestShape);
/** How a job is test-restored. */
export type RestoreTestSettings = z.infer<typeof restoreTestSchema>;

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
  restore_test: restoreTestSchema
    .optional()
    .describe(
      'How `maintenance-exporter restore-test` proves that the job can be restored; see docs/restore-testing.md.',
    ),
} as const;

const jobSchema = z.strictObject(jobShape);
/** A backup job as declared, whatever tool runs it. */
export type BackupJob = z.infer<typeof jobSchema>;

/** A job as declared, or one that was found at a server and of which nobody said how often it runs. */
export type KnownJob = Pick<BackupJob, 'backup_job' | 'minimum_bytes' | 'minimum_files'> & {
  readonly expected_interval?: BackupJob['expected_interval'] | undefined;
  readonly criticality?: BackupJob['criticality'] | undefined;
};

/** Refuses a list in which two jobs have the same name. */
export function uniqueJobs(list: readonly { readonly backup_job: string }[]): boolean {
  return new Set(list.map((entry) => entry.backup_job)).size === list.length;
}
