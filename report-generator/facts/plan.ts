import { z } from 'zod';

const share = z.number().min(0).max(1).nullable();

/** The way from the baseline to the targets of day 30, 60 and 90; null where there is none. */
export const planSchema = z.strictObject({
  /** Day 0, `2026-10-01`. */
  start: z.string(),
  /** Day 30, 60 and 90: local midnights after that many days, unix seconds. */
  stages: z.tuple([z.number(), z.number(), z.number()]),
  /** Days the baseline was measured on, both included; null where it is a snapshot. */
  baseline: z.strictObject({ from: z.string(), to: z.string() }).nullable(),
  rows: z.array(
    z.strictObject({
      /** The control. */
      indicator: z.string(),
      baseline: share,
      targets: z.tuple([share, share, share]),
    }),
  ),
  queries: z.array(z.string()),
});
export type Plan = z.infer<typeof planSchema>;
