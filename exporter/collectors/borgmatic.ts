import { z } from 'zod';
import {
  CollectorError,
  defineCollector,
  type Host,
  type Problem,
  problemOf,
  type ToolOutput,
} from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import type { Check } from './backup/facts.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import type { Answer, Archive } from './borg/archives.ts';
import { parseFailure } from './borg/failure.ts';
import { readRestorePoints } from './borg/restore-points.ts';
import { parseAnswers, pickAnswer } from './borgmatic/answers.ts';
import { checksOf, isProof, readCheckTimes } from './borgmatic/checks.ts';
import { parseErrorCodes } from './borgmatic/error-codes.ts';

/** Where borgmatic keeps its state when root runs it, by hand or as a systemd service, over its versions. */
const stateFolders = [
  '/root/.local/state/borgmatic',
  '/root/.borgmatic',
  '/var/lib/borgmatic/borgmatic',
  '/var/lib/borgmatic',
];

const jobSchema = z.strictObject({
  ...jobShape,
  config: words('the path of a configuration file of borgmatic')
    .default('/etc/borgmatic/config.yaml')
    .describe('Configuration file of borgmatic.'),
  repository: words('the path or label of a repository, as borgmatic knows it')
    .optional()
    .describe('Path or label of the repository, as in that file; needed where it names several.'),
  archives: words('a pattern of archive names, such as web01-*')
    .optional()
    .describe('Only archives of this name, a pattern such as `web01-*`; all unless set.'),
  cache_directory: words('the path of a directory for the cache of borg').describe(
    'Cache of borg, a directory of its own; never that of the backup itself, which would keep it locked or find it locked.',
  ),
  sizes: z
    .boolean({ error: 'expected true or false' })
    .default(true)
    .describe('Whether to ask for duration, size and files of each new archive (`borg info`).'),
  state_directory: words('the path of the state directory of borgmatic')
    .optional()
    .describe(
      `Where borgmatic notes its checks: the folder that holds \`checks\`. Unless set, ${stateFolders.map((folder) => `\`${folder}\``).join(', ')}.`,
    ),
});
type Job = z.infer<typeof jobSchema>;

/** Archives of the repositories borgmatic backs up to, and the checks it has noted. Nothing here takes a lock; see the collector borg. */
export const borgmatic = defineCollector({
  name: 'borgmatic',
  summary: 'archives in the repositories of borgmatic, and when it checked them',
  tools: ['borgmatic', 'borg'],
  rights:
    'to read the configuration of borgmatic and its state directory, usually root’s, and to do what it takes to reach the repository; to write cache_directory',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 5 * 60,
  settings: z.strictObject({
    jobs: z
      .array(jobSchema, { error: 'expected a list of backup jobs' })
      .min(1, 'expected at least one backup job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The backup jobs to read, one per repository.'),
  }),
  example: {
    jobs: [
      {
        backup_job: 'nightly',
        config: '/etc/borgmatic/config.yaml',
        repository: 'local',
        cache_directory: '/var/cache/maintenance-exporter/borg',
        expected_interval: '24h',
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { jobs }) =>
    readJobs('borgmatic', host, jobs, (job, timeout) => readJob(host, job, timeout)),
});

async function readJob(host: Host, job: Job, timeout: number): Promise<JobReading> {
  const end = host.now() * 1000 + timeout;
  const run = (args: readonly string[]) =>
    runBorgmatic(host, job, args, Math.max(1000, end - host.now() * 1000));
  const { repository, archives } = await ask(host, run, job, ['list'], job.archives);
  const inform = async ({ id, name }: Archive) =>
    (await ask(host, run, job, ['info'], exactly(name))).archives.find((archive) => archive.id === id);
  const reading = await readRestorePoints(host, 'borgmatic', job, archives, job.sizes ? inform : undefined);
  const { checks, problems } = await readChecks(host, job, repository.id, run);
  // Without archives nothing was read back: borgmatic skips the extract and notes it all the same.
  const empty = reading.facts.restorePoints?.length === 0;
  return {
    facts: { ...reading.facts, checks: checks.filter(({ depth }) => !(empty && depth === 'data')) },
    problems: [...reading.problems, ...problems],
  };
}

type Run = (args: readonly string[]) => Promise<ToolOutput>;

function runBorgmatic(host: Host, job: Job, args: readonly string[], timeout: number): Promise<ToolOutput> {
  // Old versions write what borg prints to the system log, line by line, unless it is only to hold errors.
  const options = ['--no-color', '--syslog-verbosity', '-1', '--config', job.config];
  return host.run('borgmatic', [...options, ...args], {
    timeout,
    // borg prints local times without zone.
    env: { TZ: 'UTC', BORG_CACHE_DIR: job.cache_directory },
  });
}

async function ask(
  host: Host,
  run: Run,
  job: Job,
  command: readonly string[],
  pattern: string | undefined,
): Promise<Answer> {
  const output = await run([
    'borg',
    ...(job.repository === undefined ? [] : ['--repository', job.repository]),
    ...command,
    '--json',
    ...(pattern === undefined ? [] : [`--glob-archives=${pattern}`]),
    '--bypass-lock',
    '--lock-wait=30',
  ]);
  if (output.exitCode !== 0) throw await missingConfig(host, job, explained(output));
  return pickAnswer(parseAnswers(output.stdout), job.repository);
}

/** borgmatic ends with 1 whatever happened; borg's own words are among what it printed. */
function explained(output: ToolOutput): CollectorError {
  const said = [...output.stderr.split('\n'), ...output.stdout.split('\n')].filter(
    (line) => line.trim() !== '' && !/^\s|^Traceback|^--- Logging error|^usage:/.test(line),
  );
  const failure = parseFailure({ exitCode: output.exitCode, stderr: said.join('\n') });
  return new CollectorError(failure.reason, `borgmatic could not ask borg: ${failure.message}`, {
    cause: failure,
  });
}

/** borgmatic words a configuration that is not there in many ways, some of them about the repository. */
async function missingConfig(host: Host, { config }: Job, failure: CollectorError): Promise<CollectorError> {
  if (failure.reason !== 'tool_failed' || (await host.stat(config)) !== undefined) return failure;
  return new CollectorError('source_missing', `${config} does not exist; check config`, { cause: failure });
}

/** A pattern that only this name fits. */
function exactly(name: string): string {
  return name.replaceAll(/[*?[]/g, '[$&]');
}

async function readChecks(
  host: Host,
  job: Job,
  repositoryId: string,
  run: Run,
): Promise<{ readonly checks: readonly Check[]; readonly problems: readonly Problem[] }> {
  try {
    const folders =
      job.state_directory === undefined
        ? stateFolders
        : [job.state_directory, `${job.state_directory}/borgmatic`];
    const times = await readCheckTimes(host, folders, repositoryId);
    const byBorg = times.repository ?? times.archives ?? times.data;
    if (byBorg === undefined) return { checks: checksOf(times, false), problems: [] };
    const version = (await host.run('borgmatic', ['--version'])).stdout.trim();
    const codes = async () => parseErrorCodes((await run(['config', 'validate', '--show'])).stdout);
    if (isProof(version, [])) return { checks: checksOf(times, true), problems: [] };
    if (isProof(version, await codes())) return { checks: checksOf(times, true), problems: [] };
    const doubt = new CollectorError(
      'unsupported',
      `borgmatic ${version === '' ? 'of an unknown version' : version.slice(0, 40)} notes a check that found damage like one that found none; say in its configuration that exit code 1 is an error (borg_exit_codes), or update to 2.1.2 or later, so that its checks can be believed`,
    );
    return { checks: checksOf(times, false), problems: [problemOf(doubt, `backup job ${job.backup_job}`)] };
  } catch (error) {
    return { checks: [], problems: [problemOf(error, `backup job ${job.backup_job}: checks of borgmatic`)] };
  }
}
