import { z } from 'zod';
import { CollectorError, problemOf, type Host, type Problem } from '../../collector.ts';
import type { Repository } from './repositories.ts';

/** Fixed versions of one repository, from Alpine's security database. */
export interface SecurityDatabase {
  /** `v3.20/main`. */
  readonly covers: string;
  /** When it was fetched, unix seconds: it cannot know what was built later. */
  readonly fetched: number;
  /** Versions that close a vulnerability, by source package. */
  readonly fixes: ReadonlyMap<string, readonly string[]>;
}

const schema = z.object({
  distroversion: z.string(),
  reponame: z.string(),
  packages: z.array(
    z.object({ pkg: z.object({ name: z.string(), secfixes: z.record(z.string(), z.unknown()) }) }),
  ),
});

/**
 * Parses a file of https://secdb.alpinelinux.org, such as v3.20/main.json. Version `0` lists what does not affect the package and
 * is no fix. It has no severities and no date. @throws CollectorError unexpected_output.
 */
export function parseSecurityDatabase(text: string, path: string, fetched: number): SecurityDatabase {
  try {
    const { distroversion, reponame, packages } = schema.parse(JSON.parse(text));
    return {
      covers: `${distroversion}/${reponame}`,
      fetched,
      fixes: new Map(
        packages.map(({ pkg }) => [
          pkg.name,
          Object.keys(pkg.secfixes).filter((version) => /^\d/.test(version) && version !== '0'),
        ]),
      ),
    };
  } catch (error) {
    throw new CollectorError(
      'unexpected_output',
      `${path} is no file of https://secdb.alpinelinux.org; fetch it again`,
      { cause: error },
    );
  }
}

export interface Security {
  /** Undefined where security updates cannot be told from others. */
  readonly databases: readonly SecurityDatabase[] | undefined;
  readonly problems: readonly Problem[];
}

/** Reads the configured files, and says whether they cover every repository of Alpine Linux that is in use. */
export async function readSecurity(
  host: Host,
  paths: readonly string[],
  repositories: readonly Repository[],
): Promise<Security> {
  if (paths.length === 0)
    return {
      databases: undefined,
      problems: [
        {
          reason: 'unsupported',
          message:
            'apk does not know which updates are security updates, so all count as standard; fetch https://secdb.alpinelinux.org/<release>/<repository>.json daily and list the files in collectors.apk.secdb',
        },
      ],
    };
  const databases: SecurityDatabase[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- few and large
      const [stat, text] = await Promise.all([host.stat(path), host.read(path)]);
      if (stat === undefined || text === undefined)
        throw new CollectorError(
          'source_missing',
          `${path} does not exist; fetch it, or correct collectors.apk.secdb`,
        );
      databases.push(parseSecurityDatabase(text, path, stat.modified));
    } catch (error) {
      problems.push(problemOf(error));
    }
  }
  const uncovered = repositoriesOfAlpine(repositories).filter(
    (wanted) => !databases.some(({ covers }) => matches(covers, wanted)),
  );
  if (problems.length === 0 && uncovered.length > 0)
    problems.push({
      reason: 'unsupported',
      message: `no file in collectors.apk.secdb covers ${uncovered.join(', ')}, so which updates are security updates is unknown; add https://secdb.alpinelinux.org/${uncovered[0]}.json`,
    });
  return { databases: problems.length > 0 ? undefined : databases, problems };
}

/** `v3.20/main` of `.../alpine/v3.20/main`; there is no security database of testing. */
function repositoriesOfAlpine(repositories: readonly Repository[]): readonly string[] {
  return repositories.flatMap(
    ({ label }) => /(?:^|\/)((?:v\d+\.\d+|edge|latest-stable)\/(?:main|community))$/.exec(label)?.[1] ?? [],
  );
}

function matches(covers: string, wanted: string): boolean {
  if (!wanted.startsWith('latest-stable/')) return covers === wanted;
  return covers.startsWith('v') && covers.endsWith(wanted.slice(wanted.indexOf('/')));
}
