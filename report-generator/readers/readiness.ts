import type { Readiness } from '../facts/readiness.ts';
import type { Measuring } from '../kpi.ts';
import { readLastEvaluation } from '../last-evaluation.ts';
import { monthReadiness } from '../month-readiness.ts';
import { readinessCounts } from '../readiness-counts.ts';
import { monthFrom } from '../format.ts';

/** Readiness at the end of the month, beside that of the month before; absent where the customer lists no framework. */
export async function readReadiness(measuring: Measuring): Promise<Readiness | undefined> {
  const { month, last } = measuring;
  const now = await monthReadiness(measuring, month.period, last);
  if (now === undefined) return undefined;
  const before = await readinessBefore(measuring);
  return {
    ...now,
    frameworks: now.frameworks.map((one) => {
      const then = before?.frameworks.find(({ name }) => name === one.name);
      if (then === undefined) return one;
      const { met, in_scope, not_assessed } = readinessCounts([then]);
      return { ...one, before: not_assessed === in_scope ? null : { met, inScope: in_scope } };
    }),
  };
}

/** As the report of that month said it, else as Prometheus still knows it. */
async function readinessBefore(measuring: Measuring): Promise<Readiness | undefined> {
  const { months, month, archived, prometheus, policy } = measuring;
  const wanted = monthFrom(month.period.month, -1);
  const told = archived.find((snapshot) => snapshot.month === wanted);
  if (told !== undefined) return told.facts.readiness;
  const asked = months.find(({ period }) => period.month === wanted);
  if (asked === undefined) return undefined;
  const interval = asked.controls.interval ?? policy.evaluation_interval;
  const last = await readLastEvaluation(prometheus, asked.period, interval);
  return monthReadiness(measuring, asked.period, last);
}
