import { durationText } from './duration.ts';
import { recorded, type RecordName } from './records.ts';

/** A recording rule as Prometheus reads it. */
export interface RecordingRule {
  readonly record: RecordName;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alerting rule as Prometheus reads it. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroup<R> {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly R[];
}

/** Seconds: as seldom as the look-back of five minutes allows, so that what a group records is there at any moment. */
export const seldom = 240;

/** The content of a rule file. */
export interface RuleFile<R = RecordingRule | AlertingRule> {
  readonly groups: readonly RuleGroup<R>[];
}

/**
 * A group that records its own heartbeat first: whoever counts evaluations later can tell "nothing was wrong" from "nobody looked".
 * `interval` in seconds.
 */
export function ruleGroup<R>(
  name: string,
  interval: number,
  rules: readonly R[],
): RuleGroup<R | RecordingRule> {
  const labels = { rule_group: name };
  const heartbeat: readonly RecordingRule[] = [
    { record: 'maintenance:evaluation_timestamp_seconds', expr: 'time()', labels },
    { record: 'maintenance:evaluation_interval_seconds', expr: `vector(${interval})`, labels },
  ];
  return { name, interval: durationText(interval), rules: [...heartbeat, ...rules] };
}

/** Leaves out what the host showed under a role it no longer has. */
export function underItsRole(expression: string): string {
  return `${expression}\nunless on (customer, instance, role) ${recorded('instance:maintenance_host_relabelled:bool')}`;
}
