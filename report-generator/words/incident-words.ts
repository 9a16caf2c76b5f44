import type { IncidentFacts } from '../facts/incidents.ts';
import type { SlaClass } from '../responses.ts';

/** Indicators counted from incidents. */
export type IncidentIndicatorId =
  | 'incidents_opened'
  | 'time_to_resolve'
  | `time_to_resolve_${SlaClass}`
  | `time_to_respond_${SlaClass}`
  | `response_${SlaClass}`;

type Entry = IncidentFacts['list'][number];
type Counts = IncidentFacts['works'];

/** A mean as text, with what it is compared with. */
export interface MeanTime {
  readonly mean: string;
  readonly median: string | undefined;
  readonly target: string | undefined;
  /** The difference to the month before without its sign; undefined where the months cannot be compared. */
  readonly change: { readonly by: string; readonly to: 'less' | 'more' | 'same' } | undefined;
  /** `2026-09` */
  readonly before: string;
}

/** Shares as text; counts of incidents. */
export interface ResponseFacts {
  readonly measured: string | undefined;
  readonly worst: string;
  readonly best: string;
  readonly target: string | undefined;
  readonly breached: number;
  readonly unknown: number;
  readonly decided: number;
  readonly running: number;
}

/** What the report says of incidents: page 2, annex F and their part of annex E. */
export interface IncidentWords {
  /** The finding of page 2 where it is about incidents only; at most 60 characters. */
  readonly finding: (opened: number, breached: number, unknown: number) => string;
  readonly categories: {
    readonly heading: (compared: boolean) => string;
    readonly names: Readonly<Record<Entry['category'], string>>;
    /** "By type of work: 29 corrective and eight preventive." @param compared whether the picture has rings. */
    readonly works: (works: Counts, compared: boolean) => string;
  };
  readonly times: {
    readonly heading: string;
    readonly panels: {
      readonly resolve: Readonly<Record<SlaClass, string>>;
      /** @param known of the incidents that somebody had to take. */
      readonly respond: (known: number, of: number) => string;
    };
    readonly urgent: (time: MeanTime) => string;
    readonly none: string;
    readonly notMeasured: string;
    readonly target: (target: string) => string;
  };
  readonly response: {
    readonly heading: string;
    /** "urgent 4 h, standard 8 working hours"; durations as text. */
    readonly aside: (promises: readonly { slaClass: SlaClass; within: string; inHours: boolean }[]) => string;
    readonly none: string;
    readonly waiting: (running: number) => string;
    readonly all: string;
    readonly measured: (facts: ResponseFacts) => string;
    readonly range: (facts: ResponseFacts) => string;
    readonly notGiven: (facts: ResponseFacts) => string;
    readonly heads: Readonly<
      Record<'class' | 'answered' | 'resolvedFirst' | 'unknown' | 'breached' | 'running' | 'verdict', string>
    > & { readonly strip: (target: string | undefined) => string };
    readonly classes: Readonly<Record<SlaClass | 'all', string>>;
  };
  readonly register: {
    readonly lede: string;
    readonly counts: (opened: number, carried: number, open: number) => string;
    readonly heads: Readonly<
      Record<'number' | 'opened' | 'lasted' | 'class' | 'what' | 'where' | 'cause' | 'response', string>
    >;
    readonly open: string;
    /** The least and the most, as text. */
    readonly between: (least: string, most: string) => string;
    readonly flaps: (times: number) => string;
    readonly noClass: string;
    readonly response: Readonly<
      Record<'met' | 'resolved_first' | 'breached' | 'running' | 'unknown', string>
    >;
    /** Short names of alerts; one that is not here is called by its own. */
    readonly alerts: Readonly<Record<string, string>>;
  };
  readonly ledger: {
    readonly heading: string;
    readonly lede: string;
    readonly heads: Readonly<
      Record<'number' | 'class' | 'opened' | 'deadline' | 'answered' | 'by' | 'used' | 'verdict', string>
    >;
    readonly noDeadline: string;
  };
}
