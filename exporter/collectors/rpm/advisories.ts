import { CollectorError, problemOf, type Host, type Problem } from '../../collector.ts';
import type { CachedRepository } from './cache.ts';
import { parseUpdateInfo, type Advisory } from './updateinfo.ts';

export interface Advisories {
  readonly advisories: readonly Advisory[];
  /** Repositories whose advisories were read. */
  readonly repositories: ReadonlySet<string>;
  /** Repositories whose advisories should be there and could not be read in full. */
  readonly unread: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads the advisories of every repository that has some. @param wanted names of installed packages. */
export async function readAdvisories(
  host: Host,
  repositories: readonly CachedRepository[],
  wanted: ReadonlySet<string>,
): Promise<Advisories> {
  const advisories: Advisory[] = [];
  const read = new Set<string>();
  const unread: string[] = [];
  const problems: Problem[] = [];
  for (const { id, updateInfo } of repositories) {
    if (updateInfo === undefined) continue;
    try {
      // oxlint-disable-next-line no-await-in-loop -- one list in memory at a time is enough
      const text = await host.readCompressed(updateInfo);
      if (text === undefined)
        throw new CollectorError(
          'source_missing',
          `${updateInfo} is gone from the cache; fetch the metadata of ${id} again`,
        );
      // oxlint-disable-next-line no-await-in-loop -- as above
      const found = await parseUpdateInfo(text, (name) => wanted.has(name));
      advisories.push(...found.advisories);
      read.add(id);
      if (found.unusable > 0) {
        unread.push(id);
        problems.push({
          reason: 'unexpected_output',
          message: `${found.unusable} entries in the advisories of ${id} lack a name or a version, so which updates are security updates is unknown`,
        });
      }
    } catch (error) {
      unread.push(id);
      problems.push(problemOf(error, `advisories of ${id}`));
    }
  }
  return { advisories, repositories: read, unread, problems };
}
