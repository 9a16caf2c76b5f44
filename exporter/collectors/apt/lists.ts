import { z } from 'zod';
import type { Problem } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import type { IndexTarget } from './index-targets.ts';
import { isSecurityOrigin } from './policy.ts';
import type { Release } from './release.ts';
import { isToolConfiguration, unreadableFiles } from './tool.ts';

/** What can be said of the package lists on this host. */
export interface Lists {
  readonly samples: readonly Sample[];
  readonly problems: readonly Problem[];
  /** Whether what apt says about updates can be believed: every configured source was fetched and none is past its date. */
  readonly usable: boolean;
  /** Whether any source is a security pocket. Without one, security updates would not be seen: their number is unknown, not 0. */
  readonly hasSecuritySource: boolean;
  /** Whether a list belongs to a security pocket: by its file, or by its description in `apt-cache policy`. */
  readonly isSecuritySource: (list: string) => boolean;
}

/** A list as found on disk. */
export interface FoundList {
  readonly target: IndexTarget;
  readonly present: boolean;
  /** Whether it is not as long as its Release file says. */
  readonly damaged: boolean;
  /** Undefined where there is no Release file. */
  readonly release: Release | undefined;
  /** Whether apt trusts the source (signed, or `[trusted=yes]`); matters only where there is no Release file. */
  readonly trusted: boolean;
}

/** What the files say, whatever the time is; it is true until one of them changes. */
export const listFactsSchema = z.object({
  /** How many lists the sources ask for. */
  configured: z.number(),
  /** Repositories that lack a list. */
  missing: z.array(z.string()),
  /** Repositories with a list that is damaged. */
  damaged: z.array(z.string()),
  /** Configuration that apt may not read. */
  unreadable: z.array(z.string()),
  releases: z.array(
    z.object({
      repository: z.string(),
      /** When it was published, unix seconds; left out when it does not say. */
      date: z.number().optional(),
      /** Until when it may be used, unix seconds; left out when it sets no limit, 0 when the limit is no date. */
      validUntil: z.number().optional(),
    }),
  ),
  /** Lists of security pockets: their files without an extension, and their descriptions. */
  security: z.array(z.string()),
});
export type ListFacts = z.infer<typeof listFactsSchema>;

/** How far ahead of this host's clock a repository may be, seconds. */
const clockTolerance = 3600;

/**
 * What was configured against what was found.
 * @param warnings what apt printed to stderr: it skips a file it may not read with no more than a warning.
 */
export function listFacts(found: readonly FoundList[], warnings: string): ListFacts {
  return {
    configured: found.length,
    missing: [...missingRepositories(found)],
    damaged: [...new Set(found.filter((one) => one.damaged).map(({ target }) => target.repository))],
    unreadable: [...unreadableFiles(warnings)],
    releases: [...Map.groupBy(found, ({ target, release }) => releaseKey(target, release)).values()].flatMap(
      ([one]) => {
        if (one?.release === undefined) return [];
        const { date, validUntil } = one.release;
        return [
          {
            repository: one.target.repository,
            ...(date === undefined ? {} : { date }),
            ...(validUntil === undefined ? {} : { validUntil: Number.isNaN(validUntil) ? 0 : validUntil }),
          },
        ];
      },
    ),
    security: found.filter(isSecurityTarget).flatMap(({ target }) => [target.file, target.description]),
  };
}

function releaseKey({ repository }: IndexTarget, release: Release | undefined): string {
  return [repository, release?.date, release?.validUntil].join('\t');
}

/** @param now unix seconds. */
export function judgeLists(facts: ListFacts, now: number): Lists {
  const { configured, missing, damaged, unreadable, releases } = facts;
  const unknownSources = unreadable.some((path) => !isToolConfiguration(path));
  const stale = repositories(
    releases.filter(({ validUntil }) => validUntil !== undefined && validUntil < now),
  );
  const undated = repositories(releases.filter(({ date }) => credible(date, now) === undefined));
  const complete = configured > 0 && missing.length === 0 && damaged.length === 0;
  const security = new Set(facts.security);
  return {
    samples: [
      ...metadataDates(releases, now),
      ...(unknownSources
        ? []
        : [sample('maintenance_patch_metadata_complete', { manager: 'apt' }, complete ? 1 : 0)]),
    ],
    problems: [
      ...unreadable.map((path): Problem => ({
        reason: 'permission_denied',
        message: `apt may not read ${path}, so what it configures is unknown; let the service user read it`,
      })),
      ...problemWith(configured === 0 ? ['any'] : [], 'metadata_missing', () => noSource),
      ...problemWith(
        missing,
        'metadata_missing',
        (names) => `no usable package lists of ${names}; run: apt-get update`,
      ),
      ...problemWith(
        damaged,
        'metadata_missing',
        (names) =>
          `package lists of ${names} are not as long as their Release files say, and apt does not fetch them again by itself; run: rm -r /var/lib/apt/lists/* && apt-get update`,
      ),
      ...problemWith(
        stale,
        'metadata_stale',
        (names) => `the package lists of ${names} are past their Valid-Until date; run: apt-get update`,
      ),
      ...problemWith(
        undated,
        'unexpected_output',
        (names) =>
          `the Release file of ${names} has no date, or one in the future; check the clock of this host`,
      ),
      ...problemWith(complete && security.size === 0 ? ['any'] : [], 'unsupported', () => noSecuritySource),
    ],
    hasSecuritySource: security.size > 0,
    usable: complete && !unknownSources && stale.length === 0,
    isSecuritySource: (list) => security.has(list) || security.has(list.replace(compression, '')),
  };
}

/** What apt may add to the name of a list that it keeps compressed. */
const compression = /\.(?:lz4|zst|gz|xz|bz2|lzma)$/;

const noSource =
  'no package source that could bring updates is configured; add one to /etc/apt/sources.list.d, then run: apt-get update';

const noSecuritySource =
  'no configured package source is a security pocket (Label or suite ending in -security), so which updates are security updates is unknown; add the one of this distribution, then run: apt-get update';

function problemWith(
  names: readonly string[],
  reason: Problem['reason'],
  message: (names: string) => string,
): readonly Problem[] {
  return names.length === 0 ? [] : [{ reason, message: message(names.join(', ')) }];
}

type Presence = 'present' | 'nothing to have' | 'other architecture' | 'missing';

/** Follows what `apt-get update` fetches and what it skips without complaint (pkgAcqMetaClearSig::QueueIndexes in apt-pkg/acquire-item.cc). */
function presence({ target, present, release, trusted }: FoundList): Presence {
  if (release === undefined) return present && trusted ? 'present' : 'missing';
  if (present) return 'present';
  const { component, architecture, metaKey, extensions } = target;
  if (component !== '' && release.components?.map(lastPart).includes(lastPart(component)) === false)
    return 'missing';
  const size = release.sizes.get(metaKey);
  if (size === 0) return 'nothing to have';
  if (target.optional) return 'nothing to have';
  if (size !== undefined || extensions.some((extension) => release.sizes.has(metaKey + extension)))
    return 'missing';
  if (architecture === '' || release.architectures === undefined) return 'missing';
  return release.architectures.includes(architecture) ? 'nothing to have' : 'other architecture';
}

/** Old Debian names its components `updates/main`. */
function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Repositories that lack a list, or have none at all for this host. */
function missingRepositories(found: readonly FoundList[]): readonly string[] {
  const needed = Map.groupBy(
    found.filter(({ target }) => !target.optional),
    ({ target }) => target.repository,
  );
  return [...needed].flatMap(([repository, targets]) => {
    const states = targets.map(presence);
    const lacks = states.includes('missing') || states.every((state) => state === 'other architecture');
    return lacks ? [repository] : [];
  });
}

function repositories(releases: ListFacts['releases']): readonly string[] {
  return [...new Set(releases.map(({ repository }) => repository))];
}

function credible(date: number | undefined, now: number): number | undefined {
  return date === undefined || date > now + clockTolerance ? undefined : date;
}

function metadataDates(releases: ListFacts['releases'], now: number): readonly Sample[] {
  const dates = new Map<string, number>();
  for (const { repository, date } of releases) {
    const published = credible(date, now);
    if (published !== undefined)
      dates.set(repository, Math.min(published, dates.get(repository) ?? published));
  }
  return [...dates].map(([repository, date]) =>
    sample('maintenance_patch_metadata_timestamp_seconds', { manager: 'apt', repository }, date),
  );
}

function isSecurityTarget({ target, release }: FoundList): boolean {
  const names = [release?.label, release?.suite, release?.codename, target.suite];
  return names.some((name) => name !== undefined && isSecurityOrigin(name));
}
