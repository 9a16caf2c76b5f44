import type { Matchers } from '../exporter/metrics.ts';
import { recorded } from './records.ts';
import { type RecordingRule, ruleGroup, type RuleGroup, seldom } from './rules.ts';

/** The rule group that remembers for a day what was known of the controls. */
export const memoryGroup = 'maintenance-memory';

/** What is recorded of a moment, and under which name it is kept for a day. */
const memories = {
  'object:maintenance_control_seen:bool': 'object:maintenance_control_seen:memory',
  'object:maintenance_control_since_timestamp_seconds:now':
    'object:maintenance_control_since_timestamp_seconds:memory',
  'object:maintenance_control_until_timestamp_seconds:now':
    'object:maintenance_control_until_timestamp_seconds:memory',
  'object:maintenance_control_state:now': 'object:maintenance_control_state:memory',
} as const;
type Remembered = keyof typeof memories;

/**
 * What was known within a day and is no more, object by object. A window of a day reads each of its samples, 1,440 at one a
 * minute: of all objects at every evaluation that was most of what the rules cost. So the day is read here, now and then, and
 * the verdicts read an hour of both. Only what has been silent for half an hour is written, which is little, and leaves
 * half an hour in which both know it. 23 hours, and the hour in which what is written here is read.
 */
export function memoryRecords(): RuleGroup<RecordingRule> {
  const rules = Object.entries(memories).map(([now, record]): RecordingRule => ({
    record,
    expr: `last_over_time(${now}[23h])\nunless\npresent_over_time(${now}[30m])`,
  }));
  return ruleGroup(memoryGroup, seldom, rules);
}

/**
 * PromQL: what was last recorded within a day, of every object. An hour is always in the head of Prometheus, which needs no
 * block of its disk for it; and Prometheus may be away for as long without a memory missing when it is back. After longer, what
 * has been silent since is there again with the first evaluation of the memory: until then nothing is counted (`withMemory`).
 */
export function remembered(
  name: Remembered,
  match: Matchers<'customer' | 'instance' | 'role' | 'control' | 'object'> = {},
): string {
  return `(last_over_time(${recorded(name, match)}[1h]) or last_over_time(${recorded(memories[name], match)}[1h]))`;
}

/**
 * PromQL: counts of what is remembered, once the memory was read. After Prometheus was away for long, the objects that are
 * silent would be missing from them until then, and the rest look better than the whole.
 */
export function withMemory(counts: string): string {
  const heartbeat = recorded('maintenance:evaluation_timestamp_seconds', { rule_group: memoryGroup });
  return `${counts}\nand on ()\npresent_over_time(${heartbeat}[1h])`;
}
