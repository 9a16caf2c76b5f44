import { type Disk, leadsTo } from './disks.ts';
import type { KnownDisk, KnownDisks } from './known.ts';
import type { Target } from './scan.ts';

/** What a run saw. */
export interface Sight {
  readonly disks: readonly Disk[];
  /** Whether the list of devices is whole. */
  readonly scanned: boolean;
  /** Unix seconds. */
  readonly now: number;
  /** Known disks that this run was not to look for: they stay as they are. */
  readonly ignored: (id: string, disk: KnownDisk) => boolean;
}

/**
 * What is known after a run: a disk is remembered once it has been read under an id of its own. One that was not found
 * is gone only when the run saw enough to say so, and unknown otherwise.
 */
export function learn(known: KnownDisks, strangers: ReadonlyMap<string, number>, sight: Sight): KnownDisks {
  const learned = new Map(known);
  for (const [id, disk] of notFound(known, sight)) {
    // What is gone stays gone, also for a run that saw nothing.
    const gone = disk.state === 'gone' || isGone(disk, strangers, sight);
    learned.set(id, { ...disk, state: gone ? 'gone' : 'unknown' });
  }
  for (const disk of sight.disks) {
    const after = disk.nameless ? undefined : afterMeeting(known.get(disk.id), disk, sight.now);
    if (after !== undefined) learned.set(disk.id, after);
  }
  return learned;
}

/** Known disks that the run looked for and did not find. */
export function notFound(
  known: KnownDisks,
  { disks, ignored }: Sight,
): readonly (readonly [id: string, disk: KnownDisk])[] {
  // A disk that two devices claim to be is there, though under their names.
  const found = new Set(disks.flatMap(({ id, answer }) => [id, answer.identity.id]));
  return [...known].filter(([id, disk]) => !found.has(id) && !ignored(id, disk));
}

/**
 * Whether a run saw enough to say that a disk it did not find is gone. One that was gone already stays so, whatever silent
 * devices there are, unless one is where the disk was: then it may be back.
 */
export function isGone(
  disk: KnownDisk,
  strangers: ReadonlyMap<string, number>,
  { disks, scanned }: Sight,
): boolean {
  if (!scanned || disks.length === 0) return false;
  if (disk.state !== 'gone') return !couldHide(strangers, disk.last_seen);
  return !disks.some(
    ({ nameless, answer, ways }) =>
      nameless && answer.state !== 'readable' && ways.some((way) => leadsTo(way, disk)),
  );
}

function afterMeeting(
  before: KnownDisk | undefined,
  { answer, ways }: Disk,
  now: number,
): KnownDisk | undefined {
  const arrived = before === undefined || before.state === 'gone' ? now : before.arrived;
  const since = arrived === undefined ? {} : { arrived };
  if (answer.state !== 'readable')
    return before === undefined ? undefined : { ...before, ...since, state: answer.state };
  const { id: _, ...identity } = answer.identity;
  const others = ways.filter((way) => way !== answer.target).map(whereabouts);
  return {
    ...identity,
    ...whereabouts(answer.target),
    ...(others.length === 0 ? {} : { ways: others }),
    ...since,
    last_seen: now,
    state: 'readable',
  };
}

function whereabouts({ device, type }: Target): Pick<KnownDisk, 'device' | 'type'> {
  return type === undefined ? { device } : { device, type };
}

/** A device without a name may be a disk that is looked for, unless both were there at one time. */
function couldHide(strangers: ReadonlyMap<string, number>, lastSeen: number | undefined): boolean {
  return [...strangers.values()].some((since) => lastSeen === undefined || since > lastSeen);
}

/** Devices of a run that told no name, with the time since when; a device that says it has no SMART is no disk we look for. */
export function meetStrangers(
  before: ReadonlyMap<string, number>,
  { disks, scanned, now }: Sight,
): ReadonlyMap<string, number> {
  const nameless = disks.filter(
    ({ nameless: unnamed, answer }) =>
      unnamed &&
      (answer.state === 'asleep' ||
        (answer.state === 'unreadable' && answer.problem.reason !== 'unsupported')),
  );
  const met = nameless.map(({ id }) => [id, before.get(id) ?? now] as const);
  return new Map(scanned ? met : [...before, ...met]);
}
