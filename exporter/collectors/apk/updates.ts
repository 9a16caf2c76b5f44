import type { Collection, Host, Problem } from '../../collector.ts';
import { rememberOffers, type DatedOffer, type Offer, type Remembered } from '../patch/offers.ts';
import { patchSamples } from '../patch/samples.ts';
import { compareVersions } from '../versions/apk.ts';
import { readIndexes } from './indexes.ts';
import type { InstalledPackage } from './installed.ts';
import { readBuilds } from './query.ts';
import type { Repository } from './repositories.ts';
import type { Security, SecurityDatabase } from './secdb.ts';
import type { Newer } from './version-list.ts';
import { heldBack, parseWorld } from './world.ts';

const manager = 'apk';

/** Packages whose change takes effect only with a start: kernels of Alpine Linux and microcode. */
export const needsReboot = (name: string): boolean =>
  /^linux-(?:lts|virt|stable|edge|rpi\d*|asahi|elm|gru|hardened|vanilla|postmarketos-\S+)$|^(?:amd|intel)-ucode$/.test(
    name,
  );

/** The candidate of each package, and every version on the way to it that closes a vulnerability. */
export function offersOf(
  newer: readonly Newer[],
  installed: ReadonlyMap<string, InstalledPackage>,
  built: ReadonlyMap<string, number>,
  databases: readonly SecurityDatabase[],
): readonly Offer[] {
  return newer.flatMap(({ name, installed: here, candidate }) => {
    const origin = installed.get(name)?.origin ?? name;
    const fixes = databases
      .flatMap(({ fixes: known }) => known.get(origin) ?? [])
      .filter((fix) => compareVersions(fix, here) > 0 && compareVersions(fix, candidate) <= 0);
    const offer = (version: string, patchClass: Offer['class']): Offer => ({
      name,
      version,
      class: patchClass,
      severity: 'unknown',
      released: built.get(`${name} ${version}`),
    });
    const others = [...new Set(fixes)].filter((fix) => compareVersions(fix, candidate) !== 0);
    return [
      ...others.map((fix) => offer(fix, 'security')),
      offer(candidate, others.length < new Set(fixes).size ? 'security' : 'standard'),
    ];
  });
}

/** Which updates wait and since when, after apk has said that it could read every repository. */
export async function readUpdates(
  host: Host,
  newer: readonly Newer[],
  installed: ReadonlyMap<string, InstalledPackage>,
  repositories: readonly Repository[],
  security: Security,
  booted: number | undefined,
): Promise<Collection> {
  const indexes = await readIndexes(host, repositories, new Set(newer.map(({ name }) => name)));
  const undated = newer.some(({ name, candidate }) => !indexes.built.has(`${name} ${candidate}`));
  const queried = undated
    ? await readBuilds(host).catch(() => new Map<string, number>())
    : new Map<string, number>();
  const built = new Map([...queried, ...indexes.built]);
  const offers = offersOf(newer, installed, built, security.databases ?? []);
  const stale = staleProblems(offers, security);
  const known = security.databases !== undefined && stale.length === 0;
  const remembered = await rememberOffers(host, offers, {
    manager,
    outstanding: (name, version) => {
      const here = installed.get(name)?.version;
      return here !== undefined && compareVersions(version, here) > 0;
    },
    needsReboot,
    booted,
  });
  return {
    samples: [
      ...indexes.samples,
      ...patchSamples(known ? remembered : withoutClasses(remembered), {
        manager,
        classes: known ? ['security', 'standard'] : ['standard'],
        held: heldBack(newer, parseWorld((await host.read('/etc/apk/world')) ?? '')),
      }),
    ],
    problems: [...indexes.problems, ...security.problems, ...stale, ...remembered.problems],
  };
}

/** A version built after the security database was fetched may close what it does not know yet. */
function staleProblems(offers: readonly Offer[], { databases }: Security): readonly Problem[] {
  if (databases === undefined) return [];
  const oldest = Math.min(...databases.map(({ fetched }) => fetched));
  const unknown = offers.filter(
    (offer) => offer.class === 'standard' && offer.released !== undefined && offer.released > oldest,
  );
  if (unknown.length === 0) return [];
  return [
    {
      reason: 'metadata_stale',
      message: `${unknown.length} of the pending versions were built after the files of collectors.apk.secdb were fetched, so whether they are security updates is unknown; fetch the files daily`,
    },
  ];
}

/** Where nobody tells now which ones are security updates, what was told before must not leave a gap in the count. */
function withoutClasses(remembered: Remembered): Remembered {
  const { outstanding, inactive } = remembered;
  return { ...remembered, outstanding: outstanding.map(unclassed), inactive: inactive.map(unclassed) };
}

function unclassed(offer: DatedOffer): DatedOffer {
  return { ...offer, class: 'standard', severity: 'unknown' };
}
