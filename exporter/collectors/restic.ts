import { z } from 'zod';
import {
  CollectorError,
  defineCollector,
  problemOf,
  type Collection,
  type Host,
  type RunOptions,
} from '../collector.ts';
import { durationSchema } from '../duration.ts';
import { metricsOf, sample } from '../metrics.ts';
import { parseFailure, parseIncomplete } from './restic/failure.ts';
import { belongs, parseSnapshots, snapshotSamples } from './restic/snapshots.ts';

/** Each restic derives a key with scrypt, which takes tens of MiB: no more than this many at the same time. */
const atOnce = 4;
const repositorySchema = z.strictObject({
  backup_job: words('a name for the job, as it shall stand in alerts').describe(
    'Name of the job, as it stands in alerts; unique.',
  ),
  repository: words('where the repository is, as in RESTIC_REPOSITORY').describe(
    'Where it is, as in RESTIC_REPOSITORY.',
  ),
  password_file: words('the path of the file that holds the password of the repository').describe(
    'File that holds its password.',
  ),
  expected_interval: durationSchema.describe('How often the job runs, such as `24h`.'),
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

function words(what: string) {
  return z.string({ error: `expected ${what}` }).min(1, `expected ${what}`);
}

/** Restore points of restic repositories. What it sees is the list: whether a restore point is complete is not in it. */
export const restic = defineCollector({
  name: 'restic',
  summary: 'restore points in the restic repositories that the configuration names',
  tools: ['restic'],
  rights: 'to read each password_file and, where the repository is on this host, its files',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 2 * 60,
  settings: z.strictObject({
    repositories: z
      .array(repositorySchema, { error: 'expected a list of repositories' })
      .min(1, 'expected at least one repository')
      .refine((list) => new Set(list.map((entry) => entry.backup_job)).size === list.length, {
        error: 'each backup_job must have a name of its own',
      })
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
  collect: async (host, { repositories }) => {
    const turns = Math.ceil(repositories.length / atOnce);
    const collected: Collection[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const together = repositories.slice(turn * atOnce, (turn + 1) * atOnce);
      // oxlint-disable-next-line no-await-in-loop -- few at once is the point
      collected.push(
        ...(await Promise.all(together.map((entry) => readJob(host, entry, patience(host) / turns)))),
      );
    }
    return {
      samples: collected.flatMap(({ samples }) => samples),
      problems: collected.flatMap(({ problems }) => problems),
    };
  },
});

/** Milliseconds for all repositories, inside the collector's own limit, so that one that hangs does not cost the rest. */
function patience({ timeLimit }: Host): number {
  return Math.max(timeLimit - 10, timeLimit * 0.8) * 1000;
}

async function readJob(host: Host, entry: Repository, timeout: number): Promise<Collection> {
  const labels = { tool: 'restic', backup_job: entry.backup_job };
  const expected = sample('maintenance_backup_expected_interval_seconds', labels, entry.expected_interval);
  const readable = (value: 0 | 1) => sample('maintenance_backup_repository_readable', labels, value);
  try {
    await checkPassword(host, entry.password_file);
    // All of them, filtered here: what --latest means has changed between versions (grouping in 0.19).
    const output = await host.run('restic', ['snapshots', '--json', '--no-lock'], runOptions(entry, timeout));
    if (output.exitCode !== 0) throw parseFailure(output);
    const listed = parseSnapshots(output.stdout);
    const incomplete = parseIncomplete(output.stderr, listed.length);
    if (incomplete !== undefined) throw incomplete;
    const samples = snapshotSamples(
      entry.backup_job,
      listed.filter((snapshot) => belongs(snapshot, entry)),
    );
    return { samples: [expected, readable(1), ...samples], problems: [] };
  } catch (error) {
    const problem = problemOf(error, `backup job ${entry.backup_job}`);
    // Busy is not unreadable, and a defect of ours says nothing about the repository.
    const unknown = problem.reason === 'repository_locked' || problem.reason === 'internal_error';
    return { samples: unknown ? [expected] : [expected, readable(0)], problems: [problem] };
  }
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

/** Before restic is asked: it prompts on an empty file and does not tell a missing file from other failures by its exit code. */
async function checkPassword(host: Host, path: string): Promise<void> {
  const unreadable = (why: string, cause?: unknown) =>
    new CollectorError('password_unreadable', `password_file ${path} ${why}`, { cause });
  let start: string | undefined;
  try {
    if ((await host.stat(path))?.directory === true) throw unreadable('is a directory');
    start = await host.head(path, 1);
  } catch (error) {
    if (!(error instanceof CollectorError) || error.reason === 'password_unreadable') throw error;
    throw unreadable(`may not be read by the user of the exporter (${error.message})`, error);
  }
  if (start === undefined) throw unreadable('does not exist');
  if (start === '') throw unreadable('is empty');
}
