import { z } from 'zod';
import { type Problem, problemOf } from '../../collector.ts';
import { eachOf } from '../backup/rest.ts';
import { decode, sorted } from './decode.ts';
import type { LoggedIn } from './login.ts';
import { pages, pageSchema } from './pages.ts';

const atOnce = 4;
const backupSchema = z.object({ id: z.string().min(1), jobid: z.string().nullish() });
const pointSchema = z.object({ backupid: z.string().nullish() });

/** Restore points by the id of their job. Where a server does not tell, they are unknown. */
export async function countRestorePoints(
  server: LoggedIn,
): Promise<{ readonly counts: ReadonlyMap<string, number>; readonly problems: readonly Problem[] }> {
  try {
    const { read: backups } = sorted(
      await pages(server, '/api/v1/backups?', 'the list of backups'),
      backupSchema,
    );
    // 1.2 and older call it otherwise.
    const ask = async (id: string): Promise<number | undefined> => {
      const query = `backupIdFilter=${encodeURIComponent(id)}&limit=1`;
      const newer = await server.ask(`/api/v1/restorePoints?${query}`);
      const answer = newer.status === 404 ? await server.ask(`/api/v1/objectRestorePoints?${query}`) : newer;
      if (answer.status === 404) return undefined;
      const { data, pagination } = decode(answer, 'the number of restore points', pageSchema);
      // A server that does not filter would count the restore points of all jobs for each.
      const foreign = sorted(data, pointSchema).read.some(
        ({ backupid }) => backupid !== id && backups.some((backup) => backup.id === backupid),
      );
      return foreign ? undefined : pagination?.total;
    };
    const counted = await eachOf(backups, atOnce, async ({ id, jobid }) => ({
      job: jobid?.toLowerCase(),
      count: await ask(id),
    }));
    const byJob = Map.groupBy(counted, ({ job }) => job);
    const counts = [...byJob].flatMap(([job, all]): readonly [string, number][] =>
      job === undefined || all.some(({ count }) => count === undefined)
        ? []
        : [[job, all.reduce((total, { count }) => total + (count ?? 0), 0)]],
    );
    return { counts: new Map(counts), problems: [] };
  } catch (error) {
    const problem = problemOf(error, 'restore points could not be counted');
    return { counts: new Map(), problems: problem.reason === 'unsupported' ? [] : [problem] };
  }
}
