import { problemOf, type Collection, type Host, type Problem } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';

const manager = 'pacman';
/** How far ahead of this host's clock a build may be before its date is no date, seconds. */
const clockTolerance = 86_400;

/**
 * When a sync database was made, as far as it says itself: the newest %BUILDDATE% in it, unix seconds (alpm-repo-desc(5)). The
 * database has no date of its own; its file time is what the mirror said.
 * @param text the tar archive as text.
 * @returns undefined when it has no package, or none with a credible date.
 */
export function newestBuild(text: string, now: number): number | undefined {
  let newest: number | undefined;
  for (const [, digits] of text.matchAll(/%BUILDDATE%\n(\d{1,12})\n/g)) {
    const built = Number(digits);
    if (built > 0 && built <= now + clockTolerance && built > (newest ?? 0)) newest = built;
  }
  return newest;
}

/** A tar archive; that of a repository without packages is nothing but zeros. */
function isArchive(text: string): boolean {
  return text.slice(0, 512).includes('ustar') || (text !== '' && /^\0*$/.test(text));
}

/** Whether there is a sync database for every configured repository, and of when. */
export async function readDatabases(
  host: Host,
  folder: string,
  repositories: readonly string[],
): Promise<Collection & { readonly usable: boolean }> {
  if (repositories.length === 0)
    return {
      samples: [sample('maintenance_patch_metadata_complete', { manager }, 0)],
      problems: [
        {
          reason: 'metadata_missing',
          message:
            'pacman has no repository configured, so no update can be seen; add one to /etc/pacman.conf, then run: pacman -Sy',
        },
      ],
      usable: false,
    };
  const samples: Sample[] = [];
  const problems: Problem[] = [];
  const missing: string[] = [];
  for (const repository of repositories) {
    const path = `${folder.replace(/\/$/, '')}/sync/${repository}.db`;
    try {
      // oxlint-disable-next-line no-await-in-loop -- one database in memory at a time; that of extra has 40 MiB
      const text = await host.readCompressed(path);
      const built = text === undefined ? undefined : newestBuild(text, host.now());
      if (text === undefined) missing.push(repository);
      else if (!isArchive(text))
        problems.push({
          reason: 'unexpected_output',
          message: `${path} is no database of pacman; run: pacman -Syy`,
        });
      else if (built !== undefined)
        samples.push(sample('maintenance_patch_metadata_timestamp_seconds', { manager, repository }, built));
    } catch (error) {
      problems.push(problemOf(error, `the database of ${repository}`));
    }
  }
  const damaged = problems.length > 0;
  if (missing.length > 0)
    problems.push({
      reason: 'metadata_missing',
      message: `there is no database of ${missing.join(', ')} in ${folder}, so what pacman says of updates is incomplete; run: pacman -Sy`,
    });
  return {
    samples: [
      ...(damaged && missing.length === 0
        ? []
        : [sample('maintenance_patch_metadata_complete', { manager }, missing.length === 0 ? 1 : 0)]),
      ...samples,
    ],
    problems,
    usable: missing.length === 0 && !damaged,
  };
}
