import { z } from 'zod';
import {
  CollectorError,
  defineCollector,
  problemOf,
  type Host,
  type Problem,
  type Reason,
} from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import type { Check } from './backup/facts.ts';
import { distrustFuture } from './backup/future.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { together } from './backup/parts.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { nameTest } from './system/wildcard.ts';
import { columns, type Listing, parseList } from './zfs/list.ts';
import { pointsOf } from './zfs/points.ts';
import { parseScrub } from './zfs/scrub.ts';

const dataset = () =>
  words('a dataset such as tank/data').regex(/^[^@/-][^@]*$/, 'expected a dataset, without @');

const zfsSchema = z.strictObject({
  ...jobShape,
  dataset: dataset().describe(
    'Where the snapshots are: the receiving side of a replication, else the data themselves.',
  ),
  replica_of: dataset()
    .optional()
    .describe(
      'The dataset it is received from, when that is on this host: only snapshots that both sides have count.',
    ),
  snapshots: words('a name with wildcards')
    .default('*')
    .describe(
      'Which snapshots, by the part after @, such as `syncoid_*`. Without replica_of name those of the sender only: one that the receiving side takes is new and holds old data.',
    ),
  recursive: z
    .boolean({ error: 'expected true or false' })
    .default(false)
    .describe('With everything below the dataset: the job is as fresh as the oldest of them.'),
  exclude: z
    .array(words('a dataset with wildcards'))
    .default([])
    .describe(
      'Datasets below it that are not backed up, with `*` and `?`, relative to it; `.` is the dataset itself.',
    ),
});
type ZfsJob = z.infer<typeof zfsSchema>;

/** Snapshots of ZFS, and what of them has reached the receiving side. */
export const zfs = defineCollector({
  name: 'zfs',
  summary: 'snapshots of ZFS, which of them have reached the receiving side, and scrubs',
  tools: ['zfs', 'zpool'],
  rights: '',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 2 * 60,
  settings: z.strictObject({
    jobs: z
      .array(zfsSchema, { error: 'expected a list of jobs' })
      .min(1, 'expected at least one job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The jobs, one per dataset or tree of datasets.'),
  }),
  example: {
    jobs: [
      {
        backup_job: 'web-data',
        dataset: 'backup/web-1/data',
        snapshots: 'syncoid_*',
        recursive: true,
        expected_interval: '1h',
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { jobs }) => readJobs('zfs', host, jobs, (job, timeout) => readJob(host, job, timeout)),
});

async function readJob(host: Host, job: ZfsJob, timeout: number): Promise<JobReading> {
  const own = await list(host, job.dataset, job.recursive, timeout);
  const fits = nameTest(job.snapshots);
  const source =
    job.replica_of === undefined ? undefined : await list(host, job.replica_of, job.recursive, timeout);
  const guids = source === undefined ? undefined : new Set(source.snapshots.map(({ guid }) => guid));
  const wanted = [...own.datasets, ...missingDatasets(job, own, source)].filter((name) =>
    isWanted(job, name),
  );
  const parts = wanted.map((name) => ({
    name,
    found: pointsOf(
      own.snapshots.filter((snapshot) => snapshot.dataset === name && fits(snapshot.name)),
      guids,
    ),
  }));
  const apart = parts.flatMap(({ name, found }) =>
    'problem' in found ? [{ name, problem: found.problem }] : [],
  );
  const { checks, problems } = await scrubs(host, job, timeout);
  const points = together(parts.map(({ found }) => ('points' in found ? found.points : [])));
  const dated = distrustFuture(job.backup_job, points, host.now());
  return {
    facts: { readable: true, checks, ...(apart.length > 0 ? {} : { restorePoints: dated.points }) },
    problems: [
      ...dated.problems,
      ...problems,
      ...apart.map(({ name, problem }): Problem => ({
        reason: 'tool_failed',
        message: `backup job ${job.backup_job}: ${name} and its source have drifted apart: ${problem}`,
      })),
    ],
  };
}

/** Datasets of the source that the receiving side lacks: one that was never sent must not be overlooked. */
function missingDatasets(job: ZfsJob, own: Listing, source: Listing | undefined): readonly string[] {
  return (source?.datasets ?? [])
    .map((name) => job.dataset + name.slice(job.replica_of?.length))
    .filter((name) => !own.datasets.includes(name));
}

function isWanted(job: ZfsJob, name: string): boolean {
  const relative = name.slice(job.dataset.length + 1) || '.';
  return !job.exclude.some((pattern) => nameTest(pattern)(relative));
}

async function list(host: Host, name: string, recursive: boolean, timeout: number): Promise<Listing> {
  const depth = recursive ? ['-r'] : ['-d', '1'];
  const args = ['list', '-Hp', ...depth, '-t', 'filesystem,volume,snapshot', '-o', columns, name];
  const listing = parseList(await ask(host, 'zfs', args, timeout));
  if (recursive) return listing;
  return {
    datasets: listing.datasets.filter((one) => one === name),
    snapshots: listing.snapshots.filter((one) => one.dataset === name),
  };
}

async function scrubs(
  host: Host,
  job: ZfsJob,
  timeout: number,
): Promise<{ readonly checks: readonly Check[]; readonly problems: readonly Problem[] }> {
  try {
    const check = parseScrub(await ask(host, 'zpool', ['status', job.dataset.split('/')[0] ?? ''], timeout));
    return { checks: check === undefined ? [] : [check], problems: [] };
  } catch (error) {
    return { checks: [], problems: [problemOf(error, `backup job ${job.backup_job}: the last scrub`)] };
  }
}

/** What zfs says when it cannot; the first that fits. It ends with 1 for all of it. */
const sayings: readonly (readonly [RegExp, Reason])[] = [
  [
    /modules are not loaded|\/dev\/zfs and \/proc\/self\/mounts are required|failed to initialize/i,
    'unsupported',
  ],
  [/permission denied|must be run as root/i, 'permission_denied'],
  [/dataset does not exist|no such pool|no pools available/i, 'repository_missing'],
];

async function ask(host: Host, tool: string, args: readonly string[], timeout: number): Promise<string> {
  // zpool prints times without a zone.
  const { exitCode, stdout, stderr } = await host.run(tool, args, { timeout, env: { TZ: 'UTC' } });
  if (exitCode === 0) return stdout;
  const said =
    stderr
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? 'it gave no reason';
  const reason = sayings.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'tool_failed';
  const hint = reason === 'repository_missing' ? '; check that the pool is imported' : '';
  throw new CollectorError(reason, `${tool} ${args[0]} ended with ${exitCode}: ${said.slice(0, 200)}${hint}`);
}
