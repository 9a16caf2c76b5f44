import { firstOf } from './control.ts';
import type { Policy } from './policy.ts';
import type { Customer } from './policy/customers.ts';
import { nextDay, secondOf } from './policy/values.ts';
import { recorded } from './records.ts';
import { type RecordingRule, ruleGroup, type RuleGroup } from './rules.ts';
import { slaRules } from './sla-records.ts';
import { windowRules } from './window-records.ts';
import { isWorking, workedUpTo } from './working-time.ts';
import { instantOf, knownClocks, offset } from './zone-offset.ts';

/** The rule group that knows what time it is at each customer, and how much of their clocks alerts have used. */
export const calendarGroup = 'maintenance-calendar';

/**
 * What time it is, whether people work, and which windows are open, for every customer. PromQL has no zones: the changes
 * of the clocks are written out, and once those known are used up there is no series, which an alert tells long before.
 */
export function calendarRecords(policy: Policy): RuleGroup<RecordingRule> {
  const customers = Object.entries(policy.customers);
  const zones = [...new Set(customers.map(([, { zone }]) => zone))];
  return ruleGroup(calendarGroup, policy.evaluation_interval, [
    ...zones.map(zoneRule),
    ...customers.flatMap(([label, customer]) => customerRules(label, customer)),
    ...windowRules(policy),
    ...slaRules(policy),
  ]);
}

function zoneRule(zone: string): RecordingRule {
  return {
    record: 'maintenance:zone_offset_seconds:now',
    expr: `vector(\n  ${offset(zone, 'time()').replaceAll('\n', '\n  ')}\n)\nand (vector(time()) < ${knownClocks.to})`,
    labels: { zone },
  };
}

function customerRules(customer: string, calendar: Customer): readonly RecordingRule[] {
  const labels = { customer };
  const wall = recorded('customer:maintenance_wall_clock_seconds:now', labels);
  return [
    {
      record: 'customer:maintenance_wall_clock_seconds:now',
      expr: `sum(${recorded('maintenance:zone_offset_seconds:now', { zone: calendar.zone })}) + time()`,
      labels,
    },
    {
      record: 'customer:maintenance_working_time:bool',
      expr: firstOf(`(${isWorking(calendar, wall)}) * 0 + 1`, `${wall} * 0`),
      labels,
    },
    {
      record: 'customer:maintenance_working_seconds:total',
      expr: workedUpTo(calendar, wall, 'time()'),
      labels,
    },
    {
      record: 'customer:maintenance_calendar_end_timestamp_seconds:min',
      expr: `vector(${calendarEnd(calendar)})`,
      labels,
    },
  ];
}

/** Where a customer has holidays, no working day after the last year with one is certain to be one. */
function calendarEnd({ zone, holidays }: Customer): number {
  const last = holidays
    .map(({ to }) => to)
    .toSorted()
    .at(-1);
  if (last === undefined) return knownClocks.to;
  return Math.min(knownClocks.to, instantOf(zone, secondOf(nextDay(`${last.slice(0, 4)}-12-31`))));
}
