import { sample, type Labels, type Sample } from '../../metrics.ts';
import type { DatedOffer, PatchClass, Remembered, Severity } from './offers.ts';

/** What a package manager can tell, so that what it does not have is an explicit 0. */
export interface Scope {
  readonly manager: string;
  /** Classes the manager can tell. Leave `security` out where security updates would not be seen. */
  readonly classes: readonly PatchClass[];
  /** Severities its security updates can have; `unknown` alone where it has no advisories. */
  readonly severities?: readonly Severity[];
  /** Names that the administrator or the manager leaves alone; they are held, not pending. */
  readonly held?: ReadonlySet<string>;
}

type Pending = Labels<'maintenance_patch_oldest_pending_timestamp_seconds'>;

/** Counts and ages of what waits, is held, and is installed but not in effect. */
export function patchSamples({ outstanding, inactive }: Remembered, scope: Scope): readonly Sample[] {
  const { manager, classes, held = new Set() } = scope;
  const counted = decisive(outstanding);
  const pending = counted.filter(({ name }) => !held.has(name));
  const left = counted.filter(({ name }) => held.has(name));
  return classes.flatMap((patchClass) => [
    ...severitiesOf(patchClass, scope, pending).flatMap((severity) => {
      const labels = { manager, class: patchClass, severity } as const;
      const offers = pending.filter((offer) => offer.class === patchClass && offer.severity === severity);
      return [
        sample('maintenance_patches_pending', labels, namesOf(offers)),
        ...oldest(offers).map(([basis, since]) =>
          sample('maintenance_patch_oldest_pending_timestamp_seconds', { ...labels, basis }, since),
        ),
      ];
    }),
    ...heldSamples(
      manager,
      patchClass,
      left.filter((offer) => offer.class === patchClass),
    ),
    ...inactiveSamples(manager, patchClass, decisive(inactive)),
  ]);
}

function heldSamples(
  manager: string,
  patchClass: PatchClass,
  held: readonly DatedOffer[],
): readonly Sample[] {
  const labels = { manager, class: patchClass } as const;
  return [
    sample('maintenance_patches_held', labels, namesOf(held)),
    ...oldest(held).map(([basis, since]) =>
      sample('maintenance_patch_oldest_held_timestamp_seconds', { ...labels, basis }, since),
    ),
  ];
}

function inactiveSamples(
  manager: string,
  patchClass: PatchClass,
  inactive: readonly DatedOffer[],
): readonly Sample[] {
  const ofClass = inactive.filter((offer) => offer.class === patchClass);
  return [...Map.groupBy(ofClass, ({ severity }) => severity)].flatMap(([severity, offers]) =>
    oldest(offers).map(([basis, since]) =>
      sample(
        'maintenance_patch_oldest_inactive_timestamp_seconds',
        { manager, class: patchClass, severity, basis },
        since,
      ),
    ),
  );
}

/** Of a package that waits for a security update only that matters: whatever else waits comes with it. */
function decisive(offers: readonly DatedOffer[]): readonly DatedOffer[] {
  const security = new Set(offers.filter((offer) => offer.class === 'security').map(({ name }) => name));
  return offers.filter((offer) => offer.class === 'security' || !security.has(offer.name));
}

function severitiesOf(
  patchClass: PatchClass,
  { severities = ['unknown'] }: Scope,
  pending: readonly DatedOffer[],
): readonly Severity[] {
  const found = pending.filter((offer) => offer.class === patchClass).map(({ severity }) => severity);
  const expected: readonly Severity[] = patchClass === 'security' ? severities : ['unknown'];
  return [...new Set([...expected, ...found])];
}

function namesOf(offers: readonly DatedOffer[]): number {
  return new Set(offers.map(({ name }) => name)).size;
}

/** The oldest by basis. Nothing where the age of one is unknown: it may be the oldest. */
function oldest(offers: readonly DatedOffer[]): readonly (readonly [Pending['basis'], number])[] {
  if (offers.some(({ since }) => since === undefined)) return [];
  return (['released', 'first_seen'] as const).flatMap((basis) => {
    const since = offers.flatMap((offer) => (offer.basis === basis ? (offer.since ?? []) : []));
    return since.length === 0 ? [] : [[basis, since.reduce((a, b) => Math.min(a, b))] as const];
  });
}
