import { z } from 'zod';
import { type Collection, defineCollector, type Host } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { backupSamples } from './backup/facts.ts';
import { type BackupJob, jobShape, uniqueJobs } from './backup/job.ts';
import { readRecorded } from './backup/recorded.ts';
import { emptyRecord } from '../job-record.ts';

/** Backup jobs of which only the record of their runs tells: scripts, and tools without a reader of their own. */
export const run = defineCollector({
  name: 'run',
  summary: 'backup jobs that `maintenance-exporter run` puts on record and no other collector reads',
  tools: [],
  rights: 'to read its own state directory',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 5 * 60,
  timeout: 30,
  settings: z.strictObject({
    jobs: z
      .array(z.strictObject(jobShape), { error: 'expected a list of jobs' })
      .min(1, 'expected at least one job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The jobs, by the name `run --job` gives them.'),
  }),
  example: { jobs: [{ backup_job: 'mail-export', expected_interval: '24h', criticality: 'critical' }] },
  detect: async () => undefined,
  collect: async (host, { jobs }) => {
    const collected = await Promise.all(jobs.map((job) => readJob(host, job)));
    return {
      samples: collected.flatMap(({ samples }) => samples),
      problems: collected.flatMap(({ problems }) => problems),
    };
  },
});

async function readJob(host: Host, job: BackupJob): Promise<Collection> {
  const read = await readRecorded(host, job.backup_job);
  // Nothing on record is a count of 0 where the record could be read: such a job has never succeeded.
  const recorded = read.problems.length === 0 ? { ...read, record: read.record ?? emptyRecord } : read;
  const newest = recorded.record?.runs.findLast((one) => one.outcome === 'success');
  const duration = newest?.ended === undefined ? undefined : newest.ended - newest.started;
  const samples = backupSamples(
    'run',
    job,
    {
      lastSuccess: tooSmall(job, newest) ? undefined : recorded.record?.last_success,
      newest: { duration, bytes: newest?.bytes, addedBytes: newest?.added_bytes, files: newest?.files },
    },
    recorded,
  );
  return { samples, problems: recorded.problems };
}

/** A run that saved less than the configuration expects is no success, whatever its exit code. */
function tooSmall(
  { minimum_bytes: bytes, minimum_files: files }: BackupJob,
  newest: { readonly bytes?: number; readonly files?: number } | undefined,
): boolean {
  return (
    (bytes !== undefined && !((newest?.bytes ?? 0) >= bytes)) ||
    (files !== undefined && !((newest?.files ?? 0) >= files))
  );
}
