import type { Host } from '../../collector.ts';

/** Where apk keeps its list of installed packages: apk-tools 2, then 3 on a system with merged /usr. */
const installedFiles = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];

/**
 * Whether the kernel of Alpine Linux was replaced since the start. Only one version of a package is installed at a time:
 * what runs as `6.6.58-0-lts` is `linux-lts` of version `6.6.58-r0`.
 * @param installed the list of apk: paragraphs with `P:` name and `V:` version; see apk_v2(5).
 * @returns undefined when no package is of the flavour that runs.
 */
export function alpineKernelReplaced(release: string, installed: string): boolean | undefined {
  const [, version, build, flavour] = /^(\d[\w.]*)-(\d+)-(\w+)$/.exec(release) ?? [];
  if (version === undefined || build === undefined || flavour === undefined) return undefined;
  const paragraph = installed.split('\n\n').find((text) => text.split('\n').includes(`P:linux-${flavour}`));
  const found = /^V:(\S+)$/m.exec(paragraph ?? '')?.[1];
  return found === undefined ? undefined : found !== `${version}-r${build}`;
}

/** The list of installed packages of apk; undefined on a system without it. */
export async function readApkInstalled(host: Host): Promise<string | undefined> {
  for (const path of installedFiles) {
    const text = await host.read(path);
    if (text !== undefined) return text;
  }
  return undefined;
}
