import type { Domain } from '../../alerts/control.ts';

/** The sentences about risks and decisions on page 1. */
export interface RiskWords {
  readonly risks: string;
  readonly noRisks: string;
  readonly noRisksKnown: string;
  readonly nothingKnown: string;
  readonly decisions: string;
  readonly noDecisions: string;
  /** A restore that was proved, and whose proof is too old from `date` on. */
  readonly expiring: (jobs: number, date: string) => string;
  /** What may come of it, in one short sentence; the places follow in brackets. */
  readonly consequence: Readonly<Record<Domain, string>>;
  /** What may come of a proof that expires. */
  readonly expiringConsequence: string;
  /** The places: as many as are named, and how many more there are. */
  readonly places: (names: readonly string[], more: number) => string;
  readonly impact: Readonly<Record<'high' | 'medium' | 'low', string>>;
  /** Who has to act, and until which day. */
  readonly until: (who: string, date: string) => string;
  /** Who has to answer, and until which day. */
  readonly answerBy: (who: string, date: string) => string;
  /** Above what a person wrote about the month. */
  readonly comment: (signed: string) => string;
}
