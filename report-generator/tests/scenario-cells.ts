import { isPlayed, type PlayedControl } from '../../simulator/played.ts';
import type { MonthTruth } from '../../simulator/truth.ts';
import type { Indicator, Snapshot } from '../snapshot.ts';
import { type Cell, type Check, none, noneReason, percent, same } from './cell.ts';
import { opened, resolve, resolveOf, respond, response } from './incident-cells.ts';
import { backupRuns, criticalOpen, onTime } from './work-cells.ts';

type Counted = PlayedControl | 'tasks';

function isCounted(id: string): id is Counted {
  return isPlayed(id) || id === 'tasks';
}

function control(id: Counted): Check {
  return (found, truth, { period }) => {
    const { compliant, known, expected } = truth.controls[id] ?? { compliant: 0, known: 0, expected: 0 };
    if (truth.evaluations === 0) return none(found, 'no_evaluations');
    if (expected === 0) return none(found, 'no_series');
    const { value, numerator, denominator, coverage, verdict, target } = found;
    const lived = truth.controls_lived[id] ?? { compliant: 0, expected: 1 };
    const truly = lived.compliant / lived.expected;
    const interval = (period.end - period.start) / Math.max(1, truth.evaluations_expected);
    const seen = ((truth.controls_seen[id] ?? 0) * interval) / (period.end - period.start);
    const lies = [
      ...same('numerator and denominator', [numerator, denominator], [compliant, expected]),
      ...same('value', value, compliant / expected),
      ...same('coverage of objects', coverage.objects, known / expected),
      ...atEnd(found, truth, id),
      ...(Math.abs(coverage.time - seen) > 1 / truth.evaluations_expected
        ? [`${coverage.time} of the time is watched, not ${seen}`]
        : []),
      ...(verdict === 'met' && truly < (target ?? 1) ? [`met, and truly ${truly}`] : []),
      ...(verdict === 'missed' && truly >= (target ?? 0) ? [`missed, and truly ${truly}`] : []),
    ];
    if (coverage.time === 1) return { text: '=', lies: [...lies, ...same('value', value, truly)] };
    const [low, high] = [(value ?? 0) * coverage.time, (value ?? 0) * coverage.time + 1 - coverage.time];
    const outside = truly < low - 1e-9 || truly > high + 1e-9;
    return {
      text: `${percent(low)}..${percent(high)} (${percent(coverage.time)} watched)`,
      lies: [...lies, ...(outside ? [`${truly} is outside ${low} to ${high}`] : [])],
    };
  };
}

/** Where the last evaluation is long before the end, nothing is known of the end. */
function atEnd({ atEnd: told }: Indicator, truth: MonthTruth, id: Counted): readonly string[] {
  const last = truth.at_end[id];
  if (last === undefined || truth.evaluations === truth.evaluations_expected)
    return same('at the end', told, last ?? null);
  const nothing = { compliant: 0, known: 0, expected: last.expected };
  return JSON.stringify(told) === JSON.stringify(nothing) ? [] : same('at the end', told, last);
}

const checks: Readonly<Record<string, Check>> = {
  backup_runs: backupRuns,
  vulnerabilities_critical_open: criticalOpen,
  incidents_opened: opened,
  time_to_resolve: resolve,
  maintenance_on_time: onTime,
  time_to_resolve_urgent: resolveOf('urgent'),
  time_to_resolve_standard: resolveOf('standard'),
  time_to_respond_urgent: respond('urgent'),
  time_to_respond_standard: respond('standard'),
  response_urgent: response('urgent'),
  response_standard: response('standard'),
};

/** Undefined for an indicator of which the scenarios know no truth. */
export function cellOf(found: Indicator, truth: MonthTruth, snapshot: Snapshot): Cell | undefined {
  const check = isCounted(found.id) ? control(found.id) : checks[found.id];
  const reason = noneReason(truth);
  if (check === undefined && reason !== undefined) return none(found, reason);
  if (check === undefined) return undefined;
  return check(found, truth, snapshot);
}
