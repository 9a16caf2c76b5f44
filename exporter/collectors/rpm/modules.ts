import { CollectorError, type Host } from '../../collector.ts';
import { parseIni } from './ini.ts';

/**
 * Which module streams are enabled, from /etc/dnf/modules.d: dnf writes a file there as soon as a package of a module is
 * installed (dnf.modularity(7)).
 * @returns whether a stream of a module is enabled.
 */
export async function enabledModules(
  host: Host,
  directory: string,
): Promise<(name: string, stream: string) => boolean> {
  const names = (await host.list(directory)) ?? [];
  const enabled = new Set<string>();
  for (const name of names.filter((file) => file.endsWith('.module'))) {
    // oxlint-disable-next-line no-await-in-loop -- a handful of small files
    const text = await host.read(`${directory}/${name}`);
    for (const [module, stream] of parseModules(text ?? '')) enabled.add(`${module}:${stream}`);
  }
  return (name, stream) => enabled.has(`${name}:${stream}`);
}

/** @throws CollectorError unexpected_output when an enabled module names no stream. */
export function parseModules(text: string): readonly (readonly [name: string, stream: string])[] {
  return [...parseIni(text)].flatMap(([section, options]) => {
    if (options.get('state') !== 'enabled') return [];
    const stream = options.get('stream');
    if (stream === undefined)
      throw new CollectorError(
        'unexpected_output',
        `the module ${section} is enabled without a stream in /etc/dnf/modules.d; run: dnf module reset ${section}`,
      );
    return [[options.get('name') ?? section, stream] as const];
  });
}
