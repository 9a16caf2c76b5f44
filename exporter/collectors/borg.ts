import { z } from 'zod';
import {
  CollectorError,
  defineCollector,
  type Host,
  type RunOptions,
  type ToolOutput,
} from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { checkSecret } from './backup/secret.ts';
import { type Archive, parseAnswer } from './borg/archives.ts';
import { borgEnvironment } from './borg/environment.ts';
import { isQuestion, parseFailure } from './borg/failure.ts';
import { readRestorePoints } from './borg/restore-points.ts';

const jobSchema = z.strictObject({
  ...jobShape,
  repository: words('where the repository is, as in BORG_REPO').describe('Where it is, as in BORG_REPO.'),
  passphrase_file: words('the path of the file that holds the passphrase of the repository')
    .optional()
    .describe('File that holds its passphrase; left out for a repository without one.'),
  archives: words('a pattern of archive names, such as web01-*')
    .optional()
    .describe('Only archives of this name, a pattern such as `web01-*`; all unless set.'),
  cache_directory: words('the path of a directory for the cache of borg').describe(
    'Cache of borg, a directory of its own. Never that of the backup itself: a running one keeps it locked, and one that starts would find it locked and fail.',
  ),
  sizes: z
    .boolean({ error: 'expected true or false' })
    .default(true)
    .describe(
      'Whether to ask for duration, size and files of each new archive (`borg info`). The first time it fetches the index of every archive; `false` spares that where the repository is far away.',
    ),
  base_directory: words('the path of a directory')
    .optional()
    .describe(
      'Where borg keeps keys and what it knows of repositories (BORG_BASE_DIR); the home directory unless set.',
    ),
  environment: z
    .record(z.string(), z.string({ error: 'expected text; put numbers in quotes' }))
    .refine(
      (names) =>
        !Object.keys(names).some((name) =>
          /^BORG_(?:REPO|PASSPHRASE|PASSCOMMAND|PASSPHRASE_FD|CACHE_DIR|BASE_DIR)$|^TZ$/.test(name),
        ),
      {
        error:
          'set the repository, its passphrase and directories with the settings of the job; TZ is always UTC',
      },
    )
    .optional()
    .describe('Variables for borg, such as BORG_RSH or BORG_REMOTE_PATH.'),
});
type Job = z.infer<typeof jobSchema>;

/**
 * Archives of borg repositories. Nothing here takes a lock of the repository: `borg create` needs an exclusive one and gives up after a
 * second, so an exporter that took its turn would make backups fail. `--bypass-lock` is not enough for that: borg locks its cache as well
 * (https://github.com/borgbackup/borg/issues/7255), so the exporter has one of its own, and waits for it where several jobs share it. Whether an archive is complete is not in the list; that and the results of checks
 * are told by the record of runs.
 */
export const borg = defineCollector({
  name: 'borg',
  summary: 'archives in the borg repositories that the configuration names',
  tools: ['borg'],
  rights:
    'to read each passphrase_file and, where the repository is on this host, its files; to write base_directory and cache_directory',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 5 * 60,
  settings: z.strictObject({
    jobs: z
      .array(jobSchema, { error: 'expected a list of backup jobs' })
      .min(1, 'expected at least one backup job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The backup jobs to read.'),
  }),
  // Where the repositories are only the operator knows.
  example: {
    jobs: [
      {
        backup_job: 'nightly',
        repository: '/srv/borg',
        passphrase_file: '/etc/maintenance-exporter/borg.passphrase',
        archives: 'web01-*',
        cache_directory: '/var/cache/maintenance-exporter/borg',
        expected_interval: '24h',
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { jobs }) => readJobs('borg', host, jobs, (job, timeout) => readJob(host, job, timeout)),
});

async function readJob(host: Host, job: Job, timeout: number): Promise<JobReading> {
  if (job.passphrase_file !== undefined) await checkSecret(host, 'passphrase_file', job.passphrase_file);
  const started = host.now();
  const pattern = job.archives === undefined ? [] : [`--glob-archives=${job.archives}`];
  const listed = await ask(host, job, ['list', '--json', ...pattern], timeout);
  const left = () => Math.max(1000, timeout - (host.now() - started) * 1000);
  const inform = async ({ id, name }: Archive) =>
    (await ask(host, job, ['info', '--json', `::${name}`], left())).find((archive) => archive.id === id);
  return readRestorePoints(host, 'borg', job, listed, job.sizes ? inform : undefined);
}

async function ask(
  host: Host,
  job: Job,
  args: readonly string[],
  timeout: number,
): Promise<readonly Archive[]> {
  const output = await host.run(
    'borg',
    [...args, '--bypass-lock', '--lock-wait=30', '--log-json'],
    runOptions(job, timeout),
  );
  // A warning (1, or 100 and above) leaves the list whole.
  if (isError(output)) throw await explained(host, job, output);
  return parseAnswer(output.stdout).archives;
}

function isError({ exitCode }: ToolOutput): boolean {
  return !(exitCode <= 1 || (exitCode >= 100 && exitCode < 128));
}

/** Reading beside a borg that writes may fail: what it wants to read may just be moved. Where the lock can be seen, that is busy. */
async function explained(host: Host, job: Job, output: ToolOutput): Promise<CollectorError> {
  const failure = parseFailure(output);
  if (failure.reason !== 'tool_failed' || isQuestion(output.stderr)) return failure;
  if (!job.repository.startsWith('/')) return failure;
  const lock = `${job.repository}/lock.exclusive`;
  if ((await host.stat(lock).catch(() => undefined)) === undefined) return failure;
  return new CollectorError(
    'repository_locked',
    `${failure.message}; ${lock} is there, so another borg may be writing; it is asked again at the next run`,
    { cause: failure },
  );
}

function runOptions(job: Job, timeout: number): RunOptions {
  return { timeout, env: borgEnvironment(job) };
}
