import { z } from 'zod';
import { antivirusSchema } from './facts/antivirus.ts';
import { backupsSchema } from './facts/backups.ts';
import { disksSchema } from './facts/disks.ts';
import { incidentsSchema } from './facts/incidents.ts';
import { dutiesSchema } from './facts/duties.ts';
import { notesSchema } from './facts/notes.ts';
import { readinessSchema } from './facts/readiness.ts';
import { tasksSchema } from './facts/tasks.ts';
import { servicesFacts } from './facts/services.ts';
import { updatesSchema } from './facts/updates.ts';
import { vulnerabilitiesSchema } from './facts/vulnerabilities.ts';

/**
 * What the pages tell beside the indicators: one line per subject, its shape in facts/, how it is asked in readers/. A
 * subject of which the month says nothing is absent.
 */
export const factsSchema = z.strictObject({
  incidents: incidentsSchema.optional(),
  duties: dutiesSchema.optional(),
  notes: notesSchema.optional(),
  tasks: tasksSchema.optional(),
  readiness: readinessSchema.optional(),
  updates: updatesSchema.optional(),
  backups: backupsSchema.optional(),
  antivirus: antivirusSchema.optional(),
  disks: disksSchema.optional(),
  vulnerabilities: vulnerabilitiesSchema.optional(),
  services: servicesFacts.optional(),
});
export type Facts = z.infer<typeof factsSchema>;
