import type { ControlName } from '../../alerts/policy.ts';
import { recorded } from '../../alerts/records.ts';
import type { Kpi, Measured, Measuring } from '../kpi.ts';
import { recordedThen } from '../last-evaluation.ts';
import { monthValues, rangeOf } from '../month-query.ts';
import type { Period } from '../period.ts';
import type { Indicator } from '../snapshot.ts';

type Part = 'compliant' | 'known' | 'expected';
type Trend = Indicator['trend'][number];

/**
 * Share of the objects that were in order, over all evaluations of the month: sum of the compliant / sum of the expected.
 * The unknown are expected and not compliant, so they count against it. The target is the one recorded in the month.
 */
export function controlKpi(control: ControlName): Kpi {
  return {
    id: control,
    unit: 'ratio',
    better: 'high',
    measure: (measuring) => measureControl(control, measuring),
  };
}

async function measureControl(control: ControlName, measuring: Measuring): Promise<Measured> {
  const { prometheus, customer, month, months } = measuring;
  const ask = (query: string, period: Period) => monthValues(prometheus, query, 'control', period);
  const total = async (part: Part, period: Period) =>
    (await ask(totalQuery(part, customer, period), period)).get(control);
  const target = `last_over_time(${recorded('maintenance:control_target:ratio')}${rangeOf(month.period)})`;
  const [trend, compliant, known, expected, targets, end] = await Promise.all([
    Promise.all(months.map((each) => trendPoint(control, each, measuring))),
    total('compliant', month.period),
    total('known', month.period),
    total('expected', month.period),
    ask(target, month.period),
    atEnd(control, measuring),
  ]);
  const value = trend.at(-1)?.value ?? null;
  const reason = value === null ? await reasonOf(control, measuring) : null;
  return {
    value,
    reason,
    numerator: value === null ? null : (compliant ?? null),
    denominator: value === null ? null : (expected ?? null),
    target: targets.get(control) ?? null,
    coverage: {
      objects: value === null ? null : share(known ?? 0, expected),
      time: trend.at(-1)?.time ?? 0,
    },
    atEnd: end.counts,
    trend,
    queries: [
      ...(['compliant', 'known', 'expected'] as const).map((part) =>
        totalQuery(part, customer, month.period),
      ),
      ...(['compliant', 'known', 'expected'] as const).map((part) =>
        countQuery(part, customer, month.period),
      ),
      ...month.queries,
      target,
      ...end.queries,
    ],
  };
}

/**
 * Watched are the evaluations that recorded every part of the control. Without hosts of the customer among the targets
 * nothing is expected and nothing seen; where a rule failed, one part has no whole. Neither may pass for a month in order.
 */
async function trendPoint(
  control: ControlName,
  { period, controls }: Measuring['month'],
  { prometheus, customer }: Measuring,
): Promise<Trend> {
  const asked = [
    totalQuery('compliant', customer, period),
    totalQuery('expected', customer, period),
    ...(['compliant', 'known', 'expected'] as const).map((part) => countQuery(part, customer, period)),
  ].map(async (query) => (await monthValues(prometheus, query, 'control', period)).get(control) ?? 0);
  const [compliant = 0, expected = 0, ...counts] = await Promise.all(asked);
  const { time, evaluations } = controls;
  const watched = time * (share(Math.min(...counts), evaluations) ?? 0);
  return { month: period.month, value: watched > 0 ? share(compliant, expected) : null, time: watched };
}

/** What every object was at the last evaluation; when that is long before the end, nothing is known of the end. */
async function atEnd(
  control: ControlName,
  { prometheus, customer, month, last }: Measuring,
): Promise<{ readonly counts: Indicator['atEnd']; readonly queries: readonly string[] }> {
  if (last === undefined) return { counts: null, queries: [] };
  const queries = (['compliant', 'known', 'expected'] as const).map((part) =>
    recordedThen(recorded(`customer:maintenance_control_${part}:sum`, { customer }), last),
  );
  const [compliant, known, expected] = await Promise.all(
    queries.map(async (query) =>
      (await monthValues(prometheus, query, 'control', month.period)).get(control),
    ),
  );
  const asked = [last.query, ...queries];
  if (expected === undefined) return { counts: null, queries: asked };
  if (!last.speaksForEnd) return { counts: { compliant: 0, known: 0, expected }, queries: asked };
  return { counts: { compliant: compliant ?? 0, known: known ?? 0, expected }, queries: asked };
}

/** Not expected only where no role of a host asks for it: a record that is missing must not look like that. */
async function reasonOf(
  control: ControlName,
  { prometheus, policy, customer, roles, month }: Measuring,
): Promise<Measured['reason']> {
  if (month.controls.time === 0) return 'no_evaluations';
  const asked = roles.some((role) => {
    const named = Object.hasOwn(policy.roles, role) ? role : 'default';
    return policy.roles[named]?.includes(control) === true;
  });
  if (asked) return 'no_series';
  const query = totalQuery('expected', customer, month.period);
  const others = await monthValues(prometheus, query, 'control', month.period);
  return others.size > 0 && !others.has(control) ? 'nothing_expected' : 'no_series';
}

function totalQuery(part: Part, customer: string, period: Period): string {
  return `sum_over_time(${recorded(`customer:maintenance_control_${part}:sum`, { customer })}${rangeOf(period)})`;
}

function countQuery(part: Part, customer: string, period: Period): string {
  return `count_over_time(${recorded(`customer:maintenance_control_${part}:sum`, { customer })}${rangeOf(period)})`;
}

/** Null where there is no whole. */
function share(part: number, whole: number | undefined): number | null {
  return whole === undefined || whole <= 0 ? null : Math.min(1, part / whole);
}
