import { vector } from '../../exporter/metrics.ts';
import { firstOf, host, perObject, without } from '../control.ts';
import { backup } from './backup.ts';

/** The label that names a backup job on the facts. */
export const jobLabel = 'backup_job';

/** PromQL: the worst of the tools that have a job of this name; the label that names the job becomes `object`. */
export function perJob(aggregation: 'min' | 'group', facts: string): string {
  return perObject(aggregation, jobLabel, facts);
}

/** PromQL: facts of a job, the newest where several speak of it. */
export function newest(facts: string): string {
  return `max by (${host}, tool, backup_job) (${facts})`;
}

/** Jobs whose facts can be told at this moment: without a check or test among them, there was none. */
const told = firstOf(
  `(${vector('maintenance_backup_repository_readable')} == 1)`,
  vector('maintenance_backup_runs_total', { tool: 'run' }),
);

/** What must be done for every backup job of a host whose role asks for it. */
export const everyJob = {
  objects: backup.seen,
  never: without(
    perJob('group', told),
    perJob('group', `(${vector('maintenance_backup_repository_readable')} == 0)`),
  ),
};
