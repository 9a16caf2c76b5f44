import { type Matchers, matcherText } from '../exporter/metrics.ts';

/** A recorded series as boards, report and simulator see it. */
export interface RecordSpec {
  readonly help: string;
  readonly labels: readonly string[];
}

/**
 * Every recorded series. Boards and report query these, never a threshold of their own.
 *
 * `object` is what the control judges on a host: a package manager, a backup job, an antivirus product, a disk;
 * it is empty (absent) where the host itself is judged, or where the host should have the control and shows nothing.
 */
export const records = {
  'maintenance:evaluation_timestamp_seconds': {
    help: 'The instant of the evaluation, unix time: the heartbeat of a rule group, and its first rule.',
    labels: ['rule_group'],
  },
  'maintenance:evaluation_interval_seconds': {
    help: 'How often the rule group is evaluated, in seconds: with the heartbeat it gives the share of time that was watched.',
    labels: ['rule_group'],
  },
  'maintenance:control_target:ratio': {
    help: 'The share of objects the policy wants in order, 0 to 1, at that time.',
    labels: ['control'],
  },
  'maintenance:task:info': {
    help: 'A task of the policy; always 1. category: preventive, corrective, adaptive, perfective.',
    labels: ['object', 'category', 'owner'],
  },
  'instance:maintenance_host_expected:bool': {
    help: '1 for every host that Prometheus was asked to scrape within the last day: the inventory.',
    labels: ['customer', 'instance', 'role'],
  },
  'instance:maintenance_host_relabelled:bool': {
    help: '1 for a host under a role it had within the last day and has no more: nothing is expected under that role.',
    labels: ['customer', 'instance', 'role'],
  },
  'object:maintenance_control_seen:bool': {
    help: '1 for each object that some fact of the control speaks of at this moment, unknown ones included.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_since_timestamp_seconds:now': {
    help: 'When the clock of the object started, unix time: +Inf when nothing is open, -Inf when what must happen never did. Absent when unknown at this moment, and for controls that are a state.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_until_timestamp_seconds:now': {
    help: 'When the object ends, unix time: +Inf when it does not. Absent when unknown at this moment, and for controls that are not judged by the time left.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_left_seconds:last': {
    help: 'How long the object still lasts, in seconds: negative when it has ended, +Inf when it does not end. Survives a silent exporter for a day. Absent for controls that are not judged by the time left.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_state:now': {
    help: 'Whether the state is in order (1) or not (0). Absent when unknown at this moment, and for controls that are an age.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_state:last': {
    help: 'Whether the state was in order (1) or not (0) when it was last known. Survives a silent exporter for a day.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_age_seconds:last': {
    help: 'How old, or how long open, what the control judges is, in seconds: 0 when nothing is open, +Inf when what must happen never did. Survives a silent exporter for a day. Absent for controls that are a state.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_seen:memory': {
    help: '1 for each object that was seen within a day, though not in the last half hour.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_since_timestamp_seconds:memory': {
    help: 'When the clock of the object started, as it was last known within a day; absent when it was known in the last half hour.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_until_timestamp_seconds:memory': {
    help: 'When the object ends, as it was last known within a day; absent when it was known in the last half hour.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_state:memory': {
    help: 'Whether the state was in order (1) or not (0) when it was last known within a day; absent when it was known in the last half hour.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_limit_seconds:effective': {
    help: 'The age, or the time left, that is still in order for this object at that time: the first matching override, else the default.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_expected:bool': {
    help: '1 for everything the estate must show: each object seen in the last day, and each control the role of a host asks for.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_known:bool': {
    help: 'Whether the fact is known at this moment (1) or not (0), for everything expected.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_compliant:bool': {
    help: 'Whether it is known and in order (1), or past its limit or unknown (0), for everything expected.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'instance:maintenance_control_compliant:min': {
    help: 'Whether every object of the control on the host is in order (1) or not (0).',
    labels: ['customer', 'instance', 'role', 'control'],
  },
  'instance:maintenance_control_known:min': {
    help: 'Whether every object of the control on the host is known (1) or not (0).',
    labels: ['customer', 'instance', 'role', 'control'],
  },
  'customer:maintenance_control_expected:sum': {
    help: 'Objects the control expects at the customer.',
    labels: ['customer', 'control'],
  },
  'customer:maintenance_control_known:sum': {
    help: 'Objects of the control that are known at the customer.',
    labels: ['customer', 'control'],
  },
  'customer:maintenance_control_compliant:sum': {
    help: 'Objects of the control that are in order at the customer.',
    labels: ['customer', 'control'],
  },
  'customer:maintenance_control_compliant:ratio': {
    help: 'In order / expected, 0 to 1. Unknown counts against it.',
    labels: ['customer', 'control'],
  },
  'customer:maintenance_control_known:ratio': {
    help: 'Known / expected, 0 to 1: the coverage behind the compliance.',
    labels: ['customer', 'control'],
  },
  'maintenance:space_full_limit:ratio': {
    help: 'From which used share on a file system or thin pool is full.',
    labels: [],
  },
  'object:maintenance_space_used:ratio': {
    help: 'The used share of a file system (object: its mount point) or of a volume (kind:volume:space), 0 to 1.',
    labels: ['customer', 'instance', 'role', 'object'],
  },
  'object:maintenance_space_used:growth7d': {
    help: 'By how much the used share has grown within a week; negative when it fell. Absent when it was not measured six to eight days ago.',
    labels: ['customer', 'instance', 'role', 'object'],
  },
  'object:maintenance_service_certificate_expiry_timestamp_seconds:now': {
    help: 'When the certificate of the service that ends first does, unix time. Absent without TLS, and when the connection fails.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_up:bool': {
    help: 'Whether the service answers its probe (1) or not (0); from several places, whether it answers each. Absent when nobody probes it.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_promised:ratio': {
    help: 'The share of the month the service must be there at that time, 0 to 1.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_planned:bool': {
    help: 'Whether the service is in a maintenance window (1) or not (0): time in which it need not be there. Absent when the time is not known.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_agreed:bool': {
    help: 'Whether the service answers its probe (1) or not (0), outside of its maintenance windows; absent in them, and when nobody probes it.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_unavailable:ratio': {
    help: 'The share of the known time of a window outside of maintenance for which the service was away, 0 to 1. window: 5m, 30m, 1h, 2h, 6h, 1d, 3d.',
    labels: ['customer', 'instance', 'object', 'window'],
  },
  'object:maintenance_service_up:sum1h': {
    help: 'Evaluations within an hour that found the service there.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_up:count1h': {
    help: 'Evaluations within an hour that found whether the service was there.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_up:ratio30d': {
    help: 'The share of the known time of the last 30 days for which the service was there, maintenance windows included, 0 to 1.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_agreed:sum1h': {
    help: 'Evaluations within an hour, outside of maintenance windows, that found the service there.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_agreed:count1h': {
    help: 'Evaluations within an hour, outside of maintenance windows, that found whether the service was there.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_agreed:ratio30d': {
    help: 'The share of the known time of the last 30 days, outside of maintenance windows, for which the service was there, 0 to 1; its coverage is object:maintenance_service_known:ratio30d.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_known:ratio30d': {
    help: 'The share of the last 30 days, or of the days since a new service was first probed, for which it is known whether the service was there.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_promise_kept:bool': {
    help: 'Whether the service was there for the promised share of the last 30 days (1) or not (0), outside of its maintenance windows. Absent when too little is known, and when nobody probes it.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_answer_seconds:now': {
    help: 'How long the service took to answer, in seconds; from several places, the slowest. Absent while it is away, and without a speed in the policy.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_answer_seconds:p95day': {
    help: 'The 95th percentile of a day, in seconds; absent when too little of the day is known.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_answer_seconds:p95week': {
    help: 'The mean of the 95th percentiles of the days of a week, in seconds; absent with fewer than five.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_answer_baseline:seconds': {
    help: 'The 95th percentile the service was accepted with, in seconds.',
    labels: ['customer', 'instance', 'object'],
  },
  'object:maintenance_service_answer_limit:seconds': {
    help: 'The 95th percentile from which on the service is slower than the policy allows, in seconds.',
    labels: ['customer', 'instance', 'object'],
  },
  'customer:maintenance_control_accepted:sum': {
    help: 'Objects of the control that are in order, or known and excepted by the policy, at the customer.',
    labels: ['customer', 'control'],
  },
  'framework:maintenance_requirements:count': {
    help: 'Parts the framework has, about maintenance or not.',
    labels: ['framework'],
  },
  'framework:maintenance_met_share:limit': {
    help: 'The share of what is expected that must be in order for met, 0 to 1.',
    labels: ['framework'],
  },
  'framework:maintenance_partly_share:limit': {
    help: 'The share of what is expected that must be in order for partly, 0 to 1.',
    labels: ['framework'],
  },
  'framework:maintenance_known_share:limit': {
    help: 'The share of what is expected that must be known to say partly or not met while some is unknown, 0 to 1.',
    labels: ['framework'],
  },
  'customer:maintenance_requirements_in_scope:count': {
    help: 'Requirements of the framework that maintenance can show evidence for, without those not applicable to the customer.',
    labels: ['customer', 'framework'],
  },
  'customer:maintenance_requirement_not_applicable:bool': {
    help: '1 for a requirement that the policy says is not applicable to the customer.',
    labels: ['customer', 'framework', 'requirement'],
  },
  'customer:maintenance_evidence_expected:sum': {
    help: 'Objects that must show the evidence at the customer.',
    labels: ['customer', 'control', 'framework', 'evidence'],
  },
  'customer:maintenance_evidence_known:sum': {
    help: 'Objects of which the evidence is known at the customer.',
    labels: ['customer', 'control', 'framework', 'evidence'],
  },
  'customer:maintenance_evidence_ok:sum': {
    help: 'Objects of which the evidence is known and as the framework wants it.',
    labels: ['customer', 'control', 'framework', 'evidence'],
  },
  'customer:maintenance_evidence_share:worst': {
    help: 'The share of the evidence that is in order if all that is unknown is not, 0 to 1. Absent where nothing is expected.',
    labels: ['customer', 'control', 'framework', 'evidence'],
  },
  'customer:maintenance_evidence_share:best': {
    help: 'The share of the evidence that is in order if all that is unknown is, 0 to 1. Absent where nothing is expected.',
    labels: ['customer', 'control', 'framework', 'evidence'],
  },
  'customer:maintenance_evidence_verdict:last': {
    help: 'The evidence is met (1), partly (0.5) or not met (0). Absent: not assessed.',
    labels: ['customer', 'control', 'framework', 'evidence'],
  },
  'customer:maintenance_requirement_verdict:last': {
    help: 'The maintenance evidence for the requirement is met (1), partly (0.5) or not met (0). Absent: not assessed, or not applicable.',
    labels: ['customer', 'framework', 'requirement'],
  },
  'customer:maintenance_framework_met:ratio': {
    help: 'Readiness: requirements with evidence met / in scope, 0 to 1. What is partly or not assessed counts against it.',
    labels: ['customer', 'framework'],
  },
  'customer:maintenance_framework_assessed:ratio': {
    help: 'Requirements with a verdict / in scope, 0 to 1: the coverage behind the readiness.',
    labels: ['customer', 'framework'],
  },
  'object:maintenance_control_exception_end_timestamp_seconds:max': {
    help: 'When the exception that holds for the object ends, unix time; the last to end where several hold. Absent where none holds at this moment.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'object:maintenance_control_excepted:bool': {
    help: '1 for everything expected that an exception in force covers; it stays expected. Absent where none does.',
    labels: ['customer', 'instance', 'role', 'control', 'object'],
  },
  'customer:maintenance_control_excepted:sum': {
    help: 'Objects of the control that are excepted at the customer, out of those expected.',
    labels: ['customer', 'control'],
  },
  'maintenance:zone_offset_seconds:now': {
    help: 'Seconds the clocks of a time zone are ahead of UTC. Absent once the changes the rules know are used up.',
    labels: ['zone'],
  },
  'customer:maintenance_wall_clock_seconds:now': {
    help: 'What the clocks of the customer show, in seconds as if they showed UTC.',
    labels: ['customer'],
  },
  'customer:maintenance_working_time:bool': {
    help: 'Whether it is working time at the customer (1) or not (0): working hours and no holiday. Absent when unknown.',
    labels: ['customer'],
  },
  'customer:maintenance_working_seconds:total': {
    help: 'Working seconds of the customer up to now, from a moment that does not matter: differences are working time.',
    labels: ['customer'],
  },
  'customer:maintenance_calendar_end_timestamp_seconds:min': {
    help: 'Until when the calendar of the customer is known, unix time: the end of the last year with holidays, or of the changes of clocks.',
    labels: ['customer'],
  },
  'customer:maintenance_window_active:bool': {
    help: 'Whether a maintenance window is open at the customer (1) or not (0).',
    labels: ['customer', 'window'],
  },
  'instance:maintenance_window_active:bool': {
    help: '1 for each host that is in an open maintenance window. Absent otherwise.',
    labels: ['customer', 'instance', 'role', 'window'],
  },
  'maintenance:sla_response_limit:seconds': {
    help: 'In how much time of the contract clock somebody must answer an alert of the class.',
    labels: ['sla_class'],
  },
  'alert:maintenance_alert_start_timestamp_seconds:firing': {
    help: 'Since when an alert with a contract clock fires, unix time. It keeps all labels of the alert but its name, which is in alert.',
    labels: ['alert', 'severity', 'sla_class', 'customer', 'instance', 'role', 'control', 'object'],
  },
  'alert:maintenance_alert_start_wall_clock_seconds:firing': {
    help: 'What the clocks of the customer showed when the alert began to fire, for classes in working hours.',
    labels: ['alert', 'severity', 'sla_class', 'customer', 'instance', 'role', 'control', 'object'],
  },
  'alert:maintenance_alert_working_seconds:sum': {
    help: 'How much of its contract clock a firing alert has used, in seconds: all time, or the working time of the customer. Whether somebody has answered is unknown to Prometheus.',
    labels: ['alert', 'severity', 'sla_class', 'customer', 'instance', 'role', 'control', 'object'],
  },
  'maintenance:disk_wear_limit:ratio': {
    help: 'From which share of its rated endurance on a disk is worn, 0 to 1.',
    labels: [],
  },
  'maintenance:disk_annual_failure_limit:ratio': {
    help: 'From where on the observed annual failure ratio of a hard disk is too high.',
    labels: [],
  },
  'maintenance:disk_temperature_limit:celsius': {
    help: 'Temperature that a disk which states none of its own may have.',
    labels: [],
  },
  'maintenance:disk_unrecovered_errors_limit:count': {
    help: 'Pending sectors, uncorrectable and media errors a disk without failure statistics may have.',
    labels: [],
  },
  'maintenance:disk_grown_defects_limit:count': {
    help: 'Grown defects a SAS disk may have.',
    labels: [],
  },
  'maintenance:disk_errors_growth_limit:count': {
    help: 'By how much the errors of a disk may grow within 30 days.',
    labels: ['error'],
  },
  'maintenance:authentication_failures_times_usual:ratio': {
    help: 'How many times what is usual on a host failed authentications must be to be a burst.',
    labels: [],
  },
  'instance:maintenance_authentication_failures_limit:count': {
    help: 'How many failed authentications within 30 minutes are not yet a burst on the host.',
    labels: ['customer', 'instance', 'role'],
  },
  'instance:maintenance_authentication_failures_usual:increase30m': {
    help: 'Failed authentications of the host within 30 minutes, on the average of seven days, the last hour left out.',
    labels: ['customer', 'instance', 'role'],
  },
  'disk:maintenance_disk_errors:last': {
    help: 'Errors the disk has counted, on whatever host, as last known within a day. error: reallocated_sectors, pending_sectors, uncorrectable_errors, media_errors, interface_crc_errors.',
    labels: ['customer', 'disk', 'error'],
  },
  'disk:maintenance_disk_errors:growth30d': {
    help: 'Errors above the least count of the last 30 days. 0 only when the disk was measured over the whole window; else absent, unless they have grown.',
    labels: ['customer', 'disk', 'error'],
  },
} as const satisfies Readonly<Record<`${string}maintenance${string}:${string}`, RecordSpec>>;

export type RecordName = keyof typeof records;
type RecordLabel<N extends RecordName> = (typeof records)[N]['labels'][number];

/** A PromQL selector for a recorded series. */
export function recorded<N extends RecordName>(name: N, match: Matchers<RecordLabel<N>> = {}): string {
  return `${name}${matcherText(match)}`;
}
