import { controlNames } from '../../alerts/controls.ts';
import { nextDay, secondOf } from '../../alerts/policy/values.ts';
import { recorded } from '../../alerts/records.ts';
import { instantOf } from '../../alerts/zone-offset.ts';
import { readEvaluations } from '../evaluation.ts';
import type { Plan } from '../facts/plan.ts';
import type { Measuring } from '../kpi.ts';
import { monthValues, rangeOf } from '../month-query.ts';

/** Of the days of a baseline: what was watched less tells nothing. */
const enough = 0.8;
const day = 86_400;

/** The plan of the policy with its baseline: that of a snapshot where one is given, else measured on the days of the policy. */
export async function readPlan(measuring: Measuring): Promise<Plan | undefined> {
  const { policy, customer, inputs } = measuring;
  const plan = Object.hasOwn(policy.targets, customer) ? policy.targets[customer] : undefined;
  const zone = policy.customers[customer]?.zone;
  if (plan === undefined || zone === undefined) return undefined;
  const planned = controlNames.filter((control) =>
    [plan.day_30, plan.day_60, plan.day_90].some((stage) => stage[control] !== undefined),
  );
  const given = inputs.baseline;
  const measured = given === undefined ? await measuredBaseline(measuring, zone) : undefined;
  const after = (days: number): number => instantOf(zone, secondOf(plan.start) + days * day);
  return {
    start: plan.start,
    stages: [after(30), after(60), after(90)],
    baseline: measured === undefined ? null : { from: measured.from, to: measured.to },
    rows: planned.map((control) => ({
      indicator: control,
      baseline:
        (given === undefined
          ? measured?.shares.get(control)
          : given.indicators.find(({ id }) => id === control)?.value) ?? null,
      targets: [plan.day_30[control] ?? null, plan.day_60[control] ?? null, plan.day_90[control] ?? null],
    })),
    queries: [...(measured?.queries ?? [])],
  };
}

/** Shares of the objects in order on the days of the baseline; none where less than 80% of them was watched. */
async function measuredBaseline({ policy, customer, prometheus }: Measuring, zone: string) {
  const found = Object.hasOwn(policy.baseline, customer) ? policy.baseline[customer] : undefined;
  if (found === undefined) return undefined;
  const { from, to } = found;
  const period = {
    month: from.slice(0, 7),
    start: instantOf(zone, secondOf(from)),
    end: instantOf(zone, secondOf(nextDay(to))),
    offset: 0,
    zoneName: '',
  };
  const queries = (['compliant', 'expected'] as const).map(
    (part) =>
      `sum_over_time(${recorded(`customer:maintenance_control_${part}:sum`, { customer })}${rangeOf(period)})`,
  );
  const [{ controls }, ...sums] = await Promise.all([
    readEvaluations(prometheus, period, policy.evaluation_interval),
    ...queries.map((query) => monthValues(prometheus, query, 'control', period)),
  ]);
  const [compliant, expected] = sums;
  const shares = new Map(
    [...(expected ?? [])].flatMap(([control, all]) =>
      all > 0 && controls.time >= enough
        ? [[control, Math.min(1, (compliant?.get(control) ?? 0) / all)]]
        : [],
    ),
  );
  return { from, to, shares, queries };
}
