import { join } from 'node:path';
import { z } from 'zod';
import { restoreQuerySchema } from '../collectors/backup/restore-query.ts';
import { askRestored, asOwner, dataFolder, shellWords } from './postgresql.ts';
import type { Restorer } from './restorer.ts';

const jobSchema = z.object({
  stanza: z.string(),
  repo: z.number().optional(),
  config: z.string().optional(),
  user: z.string().optional(),
  restore_query: restoreQuerySchema.optional(),
});
type Job = z.infer<typeof jobSchema>;

/**
 * Restores the newest backup of the stanza, whose checksums pgBackRest compares, and starts a PostgreSQL on it that reaches as
 * far as it must to be consistent and no further.
 */
export const pgbackrest: Restorer = {
  collector: 'pgbackrest',
  restore: async (task) => {
    const { scratch } = task;
    const job = jobSchema.parse(task.job);
    const runAs = await asOwner(task, job.user, 'postgres');
    await runAs('pgbackrest restore', ['pgbackrest', ...restoreArguments(job, scratch)]);
    await askRestored({
      scratch,
      runAs,
      settings: { restore_command: walCommand(job, scratch) },
      readRows: false,
      query: job.restore_query,
    });
  },
};

/** Nothing outside of the scratch folder is written: the database, its tablespaces and the locks are moved into it. */
function commonArguments({ config, stanza, repo }: Job, scratch: string): readonly string[] {
  return [
    ...(config === undefined ? [] : [`--config=${config}`]),
    `--stanza=${stanza}`,
    ...(repo === undefined ? [] : [`--repo=${repo}`]),
    `--pg1-path=${dataFolder(scratch)}`,
    `--lock-path=${join(scratch, 'lock')}`,
    '--log-level-file=off',
  ];
}

function restoreArguments(job: Job, scratch: string): readonly string[] {
  return [
    ...commonArguments(job, scratch),
    `--tablespace-map-all=${join(scratch, 'tablespaces')}`,
    '--type=immediate',
    '--target-action=promote',
    // A damaged file stays damaged: no half minute of further attempts.
    '--job-retry=0',
    '--log-level-console=off',
    '--log-level-stderr=warn',
    'restore',
  ];
}

/** Fetches WAL without the spool, which the original may be using. */
function walCommand(job: Job, scratch: string): string {
  const words = ['pgbackrest', ...commonArguments(job, scratch), '--no-archive-async', 'archive-get'];
  return `${shellWords(words)} %f "%p"`;
}
