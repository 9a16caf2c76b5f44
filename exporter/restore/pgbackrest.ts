import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { restoreQuerySchema } from '../collectors/pgbackrest/restore-query.ts';
import { RestoreError } from './failure.ts';
import { requireSuccess, type RestoreTask, type Restorer } from './restorer.ts';

const jobSchema = z.object({
  stanza: z.string(),
  repo: z.number().optional(),
  config: z.string().optional(),
  user: z.string().optional(),
  restore_query: restoreQuerySchema.optional(),
});
type Job = z.infer<typeof jobSchema>;

/**
 * Restores the newest backup of the stanza into a PostgreSQL of its own, starts it on a socket in the scratch folder, asks it,
 * and stops it. It reaches as far as it must to be consistent and no further, archives nothing, preloads nothing and connects
 * to nobody.
 */
export const pgbackrest: Restorer = {
  collector: 'pgbackrest',
  restore: async (task) => {
    const job = jobSchema.parse(task.job);
    const as = await becoming(job, task);
    const ask = async (what: string, argv: readonly string[]) => {
      const [tool = '', ...args] = [...as, ...argv];
      const result = await task.run(tool, args);
      requireSuccess(result, what);
      return result.stdout;
    };
    const data = join(task.scratch, 'data');
    await ask('mkdir', ['mkdir', '-m', '700', data]);
    await ask('pgbackrest restore', ['pgbackrest', ...restoreArguments(job, task.scratch)]);
    const programs = programsOf((await readFile(join(data, 'PG_VERSION'), 'utf8')).trim());
    // Debian keeps these two outside of the data directory, so no backup has them; those of the backup would let others in.
    await writeFile(join(task.scratch, 'postgresql.conf'), '');
    await writeFile(join(task.scratch, 'pg_hba.conf'), 'local all all trust\n');
    const { role, database, sql } = restoreQuerySchema.parse(job.restore_query ?? {});
    const server = serverArguments(job, task.scratch);
    const script = ['sh', '-c', session, 'sh', programs, task.scratch, role, database, sql ?? '', ...server];
    const answer = (await ask('the restored PostgreSQL', script)).trim();
    if (sql !== undefined && answer !== 't')
      throw new RestoreError(
        'check_failed',
        `restore_query answered ${JSON.stringify(answer.slice(0, 100))} and not t`,
      );
  },
};

/** Words before a command that make it run as the owner of the database: PostgreSQL refuses to run as root. */
async function becoming({ user }: Job, { scratch, run }: RestoreTask): Promise<readonly string[]> {
  if (process.getuid?.() === 0) {
    const owner = user ?? 'postgres';
    requireSuccess(await run('chown', [owner, scratch]), 'chown');
    return ['runuser', '-u', owner, '--'];
  }
  if (user === undefined || user === userInfo().username) return [];
  throw new RestoreError(
    'restore_failed',
    `the restored PostgreSQL must run as ${user}: run restore-test as root or as ${user}`,
  );
}

/** Nothing outside of the scratch folder is written: the database, its tablespaces and the locks are moved into it. */
function commonArguments({ config, stanza, repo }: Job, scratch: string): readonly string[] {
  return [
    ...(config === undefined ? [] : [`--config=${config}`]),
    `--stanza=${stanza}`,
    ...(repo === undefined ? [] : [`--repo=${repo}`]),
    `--pg1-path=${join(scratch, 'data')}`,
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

/** Fetches WAL without the spool, which the original may be using. PostgreSQL gives it to a shell, with %f and %p filled in. */
function walCommand(job: Job, scratch: string): string {
  const words = ['pgbackrest', ...commonArguments(job, scratch), '--no-archive-async', 'archive-get'];
  const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`).replaceAll('%', '%%')}'`);
  return `${quoted.join(' ')} %f "%p"`;
}

/** Settings on the command line win over those that came back with the backup (postgresql.auto.conf). */
function serverArguments(job: Job, scratch: string): readonly string[] {
  const settings = {
    config_file: join(scratch, 'postgresql.conf'),
    hba_file: join(scratch, 'pg_hba.conf'),
    unix_socket_directories: scratch,
    listen_addresses: '',
    port: '5432',
    ssl: 'off',
    restore_command: walCommand(job, scratch),
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
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * Starts the server, waits until it answers, asks, and stops it at once, as nobody needs what it would still write. That it
 * is stopped holds for a session that is ended too: its processes are not all in one group.
 * Arguments: folder of the programs, scratch folder, role, database, SQL, then those of the server.
 */
const session = `
programs=$1 scratch=$2 role=$3 database=$4 sql=$5
shift 5
"$programs/postgres" -D "$scratch/data" "$@" >"$scratch/log" 2>&1 &
server=$!
stop() { kill -QUIT $server 2>/dev/null; wait $server; }
trap stop EXIT
trap 'exit 143' TERM INT
ask() { "$programs/psql" -h "$scratch" -p 5432 -U "$role" -XqAt -v ON_ERROR_STOP=1 -v VERBOSITY=terse -d "$1" -c "$2"; }
until ask template1 'select 1' >/dev/null 2>"$scratch/said"; do
  if ! kill -0 $server 2>/dev/null; then grep -E 'FATAL|PANIC' "$scratch/log" | tail -n 1 >&2; exit 1; fi
  if grep -q 'FATAL: *role' "$scratch/said"; then cat "$scratch/said" >&2; exit 1; fi
  sleep 0.2
done
ask template1 "select datname from pg_database where datallowconn" >"$scratch/databases" || exit 1
while read -r name; do ask "$name" 'select count(*) from pg_class' >/dev/null || exit 1; done <"$scratch/databases"
if [ -n "$sql" ]; then ask "$database" "$sql" || exit 1; fi
`;

/** Where the programs of this major version are: Debian, Red Hat, SUSE, or PATH. @throws RestoreError restore_failed. */
function programsOf(version: string): string {
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
