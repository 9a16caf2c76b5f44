import { vector } from '../../exporter/metrics.ts';
import type { DisksFacts } from '../facts/disks.ts';
import type { Measuring } from '../kpi.ts';
import { byText, keyOf, type MonthEnd, rank, scrapedThen, type Scraped, valueOf } from './month-end.ts';

type Volume = DisksFacts['volumes'][number];

/** Every volume at the end of the month, worst first. */
export async function readVolumes(measuring: Measuring, end: MonthEnd): Promise<DisksFacts['volumes']> {
  const states = end.objects('volume_health');
  if (states.length === 0) return [];
  const { customer } = measuring;
  const asked = (
    [
      'maintenance_volume_info',
      'maintenance_volume_members',
      'maintenance_volume_degraded_members',
      'maintenance_volume_scrub_timestamp_seconds',
    ] as const
  ).map(async (name) =>
    byVolume(
      await scrapedThen(measuring, end.last, vector(name, { customer }), ['instance', 'kind', 'volume']),
    ),
  );
  const [info, members, degraded, scrubs] = await Promise.all(asked);
  const none: Scraped = new Map();
  return states
    .map(({ instance, role, object: volume, verdict }): Volume => ({
      instance,
      role,
      volume,
      level: info?.get(keyOf([instance, volume]))?.labels['level'] ?? '',
      health: verdict,
      members: valueOf(members ?? none, instance, volume),
      degraded: valueOf(degraded ?? none, instance, volume),
      scrubbed: valueOf(scrubs ?? none, instance, volume),
      gap: end.gap(instance, [verdict]),
    }))
    .toSorted(
      (one, other) =>
        rank([one.health]) - rank([other.health]) ||
        byText(one.instance + one.volume, other.instance + other.volume),
    );
}

/** Named as the control names them: `md:md0`. */
function byVolume(facts: Scraped): Scraped {
  return new Map(
    [...facts.values()].map((sample) => [
      keyOf([sample.labels['instance'] ?? '', `${sample.labels['kind']}:${sample.labels['volume']}`]),
      sample,
    ]),
  );
}
