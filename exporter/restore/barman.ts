import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { restoreQuerySchema } from '../collectors/backup/restore-query.ts';
import { type BackupLayout, parseLayout } from '../collectors/barman/layout.ts';
import { askRestored, asOwner, dataFolder, programsOf, type RunAsOwner, shellWords } from './postgresql.ts';
import type { Restorer } from './restorer.ts';

const jobSchema = z.object({
  server: z.string(),
  config: z.string().optional(),
  user: z.string().optional(),
  restore_query: restoreQuerySchema.optional(),
});
type Job = z.infer<typeof jobSchema>;

/**
 * Restores the newest backup of the server, compares its files with their manifest, and starts a PostgreSQL on it that reaches
 * as far as it must to be consistent and no further. Barman itself copies and compares nothing: without a manifest every row
 * is read.
 */
export const barman: Restorer = {
  collector: 'barman',
  restore: async (task) => {
    const { scratch } = task;
    const job = jobSchema.parse(task.job);
    const runAs = await asOwner(task, job.user, 'barman');
    const barmanSays = (what: string, ...args: readonly string[]) =>
      runAs(`barman ${what}`, ['barman', ...configArguments(job), ...args]);
    const shown = await barmanSays('show-backup', '-f', 'json', 'show-backup', job.server, 'latest');
    const known = await barmanSays('recover --help', 'recover', '--help');
    const layout = parseLayout(shown, job.server);
    await barmanSays('recover', 'recover', ...recoverArguments(job, layout, known, scratch));
    const verified = await verifyFiles(dataFolder(scratch), runAs);
    await askRestored({
      scratch,
      runAs,
      settings: {
        restore_command: `${shellWords(['barman', ...configArguments(job), 'get-wal', job.server])} %f > "%p"`,
        // One that branched off later is of no concern, and one that did before the backup would be refused.
        recovery_target_timeline: 'current',
      },
      readRows: !verified,
      query: job.restore_query,
    });
  },
};

function configArguments({ config }: Job): readonly string[] {
  return config === undefined ? [] : ['-c', config];
}

/**
 * What `barman recover` is asked; 3.12 and later call it `restore` and know this name, too (barman/cli.py). A tablespace that is
 * not moved would be restored over the original. WAL is fetched when it is needed: otherwise all since the backup is copied.
 * @param known what `barman recover --help` prints: older ones do not know every option.
 */
function recoverArguments(
  { server }: Job,
  { id, tablespaces }: BackupLayout,
  known: string,
  scratch: string,
): readonly string[] {
  // Of compressed backups, and of incremental ones; without effect on others.
  const staging = ['--recovery-staging-path', '--local-staging-path'].filter((option) =>
    known.includes(option),
  );
  return [
    '--get-wal',
    '--target-immediate',
    '--target-action=promote',
    '--no-retry',
    ...staging.flatMap((option) => [option, scratch]),
    ...tablespaces.flatMap((name, at) => [
      '--tablespace',
      `${name}:${join(scratch, 'tablespaces', `${at}`)}`,
    ]),
    server,
    id,
    dataFolder(scratch),
  ];
}

/** What barman leaves out or writes itself when it restores (barman/recovery_executor.py), relative to the data directory. */
const changed = [
  '.barman-recover.info',
  'barman_wal',
  'log',
  'pg_log',
  'postgresql.conf',
  'postgresql.conf.origin',
  'postgresql.auto.conf.origin',
  'tablespace_map',
];

/** Compares every file with the manifest of the backup; false when there is none, or nothing that reads it. */
async function verifyFiles(data: string, runAs: RunAsOwner): Promise<boolean> {
  // Renamed by barman: PostgreSQL must not take it for one of the restored server.
  const manifest = (await readdir(data)).find((name) => /^backup_manifest(?:\.|$)/.test(name));
  const verifier = join(await programsOf(data), 'pg_verifybackup');
  if (manifest === undefined || !existsSync(verifier)) return false;
  const ignored = [...changed, manifest].flatMap((path) => ['-i', path]);
  const from = join(data, manifest);
  await runAs('pg_verifybackup', [
    verifier,
    '--exit-on-error',
    '--no-parse-wal',
    '-m',
    from,
    ...ignored,
    data,
  ]);
  return true;
}
