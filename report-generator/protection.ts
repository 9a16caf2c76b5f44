import type { BackupJob, BackupsFacts } from './facts/backups.ts';
import type { UpdatesFacts } from './facts/updates.ts';
import type { VulnerabilitiesFacts } from './facts/vulnerabilities.ts';
import type { Indicator, Snapshot } from './snapshot.ts';

/** The five questions to the whole estate, in the order they are asked. */
export const questionIds = ['reporting', 'updates', 'backups', 'antivirus', 'disks'] as const;
export type QuestionId = (typeof questionIds)[number];

interface Asked {
  /** Whose value, target and verdict stand for the month. */
  readonly indicator: string;
  /** Controls without which the answer is no, and those without which it is only partly yes. */
  readonly main: readonly string[];
  readonly beside: readonly string[];
}

const asked: Readonly<Record<QuestionId, Asked>> = {
  reporting: { indicator: 'host_reporting', main: ['host_reporting'], beside: [] },
  updates: {
    indicator: 'patch_security',
    main: ['patch_security', 'os_supported'],
    beside: [
      'patch_standard',
      'patch_slip',
      'patch_metadata',
      'patch_automation',
      'patch_deployment',
      'reboot',
    ],
  },
  backups: {
    indicator: 'backup',
    main: ['backup'],
    beside: ['backup_check', 'backup_check_data', 'restore_test'],
  },
  antivirus: { indicator: 'av_protection', main: ['av_protection', 'av_definitions'], beside: [] },
  disks: { indicator: 'disk_health', main: ['disk_health', 'volume_health'], beside: ['disk_self_test'] },
};

/** Hosts of which something is asked, by the answer at the end of the month. */
export interface Answer {
  readonly id: QuestionId;
  readonly inOrder: number;
  readonly partly: number;
  readonly problem: number;
  readonly unknown: number;
  readonly hosts: number;
  /** Undefined when the month has none. */
  readonly indicator: Indicator | undefined;
}

type Part = 'inOrder' | 'partly' | 'problem' | 'unknown';

export function answersOf({ hosts, indicators }: Snapshot): readonly Answer[] {
  return questionIds.map((id) => {
    const parts = hosts.flatMap(({ controls }) => partOf(controls, asked[id], id) ?? []);
    const count = (part: Part): number => parts.filter((each) => each === part).length;
    return {
      id,
      inOrder: count('inOrder'),
      partly: count('partly'),
      problem: count('problem'),
      unknown: count('unknown'),
      hosts: parts.length,
      indicator: indicators.find((one) => one.id === asked[id].indicator),
    };
  });
}

/** What is not known of the main controls is never partly in order. A host that does not report is not known. */
function partOf(
  controls: Snapshot['hosts'][number]['controls'],
  { main, beside }: Asked,
  id: QuestionId,
): Part | undefined {
  const cells = (names: readonly string[]) => names.flatMap((name) => controls[name] ?? []);
  const [first, second] = [cells(main), cells(beside)];
  if (first.length + second.length === 0) return undefined;
  if (first.includes('missed')) return id === 'reporting' ? 'unknown' : 'problem';
  if (first.includes('unknown')) return 'unknown';
  if (second.includes('missed')) return 'partly';
  return second.includes('unknown') ? 'unknown' : 'inOrder';
}

const day = 86_400;

/** Days past a limit: a bucket takes in all up to its end. */
export const lateBuckets = ['days3', 'days7', 'days30', 'more'] as const;
export type LateBucket = (typeof lateBuckets)[number];

export function bucketOf(secondsLate: number): LateBucket {
  if (secondsLate <= 3 * day) return 'days3';
  if (secondsLate <= 7 * day) return 'days7';
  return secondsLate <= 30 * day ? 'days30' : 'more';
}

/** Hosts with a security update past its limit, worst first, by bucket. */
export function overdueHosts({ hosts }: UpdatesFacts) {
  const late = hosts.flatMap(({ instance, security, reboot }) =>
    security?.verdict === 'missed'
      ? [
          {
            instance,
            late: Math.max(0, (security.age ?? 0) - (security.limit ?? 0)),
            restart: reboot?.verdict === 'missed',
          },
        ]
      : [],
  );
  const worstFirst = late.toSorted((one, other) => other.late - one.late);
  const buckets = Object.fromEntries(
    lateBuckets.map((bucket) => [bucket, late.filter((one) => bucketOf(one.late) === bucket).length]),
  );
  return {
    hosts: worstFirst,
    buckets,
    unknown: hosts.filter(({ security }) => security?.verdict === 'unknown').length,
    inOrder: hosts.filter(({ security }) => security?.verdict === 'met').length,
    expected: hosts.filter(({ security }) => security !== null).length,
  };
}

/** A job of which a restore must be proven. */
export interface RestoreProof {
  readonly name: string;
  readonly critical: boolean;
  /** failed: the last test did not bring back what it should. */
  readonly state: 'verified' | 'late' | 'never' | 'failed' | 'unknown';
  /** Seconds since the last verified restore, at the end of the month; undefined where there is none. */
  readonly age: number | undefined;
  /** Seconds. */
  readonly limit: number;
}

/** Every job that must be proven to be restorable, and how far it is. */
export function restoreProofs({ jobs }: BackupsFacts, end: number): readonly RestoreProof[] {
  return jobs.flatMap((job): readonly RestoreProof[] => {
    const { restore } = job;
    if (restore === null || job.job === '') return [];
    const age = restore.verified === null ? undefined : Math.max(0, end - restore.verified);
    return [
      {
        name: nameOf(job),
        critical: job.critical,
        state: restoreState(restore),
        age,
        limit: restore.limit ?? 0,
      },
    ];
  });
}

function restoreState({
  verdict,
  verified,
  success,
}: NonNullable<BackupJob['restore']>): RestoreProof['state'] {
  if (verdict === 'unknown') return 'unknown';
  if (verdict === 'met') return 'verified';
  if (verified !== null) return 'late';
  return success === false ? 'failed' : 'never';
}

/** A job has the name of its host before it: many hosts call it the same. */
export function nameOf({ instance, job }: Pick<BackupJob, 'instance' | 'job'>): string {
  return job === '' ? instance : `${instance} ${job}`;
}

/** Open critical vulnerabilities by how far their host's oldest is past its limit. */
export function openByAge({ scanners }: VulnerabilitiesFacts) {
  const told = scanners.filter(({ critical }) => critical !== null && critical !== 'unknown');
  const having = told.filter(({ open, age }) => (open.critical ?? 0) > 0 || (age ?? 0) > 0);
  const late = having.filter(({ critical }) => critical === 'missed');
  const pastBy = late.map(({ age, limit }) => bucketOf(Math.max(0, (age ?? 0) - (limit ?? 0))));
  return {
    inside: having.length - late.length,
    buckets: Object.fromEntries(
      lateBuckets.map((bucket) => [bucket, pastBy.filter((each) => each === bucket).length]),
    ),
    exploited: sumKnown(told.map(({ exploited }) => exploited)),
    oldest: Math.max(0, ...told.map(({ age }) => age ?? 0)),
    hosts: new Set(told.map(({ instance }) => instance)).size,
    having: having.length,
    late: late.length,
  };
}

/** Null when nobody could tell. */
function sumKnown(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}
