import { compareVersions } from '../versions/debian.ts';

/** A package that holds a kernel, as dpkg knows it. */
export interface KernelPackage {
  readonly name: string;
  /** What `uname -r` says when it runs: `6.1.0-26-amd64`. */
  readonly release: string;
  readonly version: string;
  /** False when it was removed or is not fully installed. */
  readonly installed: boolean;
}

/** Patterns for dpkg-query: Debian, Ubuntu and Raspberry Pi, then Proxmox. */
export const kernelPackagePatterns = ['linux-image-*', 'proxmox-kernel-*', 'pve-kernel-*'];
/** For dpkg-query; what `parseKernelPackages` reads. */
export const kernelPackageFormat = '${db:Status-Abbrev}\\t${Package}\\t${Version}\\n';

const kernelPackage =
  /^(?:linux-image|proxmox-kernel|pve-kernel)-(?:unsigned-)?(\d+\.\d+\.\d+\S*?)(?:-unsigned|-signed)?$/;

/** Parses the answer of dpkg-query. Left out: metapackages, debug symbols, and names dpkg has only heard of. */
export function parseKernelPackages(text: string): readonly KernelPackage[] {
  return text.split('\n').flatMap((line) => {
    const [status = '', name = '', version = ''] = line.split('\t');
    const release = kernelPackage.exec(name)?.[1];
    // The first letter is what is wanted (install, hold ...), the second what is, `n` not installed; a third means an error.
    if (release === undefined || /^.n/.test(status) || /-dbg(?:sym)?$/.test(release)) return [];
    return [{ name, release, version, installed: /^.i *$/.test(status) }];
  });
}

/**
 * Installed kernels that would replace the running one at the next start: a newer release of the same flavour,
 * or the same release built anew.
 * @param release what runs, from /proc/sys/kernel/osrelease.
 * @param build how it was built, from /proc/sys/kernel/version; Debian puts its package version there.
 * @returns undefined when it cannot be told: no package owns the running kernel, as in a container or with an own build.
 */
export function newerKernels(
  release: string,
  build: string,
  packages: readonly KernelPackage[],
): readonly KernelPackage[] | undefined {
  const builtAs = /\bDebian (\d\S*)/.exec(build)?.[1];
  const newer = packages.filter((one) => {
    if (!one.installed) return false;
    if (one.release === release) return builtAs !== undefined && compareVersions(one.version, builtAs) > 0;
    return flavour(one.release) === flavour(release) && compareVersions(one.release, release) > 0;
  });
  const owners = packages.filter((one) => one.release === release);
  // A kernel that was removed while it runs is still a packaged one, and a newer one replaces it.
  const known = owners.some(({ installed }) => installed) || (owners.length > 0 && newer.length > 0);
  return known ? newer : undefined;
}

/** `cloud-amd64` of `6.1.0-26-cloud-amd64`, `amd64` of `6.12.48+deb13-amd64`, `686-pae` of `6.1.0-26-686-pae`. */
function flavour(release: string): string {
  const [version = '', ...rest] = release.split('-');
  const hasBuild = !version.includes('+') && /^(?:\d|rc\d)/.test(rest[0] ?? '');
  return rest.slice(hasBuild ? 1 : 0).join('-');
}
