import { createHash } from 'node:crypto';
import { controlNames, type Policy } from '../alerts/policy.ts';
import { trendOf } from './archive.ts';
import { readEvaluations } from './evaluation.ts';
import { readHosts } from './hosts.ts';
import { readIncidents } from './incidents.ts';
import { judge } from './judge.ts';
import type { Measuring, MonthFacts } from './kpi.ts';
import type { Inputs } from './inputs.ts';
import { isAlwaysTold, kpis } from './kpis.ts';
import { readLastEvaluation } from './last-evaluation.ts';
import { answered } from './responses.ts';
import { readFacts } from './readers.ts';
import { monthPeriod, monthsUpTo } from './period.ts';
import type { Prometheus } from './prometheus.ts';
import { type Snapshot, snapshotSchema } from './snapshot.ts';

/** Months in a trend: the month of the report and the year before it. */
export const trendMonths = 13;

export interface Subject {
  readonly policy: Policy;
  /** The policy file as read. */
  readonly policyText: string;
  /** A customer of the policy. */
  readonly customer: string;
  /** `2026-10`, over in the customer's zone. */
  readonly month: string;
  readonly inputs?: Inputs;
  /** What the reports of earlier months said; Prometheus is asked for the other months of the trend only. */
  readonly archived?: readonly Snapshot[];
}

/**
 * Everything the report of one month says, asked of Prometheus. The same data give the same snapshot, whenever it is asked.
 * @throws Error when Prometheus cannot answer, or answers in part or twice.
 */
export async function measure(
  { policy, policyText, customer, month, inputs = {}, archived = [] }: Subject,
  prometheus: Prometheus,
): Promise<Snapshot> {
  const described = Object.hasOwn(policy.customers, customer) ? policy.customers[customer] : undefined;
  if (described === undefined) throw new Error(`The policy has no customer ${customer}.`);
  const { name, zone, language } = described;
  const version = await prometheus.version();
  const trend = monthsUpTo(month, trendMonths);
  const periods = trend
    .filter((each) => each === month || !archived.some((snapshot) => snapshot.month === each))
    .map((each) => monthPeriod(each, zone));
  const evaluated = await Promise.all(
    periods.map((period) => readEvaluations(prometheus, period, policy.evaluation_interval)),
  );
  const alertsInterval = evaluated.flatMap(({ alerts }) => alerts.map(({ interval }) => interval ?? 0));
  const incidents = await readIncidents(
    prometheus,
    policy,
    customer,
    periods,
    Math.max(...alertsInterval) || policy.evaluation_interval,
  );
  const months = evaluated.flatMap((evaluations, index): readonly MonthFacts[] => {
    const own = incidents[index];
    if (own === undefined) return [];
    const { period } = evaluations;
    const answers = answered(own.incidents, period, policy, customer, inputs.acknowledgements ?? []);
    return [{ ...evaluations, incidents: own, answers }];
  });
  const last = months.at(-1);
  if (last === undefined) throw new Error(`The report of ${month} has no month.`);
  const { period, controls, alerts } = last;
  const interval = controls.interval ?? policy.evaluation_interval;
  const lastEvaluation = await readLastEvaluation(prometheus, period, interval);
  const hosts = await readHosts(prometheus, customer, controlNames, period, lastEvaluation);
  const measuring: Measuring = {
    prometheus,
    policy,
    inputs,
    customer,
    roles: [...new Set(hosts.map(({ role }) => role))],
    months,
    archived,
    month: last,
    last: lastEvaluation,
  };
  const facts = await readFacts(measuring);
  const indicators = await Promise.all(
    kpis.map(async ({ id, unit, better, measure: measureKpi }) => {
      const measured = await measureKpi({ ...measuring, facts });
      return {
        id,
        unit,
        better,
        ...measured,
        trend: trendOf(id, trend, measured.trend, archived),
        verdict: judge({ ...measured, better }),
      };
    }),
  );
  const { start, end, offset, zoneName } = period;
  return snapshotSchema.parse({
    version: 1,
    provider: policy.provider,
    customer: { id: customer, name, zone, language },
    month,
    period: { start, end, offset, zoneName },
    prometheus: { version },
    policySha256: createHash('sha256').update(policyText).digest('hex'),
    evaluation: [controls, ...alerts].map(({ ruleGroup, interval: seconds, evaluations, expected }) => ({
      ruleGroup,
      interval: seconds ?? null,
      evaluations,
      expected,
    })),
    // What nobody expects is no part of the report, unless it has a place on page 1.
    indicators: indicators.filter(({ id, reason }) => isAlwaysTold(id) || reason !== 'nothing_expected'),
    controls: [...controlNames],
    hosts,
    facts,
  });
}
