import { z } from 'zod';
import { defineCollector, type Host, type RunOptions } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { distrustFuture } from './backup/future.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { checkSecret } from './backup/secret.ts';
import { parseFailure, parseIncomplete } from './restic/failure.ts';
import { belongs, parseSnapshots, restorePoints } from './restic/snapshots.ts';

const repositorySchema = z.strictObject({
  ...jobShape,
  repository: words('where the repository is, as in RESTIC_REPOSITORY').describe(
    'Where it is, as in RESTIC_REPOSITORY.',
  ),
  password_file: words('the path of the file that holds the password of the repository').describe(
    'File that holds its password.',
  ),
  cache_directory: words('the path of a directory')
    .optional()
    .describe('Cache of restic; its own unless set.'),
  host: words('the host name restic recorded').optional().describe('Only restore points of this host name.'),
  tags: z.array(words('a tag')).optional().describe('Only restore points with all of these tags.'),
  paths: z.array(words('a path restic backed up')).optional().describe('Only restore points of these paths.'),
  environment: z
    .record(z.string(), z.string({ error: 'expected text; put numbers in quotes' }))
    .refine((names) => !Object.keys(names).some((name) => /^RESTIC_(?:REPOSITORY|PASSWORD)/.test(name)), {
      error: 'set the repository and its password with repository and password_file',
    })
    .optional()
    .describe('Variables for restic, such as credentials of the store.'),
});
type Repository = z.infer<typeof repositorySchema>;

/**
 * Restore points of restic repositories. Whether one is complete is not in the list; that and the results of checks are told by
 * the record of runs.
 */
export const restic = defineCollector({
  name: 'restic',
  summary: 'restore points in the restic repositories that the configuration names',
  tools: ['restic'],
  rights: 'to read each password_file and, where the repository is on this host, its files',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 10 * 60,
  settings: z.strictObject({
    repositories: z
      .array(repositorySchema, { error: 'expected a list of repositories' })
      .min(1, 'expected at least one repository')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The repositories to read, one per backup job.'),
  }),
  // Where the repositories are only the operator knows.
  example: {
    repositories: [
      {
        backup_job: 'nightly',
        repository: '/srv/restic',
        password_file: '/etc/maintenance-exporter/restic.password',
        expected_interval: '24h',
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { repositories }) =>
    readJobs('restic', host, repositories, (entry, timeout) => readRepository(host, entry, timeout)),
});

async function readRepository(host: Host, entry: Repository, timeout: number): Promise<JobReading> {
  await checkSecret(host, 'password_file', entry.password_file);
  // All of them, filtered here: what --latest means has changed between versions (grouping in 0.19).
  const output = await host.run('restic', ['snapshots', '--json', '--no-lock'], runOptions(entry, timeout));
  if (output.exitCode !== 0) throw parseFailure(output);
  const listed = parseSnapshots(output.stdout);
  const incomplete = parseIncomplete(output.stderr, listed.length);
  if (incomplete !== undefined) throw incomplete;
  const own = listed.filter((snapshot) => belongs(snapshot, entry));
  const { points, problems } = distrustFuture(entry.backup_job, restorePoints(own), host.now());
  return { facts: { readable: true, restorePoints: points }, problems };
}

function runOptions(entry: Repository, timeout: number): RunOptions {
  return {
    timeout,
    env: {
      ...entry.environment,
      RESTIC_REPOSITORY: entry.repository,
      RESTIC_PASSWORD_FILE: entry.password_file,
      ...(entry.cache_directory === undefined ? {} : { RESTIC_CACHE_DIR: entry.cache_directory }),
    },
  };
}
