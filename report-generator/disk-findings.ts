import type { DiskFact, DisksFacts } from './facts/disks.ts';
import type { Verdict } from './snapshot.ts';
import type { DiskWords } from './words/protection-words.ts';

/** A disk or volume of which there is something to say. */
export interface DiskFinding {
  readonly instance: string;
  readonly verdict: Verdict;
  /** In a few words, the gravest first. */
  readonly text: string;
  /** Model and device, or the name of the volume. */
  readonly what: string;
}

/** Everything that needs attention, the gravest first; what is only unknown is counted apart. */
export function diskFindings(
  { disks, retired, volumes }: DisksFacts,
  say: DiskWords,
): readonly DiskFinding[] {
  const found = [
    ...disks.map((disk): DiskFinding => ({
      instance: disk.instance,
      verdict: disk.health === 'missed' || disk.selfTest?.verdict === 'missed' ? 'missed' : 'risk',
      text: findingsOf(disk, say).join(', '),
      what: [disk.model, disk.device].filter((part) => part !== '').join(' '),
    })),
    ...volumes.map((volume): DiskFinding => ({
      instance: volume.instance,
      verdict: 'missed',
      text: volume.health === 'missed' ? say.degraded(volume.degraded, volume.members) : '',
      what: `${volume.volume} ${volume.level}`.trim(),
    })),
    ...retired.map(({ instance, model, serial }): DiskFinding => ({
      instance,
      verdict: 'plain',
      text: say.retired,
      what: `${model} ${serial}`.trim(),
    })),
  ];
  const order: readonly Verdict[] = ['missed', 'risk', 'plain'];
  return found
    .filter(({ text }) => text !== '')
    .toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict));
}

/** What there is to say of one disk; nothing of one that is in order or not known. */
export function findingsOf(disk: DiskFact, say: DiskWords): readonly string[] {
  const grown = [disk.reallocated, disk.pending, disk.uncorrectable, disk.media].reduce(
    (sum, errors) => sum + Math.max(0, errors?.grown ?? 0),
    0,
  );
  const isGone = disk.present === false;
  return [
    ...(disk.health === 'missed' ? [isGone ? say.gone : say.failing] : []),
    ...(disk.selfTest?.verdict === 'missed'
      ? [disk.selfTest.success === false ? say.selfTestFailed : say.selfTestLate]
      : []),
    ...(grown > 0 ? [say.grown(grown)] : []),
    ...(disk.isNew === true ? [say.isNew] : []),
  ];
}
