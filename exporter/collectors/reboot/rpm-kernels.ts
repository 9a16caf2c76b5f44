import { compareVersions } from '../versions/rpm.ts';
import type { RpmPackage } from './rpm-packages.ts';

/** Parts of names of packages that go with a kernel and hold none. */
const companions =
  /-(?:devel|headers|modules|tools|docs?|debuginfo|debugsource|macros|syms|source|firmware|livepatch|abi|selftests|matched|obs|install|extra|optional|internal|partner|addons|cross|srpm|rpm|kmp|man|html|libs)(?:-|$)/;
/** Builds of a kernel beside the normal one. RHEL appends them to `uname -r` (`+rt`, `+64k`, before RHEL 9 also `.debug`). */
const variants = ['debug', 'rt', '64k', '16k', 'zfcpdump'];

/** Whether a package of this name holds a kernel: `kernel-core`, `kernel-default`, `kernel-uek-core`, `kernel6.12`. */
export const holdsKernel = (name: string): boolean =>
  /^kernel(?:\d|-|$)/.test(name) && !companions.test(name);

/**
 * Installed kernels that would replace the running one at the next start: a newer one of the same package, or the same one
 * installed again since the start, as SUSE does with a rebuild of the same release.
 * @param release what runs, from /proc/sys/kernel/osrelease.
 * @param booted unix seconds, where known.
 * @returns undefined when no package owns the running kernel.
 */
export function newerRpmKernels(
  release: string,
  booted: number | undefined,
  packages: readonly RpmPackage[],
): readonly RpmPackage[] | undefined {
  const kernels = packages.filter(({ name }) => holdsKernel(name));
  const owners = preferred(
    kernels.filter((one) => isRedHat(one, release) || isSuse(one, release)),
    release,
  );
  if (owners.length === 0) return undefined;
  const newest = owners.reduce((a, b) => (compareVersions(a.evr, b.evr) >= 0 ? a : b));
  const names = new Set(owners.map(({ name }) => name));
  const newer = kernels.filter(({ name, evr }) => names.has(name) && compareVersions(evr, newest.evr) > 0);
  const again = booted === undefined ? [] : owners.filter(({ installed }) => installed > booted);
  return [...newer, ...again];
}

/** `5.14.0-427.13.1.el9_4` of `0:5.14.0-427.13.1.el9_4`. */
const versionRelease = ({ evr }: RpmPackage): string => evr.slice(evr.indexOf(':') + 1);

/** Red Hat, Fedora, Amazon, Oracle: VERSION-RELEASE.ARCH, then the variant; see kernel-uname-r in kernel.spec. */
function isRedHat(one: RpmPackage, release: string): boolean {
  const plain = `${versionRelease(one)}.${one.arch}`;
  if (release === plain) return true;
  const variant = release.startsWith(plain)
    ? /^[+.](\w+)$/.exec(release.slice(plain.length))?.[1]
    : undefined;
  return variant !== undefined && one.name.split('-').includes(variant);
}

/** SUSE: VERSION-RELEASE without the number of the rebuild, then the flavour; see kernel-binary.spec. */
function isSuse(one: RpmPackage, release: string): boolean {
  const [, base, flavour] = /^(\d\S*?-\S+)-([a-z]\w*)$/.exec(release) ?? [];
  if (base === undefined || flavour === undefined) return false;
  if (one.name !== `kernel-${flavour}` && one.name !== `kernel-${flavour}-base`) return false;
  const full = versionRelease(one);
  return full === base || (full.startsWith(`${base}.`) && /^\d+$/.test(full.slice(base.length + 1)));
}

/** Of several packages with the same version the ones that can be what runs: no variant where a normal build is there, no metapackage where its core is. */
function preferred(owners: readonly RpmPackage[], release: string): readonly RpmPackage[] {
  const plain = owners.filter(({ name }) => !variants.some((variant) => name.split('-').includes(variant)));
  const builds = /[+.](?:debug|rt|64k|16k|zfcpdump)$/.test(release) || plain.length === 0 ? owners : plain;
  const cores = builds.filter(({ name }) => name.endsWith('-core'));
  return cores.length === 0 ? builds : cores;
}
