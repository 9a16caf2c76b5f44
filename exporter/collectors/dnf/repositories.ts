import { CollectorError, type Host } from '../../collector.ts';
import type { LoadedRepository } from '../rpm/cache.ts';
import { runDnf, type DnfOptions } from './tool.ts';

/** Made by the plugin `local` out of packages that other repositories had (dnf-plugins-core, local.8); it brings nothing new. */
const madeByPlugin: ReadonlySet<string> = new Set(['_dnf_local']);

/**
 * Parses `dnf repolist --enabled`: ids of every enabled repository, whether it was ever fetched or not. Lines before the
 * heading are messages of plugins.
 * @throws CollectorError unexpected_output.
 */
export function parseRepolist(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const heading = lines.findIndex((line) => /^repo id\s+repo name/.test(line));
  if (heading === -1) {
    if (lines.length === 0) return [];
    throw new CollectorError(
      'unexpected_output',
      `dnf repolist printed no heading, but ${(lines[0] ?? '').slice(0, 200)}`,
    );
  }
  return lines
    .slice(heading + 1)
    .map((line) => /^\S+/.exec(line)?.[0] ?? '')
    .filter((id) => id !== '' && !madeByPlugin.has(id));
}

/**
 * Parses `dnf repoinfo --enabled`: the repositories that could be loaded. One that is left out because of skip_if_unavailable is
 * not among them.
 * @throws CollectorError unexpected_output.
 */
export function parseRepoinfo(text: string): readonly LoadedRepository[] {
  const blocks = text.split(/^(?=Repo-id\s*:)/m).filter((block) => block.startsWith('Repo-id'));
  if (blocks.length === 0 && !/^Total packages: /m.test(text))
    throw new CollectorError(
      'unexpected_output',
      `dnf repoinfo printed ${text.trim().split('\n')[0]?.slice(0, 200) ?? ''}`,
    );
  return blocks.flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}[ ]*:[ ]*(.*)$`, 'm').exec(block)?.[1]?.trim();
    const id = field('Repo-id');
    return id === undefined || madeByPlugin.has(id) ? [] : [{ id, revision: field('Repo-revision') }];
  });
}

/** Every enabled repository, and those of them that are in the cache. @throws CollectorError as `runDnf`. */
export async function readRepositories(
  host: Host,
  options: DnfOptions,
): Promise<{ readonly configured: readonly string[]; readonly loaded: readonly LoadedRepository[] }> {
  const configured = parseRepolist((await runDnf(host, options, ['repolist', '--enabled'])).stdout);
  if (configured.length === 0) return { configured, loaded: [] };
  return {
    configured,
    loaded: parseRepoinfo((await runDnf(host, options, ['repoinfo', '--enabled'])).stdout),
  };
}
