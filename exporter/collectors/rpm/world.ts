import type { Collection, Host, Problem } from '../../collector.ts';
import { bootTime, inContainer } from '../system/boot.ts';
import type { Nevra } from '../versions/rpm.ts';
import { readAdvisories, type Advisories } from './advisories.ts';
import type { CachedRepository } from './cache.ts';

/** When this installation was started, unix seconds; undefined where a reboot of the host would not be one of it. */
export async function startOf(host: Host, root: string | undefined): Promise<number | undefined> {
  return root !== undefined || (await inContainer(host)) ? undefined : bootTime(host);
}

export interface SecurityView extends Advisories {
  /** Whether the repositories of the distribution have advisories, read or not. */
  readonly covered: boolean;
  /** Whether security updates can be told from others. */
  readonly securityKnown: boolean;
}

/**
 * Reads the advisories and says whether they are enough to tell security updates: none of them damaged, and the repositories
 * that have the core of the distribution among those that have some. Others (of a vendor of one program) often have none.
 */
export async function readSecurity(
  host: Host,
  repositories: readonly CachedRepository[],
  installed: readonly Nevra[],
  core: ReadonlySet<string>,
): Promise<SecurityView> {
  const wanted = new Set(installed.map(({ name }) => name));
  const found = await readAdvisories(host, repositories, wanted);
  const having = new Set([...found.repositories, ...found.unread]);
  const covered = core.size === 0 ? having.size > 0 : [...core].some((repository) => having.has(repository));
  const problems: readonly Problem[] = covered
    ? []
    : [
        {
          reason: 'unsupported',
          message:
            'the repositories of this distribution carry no advisories (updateinfo), so which updates are security updates is unknown; all of them count as standard',
        },
      ];
  return {
    ...found,
    problems: [...found.problems, ...problems],
    covered,
    securityKnown: covered && found.unread.length === 0,
  };
}

export const nothing: Collection = { samples: [], problems: [] };
