import type { Host } from '../../collector.ts';

/** A configured repository. */
export interface Repository {
  /** Without scheme and credentials: `dl-cdn.alpinelinux.org/alpine/v3.20/main`. */
  readonly label: string;
  /** As configured, components applied. */
  readonly url: string;
  /** Address of its index. */
  readonly index: string;
}

/**
 * Parses a repositories file: `url`, `@tag url`, and of apk-tools 3 `v2 url component...`, `ndx url`, `set name=value` and
 * `${name}`; see apk-repositories(5).
 * @param variables what earlier lines set; added to.
 */
export function parseRepositories(text: string, variables: Map<string, string>): readonly Repository[] {
  const expand = (word: string) =>
    word.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => variables.get(name) ?? '');
  const arch = variables.get('APK_ARCH') ?? '';
  return text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === 'set') {
      const [name = '', value = ''] = (words.at(-1) ?? '').split(/=(.*)/s);
      if (!(words.includes('-default') && variables.has(name))) variables.set(name, expand(value));
      return [];
    }
    const rest = words.slice(/^(?:ndx|v2|v3)$/.test(words[0] ?? '') ? 1 : 0);
    const [url = '', ...components] = rest.slice(rest[0]?.startsWith('@') === true ? 1 : 0).map(expand);
    if (!/^(?:(?:https?|ftp|file):\/\/|\/)\S/.test(url)) return [];
    const direct = words[0] === 'ndx' || /\.(?:adb|tar\.gz)$/.test(url);
    const bases =
      components.length === 0 ? [url] : components.map((one) => `${url.replace(/\/+$/, '')}/${one}`);
    return bases.map((base) => ({
      label: base
        .replace(/^\w+:\/\//, '')
        .replace(/^[^/@]*@/, '')
        .replace(/\/+$/, ''),
      url: base,
      index: direct
        ? base
        : `${base.replace(/\/+$/, '')}/${arch}/${words[0] === 'v3' ? 'Packages.adb' : 'APKINDEX.tar.gz'}`,
    }));
  });
}

/** Every configured repository once. */
export async function readRepositories(host: Host): Promise<readonly Repository[]> {
  const arch = (await host.read('/etc/apk/arch'))?.split('\n')[0]?.trim() ?? '';
  const variables = new Map([['APK_ARCH', arch]]);
  const found = [...parseRepositories((await host.read('/etc/apk/repositories')) ?? '', variables)];
  const seen = new Set<string>();
  for (const folder of ['/etc/apk/repositories.d', '/lib/apk/repositories.d']) {
    // oxlint-disable-next-line no-await-in-loop -- a name in the first folder hides the same one in the second
    for (const name of (await host.list(folder)) ?? []) {
      if (!name.endsWith('.list') || seen.has(name)) continue;
      seen.add(name);
      // oxlint-disable-next-line no-await-in-loop -- variables go from one file to the next
      found.push(...parseRepositories((await host.read(`${folder}/${name}`)) ?? '', variables));
    }
  }
  return [...new Map(found.map((one) => [one.url, one])).values()];
}
