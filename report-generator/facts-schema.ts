import { z } from 'zod';
import { incidentsSchema } from './facts/incidents.ts';
import { notesSchema } from './facts/notes.ts';
import { readinessSchema } from './facts/readiness.ts';
import { tasksSchema } from './facts/tasks.ts';

/**
 * What the pages tell beside the indicators: one line per subject, its shape in facts/, how it is asked in readers/. A
 * subject of which the month says nothing is absent.
 */
export const factsSchema = z.strictObject({
  incidents: incidentsSchema.optional(),
  notes: notesSchema.optional(),
  tasks: tasksSchema.optional(),
  readiness: readinessSchema.optional(),
});
export type Facts = z.infer<typeof factsSchema>;
