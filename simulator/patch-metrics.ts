import { type Sample, sample } from '../exporter/metrics.ts';
import { firmwarePublished, listsPublished } from './package-lists.ts';
import { valueAt } from './track.ts';
import type { Life } from './world.ts';

/** Package lists that are out of date are still there: their age is known, what they offer is not. */
export function apt(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  const manager = 'apt';
  if (blind !== undefined && blind !== 'metadata_stale') return [];
  const published = listsPublished(life.lists, instant);
  const { codename = '' } = valueAt(life.release, instant) ?? {};
  const lists = [
    sample('maintenance_patch_metadata_complete', { manager }, 1),
    ...repositories[life.host.os](codename).map((repository) =>
      sample('maintenance_patch_metadata_timestamp_seconds', { manager, repository }, published),
    ),
  ];
  const told = [...lists, ...installed(life, instant)];
  if (blind !== undefined) return told;
  return [
    ...told,
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

/** What its log and its timers tell. */
function installed({ patching }: Life, instant: number): readonly Sample[] {
  const manager = 'apt';
  const automated = valueAt(patching.automated, instant) === true ? 1 : 0;
  const { success = 0, lastSuccess, waiting = 0, lastWaiting } = valueAt(patching.deployments, instant) ?? {};
  return [
    sample('maintenance_patch_automation_enabled', { manager }, automated),
    ...(
      [
        ['success', success, lastSuccess],
        ['pending_reboot', waiting, lastWaiting],
      ] as const
    ).flatMap(([outcome, count, last]) => [
      sample('maintenance_patch_deployments_total', { manager, outcome }, count),
      ...(last === undefined
        ? []
        : [sample('maintenance_patch_last_deployment_timestamp_seconds', { manager, outcome }, last)]),
    ]),
  ];
}

export function fwupd(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  const offered = valueAt(life.firmware, instant);
  if (blind !== undefined || offered === undefined) return [];
  const manager = 'fwupd';
  const labels = { manager, class: 'firmware', severity: 'moderate' } as const;
  return [
    sample('maintenance_patch_metadata_complete', { manager }, 1),
    sample(
      'maintenance_patch_metadata_timestamp_seconds',
      { manager, repository: 'lvfs' },
      firmwarePublished(instant),
    ),
    sample('maintenance_patches_pending', labels, offered.count),
    ...(offered.oldest === undefined
      ? []
      : [
          sample(
            'maintenance_patch_oldest_pending_timestamp_seconds',
            { ...labels, basis: 'released' },
            offered.oldest,
          ),
        ]),
    sample('maintenance_patches_held', { manager, class: 'firmware' }, 0),
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
