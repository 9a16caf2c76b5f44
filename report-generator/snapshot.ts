import { z } from 'zod';
import { factsSchema } from './facts-schema.ts';

/** A share of a whole, 0 to 1. */
const ratio = z.number().min(0).max(1);
/** Unix seconds. */
const instant = z.number();

/**
 * met: the target is reached with every unknown counted against it. missed: not reached. unknown: cannot be told
 * (coverage under 80% and not missed anyway, or the unknown part decides). none: nothing was measured. plain: no
 * target, or nothing happened that could be judged. risk: met, and a limit passes before the next report. running: the
 * deadline lies ahead.
 */
export const verdicts = ['met', 'risk', 'missed', 'running', 'unknown', 'none', 'plain'] as const;
export type Verdict = (typeof verdicts)[number];

/** Why an indicator has no value; the words folders say it in a sentence. */
export const reasons = [
  'no_evaluations', // no rule was evaluated in the month: Prometheus did not run, or forgot it (retention)
  'no_series', // the rules ran, and recorded nothing of this kind
  'no_acknowledgements', // there were incidents, and nobody is known to have taken one
  'nothing_expected', // no host of the customer is expected to have the control
] as const;

const indicatorSchema = z.strictObject({
  /** From the list in kpis.ts. */
  id: z.string(),
  unit: z.enum(['ratio', 'count', 'seconds']),
  better: z.enum(['high', 'low']),
  /** Null when nothing was measured; 0 only when it was counted. */
  value: z.number().nullable(),
  /** Set exactly when value is null. nothing_happened: measured, and there was nothing to judge (no incident resolved). */
  reason: z.enum([...reasons, 'nothing_happened']).nullable(),
  /** What value is made of: sums over the evaluations of the month for a control, counts for incidents. */
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  target: z.number().nullable(),
  verdict: z.enum(verdicts),
  /** Share of the expected objects that were known, and share of the month that was watched. */
  coverage: z.strictObject({ objects: ratio.nullable(), time: ratio }),
  /** Objects at the last evaluation of the month; null for what is not a control. */
  atEnd: z.strictObject({ compliant: z.number(), known: z.number(), expected: z.number() }).nullable(),
  /** Thirteen months up to this one, oldest first; value null where not measured. The last one equals `value`. */
  trend: z.array(z.strictObject({ month: z.string(), value: z.number().nullable(), time: ratio })),
  /** What was asked of Prometheus, at `period.end` minus one millisecond. */
  queries: z.array(z.string()),
});

/** What one month of one customer came to: everything the report prints, and nothing else. */
export const snapshotSchema = z.strictObject({
  version: z.literal(1),
  provider: z.string(),
  customer: z.strictObject({
    id: z.string(),
    name: z.string(),
    zone: z.string(),
    language: z.enum(['en', 'es']),
  }),
  /** `2026-10` */
  month: z.string(),
  /** Local midnights in the customer's zone; the end is not part of it. `offset` is the zone's offset at the end, in minutes, and `zoneName` its short name, as CET. */
  period: z.strictObject({ start: instant, end: instant, offset: z.number(), zoneName: z.string() }),
  prometheus: z.strictObject({ version: z.string() }),
  /** SHA-256 of the policy file the report was made with. */
  policySha256: z.string(),
  /** How the rule groups were evaluated in the month. */
  evaluation: z.array(
    z.strictObject({
      ruleGroup: z.string(),
      /** Seconds; null when no evaluation was found. */
      interval: z.number().nullable(),
      evaluations: z.number(),
      expected: z.number(),
    }),
  ),
  indicators: z.array(indicatorSchema),
  /** Controls of the host table, in its column order. */
  controls: z.array(z.string()),
  /** Hosts at the last evaluation of the month: per control in order (met), not (missed), unknown, or not expected (null). Sorted worst first. */
  hosts: z.array(
    z.strictObject({
      instance: z.string(),
      role: z.string(),
      controls: z.record(z.string(), z.enum(['met', 'missed', 'unknown']).nullable()),
    }),
  ),
  /** What the pages tell beside the indicators, by subject; a subject the month says nothing of is absent. */
  facts: factsSchema.default({}),
});

export type Snapshot = z.infer<typeof snapshotSchema>;
export type Indicator = Snapshot['indicators'][number];

/** The snapshot as a file: two equal months are equal byte for byte. */
export function snapshotText(snapshot: Snapshot): string {
  return `${JSON.stringify(snapshotSchema.parse(snapshot), undefined, 2)}\n`;
}
