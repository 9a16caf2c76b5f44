import type { ChangeKind } from '../facts/changes.ts';
import type { Ahead } from '../facts/ahead.ts';
import type { TaskOutcome } from '../facts/tasks.ts';
import type { PlanStatus } from '../plan-status.ts';
import type { TaskCounts } from '../task-counts.ts';
import type { ReadinessCounts } from '../readiness-counts.ts';

/** What a change is about, ready to be put into a sentence. */
export interface ChangeParts {
  /** "srv-1 and srv-2", or "12 hosts". */
  readonly hosts: string;
  /** The indicator, as the head of a column. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly runs: number;
  readonly failed: number;
}

/** Page 4 and annexes G, H and J. */
export interface GovernanceWords {
  /** The finding of the page, at most 60 characters. */
  readonly finding: {
    readonly plan: (good: number, all: number, isOver: boolean) => string;
    readonly tasks: (onTime: number, planned: number) => string;
    readonly readiness: (met: number, inScope: number) => string;
    readonly changes: (changes: number) => string;
    readonly nothing: string;
    readonly unknown: string;
  };
  readonly lede: {
    /** @param before requirements met in the month before, of as many; null where they cannot be compared. @param share as text. */
    readonly readiness: (
      counts: ReadinessCounts,
      share: string,
      before: number | null,
      monthBefore: string,
    ) => string;
    readonly notAssessed: string;
    readonly tasks: (counts: TaskCounts) => string;
    readonly noTasks: string;
    readonly plan: (behind: readonly string[]) => string;
  };
  readonly readiness: {
    readonly title: string;
    readonly heads: Readonly<
      Record<'framework' | 'strip' | 'met' | 'partly' | 'notMet' | 'notAssessed' | 'share' | 'change', string>
    >;
    readonly all: string;
    /** @param scopes "29 of 93 of ISO 27001". */
    readonly note: (scopes: readonly string[]) => string;
    readonly scope: (inScope: number, total: number, framework: string) => string;
    readonly names: Readonly<Record<string, string>>;
  };
  readonly plan: {
    readonly title: string;
    readonly heads: Readonly<
      Record<
        'indicator' | 'baseline' | 'day30' | 'day60' | 'day90' | 'from' | 'to' | 'now' | 'status',
        string
      >
    >;
    /** @param baseline its days as text; undefined where there is none. */
    readonly aside: (baseline: string | undefined, lastDay: string) => string;
    readonly days: (from: string, to: string) => string;
    readonly none: string;
    readonly status: Readonly<Record<PlanStatus, string>>;
    readonly action: (name: string, value: string, target: string) => string;
  };
  readonly calendar: {
    readonly title: string;
    /** One letter each, Monday first. */
    readonly weekdays: readonly string[];
    readonly onTime: string;
    readonly key: Readonly<Record<TaskOutcome, string>>;
    readonly total: (onTime: number, planned: number) => string;
    readonly none: string;
    readonly noneDue: string;
    readonly alt: (rows: readonly string[]) => string;
    readonly action: (title: string, day: string, outcome: TaskOutcome) => string;
  };
  /** "**Ada Gil, 7 November.**" */
  readonly owned: (owner: string, day: string) => string;
  readonly changes: {
    readonly title: string;
    readonly none: string;
    readonly notKnown: string;
    /** Changes the page has no room for. */
    readonly more: (count: number) => string;
    readonly hosts: (count: number) => string;
    readonly say: Readonly<Record<ChangeKind, (parts: ChangeParts) => string>>;
    readonly heads: Readonly<Record<'day' | 'what' | 'where', string>>;
    readonly lede: string;
  };
  readonly ahead: {
    readonly title: (month: string) => string;
    readonly none: string;
    readonly window: (name: string, from: string, to: string, more: number) => string;
    readonly task: (title: string, owner: string, more: number) => string;
    readonly deadline: Readonly<Record<Ahead['deadlines'][number]['kind'], (what: string) => string>>;
    readonly exception: (name: string, covers: string) => string;
    readonly objects: (first: string, more: number) => string;
  };
  readonly duties: {
    readonly title: string;
    readonly heads: Readonly<Record<'what' | 'who' | 'note', string>>;
    readonly shared: string;
  };
  readonly matrix: {
    readonly lede: string;
    readonly heads: Readonly<Record<'id' | 'about' | 'evidence' | 'age' | 'result', string>>;
    readonly result: Readonly<
      Record<'met' | 'partly' | 'not_met' | 'not_assessed' | 'not_applicable', string>
    >;
    /** "backup 45 of 50"; @param ok null where nothing was recorded. */
    readonly evidence: (
      name: string,
      ok: number | null,
      expected: number | null,
      known: number | null,
    ) => string;
    readonly supporting: (text: string) => string;
    /** What a requirement asks for, of the English of the catalogue. */
    readonly about: (about: string) => string;
  };
  readonly exceptions: {
    readonly lede: string;
    readonly none: string;
    readonly heads: Readonly<
      Record<'control' | 'covers' | 'reason' | 'owner' | 'from' | 'expires' | 'state', string>
    >;
    readonly state: Readonly<Record<'live' | 'ended' | 'ahead', string>>;
    readonly everything: string;
    readonly covered: (count: number) => string;
  };
}
