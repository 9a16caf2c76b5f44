import type { Problem } from '../../collector.ts';
import type { Answer } from './answer.ts';
import type { KnownDisk, KnownDisks } from './known.ts';
import { canBeOne, idOf } from './same-disk.ts';
import { samplesOf } from './samples.ts';
import { type Target, targetName } from './scan.ts';

/** An answer that comes from a disk. */
export type DiskAnswer = Extract<Answer, { readonly state: 'readable' | 'asleep' | 'unreadable' }>;

/** A disk of this run under its id, however many ways lead to it. */
export interface Disk {
  readonly id: string;
  /** Of the way that tells most. */
  readonly answer: DiskAnswer;
  /** Every way to it that this run found, the best one included. */
  readonly ways: readonly Target[];
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
  const byId = Map.groupBy(answers, (answer) => idOf(answer, answers, known));
  for (const [id, group] of byId) {
    const best = group.toSorted(byWorth)[0];
    if (id === undefined || best === undefined) continue;
    const ways = group.map(({ target }) => target);
    if (group.every((one) => canBeOne(one, best))) disks.push({ id, answer: best, ways, nameless: false });
    else {
      const names = ways.map(targetName);
      problems.push({
        reason: 'unexpected_output',
        message: `${names.join(' and ')} claim the same id ${id}; they are shown under their device names`,
      });
      disks.push(...group.map(asNameless));
    }
  }
  const silent = Map.groupBy(byId.get(undefined) ?? [], (answer) =>
    answer.state === 'readable' ? undefined : lastSeenAt(answer.target, known),
  );
  for (const [id, group] of silent) {
    const best = group.toSorted(byWorth)[0];
    const ways = group.map(({ target }) => target);
    if (id === undefined || best === undefined) disks.push(...group.map(asNameless));
    else if (!byId.has(id)) disks.push({ id, answer: best, ways, nameless: false });
    else {
      // It answered by a way that was known already, so this is another way to it, out of order; otherwise it has moved.
      const at = disks.findIndex((disk) => disk.id === id);
      const answering = disks[at];
      if (answering?.ways.some((way) => leadsTo(way, known.get(id))) === true) {
        disks[at] = { ...answering, ways: [...answering.ways, ...ways] };
        problems.push(...group.flatMap(problemsOf));
      } else disks.push(...group.map(asNameless));
    }
  }
  return { disks: disks.toSorted((a, b) => (a.id < b.id ? -1 : 1)), problems };
}

function asNameless(answer: DiskAnswer): Disk {
  const { target } = answer;
  return { id: targetName(target), answer, ways: [target], nameless: true };
}

/** Why the disk could not be read, if so. */
export function problemsOf(answer: DiskAnswer): readonly Problem[] {
  return answer.state === 'unreadable' ? [answer.problem] : [];
}

/** Who was found there last; nobody when that one is gone since. */
function lastSeenAt(target: Target, known: KnownDisks): string | undefined {
  const last = [...known]
    .filter(([, disk]) => leadsTo(target, disk))
    .toSorted(([, a], [, b]) => (b.last_seen ?? 0) - (a.last_seen ?? 0))[0];
  return last?.[1].state === 'gone' ? undefined : last?.[0];
}

/** Whether a disk was found there when it was last read. */
export function leadsTo(target: Target, disk: KnownDisk | undefined): boolean {
  return (
    disk !== undefined &&
    [disk, ...(disk.ways ?? [])].some(({ device, type }) => device === target.device && type === target.type)
  );
}

function byWorth(one: DiskAnswer, other: DiskAnswer): number {
  return worth(other) - worth(one) || (targetName(one.target) < targetName(other.target) ? -1 : 1);
}

/** A failing verdict by one way is not outdone by how much another one tells. */
function worth(answer: DiskAnswer): number {
  if (answer.state === 'unreadable') return 0;
  if (answer.state === 'readable' && answer.facts.healthy === false) return Infinity;
  return answer.state === 'asleep' ? 1 : 2 + samplesOf('', answer.facts).length;
}
