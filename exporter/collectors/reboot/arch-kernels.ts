import type { Host } from '../../collector.ts';
import { compareVersions } from '../versions/debian.ts';

/** A folder of kernel modules. */
export interface ModuleFolder {
  readonly release: string;
  /** The package it is from, from its file `pkgbase`, which every kernel package of Arch has (mkinitcpio reads it). */
  readonly base: string | undefined;
}

/**
 * Whether a kernel of Arch Linux waits for a start: an update removes the modules of the running one, unless something keeps
 * them (kernel-modules-hook), and then a newer folder of the same package is there too.
 * @returns undefined when it cannot be told: an own build, or nothing is from a package.
 */
export function archKernelReplaced(release: string, folders: readonly ModuleFolder[]): boolean | undefined {
  const running = folders.find((folder) => folder.release === release);
  const packaged = folders.filter(({ base }) => base !== undefined);
  if (running === undefined) return packaged.length > 0 ? true : undefined;
  if (running.base === undefined) return undefined;
  return packaged.some((one) => one.base === running.base && compareVersions(one.release, release) > 0);
}

/** Folders of modules; undefined on a system without pacman. */
export async function readModuleFolders(host: Host): Promise<readonly ModuleFolder[] | undefined> {
  if ((await host.stat('/var/lib/pacman/local')) === undefined) return undefined;
  const releases = (await host.list('/usr/lib/modules')) ?? [];
  return Promise.all(
    releases.map(async (release) => {
      const base = (await host.read(`/usr/lib/modules/${release}/pkgbase`))?.trim();
      return { release, base: base === '' ? undefined : base };
    }),
  );
}
