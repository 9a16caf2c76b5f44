import type { Policy } from '../alerts/policy.ts';
import type { Facts } from './facts-schema.ts';
import type { MonthEvaluations } from './evaluation.ts';
import type { Inputs } from './inputs.ts';
import type { MonthIncidents } from './incidents.ts';
import type { LastEvaluation } from './last-evaluation.ts';
import type { AnsweredIncident } from './responses.ts';
import type { Prometheus } from './prometheus.ts';
import type { Indicator, Snapshot } from './snapshot.ts';

/** What every indicator is measured from. */
export interface Measuring {
  readonly prometheus: Prometheus;
  readonly policy: Policy;
  readonly inputs: Inputs;
  /** The `customer` label. */
  readonly customer: string;
  /** The roles of the customer's hosts at the end of the month. */
  readonly roles: readonly string[];
  /** The months of the trend Prometheus is asked for, oldest first, this one last: without those that `archived` has. */
  readonly months: readonly MonthFacts[];
  /** What the reports of earlier months said, whole. */
  readonly archived: readonly Snapshot[];
  /** The month of the report. */
  readonly month: MonthFacts;
  /** Undefined when the month has none. */
  readonly last: LastEvaluation | undefined;
}

export interface MonthFacts extends MonthEvaluations {
  readonly incidents: MonthIncidents;
  /** The same incidents with their answers. */
  readonly answers: readonly AnsweredIncident[];
}

/** An indicator as measured, before it is judged. */
export type Measured = Omit<Indicator, 'id' | 'unit' | 'better' | 'verdict'>;

/** One indicator of the report. A new one is a file in kpis/ and a line in kpis.ts. */
export interface Kpi extends Pick<Indicator, 'id' | 'unit' | 'better'> {
  readonly measure: (measuring: Measuring & { readonly facts: Facts }) => Promise<Measured>;
}
