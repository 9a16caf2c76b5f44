import { isPlayed, type PlayedControl } from '../../simulator/played.ts';
import type { MonthTruth } from '../../simulator/truth.ts';
import type { Indicator, Snapshot } from '../snapshot.ts';

/** What a report says of one indicator in one scenario, held against the truth. */
export interface Cell {
  /** `=`: exactly the truth. A range: the truth lies in it. `none`, `-`: no value, for the right reason; nobody expects it. */
  readonly text: string;
  /** What is not true. */
  readonly lies: readonly string[];
}

type Check = (found: Indicator, truth: MonthTruth, snapshot: Snapshot) => Cell;

const percent = (share: number): string => (share * 100).toFixed(1);

function same(what: string, found: unknown, wanted: unknown): readonly string[] {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  return one === other ? [] : [`${what} is ${one}, not ${other}`];
}

/** Why there is no value. */
function none(found: Indicator, reason: Indicator['reason']): Cell {
  return {
    text: reason === 'nothing_happened' ? '= none' : `none (${String(reason)})`,
    lies: [...same('value', found.value, null), ...same('reason', found.reason, reason)],
  };
}

function control(id: PlayedControl): Check {
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
function atEnd({ atEnd: told }: Indicator, truth: MonthTruth, id: PlayedControl): readonly string[] {
  const last = truth.at_end[id];
  if (last === undefined || truth.evaluations === truth.evaluations_expected)
    return same('at the end', told, last ?? null);
  const nothing = { compliant: 0, known: 0, expected: last.expected };
  return JSON.stringify(told) === JSON.stringify(nothing) ? [] : same('at the end', told, last);
}

/** Partly watched is counted as what was seen; the coverage beside it says so. */
function watched({ coverage }: Indicator): string {
  return coverage.time === 1 ? '=' : `>= (${percent(coverage.time)} watched)`;
}

const noneReason = (truth: MonthTruth): Indicator['reason'] | undefined => {
  if (truth.evaluations === 0) return 'no_evaluations';
  return Object.keys(truth.controls).length === 0 ? 'no_series' : undefined;
};

const opened: Check = (found, truth) => {
  const reason = noneReason(truth);
  if (reason !== undefined) return none(found, reason);
  const whole = truth.evaluations === truth.evaluations_expected;
  return {
    text: watched(found),
    lies: [
      ...same('value', found.value, truth.incidents.opened),
      ...(found.coverage.time === 1 && !whole ? ['an outage is not told'] : []),
    ],
  };
};

/** A mean in seconds over what ended in the month; of what nobody saw end two bounds are told, and the later one counts. */
function duration(
  of: (truth: MonthTruth) => { readonly mean: number | null; readonly count: number },
): Check {
  return (found, truth, { facts, period }) => {
    const reason = noneReason(truth);
    if (reason !== undefined) return none(found, reason);
    const { mean, count } = of(truth);
    if (mean === null) return none(found, 'nothing_happened');
    const { value, denominator } = found;
    const wanted = same('denominator', denominator, count);
    if (truth.incidents.ended_unseen === 0) {
      const off = value === null || Math.abs(value - mean) > 1e-6;
      return { text: watched(found), lies: [...wanted, ...(off ? [`${value} s, not ${mean} s`] : [])] };
    }
    const unsure = (facts.incidents?.list ?? []).reduce(
      (sum, { to, earliest }) =>
        sum + (to !== null && earliest !== null && to >= period.start ? to - earliest : 0),
      0,
    );
    const high = value ?? -Infinity;
    const low = high - unsure / count;
    const outside = mean < low - 1e-6 || mean > high + 1e-6 || unsure === 0;
    return {
      text: `${Math.round(low)}..${Math.round(high)} s (ended unseen)`,
      lies: [...wanted, ...(outside ? [`${mean} s is not in ${low} to ${high} s`] : [])],
    };
  };
}

const resolve = duration(({ incidents: { mean_seconds_to_resolve: mean, resolved: count } }) => ({
  mean,
  count,
}));

type SlaClass = keyof MonthTruth['classes'];

function resolveOf(slaClass: SlaClass): Check {
  return duration(({ classes }) => {
    const { mean_seconds_to_resolve: mean, resolved: count } = classes[slaClass];
    return { mean, count };
  });
}

function respond(slaClass: SlaClass): Check {
  return (found, truth) => {
    const reason = noneReason(truth);
    if (reason !== undefined) return none(found, reason);
    const { answered, breached, unknown, mean_seconds_to_respond: mean } = truth.classes[slaClass];
    if (answered + breached + unknown === 0) return none(found, 'nothing_happened');
    if (mean === null) return none(found, 'no_acknowledgements');
    const off = found.value === null || Math.abs(found.value - mean) > 1e-6;
    const share = (answered + breached) / (answered + breached + unknown);
    return {
      text: unknown === 0 ? watched(found) : `= (${percent(share)} acknowledged)`,
      lies: [
        ...same('coverage of objects', found.coverage.objects, share),
        ...(off ? [`${found.value} s, not ${mean} s`] : []),
      ],
    };
  };
}

function response(slaClass: SlaClass): Check {
  return (found, truth) => {
    const reason = noneReason(truth);
    if (reason !== undefined) return none(found, reason);
    const { answered, resolved_first: first, breached, unknown } = truth.classes[slaClass];
    const [met, decided] = [answered + first, answered + first + breached + unknown];
    if (decided === 0) return none(found, 'nothing_happened');
    return {
      text:
        unknown === 0
          ? watched(found)
          : `${percent(met / decided)}..${percent((met + unknown) / decided)} (not acknowledged)`,
      lies: [
        ...same('numerator and denominator', [found.numerator, found.denominator], [met, decided]),
        ...same('coverage of objects', found.coverage.objects, (met + breached) / decided),
      ],
    };
  };
}

const onTime: Check = (found, truth) => {
  const { on_time, late, missed, unconfirmed } = truth.tasks;
  const planned = on_time + late + missed + unconfirmed;
  if (found.reason !== null) {
    const why = truth.evaluations === 0 ? 'no_evaluations' : planned === 0 ? 'nothing_happened' : 'no_series';
    const told = why === 'no_series' && planned !== unconfirmed ? [`${planned - unconfirmed} are known`] : [];
    const cell = none(found, why);
    return { ...cell, lies: [...cell.lies, ...told] };
  }
  const known = (planned - unconfirmed) / planned;
  return {
    text:
      unconfirmed === 0
        ? '='
        : `${percent(on_time / planned)}..${percent((on_time + unconfirmed) / planned)} (unconfirmed)`,
    lies: [
      ...same('numerator and denominator', [found.numerator, found.denominator], [on_time, planned]),
      ...same('coverage of objects', found.coverage.objects, known),
    ],
  };
};

const checks: Readonly<Record<string, Check>> = {
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
  const check = isPlayed(found.id) ? control(found.id) : checks[found.id];
  const reason = noneReason(truth);
  if (check === undefined && reason !== undefined) return none(found, reason);
  if (check === undefined) return undefined;
  return check(found, truth, snapshot);
}
