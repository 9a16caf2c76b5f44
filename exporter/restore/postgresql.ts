import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type RestoreQuery, restoreQuerySchema } from '../collectors/backup/restore-query.ts';
import { RestoreError } from './failure.ts';
import { session } from './postgresql-session.ts';
import { requireSuccess, type RestoreTask } from './restorer.ts';

/** Runs a command as the owner of the database, and returns what it printed. `what` names it in messages. */
export type RunAsOwner = (what: string, argv: readonly string[]) => Promise<string>;

/** Where a tool restores the data directory to. */
export function dataFolder(scratch: string): string {
  return join(scratch, 'data');
}

/**
 * Runs commands as a user who may own a database, as PostgreSQL refuses to run as root. Temporary files are in the scratch
 * folder: nothing of a tool that is ended is left.
 * @param user as the job names it; undefined is the user of this process.
 * @param usual who it is when this process is root and the job names nobody.
 * @throws RestoreError restore_failed when this process may not become that user.
 */
export async function asOwner(
  { scratch, run }: RestoreTask,
  user: string | undefined,
  usual: string,
): Promise<RunAsOwner> {
  const isRoot = process.getuid?.() === 0;
  const owner = user ?? usual;
  if (isRoot) requireSuccess(await run('chown', [owner, scratch]), 'chown');
  else if (user !== undefined && user !== userInfo().username)
    throw new RestoreError(
      'restore_failed',
      `the restored PostgreSQL must run as ${user}: run restore-test as root or as ${user}`,
    );
  const becoming = isRoot ? ['runuser', '-u', owner, '--'] : [];
  const runAs: RunAsOwner = async (what, argv) => {
    const [tool = '', ...args] = [...becoming, ...argv];
    const result = await run(tool, args, { env: { TMPDIR: scratch } });
    requireSuccess(result, what);
    return result.stdout;
  };
  await runAs('mkdir', ['mkdir', '-m', '700', dataFolder(scratch)]);
  return runAs;
}

export interface RestoredServer {
  readonly scratch: string;
  readonly runAs: RunAsOwner;
  /** Settings of the server that only the tool knows, such as the command that fetches WAL. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether every row must be read, because nothing else has shown that the files are as they were saved. */
  readonly readRows: boolean;
  readonly query: RestoreQuery | undefined;
}

/**
 * Starts a PostgreSQL on what was restored, on a socket in the scratch folder, asks it, and stops it. It archives nothing,
 * preloads nothing and connects to nobody.
 * @throws RestoreError check_failed when the answer is another than `t`, restore_failed when it does not start or answer.
 */
export async function askRestored({
  scratch,
  runAs,
  settings,
  readRows,
  query,
}: RestoredServer): Promise<void> {
  const programs = await programsOf(dataFolder(scratch));
  const { role, database, sql } = restoreQuerySchema.parse(query ?? {});
  const options = Object.entries({ ...ownSettings(scratch), ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const words = [programs, scratch, role, database, sql ?? '', readRows ? 'rows' : '', ...options];
  const answer = (await runAs('the restored PostgreSQL', ['sh', '-c', session, 'sh', ...words])).trim();
  if (sql !== undefined && answer !== 't')
    throw new RestoreError(
      'check_failed',
      `restore_query answered ${JSON.stringify(answer.slice(0, 100))} and not t`,
    );
}

/** A command line for `restore_command`: PostgreSQL gives it to a shell, with what stands for %f and %p filled in. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", String.raw`'\''`).replaceAll('%', '%%')}'`).join(' ');
}

/** Where the programs of this major version are: Debian, Red Hat, SUSE, or PATH. @throws RestoreError restore_failed. */
export async function programsOf(data: string): Promise<string> {
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === '')
    throw new RestoreError('restore_failed', 'what came back is no database: it has no file PG_VERSION');
  const folders = [
    `/usr/lib/postgresql/${version}/bin`,
    `/usr/pgsql-${version}/bin`,
    `/usr/lib/postgresql${version}/bin`,
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  const found = folders.find((folder) => existsSync(join(folder, 'postgres')));
  if (found !== undefined) return found;
  throw new RestoreError(
    'restore_failed',
    `the backup is of PostgreSQL ${version}, which is not installed here; install its server package without a cluster`,
  );
}

/** Settings on the command line win over those that came back with the backup (postgresql.auto.conf). */
function ownSettings(scratch: string): Readonly<Record<string, string>> {
  return {
    config_file: join(scratch, 'postgresql.conf'),
    hba_file: join(scratch, 'pg_hba.conf'),
    unix_socket_directories: scratch,
    listen_addresses: '',
    port: '5432',
    ssl: 'off',
    archive_mode: 'off',
    // Otherwise it insists on limits as high as those of the original while it recovers.
    hot_standby: 'off',
    shared_preload_libraries: '',
    session_preload_libraries: '',
    max_logical_replication_workers: '0',
    synchronous_standby_names: '',
    primary_conninfo: '',
    autovacuum: 'off',
    logging_collector: 'off',
    log_destination: 'stderr',
    shared_buffers: '64MB',
    huge_pages: 'off',
    fsync: 'off',
  };
}
