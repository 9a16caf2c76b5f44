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
  const remembered = await rememberOffers(host, offersOf(offered, outstanding), {
    manager,
    outstanding: (key, version) => {
      const here = installed.get(key)?.evr;
      const limit = reach(key);
      if (here === undefined || limit === undefined) return false;
      return compareVersions(evrIn(version), here) > 0 && compareVersions(evrIn(version), limit) <= 0;
    },
    needsReboot: (key) => world.needsReboot(installed.get(key)?.name ?? key),
    booted: world.booted,
  });
  const held = (offer: DatedOffer): boolean => {
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

function offersOf(
  offered: ReadonlyMap<string, readonly string[]>,
  outstanding: readonly Outstanding[],
): readonly Offer[] {
  const explained = new Set(outstanding.map((one) => `${keyOf(one)} ${one.evr}`));
  return [
    ...outstanding.map(({ name, arch, evr, advisory }): Offer => {
      const patchClass = patchClassOf(advisory.type);
      return {
        name: keyOf({ name, arch }),
        version: `${evr} ${advisory.id}`,
        class: patchClass,
        severity: patchClass === 'security' ? severityOf(advisory.severity) : 'unknown',
        released: advisory.issued,
      };
    }),
    ...[...offered].flatMap(([name, versions]) =>
      versions
        .filter((evr) => !explained.has(`${name} ${evr}`))
        .map((evr): Offer => ({ name, version: evr, class: 'standard', severity: 'unknown' })),
    ),
  ];
}
