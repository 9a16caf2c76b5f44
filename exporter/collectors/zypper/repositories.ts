import { type Host } from '../../collector.ts';
import type { CachedRepository } from '../rpm/cache.ts';
import { parseIni } from '../rpm/ini.ts';
import { parseRepomd } from '../rpm/repomd.ts';
import { readAnswer } from './stream.ts';
import { runZypper, type ZypperOptions } from './tool.ts';

/** A repository that is configured. */
export interface Repository {
  readonly alias: string;
  /** For people; other lists of zypper name a repository by it. */
  readonly name: string;
  /** `rpm-md`, `plaindir` (a folder of packages), `NONE` where it was never looked at. */
  readonly type: string;
  readonly enabled: boolean;
  readonly urls: readonly string[];
}

/** @throws CollectorError unexpected_output. */
export function parseRepositories(text: string): readonly Repository[] {
  const repositories: (Repository & { readonly urls: string[] })[] = [];
  readAnswer(text, 'zypper repos', 'repo-list', {
    texts: new Set(['url']),
    open: (name, attributes) => {
      const { alias, type = '', enabled } = attributes;
      if (name !== 'repo' || alias === undefined) return;
      const shown = attributes['name'] ?? alias;
      repositories.push({ alias, name: shown, type, enabled: enabled !== '0', urls: [] });
    },
    close: (name, content) => {
      if (name === 'url') repositories.at(-1)?.urls.push(content);
    },
  });
  return repositories;
}

/** Every repository that is configured and enabled. @throws CollectorError metadata_missing when there is none at all, and as `runZypper`. */
export async function readRepositories(host: Host, options: ZypperOptions): Promise<readonly Repository[]> {
  return parseRepositories(await runZypper(host, options, ['repos'])).filter(({ enabled }) => enabled);
}

/** Where zypper keeps things, without its root; see zypp.conf. */
export interface ZyppPaths {
  /** Metadata as they were downloaded. */
  readonly raw: string;
  readonly history: string;
}

/** Reads /etc/zypp/zypp.conf; newer systems have the defaults under /usr/etc. */
export async function readPaths(host: Host, root = ''): Promise<ZyppPaths> {
  const files = [`${root}/etc/zypp/zypp.conf`, '/etc/zypp/zypp.conf', '/usr/etc/zypp/zypp.conf'];
  const texts = await Promise.all(files.map((file) => host.read(file)));
  const main = parseIni(texts.find((text) => text !== undefined) ?? '').get('main');
  const cache = main?.get('cachedir') ?? '/var/cache/zypp';
  return {
    raw: `${root}${main?.get('metadatadir') ?? `${cache}/raw`}`,
    history: `${root}${main?.get('history.logfile') ?? '/var/log/zypp/history'}`,
  };
}

/** Media that never change: nothing is to be checked. */
const immutable = /^(?:cd|dvd|iso):/;

/**
 * Metadata of a repository as they were downloaded. zypper touches repomd.xml when the server says that nothing changed.
 * @param raw folder of all of them.
 * @returns undefined when it was never fetched.
 * @throws CollectorError unexpected_output when repomd.xml is damaged, and as Host.read.
 */
export async function readCached(
  host: Host,
  raw: string,
  { alias, type, urls }: Repository,
): Promise<CachedRepository | undefined> {
  const folder = `${raw}/${alias.replaceAll('/', '_')}`;
  const still = urls.length > 0 && urls.every((url) => immutable.test(url));
  const index = type === 'plaindir' ? `${folder}/cookie` : `${folder}/repodata/repomd.xml`;
  const text = await host.read(index);
  if (text === undefined) return undefined;
  const checked = still ? host.now() : ((await host.stat(index))?.modified ?? 0);
  if (type === 'plaindir') return { id: alias, published: parseCookie(text), checked, updateInfo: undefined };
  const { published, files } = parseRepomd(text);
  const info = files.find((file) => file.type === 'updateinfo')?.href;
  return {
    id: alias,
    published,
    checked,
    updateInfo: info === undefined ? undefined : `${folder}/${info}`,
  };
}

/** A folder of packages has no metadata; zypper keeps a checksum and the time of the last change of the folder, unix seconds. */
function parseCookie(text: string): number | undefined {
  const time = /^\S+ (\d{9,10})\s*$/.exec(text)?.[1];
  return time === undefined ? undefined : Number(time);
}
