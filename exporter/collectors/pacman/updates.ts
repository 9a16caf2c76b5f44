import type { Collection, Host, Problem } from '../../collector.ts';
import { rememberOffers, type DatedOffer, type Offer, type Remembered } from '../patch/offers.ts';
import { patchSamples } from '../patch/samples.ts';
import { compareVersions } from '../versions/pacman.ts';
import type { Advisory } from './arch-audit.ts';
import { readInstalled, readUpgrades, type Upgrade } from './upgrades.ts';
import type { PacmanOptions } from './tool.ts';

const manager = 'pacman';
const severities = ['critical', 'important', 'moderate', 'low', 'unknown'] as const;

const kernel =
  /^linux\d*(?:-(?:lts|zen|hardened|rt|rt-lts|aarch64|armv7|rpi|rpi-16k|cachyos(?:-[a-z]+)*))?(?<!-headers|-docs)$/;

/** Packages whose change takes effect only with a start: kernels of Arch Linux and its relatives, and microcode. */
export const needsReboot = (name: string): boolean => kernel.test(name) || /^(?:amd|intel)-ucode$/.test(name);

/**
 * The candidate of each package, and every version on the way to it that closes a vulnerability.
 * @param advisories undefined where nobody tells which updates are security updates.
 */
export function offersOf(
  upgrades: readonly Upgrade[],
  advisories: readonly Advisory[] | undefined,
): readonly Offer[] {
  return upgrades.flatMap(({ name, installed, candidate }) => {
    const fixes = (advisories ?? [])
      .filter(({ packages }) => packages.includes(name))
      .flatMap(({ fixed, severity, id }): readonly Offer[] => {
        if (fixed === undefined) return [];
        const reached = compareVersions(fixed, installed) > 0 && compareVersions(fixed, candidate) <= 0;
        return reached ? [{ name, version: `${fixed} ${id}`, class: 'security', severity }] : [];
      });
    return [...fixes, { name, version: candidate, class: 'standard', severity: 'unknown' }];
  });
}

/** Which updates wait and since when. The sync databases must be complete: without one pacman sees nothing to do. */
export async function readUpdates(
  host: Host,
  options: PacmanOptions,
  security: { readonly advisories: readonly Advisory[] | undefined; readonly problems: readonly Problem[] },
  booted: number | undefined,
): Promise<Collection> {
  const installed = await readInstalled(host, options);
  const upgrades = await readUpgrades(host, options);
  const remembered = await rememberOffers(host, offersOf(upgrades, security.advisories), {
    manager,
    outstanding: (name, version) => {
      const here = installed.get(name);
      return here !== undefined && compareVersions(version.split(' ')[0] ?? version, here) > 0;
    },
    needsReboot,
    booted,
  });
  return {
    samples: patchSamples(security.advisories === undefined ? withoutClasses(remembered) : remembered, {
      manager,
      classes: security.advisories === undefined ? ['standard'] : ['security', 'standard'],
      severities,
      held: new Set(upgrades.filter(({ ignored }) => ignored).map(({ name }) => name)),
    }),
    problems: [...security.problems, ...remembered.problems],
  };
}

/** Where nobody tells now which ones are security updates, what was told before must not leave a gap in the count. */
function withoutClasses(remembered: Remembered): Remembered {
  const { outstanding, inactive } = remembered;
  return { ...remembered, outstanding: outstanding.map(unclassed), inactive: inactive.map(unclassed) };
}

function unclassed(offer: DatedOffer): DatedOffer {
  return { ...offer, class: 'standard', severity: 'unknown' };
}
