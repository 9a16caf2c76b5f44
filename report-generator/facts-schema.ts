import { z } from 'zod';
import { notesSchema } from './facts/notes.ts';

/**
 * What the pages tell beside the indicators: one line per subject, its shape in facts/, how it is asked in readers/. A
 * subject of which the month says nothing is absent.
 */
export const factsSchema = z.strictObject({
  notes: notesSchema.optional(),
});
export type Facts = z.infer<typeof factsSchema>;
