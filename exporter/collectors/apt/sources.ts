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
    targets.map(async (target): Promise<FoundList> => ({
      target,
      present: await isPresent(host, target),
      release: releases.get(target.releaseFiles[0]),
      trusted: trusted.get(target.description) ?? false,
    })),
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

async function isPresent(host: Host, { file, extensions }: IndexTarget): Promise<boolean> {
  const stats = await Promise.all(['', ...extensions].map((extension) => host.stat(file + extension)));
  return stats.some((stat) => stat !== undefined);
}
