import type { LateBucket, QuestionId } from '../protection.ts';

/** The indicators of protection that are no controls. */
export type ProtectionIndicatorId = 'backup_runs' | 'vulnerabilities_critical_open';

/** Hosts of one question at the end of the month, by the answer. */
export interface AnswerCounts {
  readonly hosts: number;
  readonly inOrder: number;
  readonly partly: number;
  readonly problem: number;
  readonly unknown: number;
}

/** What the page on protection says. Names of hosts and jobs come cut to their length. */
export interface ProtectionWords {
  readonly headline: {
    readonly nothing: (month: string) => string;
    readonly all: (targets: number) => string;
    /** Empty names where they would be too long. */
    readonly some: (counts: {
      readonly met: number;
      readonly of: number;
      readonly missed: readonly QuestionId[];
      readonly unknown: number;
    }) => string;
  };
  readonly lede: {
    readonly updates: (counts: {
      readonly hosts: number;
      readonly inOrder: number;
      readonly overdue: number;
      readonly unknown: number;
    }) => string;
    readonly updatesUnknown: string;
    readonly restores: (verified: number, jobs: number) => string;
    readonly noBackups: string;
    /** @param before null when the month before has none that can be compared. */
    readonly vulnerabilities: (open: number, before: number | null, month: string) => string;
    readonly vulnerabilitiesUnknown: string;
  };
  readonly estate: {
    readonly heading: string;
    readonly heads: Readonly<
      Record<'question' | 'atEnd' | 'value' | 'change' | 'target' | 'verdict', string>
    >;
    readonly key: Readonly<Record<'ok' | 'ok2' | 'bad' | 'unknown', string>>;
    readonly questions: Readonly<Record<QuestionId, string>>;
    /** "3 with a problem, 2 partly, 5 unknown"; empty when all are in order. */
    readonly rest: (counts: AnswerCounts, id: QuestionId) => string;
    readonly of: (part: number, whole: number) => string;
    readonly noHosts: string;
  };
  readonly updates: {
    readonly trend: string;
    readonly overdue: (hosts: number) => string;
    readonly none: string;
    readonly noneKnown: (unknown: number) => string;
    readonly unknown: (hosts: number) => string;
    readonly notMeasured: string;
    readonly bucket: Readonly<Record<LateBucket, string>>;
    /** @param restart how many of them wait for a restart, too. */
    readonly action: (names: readonly string[], more: number, restart: number, who: string) => string;
  };
  readonly backups: {
    readonly heading: string;
    readonly none: string;
    readonly trend: string;
    readonly ages: (jobs: number) => string;
    readonly axis: string;
    readonly limit: (days: number) => string;
    readonly never: string;
    readonly runs: (counts: {
      readonly succeeded: number;
      readonly due: number;
      readonly share: string;
      readonly missed: number;
      readonly unknown: number;
    }) => string;
    readonly runsUnknown: string;
    readonly proofs: (counts: {
      readonly verified: number;
      readonly jobs: number;
      readonly late: number;
      readonly never: number;
      readonly failed: number;
      readonly unknown: number;
    }) => string;
    /** @param age as text. @param until as text, when the limit passes; undefined when it has passed. */
    readonly oldest: (name: string, critical: boolean, age: string, until: string | undefined) => string;
    /** Restore what is not proven. @param by as text, when the next limit passes; undefined when it has. */
    readonly action: (names: readonly string[], more: number, who: string, by: string | undefined) => string;
    readonly unknownAges: (jobs: number) => string;
  };
  readonly vulnerabilities: {
    readonly heading: string;
    readonly notMeasured: string;
    readonly notMeasuredHelp: string;
    readonly unknown: string;
    readonly open: (counts: {
      readonly open: number;
      readonly before: number | null;
      readonly month: string;
      readonly opened: number | null;
      readonly closed: number | null;
    }) => string;
    readonly exploited: (count: number) => string;
    readonly reach: (told: number, hosts: number) => string;
    readonly chart: string;
    readonly inside: string;
    readonly past: Readonly<Record<LateBucket, string>>;
  };
  readonly disks: {
    readonly heading: string;
    readonly none: string;
    readonly noneKnown: string;
    readonly notMeasured: string;
    readonly heads: Readonly<Record<'host' | 'finding', string>>;
    readonly unknown: (disks: number) => string;
    readonly more: (rows: number) => string;
  };
}

/** What is found of disks and volumes, here and in the annex. */
export interface DiskWords {
  readonly failing: string;
  readonly gone: string;
  readonly selfTestFailed: string;
  readonly selfTestLate: string;
  readonly grown: (sectors: number) => string;
  readonly isNew: string;
  readonly retired: string;
  readonly degraded: (missing: number | null, members: number | null) => string;
}
