import { type Sample, sample } from '../exporter/metrics.ts';
import { day, hour } from './calendar.ts';
import { valueAt } from './track.ts';
import type { Life } from './world.ts';

/** Package lists that are out of date are still there: their age is known, what they offer is not. */
export function apt(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  const manager = 'apt';
  if (blind !== undefined && blind !== 'metadata_stale') return [];
  const published =
    Math.floor((instant - 2 * hour) / (6 * hour)) * 6 * hour - (blind === undefined ? 0 : 9 * day);
  const { codename = '' } = valueAt(life.release, instant) ?? {};
  const lists = [
    sample('maintenance_patch_metadata_complete', { manager }, 1),
    ...repositories[life.host.os](codename).map((repository) =>
      sample('maintenance_patch_metadata_timestamp_seconds', { manager, repository }, published),
    ),
  ];
  if (blind !== undefined) return lists;
  return [
    ...lists,
    ...(['security', 'standard'] as const).flatMap((patchClass) => {
      const labels = { manager, class: patchClass, severity: 'unknown' } as const;
      const { count = 0, oldest } = valueAt(life.patching.pending[patchClass], instant) ?? {};
      return [
        sample('maintenance_patches_pending', labels, count),
        ...(oldest === undefined
          ? []
          : [
              sample(
                'maintenance_patch_oldest_pending_timestamp_seconds',
                { ...labels, basis: 'first_seen' },
                oldest,
              ),
            ]),
        sample('maintenance_patches_held', { manager, class: patchClass }, 0),
      ];
    }),
  ];
}

const repositories = {
  debian: (codename: string) => [
    `deb.debian.org/debian ${codename}`,
    `deb.debian.org/debian-security ${codename}-security`,
  ],
  ubuntu: (codename: string) => [
    `archive.ubuntu.com/ubuntu ${codename}`,
    `security.ubuntu.com/ubuntu ${codename}-security`,
  ],
} as const;

/** The table of the simulated exporters is as old as the history. */
export function osSupport(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  const release = valueAt(life.release, instant);
  if (blind !== undefined || release === undefined) return [];
  const { version, supportEnd } = release;
  return [
    sample('maintenance_os_support_end_timestamp_seconds', { os: life.host.os, version }, supportEnd),
    sample(
      'maintenance_os_support_table_timestamp_seconds',
      { source: 'host' },
      life.release[0]?.from ?? instant,
    ),
  ];
}

export function reboot(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  if (blind !== undefined) return [];
  const since = valueAt(life.patching.rebootSince, instant);
  const required = since === undefined ? 0 : 1;
  return [
    sample('maintenance_reboot_required', { reason: 'flag_file' }, required),
    sample('maintenance_reboot_required', { reason: 'kernel' }, required),
    ...(since === undefined
      ? []
      : [sample('maintenance_reboot_required_since_timestamp_seconds', {}, since)]),
  ];
}
