import { z } from 'zod';
import type { Config } from '../config.ts';
import { type RestoreTestSettings, restoreTestSchema } from '../collectors/backup/job.ts';

/** A job that the configuration declares, with the collector that does. */
export interface DeclaredJob {
  readonly tool: string;
  readonly job: Readonly<Record<string, unknown>>;
  readonly test: RestoreTestSettings;
}

const declaringSchema = z.record(z.string(), z.unknown());

/**
 * The job of this name, and how it is test-restored.
 * @param tool the collector, where two declare a job of the same name.
 * @throws Error that says which jobs there are, or what is missing in the configuration.
 */
export function findJob(config: Config, name: string, tool?: string): DeclaredJob {
  const declared = config.jobs.flatMap(({ collector, settings }) =>
    jobsIn(collector.settings.parse(settings)).map((job, at) => ({
      tool: collector.name,
      job,
      // As it is written: durations are seconds after the first reading.
      written: jobsIn(settings)[at]?.['restore_test'],
    })),
  );
  const found = declared.filter(
    (one) => one.job['backup_job'] === name && (tool === undefined || one.tool === tool),
  );
  const [first, second] = found;
  if (first === undefined) {
    const names = declared.map(({ job }) => String(job['backup_job']));
    throw new Error(
      names.length === 0
        ? 'the configuration declares no backup job; --config.file names another one'
        : `the configuration declares no backup job ${name}; there are: ${names.join(', ')}`,
    );
  }
  if (second !== undefined)
    throw new Error(
      `${found.map((one) => one.tool).join(' and ')} both declare a backup job ${name}; say which with --tool`,
    );
  const test = restoreTestSchema.safeParse(first.written).data;
  if (test === undefined)
    throw new Error(
      `backup job ${name} declares no restore_test; add one to its entry under collectors.${first.tool} (docs/restore-testing.md)`,
    );
  return { tool: first.tool, job: first.job, test };
}

/** Every entry with a `backup_job`, in whatever list it stands: the jobs of a server stand in the entry of the server. */
function jobsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(jobsIn);
  const entry = declaringSchema.safeParse(value).data;
  if (entry === undefined) return [];
  return typeof entry['backup_job'] === 'string' ? [entry] : Object.values(entry).flatMap(jobsIn);
}
