import type { Problem } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import type { Answer } from './answer.ts';
import { samplesOf } from './facts.ts';
import type { KnownDisk, KnownDisks } from './known.ts';
import { riskSamples } from './risk.ts';
import { targetName } from './scan.ts';

/** An answer that comes from a disk. */
export type DiskAnswer = Extract<Answer, { readonly state: 'readable' | 'asleep' | 'unreadable' }>;

/** A disk of this run under its id, however many ways lead to it. */
export interface Disk {
  readonly id: string;
  readonly answer: DiskAnswer;
  /** The id is the device's name of today: the disk gave none and is not known from before. */
  readonly nameless: boolean;
}

/**
 * Finds out which answers are one disk: multipath, or the same disk by /dev/sdX and by megaraid,N. The way that
 * tells most wins. A device that sleeps or could not be asked is the disk last seen there, unless that
 * one answered elsewhere. Two disks that claim one id (cloned WWN) are kept apart under their device names.
 */
export function resolveDisks(
  answers: readonly DiskAnswer[],
  known: KnownDisks,
): { readonly disks: readonly Disk[]; readonly problems: readonly Problem[] } {
  const disks: Disk[] = [];
  const problems: Problem[] = [];
  const byId = Map.groupBy(answers, ({ identity }) => identity.id);
  for (const [id, group] of byId) {
    const best = group.toSorted(byWorth)[0];
    if (id === undefined || best === undefined) continue;
    if (group.every((one) => isSameDisk(one, best))) disks.push({ id, answer: best, nameless: false });
    else {
      const names = group.map(({ target }) => targetName(target));
      problems.push({
        reason: 'unexpected_output',
        message: `${names.join(' and ')} claim the same id ${id}; they are shown under their device names`,
      });
      disks.push(...group.map((answer, index) => ({ id: names[index] ?? id, answer, nameless: true })));
    }
  }
  for (const answer of byId.get(undefined) ?? []) {
    const id = answer.state === 'readable' ? undefined : lastSeenAt(answer, known);
    if (id !== undefined && !byId.has(id)) disks.push({ id, answer, nameless: false });
    else disks.push({ id: targetName(answer.target), answer, nameless: true });
  }
  return { disks: disks.toSorted((a, b) => (a.id < b.id ? -1 : 1)), problems };
}

function lastSeenAt({ target }: DiskAnswer, known: KnownDisks): string | undefined {
  return [...known].find(([, { device, type }]) => device === target.device && type === target.type)?.[0];
}

/** NVMe ids are serial numbers, which are unique only per model. */
function isSameDisk({ identity: one }: DiskAnswer, { identity: other }: DiskAnswer): boolean {
  return agree(one.serial, other.serial) && (one.protocol !== 'NVMe' || agree(one.model, other.model));
}

function agree(one: string, other: string): boolean {
  return one === '' || other === '' || one === other;
}

function byWorth(one: DiskAnswer, other: DiskAnswer): number {
  return worth(other) - worth(one) || (targetName(one.target) < targetName(other.target) ? -1 : 1);
}

function worth(answer: DiskAnswer): number {
  if (answer.state === 'unreadable') return 0;
  return answer.state === 'asleep' ? 1 : 2 + samplesOf('', answer.facts).length;
}

/** What is known after this run: a disk is remembered once it has been read under an id of its own. */
export function learn(known: KnownDisks, disks: readonly Disk[]): KnownDisks {
  const learned = new Map(known);
  for (const { id, answer, nameless } of disks) {
    if (nameless || answer.state !== 'readable') continue;
    const { id: _, ...identity } = answer.identity;
    learned.set(id, { ...identity, ...whereabouts(answer) });
  }
  return learned;
}

function whereabouts({ target: { device, type } }: DiskAnswer): Pick<KnownDisk, 'device' | 'type'> {
  return type === undefined ? { device } : { device, type };
}

/** Samples of a disk that is there. */
export function presentSamples({ id: disk, answer }: Disk, known: KnownDisks): readonly Sample[] {
  const remembered = known.get(disk);
  const named = answer.state === 'readable' || remembered === undefined ? answer.identity : remembered;
  const protocol = named.protocol === '' ? (answer.target.protocol ?? '') : named.protocol;
  return [
    infoSample(disk, { ...named, protocol, device: answer.target.device }),
    sample('maintenance_disk_present', { disk }, 1),
    ...stateSamples(disk, answer),
  ];
}

function stateSamples(disk: string, answer: DiskAnswer): readonly Sample[] {
  if (answer.state === 'asleep') return [sample('maintenance_disk_standby', { disk }, 1)];
  if (answer.state === 'unreadable') return [sample('maintenance_disk_readable', { disk }, 0)];
  return [
    sample('maintenance_disk_readable', { disk }, 1),
    sample('maintenance_disk_standby', { disk }, 0),
    ...samplesOf(disk, answer.facts),
    ...riskSamples(disk, answer.identity, answer.facts.attributes),
  ];
}

/**
 * Samples of a known disk that no device of this run is.
 * @param gone whether the run saw enough to say so; otherwise the disk merely could not be asked.
 */
export function unseenSamples(disk: string, known: KnownDisk, gone: boolean): readonly Sample[] {
  return [
    infoSample(disk, { ...known, device: '' }),
    gone ? sample('maintenance_disk_present', { disk }, 0) : sample('maintenance_disk_readable', { disk }, 0),
  ];
}

function infoSample(disk: string, { device, protocol, kind, model, serial, firmware }: KnownDisk): Sample {
  const labels = { disk, device, protocol, kind, model, serial, firmware };
  return sample('maintenance_disk_info', labels, 1);
}
