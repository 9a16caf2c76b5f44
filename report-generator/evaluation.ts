import { alertGroups } from '../alerts/alert-rules.ts';
import { recorded } from '../alerts/records.ts';
import { monthValues, rangeOf } from './month-query.ts';
import type { Period } from './period.ts';
import type { Prometheus } from './prometheus.ts';

const ruleGroups = ['maintenance-controls', ...alertGroups];

/** How a rule group was evaluated in a month: how much of it was watched. */
export interface Evaluation {
  readonly ruleGroup: string;
  /** Seconds; their mean over the month when it was changed. Undefined when no evaluation was found. */
  readonly interval: number | undefined;
  readonly evaluations: number;
  /** As many as the month must have. */
  readonly expected: number;
  /** Share of the month that was watched, 0 to 1. */
  readonly time: number;
}

export interface MonthEvaluations {
  readonly period: Period;
  readonly controls: Evaluation;
  /** Of every group of alerts. */
  readonly alerts: readonly Evaluation[];
  readonly queries: readonly string[];
}

/** @param fallback the interval of the policy, for the evaluations expected of a month that has none. */
export async function readEvaluations(
  prometheus: Prometheus,
  period: Period,
  fallback: number,
): Promise<MonthEvaluations> {
  const counted = `count_over_time(${recorded('maintenance:evaluation_timestamp_seconds', { rule_group: ruleGroups })}${rangeOf(period)})`;
  const watched = `sum_over_time(${recorded('maintenance:evaluation_interval_seconds', { rule_group: ruleGroups })}${rangeOf(period)})`;
  const [counts, seconds] = await Promise.all(
    [counted, watched].map((query) => monthValues(prometheus, query, 'rule_group', period)),
  );
  const seen = (ruleGroup: string): Evaluation => ({
    ruleGroup,
    ...evaluationOf(period, counts?.get(ruleGroup) ?? 0, seconds?.get(ruleGroup) ?? 0, fallback),
  });
  return {
    period,
    controls: seen('maintenance-controls'),
    alerts: alertGroups.map(seen),
    queries: [counted, watched],
  };
}

/**
 * Each evaluation stands for the interval it was recorded with, so that an interval changed in the middle of a month is
 * counted right. A month has the whole intervals that fit into it, or one more, depending on where the first one falls.
 * @param seconds the sum of the intervals recorded, in seconds.
 */
export function evaluationOf(
  { start, end }: Pick<Period, 'start' | 'end'>,
  evaluations: number,
  seconds: number,
  fallback: number,
): Omit<Evaluation, 'ruleGroup'> {
  const interval = evaluations > 0 && seconds > 0 ? seconds / evaluations : undefined;
  const fitting = Math.floor((end - start) / (interval ?? fallback));
  if (interval === undefined) return { interval, evaluations: 0, expected: fitting, time: 0 };
  return {
    interval,
    evaluations,
    expected: Math.max(fitting, evaluations),
    time: fitting === 0 ? 0 : Math.min(1, evaluations / fitting),
  };
}
