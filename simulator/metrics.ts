import { type Sample, sample } from '../exporter/metrics.ts';
import { type AntivirusState, oldDatabases } from './antivirus.ts';
import { intervalOf } from './backups.ts';
import { day } from './calendar.ts';
import { smartctl } from './disk-metrics.ts';
import { type CollectorName, collectorsOf } from './faults.ts';
import { apt, fwupd, osSupport, reboot } from './patch-metrics.ts';
import type { Proofs } from './proofs.ts';
import { tasks } from './task-metrics.ts';
import { valueAt } from './track.ts';
import { md } from './volumes.ts';
import { trivy } from './vulnerability-findings.ts';
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
    ...tasks(life, instant),
    sample('maintenance_authentication_failures_total', {}, Math.floor(instant / mistyped[life.host.role])),
    sample('maintenance_exporter_build_info', { version: '0.1.0', node_version: 'v24.21.0' }, 1),
  ];
}

/** Seconds between two wrong passwords: what is usual. */
const mistyped = { server: 600, workstation: 7200 } as const;

/** How often each collector runs, in seconds. */
const intervals: Readonly<Record<CollectorName, number>> = {
  apt: 900,
  fwupd: 3600,
  trivy: 3600,
  reboot: 900,
  os_support: 21_600,
  restic: 900,
  clamav: 300,
  smartctl: 600,
  md: 120,
  host: 3600,
};

const facts: Readonly<
  Record<CollectorName, (life: Life, instant: number, blind: string | undefined) => readonly Sample[]>
> = { apt, fwupd, trivy, reboot, os_support: osSupport, restic, clamav, smartctl, md, host };

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

/** A locked repository is busy, not unreadable; any other failure means the list could not be read. */
function restic(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  return life.jobs.flatMap(({ job, states, checks }): readonly Sample[] => {
    const labels = { tool: 'restic', backup_job: job.name };
    const state = valueAt(states, instant);
    if (state === undefined) return [];
    const declared = [
      sample('maintenance_backup_expected_interval_seconds', labels, intervalOf(job)),
      sample('maintenance_backup_job_info', { ...labels, criticality: job.criticality }, 1),
      ...proofSamples(labels, checks, instant),
    ];
    if (blind === 'repository_locked') return declared;
    if (blind !== undefined)
      return [...declared, sample('maintenance_backup_repository_readable', labels, 0)];
    return [
      ...declared,
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

/** What is on record of checks and restore tests. */
function proofSamples(
  labels: { readonly tool: string; readonly backup_job: string },
  { restore, ...checks }: Proofs,
  instant: number,
): readonly Sample[] {
  const test = valueAt(restore, instant);
  const passed = restore.findLast(({ from, value }) => from <= instant && value.success);
  return [
    ...(['structure', 'data'] as const).flatMap((depth) => {
      const check = valueAt(checks[depth], instant);
      if (check === undefined) return [];
      return [
        sample('maintenance_backup_check_timestamp_seconds', { ...labels, depth }, check.at),
        sample('maintenance_backup_check_success', { ...labels, depth }, check.success ? 1 : 0),
      ];
    }),
    ...(test === undefined
      ? []
      : [
          sample('maintenance_backup_restore_test_timestamp_seconds', labels, test.at),
          sample('maintenance_backup_restore_test_success', labels, test.success ? 1 : 0),
          sample('maintenance_backup_restore_test_duration_seconds', labels, test.duration),
          sample('maintenance_backup_restore_test_bytes', labels, test.bytes),
        ]),
    ...(passed === undefined
      ? []
      : [sample('maintenance_backup_restore_test_last_success_timestamp_seconds', labels, passed.value.at)]),
  ];
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

function host(life: Life, instant: number, blind: string | undefined): readonly Sample[] {
  if (blind !== undefined) return [];
  const { host: machine, patching } = life;
  const release = valueAt(life.release, instant);
  const size = (machine.disks[0]?.capacity ?? 0) * 0.9;
  const used =
    size * Math.min(0.9, 0.3 + machine.cpus / 100 + (instant - (life.up[0]?.from ?? instant)) / (2000 * day));
  return [
    sample(
      'maintenance_host_info',
      {
        hostname: machine.instance,
        os: systems[machine.os],
        os_version: release?.version ?? '',
        kernel: release?.kernel ?? '',
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

const systems = { debian: 'Debian GNU/Linux', ubuntu: 'Ubuntu' } as const;
