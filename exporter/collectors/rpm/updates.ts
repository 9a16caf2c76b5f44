import type { Host, Problem } from '../../collector.ts';
import type { Sample } from '../../metrics.ts';
import { rememberOffers, type DatedOffer, type Offer } from '../patch/offers.ts';
import { patchSamples } from '../patch/samples.ts';
import { compareVersions, type Nevra } from '../versions/rpm.ts';
import { patchClassOf, severityOf } from './classes.ts';
import { newestOf, outstandingAdvisories, type Outstanding } from './outstanding.ts';
import type { Advisory } from './updateinfo.ts';

/** A version that a repository offers. */
export interface Upgrade extends Nevra {
  readonly repository: string;
}

/** An advisory that the package manager itself says is needed. */
export interface NeededAdvisory {
  readonly id: string;
  /** As written. */
  readonly type: string;
  /** As written. */
  readonly severity: string;
  /** Whether the administrator told the manager to leave it alone. */
  readonly held: boolean;
  /** Since when it is needed here, unix seconds, where the manager tells. */
  readonly since: number | undefined;
}

export interface RpmUpdates {
  /** Label of the package manager. */
  readonly manager: string;
  readonly installed: readonly Nevra[];
  /** Every version the repositories have that is newer than what is installed, also those the manager leaves alone. */
  readonly offered: readonly Upgrade[];
  /** Those of them that the manager would install now. */
  readonly chosen: readonly Nevra[];
  readonly advisories: readonly Advisory[];
  /** Whether security updates can be told from others. */
  readonly securityKnown: boolean;
  readonly moduleEnabled: (name: string, stream: string) => boolean;
  readonly needsReboot: (name: string) => boolean;
  readonly booted: number | undefined;
  /**
   * What the manager says itself, where it does. One that no installed package explains (its packages are not known here, or
   * the list of advisories cannot be read) counts under its own name; the others are counted by package already.
   */
  readonly needed?: readonly NeededAdvisory[];
}

/** Marks what is left alone; no name of a package has a tab. */
const leftAlone = '\tleft alone';

/**
 * What waits, is held and is installed without being in effect, with its age. Every advisory between the installed version and
 * the newest offered one counts, and so does an offered version without any. What an exclude or a lock keeps away is held,
 * also where a part of the way is open.
 */
export async function rpmUpdates(
  host: Host,
  world: RpmUpdates,
): Promise<{
  readonly samples: readonly Sample[];
  readonly problems: readonly Problem[];
  readonly outstanding: readonly Outstanding[];
}> {
  const { manager, securityKnown } = world;
  const installed = new Map(newestOf(world.installed).map((one) => [keyOf(one), one]));
  const offered = newerVersions(installed, world.offered);
  const chosen = newerVersions(installed, world.chosen);
  const reach = (key: string) => newest(offered.get(key));
  const outstanding = outstandingAdvisories(world.installed, world.advisories, {
    offered: (name, arch) => reach(keyOf({ name, arch })),
    moduleEnabled: world.moduleEnabled,
  });
  const needed = unexplained(world.needed ?? [], outstanding);
  const remembered = await rememberOffers(host, offersOf(world, offered, outstanding, needed), {
    manager,
    outstanding: (key, version) => {
      if (needed.has(key)) return true;
      const here = installed.get(key)?.evr;
      const limit = reach(key);
      if (here === undefined || limit === undefined) return false;
      return compareVersions(evrIn(version), here) > 0 && compareVersions(evrIn(version), limit) <= 0;
    },
    needsReboot: (key) => world.needsReboot(installed.get(key)?.name ?? key),
    booted: world.booted,
  });
  const held = (offer: DatedOffer): boolean => {
    const advisory = needed.get(offer.name);
    if (advisory !== undefined) return advisory.held;
    const limit = newest(chosen.get(offer.name));
    return limit === undefined || compareVersions(evrIn(offer.version), limit) > 0;
  };
  const seen = (offer: DatedOffer): DatedOffer =>
    securityKnown ? offer : { ...offer, class: 'standard', severity: 'unknown' };
  const waiting = remembered.outstanding
    .map(seen)
    .map((offer) => (held(offer) ? { ...offer, name: `${offer.name}${leftAlone}` } : offer));
  return {
    samples: patchSamples(
      { ...remembered, outstanding: waiting, inactive: remembered.inactive.map(seen) },
      {
        manager,
        classes: securityKnown ? ['security', 'standard'] : ['standard'],
        severities: ['critical', 'important', 'moderate', 'low', 'unknown'],
        held: new Set(waiting.flatMap(({ name }) => (name.endsWith(leftAlone) ? [name] : []))),
      },
    ),
    problems: remembered.problems,
    outstanding,
  };
}

function keyOf({ name, arch }: Pick<Nevra, 'name' | 'arch'>): string {
  return `${name}.${arch}`;
}

/** A version on record is `evr` or `evr advisory`. */
function evrIn(version: string): string {
  return version.split(' ')[0] ?? version;
}

/** Versions newer than the installed one, by installed package. */
function newerVersions(
  installed: ReadonlyMap<string, Nevra>,
  offered: readonly Nevra[],
): ReadonlyMap<string, readonly string[]> {
  const byName = Map.groupBy(installed.values(), ({ name }) => name);
  const versions = new Map<string, string[]>();
  for (const { name, arch, evr } of offered) {
    for (const here of byName.get(name) ?? []) {
      const fits = here.arch === arch || here.arch === 'noarch' || arch === 'noarch';
      if (!fits || compareVersions(evr, here.evr) <= 0) continue;
      const known = versions.get(keyOf(here)) ?? [];
      versions.set(keyOf(here), known.includes(evr) ? known : [...known, evr]);
    }
  }
  return versions;
}

function newest(versions: readonly string[] = []): string | undefined {
  return versions.toSorted(compareVersions).at(-1);
}

/** By the name they count under, which no package has. */
function unexplained(
  needed: readonly NeededAdvisory[],
  outstanding: readonly Outstanding[],
): ReadonlyMap<string, NeededAdvisory> {
  const explained = new Set(outstanding.map(({ advisory }) => advisory.id));
  return new Map(
    needed.filter(({ id }) => !explained.has(id)).map((advisory) => [`advisory ${advisory.id}`, advisory]),
  );
}

function offersOf(
  { advisories, needed = [] }: RpmUpdates,
  offered: ReadonlyMap<string, readonly string[]>,
  outstanding: readonly Outstanding[],
  unexplainedOnes: ReadonlyMap<string, NeededAdvisory>,
): readonly Offer[] {
  const explained = new Set(outstanding.map((one) => `${keyOf(one)} ${one.evr}`));
  const told = new Map(needed.map(({ id, since }) => [id, since]));
  const issued = new Map(advisories.map((advisory) => [advisory.id, advisory.issued]));
  return [
    ...outstanding.map(({ name, arch, evr, advisory }): Offer => ({
      name: keyOf({ name, arch }),
      version: `${evr} ${advisory.id}`,
      ...kindOf(advisory),
      released: advisory.issued,
      known: told.get(advisory.id),
    })),
    ...[...unexplainedOnes].map(([name, advisory]): Offer => ({
      name,
      version: advisory.id,
      ...kindOf(advisory),
      released: issued.get(advisory.id),
      known: advisory.since,
    })),
    ...[...offered].flatMap(([name, versions]) =>
      versions
        .filter((evr) => !explained.has(`${name} ${evr}`))
        .map((evr): Offer => ({ name, version: evr, class: 'standard', severity: 'unknown' })),
    ),
  ];
}

function kindOf({ type, severity }: Pick<Advisory, 'type' | 'severity'>): Pick<Offer, 'class' | 'severity'> {
  const patchClass = patchClassOf(type);
  return { class: patchClass, severity: patchClass === 'security' ? severityOf(severity) : 'unknown' };
}
