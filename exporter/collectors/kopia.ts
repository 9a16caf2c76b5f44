import { z } from 'zod';
import { defineCollector, type Host, type Problem } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import type { ToolRun } from './backup/facts.ts';
import { distrustFuture } from './backup/future.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { together } from './backup/parts.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { listAll, onceEach, readMaintenance } from './kopia/ask.ts';
import { type Manifest, missingIn, pointOf, sourceOf } from './kopia/snapshots.ts';

const kopiaSchema = z.strictObject({
  ...jobShape,
  sources: z
    .array(words('a source such as root@web-1:/srv').regex(/^[^@]*@[^:]+:.+$/, 'expected user@host:/path'), {
      error: 'expected a list of sources',
    })
    .min(1, 'expected at least one source')
    .describe(
      'What is backed up, as kopia lists it (`user@host:/path`). Several are parts that belong together: the job is as fresh as the oldest of them.',
    ),
  config_file: words('the path of a configuration of kopia')
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe(
      'The connection to the repository (`repository.config`); that of the user of the exporter unless set.',
    ),
  password_file: words('the path of the file that holds the password of the repository')
    .optional()
    .describe('File that holds its password; not needed where kopia keeps it beside config_file.'),
  ignored_errors: z
    .enum(['partial', 'accepted'], { error: 'expected partial or accepted' })
    .default('partial')
    .describe(
      'What a snapshot is in which the policy of kopia made it ignore errors: files are missing in it (`partial`), or they are not wanted (`accepted`).',
    ),
  maintenance: z
    .boolean({ error: 'expected true or false' })
    .default(false)
    .describe(
      'Also ask how the last maintenance of the repository ended; needs a direct connection, not one to a server.',
    ),
  environment: z
    .record(z.string(), z.string({ error: 'expected text; put numbers in quotes' }))
    .refine(
      (names) =>
        !Object.keys(names).some((name) => name === 'KOPIA_PASSWORD' || name === 'KOPIA_CONFIG_PATH'),
      {
        error: 'set the repository and its password with config_file and password_file',
      },
    )
    .optional()
    .describe('Variables for kopia, such as credentials of the store.'),
});
type KopiaJob = z.infer<typeof kopiaSchema>;

/** Snapshots in kopia repositories, each with the errors kopia met. */
export const kopia = defineCollector({
  name: 'kopia',
  summary: 'snapshots in the kopia repositories that the configuration names, with the errors in them',
  tools: ['kopia'],
  rights:
    'a connection to the repository (config_file), its password, and a home directory kopia may write logs and cache to',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 2 * 60,
  settings: z.strictObject({
    jobs: z
      .array(kopiaSchema, { error: 'expected a list of jobs' })
      .min(1, 'expected at least one job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The jobs, one per source.'),
  }),
  example: {
    jobs: [
      {
        backup_job: 'web',
        sources: ['root@web-1:/srv'],
        config_file: '/etc/maintenance-exporter/kopia/repository.config',
        password_file: '/etc/maintenance-exporter/kopia/password',
        expected_interval: '24h',
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { jobs }) => {
    const ask = onceEach((job: KopiaJob, timeout: number) => listAll(host, job, timeout));
    return readJobs('kopia', host, jobs, (job, timeout) => readJob(host, job, timeout, ask));
  },
});

async function readJob(
  host: Host,
  job: KopiaJob,
  timeout: number,
  ask: (job: KopiaJob, timeout: number) => Promise<readonly Manifest[]>,
): Promise<JobReading> {
  const accepted = job.ignored_errors === 'accepted';
  const all = await ask(job, timeout);
  const parts = job.sources.map((source) => all.filter((manifest) => sourceOf(manifest) === source));
  const runs = parts.flatMap((manifests) => newestRun(manifests, accepted) ?? []);
  const worst = runs.find(({ missing }) => missing !== undefined);
  const dated = distrustFuture(
    job.backup_job,
    together(parts.map((manifests) => manifests.map((manifest) => pointOf(manifest, accepted)))),
    host.now(),
  );
  const problems = runs.flatMap(({ source, missing }): Problem[] =>
    missing === undefined
      ? []
      : [
          {
            reason: 'tool_failed',
            message: `backup job ${job.backup_job}: the newest snapshot of ${source} is not complete: ${missing}`,
          },
        ],
  );
  return {
    facts: {
      readable: true,
      restorePoints: dated.points,
      lastRun: worst ?? runs.toSorted((a, b) => b.ended - a.ended)[0],
    },
    problems: [
      ...dated.problems,
      ...problems,
      ...(job.maintenance ? await readMaintenance(host, job, timeout) : []),
    ],
  };
}

/** The run that made the newest snapshot of a source. One that failed altogether left none, and kopia keeps nothing of it. */
function newestRun(
  manifests: readonly Manifest[],
  accepted: boolean,
): (ToolRun & { readonly source: string; readonly missing: string | undefined }) | undefined {
  const newest = manifests.toSorted((a, b) => b.startTime - a.startTime)[0];
  if (newest === undefined) return undefined;
  const missing = missingIn(newest, accepted);
  return {
    ended: newest.endTime ?? newest.startTime,
    outcome: missing === undefined ? 'success' : 'partial',
    source: sourceOf(newest),
    missing,
  };
}
