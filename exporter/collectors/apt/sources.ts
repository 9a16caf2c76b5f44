import type { Host, RunOptions } from '../../collector.ts';
import { parseIndexTargets, parseTrusted, type IndexTarget } from './index-targets.ts';
import { listFacts, type FoundList, type ListFacts } from './lists.ts';
import { parseRelease, type Release } from './release.ts';
import { runApt } from './tool.ts';

/**
 * For what depends on the configuration alone: apt opens its cache all the same, and without lists and without a record of
 * installed packages the cache is empty and costs next to nothing.
 */
export const withoutLists = ['-o', 'Dir::State::lists=/nonexistent/', '-o', 'Dir::State::status=/dev/null'];

/**
 * Reads which package sources are configured, whether each was fetched, and when each was published.
 * @param lists the directory apt keeps its lists in.
 * @throws CollectorError.
 */
export async function readLists(host: Host, options: RunOptions, lists: string): Promise<ListFacts> {
  const args = [...withoutLists, '--no-release-info', 'indextargets'];
  const configured = await runApt(host, options, 'apt-get', args);
  const targets = parseIndexTargets(configured.stdout, lists).filter(({ updatable }) => updatable);
  const releases = await readReleases(host, targets);
  const trusted = [...releases.values()].includes(undefined)
    ? parseTrusted((await runApt(host, options, 'apt-get', ['indextargets'])).stdout)
    : new Map<string, boolean>();
  const found = await Promise.all(
    targets.map(async (target): Promise<FoundList> => {
      const release = releases.get(target.releaseFiles[0]);
      return {
        target,
        ...(await findFile(host, target, release)),
        release,
        trusted: trusted.get(target.description) ?? false,
      };
    }),
  );
  return listFacts(found, configured.stderr);
}

/** Many lists share one Release file; each is read once. By the first of its names; undefined where there is none. */
async function readReleases(
  host: Host,
  targets: readonly IndexTarget[],
): Promise<ReadonlyMap<string, Release | undefined>> {
  const files = new Map(targets.map(({ releaseFiles }) => [releaseFiles[0], releaseFiles]));
  return new Map(
    await Promise.all(
      [...files].map(async ([name, [signed, plain]]) => {
        const text = (await host.read(signed)) ?? (await host.read(plain));
        return [name, text === undefined ? undefined : parseRelease(text)] as const;
      }),
    ),
  );
}

/**
 * A list may be cut off or empty, as after a loss of power: apt takes it as it is, sees no updates, and does not fetch it again
 * while its Release file stays the same.
 */
async function findFile(
  host: Host,
  { file, extensions, metaKey, linked }: IndexTarget,
  release: Release | undefined,
): Promise<Pick<FoundList, 'present' | 'damaged'>> {
  const [plain, ...packed] = await Promise.all(
    ['', ...extensions].map((extension) => host.stat(file + extension)),
  );
  const expected = release?.sizes.get(metaKey);
  if (plain !== undefined)
    return {
      present: true,
      damaged: expected !== undefined && plain.size !== expected && (!linked || plain.size === 0),
    };
  const compressed = packed.filter((stat) => stat !== undefined);
  return { present: compressed.length > 0, damaged: compressed.some(({ size }) => size === 0) };
}
