import { z } from 'zod';

/** Who answers for each control, and how grave it is when it is out of order, as the policy says. */
export const dutiesSchema = z.record(
  z.string(),
  z.strictObject({ owner: z.string(), severity: z.enum(['critical', 'warning', 'info']) }),
);
export type Duties = z.infer<typeof dutiesSchema>;
