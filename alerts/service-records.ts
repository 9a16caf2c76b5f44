import { matchesService } from './policy/maintenance_windows.ts';
import { vectorOfProbe } from './probes.ts';
import type { Policy } from './policy.ts';
import { recorded, type RecordName } from './records.ts';
import { type RecordingRule, ruleGroup, type RuleGroup } from './rules.ts';
import { speedRules } from './speed-records.ts';
import { isOpen } from './window-records.ts';

/** The rule group about services. Controls read it through ranges: it may be an interval ahead of theirs. */
export const serviceGroup = 'maintenance-services';

/** Spans the burn-rate alerts compare, as recorded in the label `window`. */
export const burnWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

const up = recorded('object:maintenance_service_up:bool');
const planned = recorded('object:maintenance_service_planned:bool');
const agreed = recorded('object:maintenance_service_agreed:bool');
const promised = recorded('object:maintenance_service_promised:ratio');
const available = recorded('object:maintenance_service_agreed:ratio30d');
const known = recorded('object:maintenance_service_known:ratio30d');
const knownHour = recorded('object:maintenance_service_up:count1h');
const month = 30 * 86_400;

/** What is recorded per service: whether it is there, how often it was, whether that is what was promised, and how fast it answers. */
export function serviceRecords(policy: Policy): RuleGroup<RecordingRule> {
  return ruleGroup(serviceGroup, policy.evaluation_interval, [
    ...Object.entries(policy.services).flatMap(([object, service]) => ownRules(object, service, policy)),
    {
      // Agreed is what is in no window, up or not; where nobody knows whether a window is open, every second counts.
      record: 'object:maintenance_service_agreed:bool',
      expr: `${up} unless (${planned} == 1)`,
    },
    ...spanRules,
    ...monthRules(policy),
    ...speedRules(policy),
  ]);
}

function ownRules(
  object: string,
  service: Policy['services'][string],
  { customers, maintenance_windows }: Policy,
): readonly RecordingRule[] {
  const { customer, probe, slo } = service;
  const labels = { customer, instance: probe.instance, object };
  const rule = (record: RecordName, expr: string): RecordingRule => ({ record, expr, labels });
  const zone = customers[customer]?.zone ?? '';
  // From a group of its own: of what a clock says, only a change of the clocks is seen an interval late.
  const wall = `(sum(last_over_time(${recorded('maintenance:zone_offset_seconds:now', { zone })}[1h])) + time())`;
  const open = maintenance_windows
    .filter((window) => matchesService(window, service))
    .map((window) => `(${isOpen(window, wall)})`);
  return [
    // Probed from several places, it must be reached from each.
    rule('object:maintenance_service_up:bool', `min(${vectorOfProbe('probe_success', probe)})`),
    rule(
      'object:maintenance_service_certificate_expiry_timestamp_seconds:now',
      `min(${vectorOfProbe('probe_ssl_earliest_cert_expiry', probe)} > 0)`,
    ),
    rule('object:maintenance_service_promised:ratio', `vector(${slo})`),
    rule(
      'object:maintenance_service_planned:bool',
      open.length === 0
        ? 'vector(0)'
        : `clamp_max(\n  ${open.join('\n+\n').replaceAll('\n', '\n  ')},\n  1\n)`,
    ),
  ];
}

/** Over the agreed time that is known, so a prober that was away changes nothing. */
const spanRules: readonly RecordingRule[] = burnWindows.map((window) => ({
  record: 'object:maintenance_service_unavailable:ratio',
  expr: `1 - avg_over_time(${agreed}[${window}])`,
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
    ...(['up', 'agreed'] as const).flatMap((time): readonly RecordingRule[] => {
      const hours = (part: 'sum' | 'count') =>
        `sum_over_time(${recorded(`object:maintenance_service_${time}:${part}1h`)}[30d:1h])`;
      const each = recorded(`object:maintenance_service_${time}:bool`);
      return [
        { record: `object:maintenance_service_${time}:sum1h`, expr: `sum_over_time(${each}[3599s])` },
        { record: `object:maintenance_service_${time}:count1h`, expr: `count_over_time(${each}[3599s])` },
        {
          record: `object:maintenance_service_${time}:ratio30d`,
          expr: `${hours('sum')}\n/\n(${hours('count')} > 0)`,
        },
      ];
    }),
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
