import type { Host, RunOptions } from '../../collector.ts';
import { parseIndexTargets, parseTrusted, type IndexTarget } from './index-targets.ts';
import { judgeLists, type FoundList, type Lists } from './lists.ts';
import { parseRelease, type Release } from './release.ts';
import { runApt } from './tool.ts';

/** Reads which package sources are configured, whether each was fetched, and when each was published. @throws CollectorError. */
export async function readLists(host: Host, options: RunOptions): Promise<Lists> {
  const configured = await runApt(host, options, 'apt-get', ['indextargets', '--no-release-info']);
  const targets = parseIndexTargets(configured.stdout).filter(({ updatable }) => updatable);
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
  return judgeLists(found, configured.stderr, host.now());
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
