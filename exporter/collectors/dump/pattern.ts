import { CollectorError, type Host } from '../../collector.ts';
import { nameTest } from '../system/wildcard.ts';

/**
 * Paths that fit a pattern as a shell understands it: `*`, `?` and `[...]` within one name, `{a,b}` anywhere. Names that begin
 * with a dot only fit a pattern that does (rsync writes to such names while it copies).
 * @returns sorted; names that fit, whether or not something can be read there.
 * @throws CollectorError source_missing when the folder before the first wildcard is not there, permission_denied.
 */
export async function pathsOf(
  host: Pick<Host, 'list' | 'stat'>,
  pattern: string,
): Promise<readonly string[]> {
  const found = await Promise.all(alternatives(pattern).map((one) => expand(host, one)));
  return [...new Set(found.flat())].toSorted();
}

/** The texts a pattern with `{a,b}` stands for; a brace without an end stands for itself. */
export function alternatives(pattern: string): readonly string[] {
  const [, before, inside, after] = /^([^{}]*)\{([^{}]*)\}(.*)$/s.exec(pattern) ?? [];
  if (before === undefined || inside === undefined || after === undefined) return [pattern];
  return inside.split(',').flatMap((part) => alternatives(`${before}${part}${after}`));
}

async function expand(host: Pick<Host, 'list' | 'stat'>, pattern: string): Promise<readonly string[]> {
  const names = pattern.split('/').filter((name) => name !== '');
  const wild = names.findIndex((name) => /[*?[]/.test(name));
  const fixed = `/${names.slice(0, wild === -1 ? names.length - 1 : wild).join('/')}`;
  if ((await host.stat(fixed))?.directory !== true)
    throw new CollectorError(
      'source_missing',
      `the folder ${fixed} of ${pattern} is not there; check the pattern, and that its disk is mounted`,
    );
  if (wild === -1) return [`/${names.join('/')}`];
  let folders: readonly string[] = [fixed];
  for (const [at, name] of names.slice(wild).entries()) {
    const fits = nameTest(name);
    // oxlint-disable-next-line no-await-in-loop -- one level after the other
    const inside = await Promise.all(folders.map((folder) => list(host, folder, at === 0)));
    folders = inside.flat().filter((path) => fits(path.slice(path.lastIndexOf('/') + 1)));
  }
  return folders;
}

/** Below the first folder a name that fits may be a file, or gone since. */
async function list(host: Pick<Host, 'list' | 'stat'>, folder: string, first: boolean): Promise<string[]> {
  if (!first && (await host.stat(folder))?.directory !== true) return [];
  const names = (await host.list(folder)) ?? [];
  return names.map((name) => `${folder === '/' ? '' : folder}/${name}`);
}
