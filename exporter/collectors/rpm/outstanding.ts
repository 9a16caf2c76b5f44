import { compareVersions, type Nevra } from '../versions/rpm.ts';
import type { Advisory, AdvisoryPackage } from './updateinfo.ts';

/** An advisory that a package of this host still lacks. */
export interface Outstanding {
  /** Name of the package. */
  readonly name: string;
  /** As installed. */
  readonly arch: string;
  /** The newest one that is installed. */
  readonly installed: string;
  /** What the advisory brings. */
  readonly evr: string;
  readonly advisory: Advisory;
}

/** What a host can take. */
export interface Reach {
  /**
   * Newest version that the repositories offer for an installed package; undefined where they offer none that is newer. An
   * advisory whose version is beyond that cannot be installed yet. All are offered unless told.
   */
  readonly offered?: (name: string, arch: string) => string | undefined;
  /** Whether a module stream is enabled; none is unless told. */
  readonly moduleEnabled?: (name: string, stream: string) => boolean;
}

/**
 * Every advisory that an installed package still lacks: all of them, not only the newest, so a security advisory that a later
 * normal update supersedes stays in sight and the age counts from the first. Packages of which several versions may be
 * installed (kernels) are judged by the newest.
 */
export function outstandingAdvisories(
  installed: readonly Nevra[],
  advisories: readonly Advisory[],
  { offered, moduleEnabled = () => false }: Reach = {},
): readonly Outstanding[] {
  const byName = Map.groupBy(newestOf(installed), ({ name }) => name);
  const found = new Map<string, Outstanding>();
  for (const advisory of advisories) {
    if (advisory.retracted === true) continue;
    for (const fix of advisory.packages) {
      if (fix.module !== undefined && !moduleEnabled(fix.module.name, fix.module.stream)) continue;
      for (const { name, arch, evr } of byName.get(fix.name) ?? []) {
        if (!sameArch(arch, fix) || compareVersions(fix.evr, evr) <= 0) continue;
        const newest = offered === undefined ? fix.evr : offered(name, arch);
        if (newest === undefined || compareVersions(fix.evr, newest) > 0) continue;
        found.set(JSON.stringify([name, arch, fix.evr, advisory.id]), {
          name,
          arch,
          installed: evr,
          evr: fix.evr,
          advisory,
        });
      }
    }
  }
  return [...found.values()];
}

/** The newest of every package, by name and architecture. */
export function newestOf(packages: readonly Nevra[]): readonly Nevra[] {
  const newest = new Map<string, Nevra>();
  for (const one of packages) {
    const key = `${one.name}.${one.arch}`;
    const before = newest.get(key);
    if (before === undefined || compareVersions(one.evr, before.evr) > 0) newest.set(key, one);
  }
  return [...newest.values()];
}

/** A package may become architecture-independent, or stop to be. */
function sameArch(installed: string, { arch }: AdvisoryPackage): boolean {
  return arch === installed || (arch !== 'src' && (arch === 'noarch' || installed === 'noarch'));
}
