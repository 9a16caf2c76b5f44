import { z } from 'zod';

/** not_assessed: what is known does not tell. not_applicable: the policy says so, with a reason. */
export const requirementVerdicts = ['met', 'partly', 'not_met', 'not_assessed', 'not_applicable'] as const;
export type RequirementVerdict = (typeof requirementVerdicts)[number];

const count = z.int().min(0);

/** What a requirement rests on, at the last evaluation of the month; counts are null where nothing was recorded. */
const evidence = z.strictObject({
  /** `backup`, `patch_security_14d` */
  name: z.string(),
  essential: z.boolean(),
  expected: count.nullable(),
  known: count.nullable(),
  ok: count.nullable(),
  /** The oldest that is open, or the longest ago, in seconds; null where it is a state, unknown, or never happened. */
  age: z.number().nullable(),
});

/** Readiness for the frameworks the customer lists, at the last evaluation of the month. */
export const readinessSchema = z.strictObject({
  frameworks: z.array(
    z.strictObject({
      /** Of the catalogue: iso27001. */
      name: z.string(),
      title: z.string(),
      /** Parts the framework has; those that are not in the list are not about maintenance. */
      total: count,
      /** Requirements met and in scope at the end of the month before; null where that is not known. */
      before: z.strictObject({ met: count, inScope: count }).nullable(),
      requirements: z.array(
        z.strictObject({
          id: z.string(),
          about: z.string(),
          verdict: z.enum(requirementVerdicts),
          /** Of what is not applicable: why, and who decided it. */
          reason: z.string(),
          evidence: z.array(evidence),
        }),
      ),
    }),
  ),
  queries: z.array(z.string()),
});
export type Readiness = z.infer<typeof readinessSchema>;
export type FrameworkReadiness = Readiness['frameworks'][number];
