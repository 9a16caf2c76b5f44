import type { ControlName, Policy } from '../alerts/policy.ts';
import { type RecordName, records } from '../alerts/records.ts';
import type { Life, World } from './world.ts';
import { taskVerdicts } from './task-findings.ts';
import { type Verdict, verdicts } from './verdicts.ts';

/** One value of a recorded series. */
export interface Recording {
  readonly name: RecordName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The recorded series the simulator leaves out: steps of a calculation that nobody but the rules reads. */
export const notRecorded: readonly string[] = [
  'instance:maintenance_host_relabelled:bool',
  'object:maintenance_control_seen:bool',
  'object:maintenance_control_since_timestamp_seconds:now',
  'object:maintenance_control_state:now',
  'object:maintenance_control_state:last',
  'object:maintenance_control_seen:memory',
  'object:maintenance_control_since_timestamp_seconds:memory',
  'object:maintenance_control_until_timestamp_seconds:memory',
  'object:maintenance_control_state:memory',
  // Readiness: no customer of the fleet lists a framework.
  'customer:maintenance_control_accepted:sum',
  'framework:maintenance_requirements:count',
  'framework:maintenance_met_share:limit',
  'framework:maintenance_partly_share:limit',
  'framework:maintenance_known_share:limit',
  'customer:maintenance_requirements_in_scope:count',
  'customer:maintenance_requirement_not_applicable:bool',
  'customer:maintenance_evidence_expected:sum',
  'customer:maintenance_evidence_known:sum',
  'customer:maintenance_evidence_ok:sum',
  'customer:maintenance_evidence_share:worst',
  'customer:maintenance_evidence_share:best',
  'customer:maintenance_evidence_verdict:last',
  'customer:maintenance_requirement_verdict:last',
  'customer:maintenance_framework_met:ratio',
  'customer:maintenance_framework_assessed:ratio',
  // What is recorded per disk: the fleet's disks count errors, and nobody asks how fast.
  'maintenance:disk_wear_limit:ratio',
  'maintenance:disk_annual_failure_limit:ratio',
  'maintenance:disk_temperature_limit:celsius',
  'maintenance:disk_unrecovered_errors_limit:count',
  'maintenance:disk_grown_defects_limit:count',
  'maintenance:disk_errors_growth_limit:count',
  'disk:maintenance_disk_errors:last',
  'disk:maintenance_disk_errors:growth30d',
  // What is usual of failed logins: nobody attacks the fleet.
  'maintenance:authentication_failures_times_usual:ratio',
  'instance:maintenance_authentication_failures_usual:increase30m',
  // How full what is, for a control that is not played.
  'maintenance:space_full_limit:ratio',
  'object:maintenance_space_used:ratio',
  'object:maintenance_space_used:growth7d',
  // Exceptions, of which the fleet has none, and the calendar with its clocks: compared with the TypeScript calendar elsewhere.
  'object:maintenance_control_exception_end_timestamp_seconds:max',
  'object:maintenance_control_excepted:bool',
  'customer:maintenance_control_excepted:sum',
  'maintenance:zone_offset_seconds:now',
  'customer:maintenance_wall_clock_seconds:now',
  'customer:maintenance_working_time:bool',
  'customer:maintenance_working_seconds:total',
  'customer:maintenance_calendar_end_timestamp_seconds:min',
  'customer:maintenance_window_active:bool',
  'instance:maintenance_window_active:bool',
  'maintenance:sla_response_limit:seconds',
  'alert:maintenance_alert_start_timestamp_seconds:firing',
  'alert:maintenance_alert_start_wall_clock_seconds:firing',
  'alert:maintenance_alert_working_seconds:sum',
];

/** What the group maintenance-controls records at an instant, from what happened. `interval` in seconds. */
export function recordings(
  world: World,
  instant: number,
  policy: Policy,
  interval: number,
): readonly Recording[] {
  const perHost = world.lives.map((life) => ({ life, judged: verdicts(life, instant, policy) }));
  return [
    ...heartbeat('maintenance-controls', instant, interval),
    ...Object.entries(policy.controls).map(([control, { target }]) =>
      recording('maintenance:control_target:ratio', { control }, target),
    ),
    ...Object.entries(policy.tasks).map(([object, { category, owner }]) =>
      recording('maintenance:task:info', { object, category, owner }, 1),
    ),
    ...perHost.flatMap(({ life, judged }) => hostRecordings(life, judged, policy)),
    ...Object.keys(policy.customers).flatMap((customer) => taskRecordings(world, customer, instant)),
    ...Object.keys(policy.customers).flatMap((customer) =>
      customerRecordings(
        customer,
        perHost.filter(({ life }) => life.host.customer === customer).flatMap(({ judged }) => judged),
      ),
    ),
  ];
}

/** What every rule group records first. */
export function heartbeat(group: string, instant: number, interval: number): readonly Recording[] {
  return [
    recording('maintenance:evaluation_timestamp_seconds', { rule_group: group }, instant),
    recording('maintenance:evaluation_interval_seconds', { rule_group: group }, interval),
  ];
}

function hostRecordings(
  { host }: Life,
  judged: readonly Verdict[],
  { authentication }: Policy,
): readonly Recording[] {
  const { customer, instance, role } = host;
  const found: Recording[] = [];
  if (judged.length > 0) {
    const labels = { customer, instance, role };
    found.push(
      recording('instance:maintenance_host_expected:bool', labels, 1),
      recording(
        'instance:maintenance_authentication_failures_limit:count',
        labels,
        authentication.failures_30m,
      ),
    );
  }
  for (const { control, object, known, compliant, age, limit } of judged) {
    const labels = { customer, instance, role, control, ...(object === '' ? {} : { object }) };
    if (age !== undefined) found.push(recording('object:maintenance_control_age_seconds:last', labels, age));
    if (limit !== undefined) {
      found.push(recording('object:maintenance_control_limit_seconds:effective', labels, limit));
    }
    found.push(
      recording('object:maintenance_control_expected:bool', labels, 1),
      recording('object:maintenance_control_known:bool', labels, known ? 1 : 0),
      recording('object:maintenance_control_compliant:bool', labels, compliant ? 1 : 0),
    );
  }
  for (const [control, own] of byControl(judged)) {
    const labels = { customer, instance, role, control };
    for (const part of parts) {
      const value = own.every((verdict) => verdict[part]) ? 1 : 0;
      found.push(recording(`instance:maintenance_control_${part}:min`, labels, value));
    }
  }
  return found;
}

const parts = ['compliant', 'known'] as const;

function taskRecordings(world: World, customer: string, instant: number): readonly Recording[] {
  const judged = taskVerdicts(world, customer, instant);
  return [
    ...judged.flatMap(({ object, known, compliant, age, limit }) => {
      const labels = { customer, control: 'tasks', object };
      return [
        ...(age === undefined ? [] : [recording('object:maintenance_control_age_seconds:last', labels, age)]),
        recording('object:maintenance_control_limit_seconds:effective', labels, limit),
        recording('object:maintenance_control_expected:bool', labels, 1),
        recording('object:maintenance_control_known:bool', labels, known ? 1 : 0),
        recording('object:maintenance_control_compliant:bool', labels, compliant ? 1 : 0),
      ];
    }),
    ...(judged.length === 0 ? [] : parts).map((part) =>
      recording(
        `instance:maintenance_control_${part}:min`,
        { customer, control: 'tasks' },
        judged.every((one) => one[part]) ? 1 : 0,
      ),
    ),
    ...sums(customer, 'tasks', judged),
  ];
}

function customerRecordings(customer: string, judged: readonly Verdict[]): readonly Recording[] {
  return [...byControl(judged)].flatMap(([control, own]) => sums(customer, control, own));
}

function sums(
  customer: string,
  control: string,
  own: readonly Pick<Verdict, 'known' | 'compliant'>[],
): readonly Recording[] {
  if (own.length === 0) return [];
  const labels = { customer, control };
  const compliant = own.filter((verdict) => verdict.compliant).length;
  const known = own.filter((verdict) => verdict.known).length;
  return [
    recording('customer:maintenance_control_expected:sum', labels, own.length),
    recording('customer:maintenance_control_known:sum', labels, known),
    recording('customer:maintenance_control_compliant:sum', labels, compliant),
    recording('customer:maintenance_control_compliant:ratio', labels, compliant / own.length),
    recording('customer:maintenance_control_known:ratio', labels, known / own.length),
  ];
}

/** @throws RangeError when the labels are not those of the catalogue; `object` may be missing. */
function recording(name: RecordName, labels: Readonly<Record<string, string>>, value: number): Recording {
  const allowed: readonly string[] = records[name].labels;
  if (Object.keys(labels).some((label) => !allowed.includes(label))) {
    throw new RangeError(`${name} has no labels ${Object.keys(labels).join(', ')}`);
  }
  return { name, labels, value };
}

function byControl(judged: readonly Verdict[]): ReadonlyMap<ControlName, readonly Verdict[]> {
  return Map.groupBy(judged, ({ control }) => control);
}
