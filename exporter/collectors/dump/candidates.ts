import { CollectorError, problemOf, type Host, type Problem } from '../../collector.ts';
import { pathsOf } from './pattern.ts';

/** A file or directory that may be a dump, and that nobody has changed for a while. */
export interface Candidate {
  readonly path: string;
  /** Unix seconds: the last change of its content. */
  readonly time: number;
  /** Undefined for a directory with folders in it. */
  readonly bytes: number | undefined;
  /** Changes whenever the file does. */
  readonly version: string;
  /** Names in it, for a directory. */
  readonly entries?: readonly string[];
}

/** What a pattern brought. */
export interface Found {
  /** Newest first. */
  readonly ready: readonly Candidate[];
  /** Whether something is still being written. */
  readonly writing: boolean;
  readonly problems: readonly Problem[];
}

/** Names under which programs write what is not finished: browsers, rsync, lftp, wget, mydumper, and most scripts. */
const unfinished =
  /\.(?:part|partial|tmp|temp|filepart|crdownload|incomplete|inprogress|writing|new|swp)$|~$/i;

/** How far the clock of who wrote a file may be ahead, seconds. */
const clockSlack = 300;
/** Files asked at the same time. */
const atOnce = 32;

/**
 * The dumps that fit a pattern. A link and the file it leads to are one; a link to nowhere is none.
 * @param settle seconds for which a file must not have changed.
 * @throws CollectorError as `pathsOf`.
 */
export async function candidatesOf(host: Host, pattern: string, settle: number): Promise<Found> {
  const paths = await pathsOf(host, pattern);
  const now = host.now();
  const problems: Problem[] = [];
  const ready = new Map<string, Candidate>();
  let writing = false;
  for (let at = 0; at < paths.length; at += atOnce) {
    const some = paths.slice(at, at + atOnce);
    // oxlint-disable-next-line no-await-in-loop -- few at once is the point
    const found = await Promise.all(some.map((path) => candidate(host, path)));
    for (const one of found) {
      if (one === undefined) continue;
      if (one.time > now + clockSlack)
        problems.push(
          problemOf(
            new CollectorError(
              'clock_wrong',
              `${one.path} is dated ${new Date(one.time * 1000).toISOString()}, in the future: how old it is cannot be told, so it does not count; set the clocks, or its date`,
            ),
          ),
        );
      else if (unfinished.test(one.path) || one.time > now - settle) writing = true;
      else if (!ready.has(one.identity ?? one.path)) ready.set(one.identity ?? one.path, one);
    }
  }
  return { ready: [...ready.values()].toSorted((a, b) => b.time - a.time), writing, problems };
}

async function candidate(
  host: Host,
  path: string,
): Promise<(Candidate & { readonly identity: string | undefined }) | undefined> {
  // Between the list and this a rotation may have taken it away.
  const found = await host.stat(path);
  if (found === undefined) return undefined;
  if (!found.directory)
    return {
      path,
      time: found.modified,
      bytes: found.size,
      version: `${found.size} ${found.modified} ${found.changed}`,
      identity: found.identity,
    };
  const entries = (await host.list(path)) ?? [];
  const inside = await Promise.all(entries.map((name) => host.stat(`${path}/${name}`)));
  const times = inside.map((entry) => entry?.modified ?? 0);
  const time = Math.max(found.modified, ...times);
  const bytes = inside.some((entry) => entry?.directory === true)
    ? undefined
    : inside.reduce((sum, entry) => sum + (entry?.size ?? 0), 0);
  return { path, time, bytes, version: `${bytes} ${time}`, identity: found.identity, entries };
}
