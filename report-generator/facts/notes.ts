import { z } from 'zod';

/** What people wrote about the month; docs/report-notes.md. */
export const notesSchema = z.strictObject({
  /** Whole paragraphs, and who signed them. */
  comment: z.strictObject({ paragraphs: z.array(z.string()).min(1), signed: z.string() }).nullable(),
  /** What the customer is asked to decide, at most three; `until` like `2026-11-06`. */
  decisions: z
    .array(z.strictObject({ what: z.string(), why: z.string(), who: z.string(), until: z.string() }))
    .max(3),
  /** What incidents came from and what was done, by their number; empty where it was not said. */
  incidents: z.array(z.strictObject({ number: z.string(), cause: z.string(), correction: z.string() })),
});
export type Notes = z.infer<typeof notesSchema>;
