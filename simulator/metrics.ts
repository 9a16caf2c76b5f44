import { type Sample, sample } from '../exporter/metrics.ts';
import { type AntivirusState, oldDatabases } from './antivirus.ts';
import { intervalOf } from './backups.ts';
import { day, hour } from './calendar.ts';
import type { DiskLife } from './disks.ts';
import { type CollectorName, collectorsOf } from './faults.ts';
import { random } from './random.ts';
import { valueAt } from './track.ts';
import { type BlindFault, blindFault, type Life } from './world.ts';

/** What the exporter of a host answers at an instant; undefined when it does not answer. */
export function scrape(life: Life, instant: number): readonly Sample[] | undefined {
  if (valueAt(life.up, instant) !== true) return undefined;
  return [
    ...collectorsOf(life.host.role).flatMap((collector) => {
      const blind = blindFault(life, collector, instant);
      return [
        ...facts[collector](life, instant, blind?.reason),
        ...collectorSamples(collector, instant, blind),
      ];
    }),
    sample('maintenance_exporter_build_info', { version: '0.1.0', node_version: 'v24.21.0' }, 1),
  ];
}

/** How often each collector runs, in seconds. */
const intervals: Readonly<Record<CollectorName, number>> = {
  apt: 900,
  reboot: 900,
  restic: 900,
  clamav: 300,
  smartctl: 600,
  host: 3600,
};

const facts: Readonly<
  Record<CollectorName, (life: Life, instant: number, blind: string | undefined) => readonly Sample[]>
> = { apt, reboot, restic, clamav, smartctl, host };

function collectorSamples(
  collector: CollectorName,
  instant: number,
  blind: BlindFault | undefined,
): readonly Sample[] {
  const interval = intervals[collector];
  const run = (at: number): number => Math.floor(at / interval) * interval;
  return [
    sample('maintenance_collector_success', { collector }, blind === undefined ? 1 : 0),
    ...(blind === undefined
      ? []
      : [sample('maintenance_collector_error_info', { collector, reason: blind.reason }, 1)]),
    sample('maintenance_collector_duration_seconds', { collector }, 0.2 + collector.length / 10),
    sample('maintenance_collector_interval_seconds', { collector }, interval),
    sample('maintenance_collector_last_run_timestamp_seconds', { collector }, run(instant)),
    sample(
      'maintenance_collector_last_success_timestamp_seconds',
      { collector },
      run(blind?.from ?? instant),
    ),
  ];
}

/** Package lists that are out of date are still there: their age is known, what they offer is not. */
function apt(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  const manager = 'apt';
  if (blind !== undefined && blind !== 'metadata_stale') return [];
  const published =
    Math.floor((instant - 2 * hour) / (6 * hour)) * 6 * hour - (blind === undefined ? 0 : 9 * day);
  const lists = [
    sample('maintenance_patch_metadata_complete', { manager }, 1),
    ...repositories[life.host.os].map((repository) =>
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
  debian: ['deb.debian.org/debian bookworm', 'deb.debian.org/debian-security bookworm-security'],
  ubuntu: ['archive.ubuntu.com/ubuntu noble', 'security.ubuntu.com/ubuntu noble-security'],
} as const;

function reboot(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
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

/** A locked repository is busy, not unreadable; any other failure means the list could not be read. */
function restic(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  return life.jobs.flatMap(({ job, states }): readonly Sample[] => {
    const labels = { tool: 'restic', backup_job: job.name };
    const state = valueAt(states, instant);
    if (state === undefined) return [];
    const expected = sample('maintenance_backup_expected_interval_seconds', labels, intervalOf(job));
    if (blind === 'repository_locked') return [expected];
    if (blind !== undefined) return [expected, sample('maintenance_backup_repository_readable', labels, 0)];
    return [
      expected,
      sample('maintenance_backup_repository_readable', labels, 1),
      sample('maintenance_backup_restore_points', labels, state.restorePoints),
      ...(state.lastSuccess === undefined
        ? []
        : [
            sample('maintenance_backup_last_success_timestamp_seconds', labels, state.lastSuccess),
            sample('maintenance_backup_duration_seconds', labels, state.duration),
            sample('maintenance_backup_size_bytes', labels, state.size),
            sample('maintenance_backup_added_bytes', labels, state.added),
            sample('maintenance_backup_files', labels, state.files),
          ]),
    ];
  });
}

function clamav(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  const state = valueAt(life.antivirus, instant);
  if (blind !== undefined || state === undefined) return [];
  const product = 'clamav';
  const oldest = life.antivirus[0]?.from ?? instant;
  return [
    sample('maintenance_antivirus_running', { product }, state.running ? 1 : 0),
    ...onDisk(state, oldest).map(([database, built]) =>
      sample('maintenance_antivirus_definitions_timestamp_seconds', { product, database }, built),
    ),
    ...(state.running
      ? [
          sample(
            'maintenance_antivirus_info',
            { product, version: '1.4.3', definitions: version(state.loaded) },
            1,
          ),
          sample('maintenance_antivirus_definitions_loaded_timestamp_seconds', { product }, state.loaded),
        ]
      : []),
  ];
}

function onDisk(
  state: AntivirusState,
  oldest: number,
): readonly (readonly [database: string, built: number])[] {
  return [
    ['daily', state.onDisk],
    ['main', oldest - oldDatabases.main],
    ['bytecode', oldest - oldDatabases.bytecode],
  ];
}

/** ClamAV counts its daily databases; the vendor makes one a day. */
function version(built: number): string {
  return String(27_000 + Math.floor(built / day) - 19_600);
}

function smartctl(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
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
    sample('maintenance_disk_power_on_seconds_total', disk, Math.floor(age / hour) * hour),
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

function host(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  if (blind !== undefined) return [];
  const { host: machine, patching } = life;
  const size = (machine.disks[0]?.capacity ?? 0) * 0.9;
  const used =
    size * Math.min(0.9, 0.3 + machine.cpus / 100 + (instant - (life.up[0]?.from ?? instant)) / (2000 * day));
  return [
    sample(
      'maintenance_host_info',
      {
        hostname: machine.instance,
        ...systems[machine.os],
        architecture: 'x64',
        manufacturer: machine.hardware.manufacturer,
        model: machine.hardware.model,
        virtual: 'false',
      },
      1,
    ),
    sample('maintenance_host_boot_timestamp_seconds', {}, valueAt(patching.booted, instant) ?? instant),
    sample('maintenance_host_cpus', {}, machine.cpus),
    sample('maintenance_host_memory_bytes', {}, machine.memory),
    sample('maintenance_filesystem_size_bytes', { mountpoint: '/', fstype: 'ext4' }, Math.round(size)),
    sample('maintenance_filesystem_free_bytes', { mountpoint: '/', fstype: 'ext4' }, Math.round(size - used)),
  ];
}

const systems = {
  debian: { os: 'Debian GNU/Linux', os_version: '12', kernel: '6.1.0-37-amd64' },
  ubuntu: { os: 'Ubuntu', os_version: '24.04', kernel: '6.8.0-64-generic' },
} as const;
