import { recorded } from '../alerts/records.ts';
import { monthValues, rangeOf } from './month-query.ts';
import type { Period } from './period.ts';
import type { Prometheus } from './prometheus.ts';

/** The last evaluation of the controls in a month. */
export interface LastEvaluation {
  /** Unix seconds. */
  readonly instant: number;
  /** Whether it is so near to the end that it speaks for the end. Else everything is unknown at the end. */
  readonly speaksForEnd: boolean;
  readonly query: string;
}

/** A restart may fall on the end of a month, in seconds. */
const restart = 900;

/** @param interval of the rule group in seconds. @returns undefined when the month has no evaluation. */
export async function readLastEvaluation(
  prometheus: Prometheus,
  period: Period,
  interval: number,
): Promise<LastEvaluation | undefined> {
  const group = 'maintenance-controls';
  const heartbeat = recorded('maintenance:evaluation_timestamp_seconds', { rule_group: group });
  const query = `last_over_time(${heartbeat}${rangeOf(period)})`;
  const instant = (await monthValues(prometheus, query, 'rule_group', period)).get(group);
  if (instant === undefined) return undefined;
  const speaksForEnd = period.end - instant <= Math.max(2 * interval, restart);
  return { instant, speaksForEnd, query };
}

/**
 * PromQL: what that very evaluation recorded. A wider range would show a host that left, or changed its role, twice:
 * all rules of a group carry the instant of the evaluation.
 */
export function recordedThen(selector: string, { instant }: LastEvaluation): string {
  return `last_over_time(${selector}[1s] @ ${instant.toFixed(3)})`;
}
