import { z } from 'zod';

const names = z.array(z.string());

/** What provider and customer agreed, as the policy has it. */
export const agreementsSchema = z.strictObject({
  responsibilities: z.array(
    z.strictObject({
      what: z.string(),
      who: z.enum(['provider', 'customer', 'shared']),
      /** Where the border is; empty where nothing is said. */
      note: z.string(),
    }),
  ),
  /** Those that held at some time of the month or begin later. live: at its end. ended: in the month. ahead: begins later. */
  exceptions: z.array(
    z.strictObject({
      control: z.string(),
      /** What is excepted; empty means any. */
      roles: names,
      instances: names,
      objects: names,
      owner: z.string(),
      reason: z.string(),
      /** Days, both included; from is null where it always held. */
      from: z.string().nullable(),
      expires: z.string(),
      /** When it is over, unix seconds. */
      over: z.number(),
      state: z.enum(['live', 'ended', 'ahead']),
      /** Objects it covered at the end of the month; null where that is not known. */
      covered: z.int().min(0).nullable(),
    }),
  ),
});
export type Agreements = z.infer<typeof agreementsSchema>;
