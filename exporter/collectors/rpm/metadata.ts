import { CollectorError, problemOf, type Host, type Problem } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import { readCachedRepository, type CachedRepository, type LoadedRepository } from './cache.ts';

/** Seconds after which metadata that no server has confirmed prove nothing. */
const longestUnchecked = 14 * 86_400;
/** How far ahead of this host's clock a repository may be, seconds. */
const clockTolerance = 3600;

export interface MetadataQuestion {
  readonly manager: string;
  /** Command that fetches the metadata, for messages. */
  readonly refresh: string;
  /** Ids of every enabled repository. */
  readonly configured: readonly string[];
  /** Those the package manager could load from its cache. */
  readonly loaded: readonly LoadedRepository[];
  /** Where it keeps them. */
  readonly cache: string;
  /** Finds one of them there; as dnf keeps them unless told. */
  readonly find?: (one: LoadedRepository) => Promise<CachedRepository | undefined>;
}

export interface Metadata {
  readonly samples: readonly Sample[];
  readonly problems: readonly Problem[];
  readonly repositories: readonly CachedRepository[];
  /** Whether what the package manager says about updates can be believed. */
  readonly usable: boolean;
}

/**
 * Judges the repositories that are configured against what is in the cache. A package manager that is told to skip what it
 * cannot load (skip_if_unavailable) does so without a word and reports success.
 */
export async function readMetadata(host: Host, question: MetadataQuestion): Promise<Metadata> {
  const { manager, refresh, configured, loaded, cache } = question;
  const problems: Problem[] = [];
  const repositories: CachedRepository[] = [];
  const missing = new Set(configured.filter((id) => !loaded.some((one) => one.id === id)));
  const names = await host.list(cache);
  const find =
    question.find ?? ((one: LoadedRepository) => readCachedRepository(host, cache, names ?? [], one));
  for (const one of loaded) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one at a time is kind to the host
      const found = await find(one);
      if (found === undefined) missing.add(one.id);
      else repositories.push(found);
    } catch (error) {
      if (!(error instanceof CollectorError)) throw error;
      problems.push(problemOf(error, `repository ${one.id}`));
    }
  }
  const now = host.now();
  const unchecked = repositories.filter(({ checked }) => now - checked > longestUnchecked);
  const undated = repositories.filter(({ published }) => !isDated(published, now));
  if (configured.length === 0)
    problems.push({
      reason: 'metadata_missing',
      message: 'no repository is enabled, so no update could be seen; enable those of this distribution',
    });
  if (missing.size > 0)
    problems.push({
      reason: 'metadata_missing',
      message: `the metadata of ${[...missing].join(', ')} are not in ${cache}: never fetched, or left out because it could not be reached; run: ${refresh}`,
    });
  if (unchecked.length > 0)
    problems.push({
      reason: 'metadata_stale',
      message: `the metadata of ${namesOf(unchecked)} were last confirmed by their server more than two weeks ago; look whether it can be reached: ${refresh}`,
    });
  if (undated.length > 0)
    problems.push({
      reason: 'unexpected_output',
      message: `the metadata of ${namesOf(undated)} have no date, or one in the future; check the clock of this host`,
    });
  return {
    samples: [
      ...repositories.flatMap(({ id, published }) =>
        published === undefined || !isDated(published, now)
          ? []
          : [sample('maintenance_patch_metadata_timestamp_seconds', { manager, repository: id }, published)],
      ),
      ...(problems.some(({ reason }) => reason === 'permission_denied')
        ? []
        : [
            sample(
              'maintenance_patch_metadata_complete',
              { manager },
              configured.length > 0 && missing.size === 0 && repositories.length === loaded.length ? 1 : 0,
            ),
          ]),
    ],
    problems,
    repositories,
    usable:
      configured.length > 0 &&
      missing.size === 0 &&
      repositories.length === loaded.length &&
      unchecked.length === 0,
  };
}

function isDated(published: number | undefined, now: number): boolean {
  return published !== undefined && published <= now + clockTolerance;
}

function namesOf(repositories: readonly CachedRepository[]): string {
  return repositories.map(({ id }) => id).join(', ');
}
