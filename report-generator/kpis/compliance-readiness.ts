import type { Readiness } from '../facts/readiness.ts';
import type { Kpi, Measured, MonthFacts } from '../kpi.ts';
import { readLastEvaluation } from '../last-evaluation.ts';
import { monthReadiness } from '../month-readiness.ts';
import { readinessCounts } from '../readiness-counts.ts';

/**
 * Requirements met / in scope, over the frameworks the customer lists, at the last evaluation of the month. Partly and not
 * assessed are not met. It has no target: how ready one must be is for the customer and its auditor to say.
 */
export const complianceReadiness: Kpi = {
  id: 'compliance_readiness',
  unit: 'ratio',
  better: 'high',
  measure: async (measuring) => {
    const { facts, month, months, prometheus, policy } = measuring;
    const trend = await Promise.all(
      months.map(async (each) => {
        const last = await readLastEvaluation(
          prometheus,
          each.period,
          each.controls.interval ?? policy.evaluation_interval,
        );
        const found = each === month ? facts.readiness : await monthReadiness(measuring, each.period, last);
        return { month: each.period.month, value: shareMet(found), time: 1 };
      }),
    );
    const value = trend.at(-1)?.value ?? null;
    const { met, in_scope, not_assessed } = readinessCounts(facts.readiness?.frameworks ?? []);
    return {
      value,
      reason: value === null ? reasonOf(facts.readiness, month) : null,
      numerator: value === null ? null : met,
      denominator: value === null ? null : in_scope,
      target: null,
      coverage: { objects: value === null ? null : (in_scope - not_assessed) / in_scope, time: 1 },
      atEnd: null,
      trend,
      queries: facts.readiness?.queries ?? [],
    };
  },
};

/** Null where nothing at all is assessed: that is no 0%. */
function shareMet(found: Readiness | undefined): number | null {
  const { met, in_scope, not_assessed } = readinessCounts(found?.frameworks ?? []);
  return in_scope === not_assessed ? null : met / in_scope;
}

function reasonOf(found: Readiness | undefined, { controls }: MonthFacts): Measured['reason'] {
  if (found === undefined) return 'nothing_expected';
  return controls.evaluations === 0 ? 'no_evaluations' : 'no_series';
}
