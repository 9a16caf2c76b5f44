import { z } from 'zod';
import type { Host, Problem } from '../../collector.ts';
import { recordName } from '../../job-record.ts';
import { rememberFirstSeen } from '../memory/first-seen.ts';

/**
 * Since when a backup is known to be under way, unix seconds: `info` only tells that it is, so its first sight is remembered.
 * It is later than its beginning by one interval of the collector at the most, unless the exporter was down.
 * @param held undefined when it is not known whether one is under way.
 * @param newest label of the newest backup that is listed: with a newer one, what is under way is another run.
 */
export async function runningSince(
  host: Host,
  job: string,
  held: boolean | undefined,
  newest: string | undefined,
): Promise<{ readonly since: number | undefined; readonly problems: readonly Problem[] }> {
  if (held === undefined) return { since: undefined, problems: [] };
  const seen = held ? [{ key: `after ${newest ?? 'nothing'}`, facts: {} }] : [];
  const { entries, problems } = await rememberFirstSeen(host, seen, {
    state: `pgbackrest-running-${recordName(job)}`,
    facts: z.object({}),
    things: 'running backups',
  });
  return { since: entries[0]?.seen, problems };
}
