import type { Host } from '../../collector.ts';
import { parseRepomd, type RepoMetadata } from './repomd.ts';

/** Metadata of a repository as the package manager keeps them. */
export interface CachedRepository {
  readonly id: string;
  /** When the publisher made them, unix seconds. */
  readonly published: number | undefined;
  /** When the package manager last saw that they are the newest, unix seconds. */
  readonly checked: number;
  /** The list of advisories; undefined where the repository has none. */
  readonly updateInfo: string | undefined;
}

/** A repository that the package manager has loaded from its cache. */
export interface LoadedRepository {
  readonly id: string;
  /** Of its repomd.xml, as the package manager says; undefined where it does not. */
  readonly revision: string | undefined;
}

/**
 * Finds the cached metadata of a repository: a folder named after it and a hash of its address (Repo::Impl::getHash in
 * libdnf/repo/Repo.cpp, also libdnf5). An address that changed leaves the old folder behind, so the revision decides, then the age.
 * @param names of everything in the cache.
 * @returns undefined when there is no repomd.xml.
 * @throws CollectorError unexpected_output when repomd.xml is damaged, and as Host.read.
 */
export async function readCachedRepository(
  host: Host,
  cache: string,
  names: readonly string[],
  { id, revision }: LoadedRepository,
): Promise<CachedRepository | undefined> {
  const folders = names.filter(
    (name) => name.startsWith(`${id}-`) && /^[0-9a-f]{16}$/.test(name.slice(id.length + 1)),
  );
  const found = (await Promise.all(folders.map((name) => readFolder(host, `${cache}/${name}`)))).filter(
    (folder) => folder !== undefined,
  );
  const [best] = found
    .filter(({ metadata }) => revision === undefined || metadata.revision === revision)
    .toSorted((a, b) => b.checked - a.checked);
  if (best === undefined) return undefined;
  const info = fileOf(best.metadata, 'updateinfo') ?? fileOf(best.metadata, 'updateinfo_zck');
  return {
    id,
    published: best.metadata.published,
    checked: best.checked,
    updateInfo: info === undefined ? undefined : await present(host, best.folder, best.metadata, info),
  };
}

async function readFolder(host: Host, folder: string) {
  const path = `${folder}/repodata/repomd.xml`;
  const text = await host.read(path);
  if (text === undefined) return undefined;
  const metadata = parseRepomd(text);
  // dnf touches the list of packages when the server says that nothing changed (Repo::Impl::load).
  const primary = fileOf(metadata, 'primary');
  const times = await Promise.all(
    [path, ...(primary === undefined ? [] : [`${folder}/${primary}`])].map((file) => host.stat(file)),
  );
  const checked = times.flatMap((time) => time?.modified ?? []).reduce((a, b) => Math.max(a, b), 0);
  return { folder, metadata, checked };
}

function fileOf({ files }: RepoMetadata, type: string): string | undefined {
  return files.find((file) => file.type === type)?.href;
}

/** Where zchunk is in use, only that form is there. The name is given even when neither is, so that its absence is noticed. */
async function present(host: Host, folder: string, metadata: RepoMetadata, href: string): Promise<string> {
  const zchunk = fileOf(metadata, 'updateinfo_zck');
  const plain = `${folder}/${href}`;
  if (zchunk === undefined || (await host.stat(plain)) !== undefined) return plain;
  return `${folder}/${zchunk}`;
}
