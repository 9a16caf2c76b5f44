import { z } from 'zod';
import { gap, instant, judged } from './judged.ts';

/** Every antivirus product at the last evaluation of the month, worst first. */
export const antivirusSchema = z.strictObject({
  products: z.array(
    z.strictObject({
      instance: z.string(),
      role: z.string(),
      /** Empty where a host must have one and shows none. */
      product: z.string(),
      /** Of its engine; empty where not known. */
      version: z.string(),
      /** Version of its definitions; empty where not known. */
      definitions: z.string(),
      running: judged.nullable(),
      current: judged.nullable(),
      /** Seconds; null where not known. */
      age: z.number().nullable(),
      /** Seconds the definitions may be old. */
      limit: z.number().nullable(),
      /** When the vendor built what the agent works with; null where not known. */
      built: instant.nullable(),
      gap: gap.nullable(),
    }),
  ),
});
export type AntivirusFacts = z.infer<typeof antivirusSchema>;
