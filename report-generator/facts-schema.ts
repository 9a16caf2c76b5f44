import { z } from 'zod';
import { antivirusSchema } from './facts/antivirus.ts';
import { backupsSchema } from './facts/backups.ts';
import { disksSchema } from './facts/disks.ts';
import { incidentsSchema } from './facts/incidents.ts';
import { dutiesSchema } from './facts/duties.ts';
import { agreementsSchema } from './facts/agreements.ts';
import { aheadSchema } from './facts/ahead.ts';
import { changesSchema } from './facts/changes.ts';
import { notesSchema } from './facts/notes.ts';
import { planSchema } from './facts/plan.ts';
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
  plan: planSchema.optional(),
  changes: changesSchema.optional(),
  ahead: aheadSchema.optional(),
  agreements: agreementsSchema.optional(),
});
export type Facts = z.infer<typeof factsSchema>;
