import { matcherText } from '../exporter/metrics.ts';
import { type Control, firstOf, host, nested, perHost, without } from './control.ts';
import { controls, type ControlName } from './controls.ts';
import {
  authenticationGroup,
  authenticationLimits,
  authenticationRecords,
} from './authentication-records.ts';
import { calendarGroup, calendarRecords } from './calendar-records.ts';
import { diskGroup, diskRecords } from './disk-records.ts';
import { frameworkRules } from './framework-records.ts';
import { exceptionRules } from './exception-records.ts';
import { memoryGroup, memoryRecords, remembered, withMemory } from './memory-records.ts';
import type { Policy } from './policy.ts';
import { recorded, type RecordName } from './records.ts';
import { serviceGroup, serviceRecords } from './service-records.ts';
import { taskLimits, tasksExpected, tasksSeen } from './task-records.ts';
import { spaceRecords } from './space-records.ts';
import { type RecordingRule, type RuleFile, ruleGroup, underItsRole } from './rules.ts';

const seen = 'object:maintenance_control_seen:bool';
const since = 'object:maintenance_control_since_timestamp_seconds:now';
const stateNow = 'object:maintenance_control_state:now';
const stateLast = 'object:maintenance_control_state:last';
const until = 'object:maintenance_control_until_timestamp_seconds:now';
const left = 'object:maintenance_control_left_seconds:last';
const age = 'object:maintenance_control_age_seconds:last';
const limit = 'object:maintenance_control_limit_seconds:effective';
const expected = 'object:maintenance_control_expected:bool';
const known = 'object:maintenance_control_known:bool';
const compliant = 'object:maintenance_control_compliant:bool';
const inventory = 'instance:maintenance_host_expected:bool';
const relabelled = 'instance:maintenance_host_relabelled:bool';

/** The rule groups in the order they must be evaluated in. */
export const recordGroups: readonly string[] = [
  serviceGroup,
  memoryGroup,
  'maintenance-controls',
  diskGroup,
  authenticationGroup,
  calendarGroup,
];

/** Everything Prometheus records: services, then one group for all controls, so that each rule sees what the ones before it found at the same instant. */
export function recordRules(policy: Policy): RuleFile<RecordingRule> {
  const rules = [
    ...controls.map((control) => targetRule(control, policy)),
    ...inventoryRules,
    ...spaceRecords(policy),
    ...controls.flatMap((control) => factRules(control, policy)),
    ...memoryRules,
    ...controls.flatMap((control) =>
      control.name === 'tasks' ? tasksExpected(policy) : [expectedRule(control, policy)],
    ),
    ...controls.flatMap((control) => limitRule(control, policy)),
    ...taskLimits(policy),
    ...authenticationLimits(policy),
    ...controls.flatMap(verdictRules),
    ...summaryRules,
    ...exceptionRules(policy),
    ...frameworkRules(policy),
  ];
  return {
    groups: [
      serviceRecords(policy),
      memoryRecords(),
      ruleGroup('maintenance-controls', policy.evaluation_interval, rules),
      diskRecords(policy),
      authenticationRecords(policy),
      calendarRecords(policy),
    ],
  };
}

function targetRule({ name }: { readonly name: ControlName }, policy: Policy): RecordingRule {
  return {
    record: 'maintenance:control_target:ratio',
    expr: `vector(${policy.controls[name].target})`,
    labels: { control: name },
  };
}

const hostsNow = perHost('group', 'up{job="maintenance"}');
const hostsLastDay = perHost('group', 'present_over_time(up{job="maintenance"}[1d])');

const inventoryRules: readonly RecordingRule[] = [
  {
    record: relabelled,
    expr: `(${hostsLastDay} unless ${hostsNow})\nand on (customer, instance) ${hostsNow}`,
  },
  { record: inventory, expr: underItsRole(hostsLastDay) },
];

/** What the facts say at this moment. */
function factRules(
  control: Control & { readonly name: ControlName },
  policy: Policy,
): readonly RecordingRule[] {
  const labels = { control: control.name };
  if (control.name === 'tasks') return tasksSeen(policy);
  const found = seenBefore(control.name, control.seen);
  if (control.judges === 'state') {
    return [
      { record: seen, expr: found, labels },
      { record: stateNow, expr: control.state, labels },
    ];
  }
  if (control.judges === 'time_left') {
    return [
      { record: seen, expr: found, labels },
      { record: until, expr: control.until, labels },
    ];
  }
  const hosts = control.asked && hostsAskedFor(control.name, policy);
  const onThem = (objects: string): string =>
    `((${nested(objects)}) and on (customer, instance, role) ${hosts})`;
  const { objects, never } = hosts === undefined ? {} : (control.asked ?? {});
  return [
    {
      record: seen,
      expr:
        objects === undefined
          ? found
          : `${found}\nor on (${host}, object)\n${onThem(seenBefore(control.name, objects))}`,
      labels,
    },
    {
      record: since,
      expr:
        never === undefined
          ? control.since
          : firstOf(control.since, `${without(onThem(never), control.seen)} - Inf`),
      labels,
    },
  ];
}

/** PromQL: these objects. An earlier control that has the same ones has recorded them, and to read that costs less. */
function seenBefore(name: ControlName, objects: string): string {
  const all: readonly (Control & { readonly name: ControlName })[] = controls;
  const earlier = all.slice(
    0,
    all.findIndex((control) => control.name === name),
  );
  const same = earlier.find(
    (control) => control.seen === objects && (control.judges !== 'age' || control.asked === undefined),
  );
  return same === undefined ? objects : recorded(seen, { control: same.name });
}

/**
 * What was last known, for a day: a dead exporter must not resolve an alert. What is remembered was recorded per object and
 * is no raw fact, so a severity or reason that went away cannot come back.
 */
const memoryRules: readonly RecordingRule[] = [
  { record: age, expr: underItsRole(`clamp_min(time() - ${remembered(since)}, 0)`) },
  { record: left, expr: underItsRole(`${remembered(until)} - time()`) },
  { record: stateLast, expr: underItsRole(remembered(stateNow)) },
];

/** Every object seen within a day; a host whose role asks for the control and that shows no object counts once. */
function expectedRule({ name }: { readonly name: ControlName }, policy: Policy): RecordingRule {
  const objects = underItsRole(remembered(seen, { control: name }));
  const hosts = hostsAskedFor(name, policy);
  return {
    record: expected,
    expr: hosts === undefined ? objects : `(${nested(objects)})\nor on (customer, instance, role)\n${hosts}`,
    labels: { control: name },
  };
}

/** PromQL: the hosts whose role asks for the control; the default role stands for every role the policy does not name. */
function hostsAskedFor(control: ControlName, policy: Policy): string | undefined {
  const named = Object.entries(policy.roles).filter(([role]) => role !== 'default');
  const asking = named.filter(([, wanted]) => wanted.includes(control)).map(([role]) => role);
  const declining = named.filter(([, wanted]) => !wanted.includes(control)).map(([role]) => role);
  if (policy.roles['default']?.includes(control) !== true)
    return asking.length === 0 ? undefined : recorded(inventory, { role: asking });
  if (declining.length === 0) return recorded(inventory);
  return `(${recorded(inventory)} unless ${recorded(inventory, { role: declining })})`;
}

/** The first matching override, else the limit of the control. */
function limitRule(
  control: Control & { readonly name: ControlName },
  policy: Policy,
): readonly RecordingRule[] {
  const { limit: fallback, overrides } = policy.controls[control.name];
  if (control.judges === 'state' || fallback === undefined) return [];
  const labels = { control: control.name };
  const alternatives = [...overrides, { match: {}, limit: fallback }].map(
    (rule) => `${expected}${matcherText({ ...labels, ...rule.match })} * ${rule.limit}`,
  );
  return [{ record: limit, expr: firstOf(...alternatives), labels }];
}

const momentary = { age: since, time_left: until, state: stateNow } as const;

/**
 * Of everything expected, what is known and what is in order. Only what is known can be in order, so the second reads what
 * is known at this moment, and adds what is unknown as it is: 0. Control by control: in one expression for all of them each
 * object would be looked up in what only other controls have.
 */
function verdictRules({ name, judges }: Control & { readonly name: ControlName }): readonly RecordingRule[] {
  const labels = { control: name };
  const of = (record: RecordName): string => `${record}${matcherText(labels)}`;
  const now = of(momentary[judges]);
  const inOrder = {
    // Only what is expected has a limit.
    age: `(time() - ${now} <= bool ${of(limit)})`,
    time_left: `(${now} - time() >= bool ${of(limit)})`,
    state: `((${now} == bool 1) and ${of(expected)})`,
  }[judges];
  return [
    { record: known, expr: firstOf(`(${of(expected)} and ${now})`, `${of(expected)} * 0`), labels },
    { record: compliant, expr: firstOf(inOrder, `(${of(known)} == 0)`), labels },
  ];
}

const perInstance = 'min by (customer, instance, role, control)';
const perCustomer = 'sum by (customer, control)';

const summaryRules: readonly RecordingRule[] = [
  { record: 'instance:maintenance_control_compliant:min', expr: counted(perInstance, compliant) },
  { record: 'instance:maintenance_control_known:min', expr: counted(perInstance, known) },
  { record: 'customer:maintenance_control_expected:sum', expr: counted(perCustomer, expected) },
  { record: 'customer:maintenance_control_known:sum', expr: counted(perCustomer, known) },
  { record: 'customer:maintenance_control_compliant:sum', expr: counted(perCustomer, compliant) },
  { record: 'customer:maintenance_control_compliant:ratio', expr: shareOf('compliant') },
  { record: 'customer:maintenance_control_known:ratio', expr: shareOf('known') },
];

function counted(aggregation: string, record: RecordName): string {
  return withMemory(`${aggregation} (${recorded(record)})`);
}

function shareOf(part: 'compliant' | 'known'): string {
  const whole = recorded('customer:maintenance_control_expected:sum');
  return `${recorded(`customer:maintenance_control_${part}:sum`)}\n/\n(${whole} > 0)`;
}
