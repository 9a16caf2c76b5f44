import { type Host, type Problem, problemOf } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import type { Repository } from './repositories.ts';

/** How far ahead of this host's clock a build may be before its date is no date, seconds. */
const clockTolerance = 86_400;
/** /etc/apk/cache is a link where packages are kept; otherwise indexes are in the second (setup_cache in src/database.c). */
const cacheFolders = ['/etc/apk/cache', '/var/cache/apk'];

export interface Index {
  /** Of the newest package in it, unix seconds. */
  readonly newest: number | undefined;
  /** When a package was built, by `name version`, unix seconds. */
  readonly built: ReadonlyMap<string, number>;
}

/**
 * Parses an index of apk-tools 2, which version 3 also uses on Alpine Linux: a tar archive with a file of paragraphs, in them
 * `P:` name, `V:` version and `t:` time of the build (apk-v2(5)). The index has no date of its own: apk writes its entries with a
 * time of 0 (src/app_index.c), and its file time is that of the last look. It is as old as the newest package in it.
 * @param wanted names whose builds matter.
 */
export function parseIndex(text: string, wanted: ReadonlySet<string>, now: number): Index {
  const built = new Map<string, number>();
  let newest: number | undefined;
  for (const paragraph of text.split('\n\n')) {
    const time = Number(/^t:(\d{1,12})$/m.exec(paragraph)?.[1] ?? 0);
    if (time <= 0 || time > now + clockTolerance) continue;
    newest = Math.max(newest ?? 0, time);
    const name = /^P:(\S+)$/m.exec(paragraph)?.[1] ?? '';
    const version = /^V:(\S+)$/m.exec(paragraph)?.[1];
    if (wanted.has(name) && version !== undefined) built.set(`${name} ${version}`, time);
  }
  return { newest, built };
}

export interface Indexes {
  readonly samples: readonly Sample[];
  readonly problems: readonly Problem[];
  readonly built: ReadonlyMap<string, number>;
}

/** Dates of repositories and of packages in them, where the index is one of apk-tools 2. */
export async function readIndexes(
  host: Host,
  repositories: readonly Repository[],
  wanted: ReadonlySet<string>,
): Promise<Indexes> {
  const samples: Sample[] = [];
  const problems: Problem[] = [];
  const built = new Map<string, number>();
  for (const repository of repositories) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one index in memory at a time
      const text = await readIndex(host, repository);
      const index = text === undefined ? undefined : parseIndex(text, wanted, host.now());
      for (const [key, time] of index?.built ?? []) built.set(key, Math.min(time, built.get(key) ?? time));
      if (index?.newest !== undefined)
        samples.push(
          sample(
            'maintenance_patch_metadata_timestamp_seconds',
            { manager: 'apk', repository: repository.label },
            index.newest,
          ),
        );
    } catch (error) {
      problems.push(problemOf(error, `the index of ${repository.label}`));
    }
  }
  return { samples, problems, built };
}

async function readIndex(host: Host, { url, index }: Repository): Promise<string | undefined> {
  const local = /^(?:file:\/\/(?:localhost)?)?(\/.*)$/.exec(index)?.[1];
  if (local !== undefined) return host.readCompressed(local);
  const names = await cacheNames(url, index);
  for (const path of cacheFolders.flatMap((folder) => names.map((name) => `${folder}/${name}`))) {
    // oxlint-disable-next-line no-await-in-loop -- the first that is there
    const text = await host.readCompressed(path);
    if (text !== undefined) return text;
  }
  return undefined;
}

/**
 * What the cached copy of an index is called: four bytes of a hash. apk-tools 2 takes SHA-1 of the address in the repositories file,
 * apk-tools 3 SHA-256 of the address of the index (apk_db_add_repository in src/database.c).
 */
export async function cacheNames(url: string, index: string): Promise<readonly string[]> {
  const prefixes = await Promise.all([hashPrefix('SHA-1', url), hashPrefix('SHA-256', index)]);
  return prefixes.map((prefix) => `APKINDEX.${prefix}.tar.gz`);
}

async function hashPrefix(algorithm: string, text: string): Promise<string> {
  const digest = await crypto.subtle.digest(algorithm, new TextEncoder().encode(text));
  return [...new Uint8Array(digest).slice(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
