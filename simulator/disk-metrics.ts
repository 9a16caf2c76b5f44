import { type Sample, sample } from '../exporter/metrics.ts';
import { day, hour } from './calendar.ts';
import type { DiskLife } from './disks.ts';
import { random } from './random.ts';
import type { SelfTest } from './self-tests.ts';
import { type Track, valueAt } from './track.ts';
import type { Life } from './world.ts';

export function smartctl(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  return life.disks.flatMap((disk) => diskSamples(disk, instant, blind !== undefined));
}

/** A disk that is gone, or may not be asked, is known by what the exporter remembers of it. */
function diskSamples(
  { disk: { id, capacity, ...identity }, ...life }: DiskLife,
  instant: number,
  blind: boolean,
): readonly Sample[] {
  const state = valueAt(life.states, instant);
  const disk = { disk: id };
  if (state === undefined || state === 'replaced') return [];
  const { device, protocol, kind, model, serial, firmware } = identity;
  const info = { disk: id, protocol, kind, model, serial, firmware };
  if (blind || state === 'vanished') {
    return [
      sample('maintenance_disk_info', { ...info, device: '' }, 1),
      sample(blind ? 'maintenance_disk_readable' : 'maintenance_disk_present', disk, 0),
    ];
  }
  const failing = life.states.find(({ value }) => value === 'failing')?.from ?? Infinity;
  const broken = Math.max(
    0,
    Math.floor((instant - failing) / (6 * hour)) * 8 + (instant >= failing ? 16 : 0),
  );
  const age = life.powerOn + instant - life.since;
  const warmth = protocol === 'ATA' ? 31 : 38;
  return [
    sample('maintenance_disk_info', { ...info, device }, 1),
    sample('maintenance_disk_present', disk, 1),
    sample('maintenance_disk_readable', disk, 1),
    sample('maintenance_disk_standby', disk, 0),
    sample('maintenance_disk_smart_healthy', disk, state === 'failing' ? 0 : 1),
    sample('maintenance_disk_capacity_bytes', disk, capacity),
    sample('maintenance_disk_temperature_celsius', disk, warmth + Math.floor(6 * random(id, instant)())),
    // Real disks count hours. To the second, that of one never tested is a clock that stands still.
    sample('maintenance_disk_power_on_seconds_total', disk, age),
    ...selfTestSamples(life.tests, disk, instant),
    ...(protocol === 'ATA'
      ? [
          sample('maintenance_disk_reallocated_sectors', disk, broken),
          sample('maintenance_disk_pending_sectors', disk, broken / 4),
          sample('maintenance_disk_uncorrectable_errors', disk, broken / 8),
        ]
      : [
          sample('maintenance_disk_wear_ratio', disk, Math.floor(age / (20 * day)) / 100),
          sample('maintenance_disk_spare_ratio', disk, state === 'failing' ? 0.04 : 1),
          sample('maintenance_disk_media_errors_total', disk, broken),
        ]),
  ];
}

function selfTestSamples(
  tests: Track<SelfTest>,
  disk: { readonly disk: string },
  instant: number,
): readonly Sample[] {
  const test = valueAt(tests, instant);
  const logged = sample('maintenance_disk_self_tests_logged', disk, test?.logged ?? 0);
  if (test === undefined) return [logged];
  const labels = { ...disk, kind: 'extended' } as const;
  return [
    logged,
    sample('maintenance_disk_self_test_last_timestamp_seconds', labels, test.at),
    sample('maintenance_disk_self_test_last_success', labels, test.success ? 1 : 0),
  ];
}
