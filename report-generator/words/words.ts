import { objectKinds as judgedObjects } from '../../alerts/control.ts';
import type { ControlName } from '../../alerts/policy.ts';
import type { IncidentIndicatorId, IncidentWords } from './incident-words.ts';
import type { Formats, Language } from '../format.ts';
import type { RiskWords } from './risk-words.ts';
import type { Verdict } from '../snapshot.ts';
import type { ProtectionAnnexWords } from './protection-annex-words.ts';
import type { DiskWords, ProtectionIndicatorId, ProtectionWords } from './protection-words.ts';
import type { ServicesWords } from './services-words.ts';
import type { GovernanceWords } from './governance-words.ts';

/** The annexes for auditors. A letter never changes its meaning, so a month may lack some. */
export type AnnexLetter = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L';

/** Every indicator the report has words for. */
export type IndicatorId =
  | ControlName
  | IncidentIndicatorId
  | ProtectionIndicatorId
  | 'maintenance_on_time'
  | 'compliance_readiness'
  | 'services_in_sla'
  | 'availability'
  | 'service_speed';

/** What an indicator counts. */
export const objectKinds = [...judgedObjects, 'incident', 'requirement', 'backup_run'] as const;
export type ObjectKind = (typeof objectKinds)[number];

export interface IndicatorWords {
  /** Of a tile, at most 34 characters. */
  readonly label: string;
  /** Of a column of the host table. */
  readonly head: string;
  /** Inside a sentence. */
  readonly name: string;
  /** One sentence for the method page. */
  readonly counts: string;
  /** Objects that are known and not in order, inside a sentence: "two disks failing or gone"; empty for what is no control. */
  readonly open: (count: number, kind: ObjectKind) => string;
  /** That there was nothing to judge in the month, as short as a verdict; for what is no control. */
  readonly nothing?: string;
}

/** Targets of the month, of those that were measured. */
export interface Score {
  /** `2026-10` */
  readonly month: string;
  readonly before: string;
  readonly met: number;
  readonly measured: number;
  /** Neither met nor missed for sure. */
  readonly unknown: number;
  /** Expected, and without any value. */
  readonly notMeasured: number;
}

/** Targets that were measured in the month before, too. */
export interface Comparison {
  readonly targets: number;
  readonly met: number;
  readonly metBefore: number;
}

export interface Miss {
  readonly name: string;
  readonly value: string;
  readonly target: string;
}

/** The sentences of the summary; narrative.ts decides which are said. */
export interface NarrativeWords {
  readonly headline: {
    readonly nothing: (score: Score) => string;
    readonly noTarget: (score: Score) => string;
    readonly all: (score: Score) => string;
    readonly none: (score: Score) => string;
    readonly first: (score: Score) => string;
    /** There are earlier values, but none of the month before. */
    readonly alone: (score: Score) => string;
    readonly better: (score: Score) => string;
    readonly worse: (score: Score) => string;
    readonly same: (score: Score) => string;
  };
  readonly past: {
    readonly nothing: (score: Score) => string;
    readonly noTarget: (score: Score) => string;
    readonly first: (score: Score) => string;
    readonly alone: (score: Score) => string;
    /** @param comparison of as many targets as were measured, or of fewer. */
    readonly compared: (score: Score, comparison: Comparison) => string;
    /** Empty when everything was measured and could be judged. */
    readonly unjudged: (score: Score) => string;
    readonly improved: (name: string, change: string, value: string) => string;
    readonly missed: (misses: readonly Miss[], more: number) => string;
    readonly noneMissed: string;
    /** @param before null when the month before has no value that can be compared. @param watched false when part of the month was not. */
    readonly incidents: (score: Score, opened: number, before: number | null, watched: boolean) => string;
    readonly incidentsUnknown: string;
  };
  readonly ahead: {
    /** The lead-in, as "In November:". @param month the month after. */
    readonly lead: (month: string) => string;
    /** @param items from `open` of the indicators. @param more objects not named. */
    readonly open: (items: readonly string[], more: number) => string;
    readonly nothingOpen: string;
    readonly nothingOpenKnown: string;
    readonly endUnknown: string;
    readonly silent: (hosts: number) => string;
    /** Hosts that reported, and of which something is not known all the same. @param names of the indicators. */
    readonly partly: (hosts: number, names: readonly string[]) => string;
    readonly unknown: (objects: number) => string;
  };
}

export type Change = 'better' | 'worse' | 'same' | 'other';

/** Everything the report says, in one language. Months are given as `2026-10`, shares as ratios, durations in seconds. */
export interface Words {
  readonly language: Language;
  readonly format: Formats;
  readonly title: (month: string, zone: string) => string;
  readonly subject: (customer: string, month: string) => string;
  readonly running: (month: string) => string;
  readonly preparedBy: (provider: string) => string;
  readonly page: (page: number, of: number) => string;
  /** @param instant as text. @param reporting of the hosts at month end; undefined when not known. */
  readonly footer: (
    instant: string,
    reporting: { readonly hosts: number; readonly of: number } | undefined,
  ) => string;
  readonly verdict: Readonly<Record<Verdict, string>>;
  readonly indicators: Readonly<Record<IndicatorId, IndicatorWords>>;
  readonly services: ServicesWords;
  /** "nine hosts", "40 hosts" inside a sentence. */
  readonly count: (count: number, kind: ObjectKind) => string;
  readonly tile: {
    readonly noData: string;
    readonly none: string;
    readonly target: (target: string, better: 'high' | 'low') => string;
    readonly noTarget: string;
    /** Objects in order at the last evaluation of the month. */
    readonly atEnd: (compliant: number, expected: number, kind: ObjectKind) => string;
    /** A share of what is counted over the month: "27 of 30 tasks". */
    readonly ofAll: (part: number, all: number, kind: ObjectKind) => string;
    /** How many incidents a mean is of. */
    readonly meanOf: (incidents: number) => string;
    readonly known: (objects: string) => string;
    readonly watched: (time: string) => string;
    readonly knownAndWatched: (objects: string, time: string) => string;
    readonly points: (change: string) => string;
    readonly change: Readonly<Record<Change, (amount: string, before: string) => string>>;
    readonly noEarlier: string;
    /** @param before the month before. */
    readonly notBefore: (before: string) => string;
  };
  /** Why there is no value, as short as a verdict. */
  readonly reason: Readonly<
    Record<
      'no_evaluations' | 'no_series' | 'no_acknowledgements' | 'nothing_expected' | 'nothing_happened',
      string
    >
  >;
  readonly score: {
    readonly heading: (indicators: number) => string;
    readonly rows: Readonly<Record<Verdict, (count: number) => string>>;
  };
  readonly sections: {
    readonly summary: string;
    readonly serviceQuality: string;
    readonly governance: string;
    readonly updates: string;
    readonly protection: string;
    readonly operation: string;
    readonly figures: string;
    readonly gaps: string;
    readonly evaluations: string;
    readonly repeat: string;
    readonly continued: (section: string) => string;
  };
  /** "Annex B". */
  readonly annex: (letter: string) => string;
  readonly annexes: Readonly<Record<AnnexLetter, string>>;
  /** Before the list of annexes at the foot of page 1. */
  readonly annexList: string;
  /** An entry of it, short: "B Backups, page 5". */
  readonly annexOnPage: (letter: AnnexLetter, page: number) => string;
  /** At the right of a heading on page 1 whose page follows. */
  readonly onPage: (page: number) => string;
  readonly captions: {
    readonly sparklines: string;
    readonly trends: string;
    readonly noHosts: string;
  };
  readonly hostTable: {
    /** Of the column that stands for every control without one. */
    readonly others: string;
    readonly host: string;
    readonly role: string;
    readonly noRole: string;
    readonly key: Readonly<Record<'met' | 'missed' | 'unknown', string>>;
    readonly notExpected: string;
  };
  readonly method: {
    readonly lede: string;
    readonly heads: Readonly<
      Record<
        'indicator' | 'counts' | 'value' | 'target' | 'verdict' | 'known' | 'watched' | 'queries',
        string
      >
    >;
    readonly evaluationHeads: Readonly<Record<'group' | 'interval' | 'evaluations' | 'watched', string>>;
    readonly evaluations: (evaluations: number, expected: number) => string;
    readonly facts: Readonly<
      Record<'period' | 'zone' | 'evaluated' | 'prometheus' | 'policy' | 'snapshot', string>
    >;
    readonly period: (from: string, to: string) => string;
    readonly repeat: string;
    readonly noGaps: string;
  };
  /** What is missing of an indicator and what that means here; whole sentences without its name. */
  readonly gap: {
    readonly no_evaluations: string;
    readonly no_series: string;
    readonly no_acknowledgements: string;
    readonly objects: (known: string) => string;
    readonly time: (watched: string) => string;
    readonly enough: string;
  };
  readonly alt: {
    /** @param values of the months that have one, as text, oldest first. @param gaps months without. */
    readonly sparkline: (label: string, first: string, last: string, gaps: number) => string;
    readonly noSparkline: (label: string) => string;
    readonly trend: (
      label: string,
      points: readonly { readonly month: string; readonly value: string | null }[],
      target: string | undefined,
    ) => string;
    readonly coverage: (known: string) => string;
    readonly score: (rows: readonly string[]) => string;
  };
  readonly narrative: NarrativeWords;
  readonly risks: RiskWords;
  readonly protection: ProtectionWords;
  readonly diskFindings: DiskWords;
  readonly incidents: IncidentWords;
  readonly protectionAnnex: ProtectionAnnexWords;
  readonly governance: GovernanceWords;
}
