import type { MonthTruth } from '../../simulator/truth.ts';
import type { Indicator, Snapshot } from '../snapshot.ts';

/** What a report says of one indicator in one scenario, held against the truth. */
export interface Cell {
  /** `=`: exactly the truth. A range: the truth lies in it. `none`, `-`: no value, for the right reason; nobody expects it. */
  readonly text: string;
  /** What is not true. */
  readonly lies: readonly string[];
}

export type Check = (found: Indicator, truth: MonthTruth, snapshot: Snapshot) => Cell;

export const percent = (share: number): string => (share * 100).toFixed(1);

export function same(what: string, found: unknown, wanted: unknown): readonly string[] {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  return one === other ? [] : [`${what} is ${one}, not ${other}`];
}

/** Why there is no value. */
export function none(found: Indicator, reason: Indicator['reason']): Cell {
  return {
    text: reason === 'nothing_happened' ? '= none' : `none (${String(reason)})`,
    lies: [...same('value', found.value, null), ...same('reason', found.reason, reason)],
  };
}

/** Partly watched is counted as what was seen; the coverage beside it says so. */
export function watched({ coverage }: Indicator): string {
  return coverage.time === 1 ? '=' : `>= (${percent(coverage.time)} watched)`;
}

export const noneReason = (truth: MonthTruth): Indicator['reason'] | undefined => {
  if (truth.evaluations === 0) return 'no_evaluations';
  return Object.keys(truth.controls).length === 0 ? 'no_series' : undefined;
};
