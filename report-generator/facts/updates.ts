import { z } from 'zod';
import { gap, instant, judged } from './judged.ts';

/** Updates of one class on one host, all its package managers together. */
const pending = z.strictObject({
  verdict: judged,
  /** Packages; null where not known. */
  count: z.number().nullable(),
  /** Seconds the oldest one has waited: 0 when none waits, null where not known. */
  age: z.number().nullable(),
  /** Seconds it may wait. */
  limit: z.number().nullable(),
});
export type PendingUpdates = z.infer<typeof pending>;

/** Every host at the last evaluation of the month, worst first. */
export const updatesSchema = z.strictObject({
  hosts: z.array(
    z.strictObject({
      instance: z.string(),
      role: z.string(),
      /** Name and version; empty where not known. */
      system: z.string(),
      supported: judged.nullable(),
      /** When the vendor stops security updates; null where not known. */
      supportEnd: instant.nullable(),
      security: pending.nullable(),
      standard: pending.nullable(),
      reboot: z
        .strictObject({
          verdict: judged,
          /** Seconds it has been waited for: 0 when none is required, null where not known. */
          age: z.number().nullable(),
        })
        .nullable(),
      /** The newest run of a package manager. */
      deployment: z.strictObject({ at: instant, outcome: z.string() }).nullable(),
      gap: gap.nullable(),
    }),
  ),
});
export type UpdatesFacts = z.infer<typeof updatesSchema>;
