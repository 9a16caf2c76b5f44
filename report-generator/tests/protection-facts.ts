import { controlNames } from '../../alerts/controls.ts';
import type { BackupJob, BackupsFacts } from '../facts/backups.ts';
import type { DiskFact, DisksFacts } from '../facts/disks.ts';
import type { UpdatesFacts } from '../facts/updates.ts';
import type { VulnerabilitiesFacts } from '../facts/vulnerabilities.ts';
import { type Indicator, type Snapshot, snapshotSchema } from '../snapshot.ts';
import { october } from './october.ts';

/*
 * One month by hand, for tests: what is not said of a host, job or disk is in order.
 */

const day = 86_400;
export const end = 1_793_487_600;

const months = Array.from({ length: 13 }, (_, index) =>
  new Date(Date.UTC(2025, 9 + index, 1)).toISOString().slice(0, 7),
);

export function indicator(id: string, changes: Partial<Indicator> = {}): Indicator {
  const value = changes.value === undefined ? 0.97 : changes.value;
  return {
    id,
    unit: 'ratio',
    better: 'high',
    value,
    reason: null,
    numerator: value === null ? null : value * 1000,
    denominator: 1000,
    target: 0.95,
    verdict: 'met',
    coverage: { objects: 1, time: 1 },
    atEnd: { compliant: 10, known: 10, expected: 10 },
    trend: months.map((month, index) => ({
      month,
      value: value === null ? null : Math.max(0, value - (12 - index) * 0.01),
      time: 1,
    })),
    queries: [`up{job="${id}"}`],
    ...changes,
  };
}

export function criticalOpen(value: number, before: number | null): Indicator {
  return indicator('vulnerabilities_critical_open', {
    unit: 'count',
    better: 'low',
    value,
    numerator: value,
    denominator: null,
    target: 0,
    verdict: value > 0 ? 'missed' : 'met',
    atEnd: null,
    trend: months.map((month, index) => ({ month, value: index === 11 ? before : value, time: 1 })),
  });
}

type Host = UpdatesFacts['hosts'][number];

/** @param late days the oldest security update is past its limit of three days; negative: inside. */
export function hostUpdates(instance: string, late: number, changes: Partial<Host> = {}): Host {
  return {
    instance,
    role: 'server',
    system: 'Debian GNU/Linux 12 (bookworm)',
    supported: 'met',
    supportEnd: end + 600 * day,
    security: {
      verdict: late > 0 ? 'missed' : 'met',
      count: 4,
      age: (3 + late) * day,
      limit: 3 * day,
    },
    standard: { verdict: 'met', count: 12, age: 9 * day, limit: 31 * day },
    reboot: { verdict: 'met', age: 0 },
    deployment: { at: end - 5 * day, outcome: 'success' },
    gap: null,
    ...changes,
  };
}

export function silentUpdates(instance: string): Host {
  const nothing = { verdict: 'unknown', count: null, age: null, limit: null } as const;
  return hostUpdates(instance, -1, {
    system: '',
    supported: 'unknown',
    supportEnd: null,
    security: nothing,
    standard: nothing,
    reboot: { verdict: 'unknown', age: null },
    deployment: null,
    gap: 'silent',
  });
}

type Restore = NonNullable<BackupJob['restore']>;

/** @param days since the last verified restore; null: never. */
export function backupJob(
  instance: string,
  days: number | null,
  changes: Partial<BackupJob> = {},
  restore: Partial<Restore> = {},
): BackupJob {
  return {
    instance,
    role: 'server',
    job: 'nightly',
    tool: 'restic',
    critical: false,
    interval: day,
    runs: { succeeded: 31, missed: 0, unknown: 0 },
    lastSuccess: end - 80_000,
    backup: 'met',
    structure: { at: end - 60_000, success: true },
    data: { at: end - 6 * day, success: true },
    restore: {
      verdict: days !== null && days <= 184 ? 'met' : 'missed',
      verified: days === null ? null : end - days * day,
      limit: 184 * day,
      tested: days === null ? null : end - days * day,
      success: days === null ? null : true,
      duration: days === null ? null : 840,
      bytes: days === null ? null : 53_000_000_000,
      ...restore,
    },
    gap: null,
    ...changes,
  };
}

export function backupsOf(jobs: readonly BackupJob[], restores: BackupsFacts['restores'] = []): BackupsFacts {
  const sum = (part: 'succeeded' | 'missed' | 'unknown'): number =>
    jobs.reduce((total, { runs }) => total + (runs?.[part] ?? 0), 0);
  return {
    jobs: [...jobs],
    month: {
      succeeded: sum('succeeded'),
      missed: sum('missed'),
      unknown: sum('unknown'),
      jobs: jobs.length,
      undeclared: 0,
    },
    restores,
  };
}

export function disk(instance: string, changes: Partial<DiskFact> = {}): DiskFact {
  return {
    instance,
    role: 'server',
    disk: `0x5000cca2${instance}`,
    model: 'HGST HUS726T4TALE6L4',
    serial: 'V1AB12CD',
    device: '/dev/sda',
    health: 'met',
    present: true,
    passed: true,
    capacity: 4_000_787_030_016,
    wear: null,
    temperature: 34,
    reallocated: { count: 0, grown: 0 },
    pending: { count: 0, grown: 0 },
    uncorrectable: null,
    media: null,
    selfTest: { verdict: 'met', at: end - 3 * day, success: true },
    isNew: false,
    gap: null,
    ...changes,
  };
}

export function disksOf(disks: readonly DiskFact[], changes: Partial<DisksFacts> = {}): DisksFacts {
  return { disks: [...disks], retired: [], volumes: [], ...changes };
}

type Scanner = VulnerabilitiesFacts['scanners'][number];

/** @param days the oldest critical one is open; the limit is three. */
export function scanner(instance: string, open: number, days: number): Scanner {
  return {
    instance,
    role: 'server',
    scanner: 'trivy',
    critical: days > 3 ? 'missed' : 'met',
    scanned: 'met',
    scannedAt: end - 40_000,
    database: end - 60_000,
    open: { critical: open, important: 3, other: 11 },
    exploited: null,
    age: days * day,
    limit: 3 * day,
    gap: null,
  };
}

/** A month with these facts; every control of its hosts is in order unless told. */
export function monthWith(
  facts: Snapshot['facts'],
  changes: Partial<Omit<Snapshot, 'facts'>> = {},
): Snapshot {
  return snapshotSchema.parse({
    ...october,
    indicators: [
      ...controlNames.map((name) => indicator(name)),
      indicator('backup_runs', { value: 0.98, target: 0.99, verdict: 'missed', atEnd: null }),
      criticalOpen(7, 19),
    ],
    controls: [...controlNames],
    ...changes,
    facts,
  });
}

export function hostCells(
  instance: string,
  cells: Readonly<Record<string, 'met' | 'missed' | 'unknown'>> = {},
): Snapshot['hosts'][number] {
  return {
    instance,
    role: 'server',
    controls: { ...Object.fromEntries(controlNames.map((name) => [name, 'met'])), ...cells },
  };
}
