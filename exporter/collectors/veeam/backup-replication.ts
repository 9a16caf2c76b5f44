import type { Problem } from '../../collector.ts';
import type { Rest } from '../backup/rest.ts';
import { sorted, strangers, textIn } from './decode.ts';
import type { JobHistory } from './history.ts';
import { loggedIn } from './login.ts';
import { pages } from './pages.ts';
import { jobSchema, parseHistory } from './replication-jobs.ts';
import { countRestorePoints } from './restore-points.ts';
import type { Run } from './sessions.ts';
import { tokens } from './token.ts';

/** What Backup & Replication told. */
export interface ReplicationRead {
  readonly jobs: ReadonlyMap<string, JobHistory>;
  /** Jobs of which something could not be understood. */
  readonly unknown: ReadonlySet<string>;
  /** Runs of SureBackup jobs, by their name: machines were started from their backups. */
  readonly restoreTests: ReadonlyMap<string, readonly Run[]>;
  readonly problems: readonly Problem[];
}

/**
 * Reads jobs, sessions and the number of restore points from Veeam Backup & Replication, version 12 or 13.
 * @param since unix seconds: only sessions that began then or later.
 */
export async function readBackupReplication(
  rest: Rest,
  credentials: { readonly user: string; readonly password: string },
  apiVersion: string | undefined,
  since: number,
): Promise<ReplicationRead> {
  const login = tokens(rest, credentials, apiVersion);
  const server = loggedIn(rest, login.first, login.again);
  try {
    const states = sorted(await pages(server, '/api/v1/jobs/states?', 'the list of jobs'), jobSchema);
    const after = encodeURIComponent(new Date(since * 1000).toISOString());
    const order = `orderColumn=CreationTime&orderAsc=false&createdAfterFilter=${after}&`;
    const sessions = await pages(server, `/api/v1/sessions?${order}`, 'the list of sessions');
    const read = parseHistory(states.read, sessions);
    const counts = await countRestorePoints(server);
    const lost = states.strange.map((job) => textIn(job, 'name'));
    return {
      ...read,
      jobs: new Map(
        [...read.jobs].map(([name, { id, ...history }]) => [
          name,
          { ...history, restorePoints: counts.counts.get(id) },
        ]),
      ),
      unknown: new Set([...read.unknown, ...lost.filter((name) => name !== undefined)]),
      problems: [
        ...strangers(lost, states.read.length + lost.length, 'jobs'),
        ...read.problems,
        ...counts.problems,
      ],
    };
  } finally {
    const headers = await server.headers();
    if (headers !== undefined)
      await rest.ask('/api/oauth2/logout', { method: 'POST', headers, body: '' }).catch(() => undefined);
  }
}
