import { z } from 'zod';
import { CollectorError, defineCollector, problemOf, type Host, type Problem } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import type { Check, RestorePoint } from './backup/facts.ts';
import { distrustFuture } from './backup/future.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { ask } from './btrfs/ask.ts';
import { parseList, type Subvolume } from './btrfs/list.ts';
import { timeInName } from './btrfs/name.ts';
import { parseScrub } from './btrfs/scrub.ts';
import { isZone } from './system/local-time.ts';
import { nameTest } from './system/wildcard.ts';

const directory = (what: string) => words(what).startsWith('/', 'expected an absolute path');

const btrfsSchema = z.strictObject({
  ...jobShape,
  filesystem: directory('the path of a mounted btrfs').describe(
    'Where the file system with the snapshots is mounted.',
  ),
  snapshots: words('a path with wildcards, as btrfs subvolume list shows it')
    .refine((pattern) => !pattern.startsWith('/'), { error: 'expected a path without / at its beginning' })
    .describe(
      'Which snapshots: the end of their paths as `btrfs subvolume list` shows them, with `*` and `?`, such as `recv/home.*` or `.snapshots/*/snapshot`.',
    ),
  received: z
    .boolean({ error: 'expected true or false' })
    .default(false)
    .describe('They were sent here (`btrfs receive`): one that did not arrive whole is no restore point.'),
  source_filesystem: directory('the path of a mounted btrfs')
    .optional()
    .describe(
      'Where the file system they were sent from is mounted, when it is on this host: it tells when a received snapshot was taken. Without it the name must, as btrbk writes it.',
    ),
  time_zone: z
    .string({ error: 'expected the name of a time zone' })
    .refine(isZone, { error: 'expected the name of a time zone, such as Europe/Berlin' })
    .optional()
    .describe('Zone of the times in names of snapshots; that of the exporter unless set.'),
  user: words('the name of a user')
    .optional()
    .describe('Run btrfs as this user with sudo; listing subvolumes takes root.'),
});
type BtrfsJob = z.infer<typeof btrfsSchema>;

/** Snapshots of btrfs, and those that were sent to another file system. */
export const btrfs = defineCollector({
  name: 'btrfs',
  summary: 'snapshots of btrfs, and whether those that were sent arrived whole',
  tools: ['btrfs', 'sudo'],
  rights: 'root to list subvolumes: run as root, or set user and allow it in sudoers',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 60,
  settings: z.strictObject({
    jobs: z
      .array(btrfsSchema, { error: 'expected a list of jobs' })
      .min(1, 'expected at least one job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The jobs, one per subvolume.'),
  }),
  example: {
    jobs: [
      {
        backup_job: 'home',
        filesystem: '/mnt/backup',
        snapshots: 'recv/home.*',
        received: true,
        user: 'root',
        expected_interval: '24h',
      },
    ],
  },
  detect: async () => undefined,
  collect: (host, { jobs }) => readJobs('btrfs', host, jobs, (job, timeout) => readJob(host, job, timeout)),
});

async function readJob(host: Host, job: BtrfsJob, timeout: number): Promise<JobReading> {
  // `subvolume list` prints nothing for an empty file system; this tells that it is one.
  const root = await ask(host, job, ['inspect-internal', 'rootid', job.filesystem], timeout);
  if (!/^\d+\s*$/.test(root))
    throw new CollectorError(
      'unexpected_output',
      `btrfs inspect-internal rootid ${job.filesystem} printed no number: ${root.slice(0, 100)}`,
    );
  const fields = ['-u', '-q', '-R'];
  const kind = job.received ? [] : ['-s', '-r'];
  const all = parseList(
    await ask(host, job, ['subvolume', 'list', ...kind, ...fields, job.filesystem], timeout),
  );
  const fits = pathTest(job.snapshots);
  const own = all.filter(({ path }) => fits(path));
  const listed = job.received ? await receivedPoints(host, job, own, timeout) : own.map(localPoint);
  const dated = distrustFuture(job.backup_job, listed, host.now());
  const { checks, problems } = await scrubs(host, job, timeout);
  return {
    facts: { readable: true, restorePoints: dated.points, checks },
    problems: [...dated.problems, ...problems],
  };
}

/** A snapshot is made in one moment, as it was then. */
function localPoint({ path, made }: Subvolume): RestorePoint {
  if (made !== undefined) return { time: made };
  throw new CollectorError('unexpected_output', `btrfs subvolume list -s printed no time for ${path}`);
}

/**
 * The date of a received snapshot is that of its arrival; one that is sent late would look fresh. So the snapshot it was sent from
 * tells, or its name.
 */
async function receivedPoints(
  host: Host,
  job: BtrfsJob,
  own: readonly Subvolume[],
  timeout: number,
): Promise<readonly RestorePoint[]> {
  const source =
    job.source_filesystem === undefined
      ? []
      : parseList(
          await ask(host, job, ['subvolume', 'list', '-s', '-u', '-q', '-R', job.source_filesystem], timeout),
        );
  const taken = new Map(source.map(({ uuid, made }) => [uuid, made]));
  const points = own.flatMap(({ path, receivedUuid }): RestorePoint[] => {
    const named = path
      .split('/')
      .flatMap((part) => timeInName(part, job.time_zone) ?? [])
      .at(-1);
    const time = taken.get(receivedUuid ?? '') ?? named;
    return time === undefined ? [] : [{ time, incomplete: receivedUuid === undefined }];
  });
  if (own.length > 0 && points.length === 0)
    throw new CollectorError(
      'unsupported',
      `when ${own[0]?.path} was taken is unknown: its name does not tell, and btrfs only keeps when it arrived; set source_filesystem, or name snapshots as btrbk does (home.20261125T0330)`,
    );
  return points;
}

async function scrubs(
  host: Host,
  job: BtrfsJob,
  timeout: number,
): Promise<{ readonly checks: readonly Check[]; readonly problems: readonly Problem[] }> {
  try {
    const check = parseScrub(await ask(host, job, ['scrub', 'status', job.filesystem], timeout));
    return { checks: check === undefined ? [] : [check], problems: [] };
  } catch (error) {
    return { checks: [], problems: [problemOf(error, `backup job ${job.backup_job}: the last scrub`)] };
  }
}

/** Whether the end of a path fits, name by name. */
function pathTest(pattern: string): (path: string) => boolean {
  const tests = pattern.split('/').map(nameTest);
  return (path) => {
    const names = path.split('/').slice(-tests.length);
    return names.length === tests.length && tests.every((fits, at) => fits(names[at] ?? ''));
  };
}
