import { type Sample, sample } from '../exporter/metrics.ts';
import { day, hour } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { SimulatedHost } from './fleet.ts';
import { type Track, trackOf, valueAt } from './track.ts';
import type { Life } from './world.ts';

/** `rebuilding`: the second disk is back, or a new one, and does not hold its copy yet. */
export type VolumeState = 'whole' | 'degraded' | 'rebuilding';

/** The mirror that a server keeps its data on. */
export const volume = { kind: 'md', volume: 'md0' } as const;

const rebuild = 6 * hour;

/** Plays the mirror of a server from `start` on. A failing disk holds its copy until it is replaced. */
export function mirror(
  { disks }: SimulatedHost,
  faults: readonly Fault[],
  start: number,
): Track<VolumeState> {
  if (disks.length < 2) return [];
  const gone = faults.filter(({ kind }) => kind === 'disk_vanished');
  const changed = faults.filter(({ kind }) => kind === 'disk_vanished' || kind === 'disk_failing');
  return trackOf(
    [start, ...changed.flatMap(({ from, to }) => [from, to, to + rebuild])],
    (instant): VolumeState => {
      if (gone.some(({ from, to }) => from <= instant && instant < to)) return 'degraded';
      return changed.some(({ to }) => to <= instant && instant < to + rebuild) ? 'rebuilding' : 'whole';
    },
  );
}

/** What the collector `md` tells. The mirror is checked on the first Sunday of each month, and never with a disk missing. */
export function md(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  const state = valueAt(life.mirror, instant);
  if (blind !== undefined || state === undefined) return [];
  const since = life.mirror.findLast(({ from }) => from <= instant)?.from ?? instant;
  const capacity = Math.min(...life.host.disks.map((disk) => disk.capacity));
  return [
    sample('maintenance_volume_info', { ...volume, level: 'raid1' }, 1),
    sample('maintenance_volume_present', volume, 1),
    sample('maintenance_volume_healthy', volume, state === 'whole' ? 1 : 0),
    sample('maintenance_volume_operational', volume, 1),
    sample('maintenance_volume_members', volume, 2),
    sample('maintenance_volume_degraded_members', volume, state === 'whole' ? 0 : 1),
    sample('maintenance_volume_spares', volume, 0),
    ...(state === 'rebuilding'
      ? [sample('maintenance_volume_rebuild_ratio', volume, (instant - since) / rebuild)]
      : []),
    sample('maintenance_volume_scrub_timestamp_seconds', volume, firstSunday(instant)),
    sample('maintenance_volume_scrub_errors', volume, 0),
    sample('maintenance_volume_errors', { ...volume, error: 'corrected' }, 0),
    sample('maintenance_volume_size_bytes', volume, capacity),
  ];
}

/** The newest first Sunday of a month, five in the morning UTC. */
function firstSunday(instant: number): number {
  const date = new Date(instant * 1000);
  const sundays = [0, -1].map((month) => {
    const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + month, 1, 5));
    return first.getTime() / 1000 + ((7 - first.getUTCDay()) % 7) * day;
  });
  return sundays.find((sunday) => sunday <= instant) ?? instant;
}
