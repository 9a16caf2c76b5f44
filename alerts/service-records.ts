import { vectorOfProbe } from './probes.ts';
import type { Policy } from './policy.ts';
import { recorded, type RecordName } from './records.ts';
import type { RecordingRule } from './rules.ts';

/** Spans the burn-rate alerts compare, as recorded in the label `window`. */
export const burnWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

const up = recorded('object:maintenance_service_up:bool');
const promised = recorded('object:maintenance_service_promised:ratio');
const available = recorded('object:maintenance_service_available:ratio30d');
const known = recorded('object:maintenance_service_known:ratio30d');
const upHour = recorded('object:maintenance_service_up:sum1h');
const knownHour = recorded('object:maintenance_service_up:count1h');
const month = 30 * 86_400;

/** What is recorded per service: whether it is there, how often it was, and whether that is what was promised. */
export function serviceRecords(policy: Policy): readonly RecordingRule[] {
  return [
    ...Object.entries(policy.services).flatMap(([object, service]) => ownRules(object, service)),
    ...spanRules,
    ...monthRules(policy),
  ];
}

function ownRules(object: string, service: Policy['services'][string]): readonly RecordingRule[] {
  const { customer, probe, slo } = service;
  const labels = { customer, instance: probe.instance, object };
  const rule = (record: RecordName, expr: string): RecordingRule => ({ record, expr, labels });
  return [
    // Probed from several places, it must be reached from each.
    rule('object:maintenance_service_up:bool', `min(${vectorOfProbe('probe_success', probe)})`),
    rule(
      'object:maintenance_service_certificate_expiry_timestamp_seconds:now',
      `min(${vectorOfProbe('probe_ssl_earliest_cert_expiry', probe)} > 0)`,
    ),
    rule('object:maintenance_service_promised:ratio', `vector(${slo})`),
  ];
}

/** Over the time that is known, so a prober that was away changes nothing. */
const spanRules: readonly RecordingRule[] = burnWindows.map((window) => ({
  record: 'object:maintenance_service_unavailable:ratio',
  expr: `1 - avg_over_time(${up}[${window}])`,
  labels: { window },
}));

/**
 * Thirty days from hourly sums: 720 samples instead of 43,200. One second less than an hour, so that a sample on the
 * edge counts once. A service is new until it was seen 60 days ago; before that, coverage counts from its first hour on.
 */
function monthRules({ evaluation_interval, watching }: Policy): readonly RecordingRule[] {
  const seconds = `sum_over_time(${knownHour}[30d:1h]) * ${evaluation_interval}`;
  const watched = `clamp_max(time() - min_over_time(timestamp(${up})[60d:1h]), ${month})`;
  return [
    { record: 'object:maintenance_service_up:sum1h', expr: `sum_over_time(${up}[3599s])` },
    { record: 'object:maintenance_service_up:count1h', expr: `count_over_time(${up}[3599s])` },
    {
      record: 'object:maintenance_service_available:ratio30d',
      expr: `sum_over_time(${upHour}[30d:1h])\n/\n(sum_over_time(${knownHour}[30d:1h]) > 0)`,
    },
    {
      record: 'object:maintenance_service_known:ratio30d',
      expr: `clamp_max(${seconds} / (${watched} > 0), 1)`,
    },
    {
      record: 'object:maintenance_service_promise_kept:bool',
      // Broken is broken however little is known; kept takes enough of the time. Without a probe now, neither is known.
      expr: [
        '(',
        `  (${available} < ${promised}) * 0`,
        '  or',
        `  (${available} >= ${promised} and ${known} >= ${watching.coverage}) * 0 + 1`,
        ')',
        `and ${up}`,
      ].join('\n'),
    },
  ];
}
