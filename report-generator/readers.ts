import { type Facts, factsSchema } from './facts-schema.ts';
import type { Measuring } from './kpi.ts';
import { readAntivirus } from './readers/antivirus.ts';
import { readBackups } from './readers/backups.ts';
import { readDisks } from './readers/disks.ts';
import { readIncidentFacts } from './readers/incidents.ts';
import { readDuties } from './readers/duties.ts';
import { readAgreements } from './readers/agreements.ts';
import { readAhead } from './readers/ahead.ts';
import { readChanges } from './readers/changes.ts';
import { readNotes } from './readers/notes.ts';
import { readPlan } from './readers/plan.ts';
import { readReadiness } from './readers/readiness.ts';
import { readTasks } from './readers/tasks.ts';
import { readServices } from './readers/services.ts';
import { readUpdates } from './readers/updates.ts';
import { readVulnerabilities } from './readers/vulnerabilities.ts';

type Readers = { readonly [Subject in keyof Facts]-?: (measuring: Measuring) => Promise<Facts[Subject]> };

/** How each subject is asked: one line per subject. */
const readers: Readers = {
  incidents: readIncidentFacts,
  duties: readDuties,
  notes: readNotes,
  tasks: readTasks,
  readiness: readReadiness,
  updates: readUpdates,
  backups: readBackups,
  antivirus: readAntivirus,
  disks: readDisks,
  vulnerabilities: readVulnerabilities,
  services: readServices,
  plan: readPlan,
  changes: readChanges,
  ahead: readAhead,
  agreements: readAgreements,
};

/** Asks for every subject. @throws Error as Prometheus does. */
export async function readFacts(measuring: Measuring): Promise<Facts> {
  const list: readonly (readonly [string, (measuring: Measuring) => Promise<unknown>])[] =
    Object.entries(readers);
  const found = await Promise.all(
    list.map(async ([subject, read]) => [subject, await read(measuring)] as const),
  );
  return factsSchema.parse(Object.fromEntries(found.filter(([, facts]) => facts !== undefined)));
}
