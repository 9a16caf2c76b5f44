import { z } from 'zod';
import type { Host, Problem } from '../../collector.ts';
import { labelValues, type Labels } from '../../metrics.ts';
import { type Dated, rememberFirstSeen } from '../memory/first-seen.ts';

export type PatchClass = Labels<'maintenance_patches_held'>['class'];
export type Severity = Labels<'maintenance_patches_pending'>['severity'];
type Basis = Labels<'maintenance_patch_oldest_held_timestamp_seconds'>['basis'];

/** One version that would replace what is installed. */
export interface Offer {
  /** What is updated, the same for every version of it: a package with its architecture, a cumulative update without its month. */
  readonly name: string;
  /** Unique within the name: a version, a KB number, an advisory with the version it brings. */
  readonly version: string;
  readonly class: PatchClass;
  /** `unknown` where no advisory says it. */
  readonly severity: Severity;
  /** When it was released, unix seconds; left out where only its first sight is known. */
  readonly released?: number | undefined;
  /** Since when it waits here, unix seconds, where the package manager itself tells; it may be earlier than its first sight. */
  readonly known?: number | undefined;
}

/** An offer with its age. */
export interface DatedOffer extends Offer {
  /** Unix seconds; undefined when it cannot be told. */
  readonly since: number | undefined;
  readonly basis: Basis;
}

export interface OfferMemory {
  /** Label of the package manager; its state is `<manager>-offers`. */
  readonly manager: string;
  /**
   * Whether a version that the lists no longer have (a newer one took its place) would still be an update: newer than what is
   * installed, of a package that is still installed.
   * @param seen when it was first seen, unix seconds; undefined when that is lost.
   */
  readonly outstanding: (name: string, version: string, seen: number | undefined) => boolean;
  /** Whether an update of this name takes effect only with a reboot; nothing does unless told. */
  readonly needsReboot?: (name: string) => boolean;
  /** When the host was started, unix seconds; undefined when unknown, and then what waits for a reboot is not tracked. */
  readonly booted?: number | undefined;
}

export interface Remembered {
  /** What waits, versions that a newer one replaced in the lists included: they make the age. */
  readonly outstanding: readonly DatedOffer[];
  /** What was seen waiting, is installed now, and is not in effect before the next reboot. */
  readonly inactive: readonly DatedOffer[];
  readonly problems: readonly Problem[];
}

const factsSchema = z.object({
  name: z.string(),
  version: z.string(),
  class: z.enum(labelValues.class),
  severity: z.enum(labelValues.severity),
  released: z.number().optional(),
  /** When it was first seen to be installed and not yet in effect, unix seconds. */
  installed: z.number().optional(),
});
type Facts = z.infer<typeof factsSchema>;

/** How far ahead of this host's clock a release date may be before it is no date, seconds. */
const clockTolerance = 86_400;

/**
 * Dates every outstanding version of every package. A version stays on record until it is installed, also when a newer one
 * takes its place in the lists, so an update that is superseded again and again keeps its true age.
 * @param offers what the package manager offers now, one per version it knows of; several may share a name.
 */
export async function rememberOffers(
  host: Host,
  offers: readonly Offer[],
  { manager, outstanding, needsReboot, booted }: OfferMemory,
): Promise<Remembered> {
  const now = Math.floor(host.now());
  const reachesNow = (facts: Facts, seen: number | undefined): Facts | undefined => {
    if (outstanding(facts.name, facts.version, seen)) return { ...facts, installed: undefined };
    if (booted === undefined || needsReboot?.(facts.name) !== true) return undefined;
    const installed = facts.installed ?? now;
    return booted > installed ? undefined : { ...facts, installed };
  };
  const { entries, problems } = await rememberFirstSeen<Facts>(
    host,
    offers.map((offer) => ({
      key: `${offer.name}\t${offer.version}`,
      facts: factsOf(offer, now),
      ...(offer.known === undefined ? {} : { since: offer.known }),
    })),
    {
      state: `${manager}-offers`,
      facts: factsSchema,
      things: 'updates',
      dated: ({ released }) => released !== undefined,
      merge: earliestRelease,
      keep: ({ facts, seen }) => reachesNow(facts, seen),
    },
  );
  return {
    outstanding: entries.filter(({ facts }) => facts.installed === undefined).map(dated),
    inactive: entries.filter(({ facts }) => facts.installed !== undefined).map(dated),
    problems,
  };
}

function factsOf({ name, version, class: patchClass, severity, released }: Offer, now: number): Facts {
  const credible = released !== undefined && released > 0 && released <= now + clockTolerance;
  return { name, version, class: patchClass, severity, ...(credible ? { released } : {}) };
}

/** A later change of its advisory does not make a version younger. */
function earliestRelease(before: Facts, now: Facts): Facts {
  const released = [before.released, now.released].filter((time) => time !== undefined);
  return released.length === 0 ? now : { ...now, released: Math.min(...released) };
}

/** Whatever was seen before its release date was there before it. */
function dated({ seen, facts }: Dated<Facts>): DatedOffer {
  const { installed: _, released, ...offer } = facts;
  if (released !== undefined && !(seen !== undefined && seen < released))
    return { ...offer, released, since: released, basis: 'released' };
  return { ...offer, released, since: seen, basis: 'first_seen' };
}
