import { sample, type Sample } from '../../metrics.ts';
import type { Disk, DiskAnswer } from './disks.ts';
import type { KnownDisk, KnownDisks } from './known.ts';
import { riskSamples } from './risk.ts';
import { samplesOf } from './samples.ts';

/** Samples of a disk that is there. */
export function presentSamples({ id: disk, answer }: Disk, known: KnownDisks): readonly Sample[] {
  const remembered = known.get(disk);
  const named = answer.state === 'readable' || remembered === undefined ? answer.identity : remembered;
  const protocol = named.protocol === '' ? (answer.target.protocol ?? '') : named.protocol;
  return [
    infoSample(disk, { ...named, protocol, device: answer.target.device }),
    sample('maintenance_disk_present', { disk }, 1),
    ...lastSeenSamples(disk, remembered),
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
    ...lastSeenSamples(disk, known),
  ];
}

function lastSeenSamples(disk: string, known: KnownDisk | undefined): readonly Sample[] {
  return known?.last_seen === undefined
    ? []
    : [sample('maintenance_disk_last_seen_timestamp_seconds', { disk }, known.last_seen)];
}

function infoSample(disk: string, { device, protocol, kind, model, serial, firmware }: KnownDisk): Sample {
  const labels = { disk, device, protocol, kind, model, serial, firmware };
  return sample('maintenance_disk_info', labels, 1);
}
