import { z } from 'zod';
import { CollectorError, defineCollector, type Host, type Problem } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { distrustFuture } from './backup/future.ts';
import { jobShape, uniqueJobs, words } from './backup/job.ts';
import { type JobReading, readJobs } from './backup/read-jobs.ts';
import { readRecorded } from './backup/recorded.ts';
import { type Conf, confOf } from './rsnapshot/conf.ts';
import type { LoggedRun } from './rsnapshot/log.ts';
import { type CopyRun, lastRunOf, pointsOf } from './rsnapshot/points.ts';
import { lockedSince, readDirectories, readLines, readLog } from './rsnapshot/read.ts';
import { isZone, type LocalTime, localToUnix } from './system/local-time.ts';

/** How far the log may be ahead of this clock before its zone is doubted, seconds. */
const clockSlack = 300;

const rsnapshotSchema = z.strictObject({
  ...jobShape,
  config: words('the path of a configuration of rsnapshot')
    .startsWith('/', 'expected an absolute path')
    .default('/etc/rsnapshot.conf')
    .describe('The configuration it runs with.'),
  time_zone: z
    .string({ error: 'expected the name of a time zone' })
    .refine(isZone, { error: 'expected the name of a time zone, such as Europe/Berlin' })
    .optional()
    .describe('Zone of the times in its log; that of the exporter unless set.'),
});
type RsnapshotJob = z.infer<typeof rsnapshotSchema>;

/** Restore points of rsnapshot: its directories, and what its log says of the runs that made them. */
export const rsnapshot = defineCollector({
  name: 'rsnapshot',
  summary: 'snapshot directories of rsnapshot, and how its log says the runs ended',
  tools: [],
  rights: 'to read its configuration and log, and to list snapshot_root, which usually only root may',
  metrics: metricsOf('backup'),
  byDefault: false,
  interval: 15 * 60,
  timeout: 60,
  settings: z.strictObject({
    jobs: z
      .array(rsnapshotSchema, { error: 'expected a list of jobs' })
      .min(1, 'expected at least one job')
      .refine(uniqueJobs, { error: 'each backup_job must have a name of its own' })
      .describe('The jobs, one per configuration of rsnapshot.'),
  }),
  example: { jobs: [{ backup_job: 'files', config: '/etc/rsnapshot.conf', expected_interval: '24h' }] },
  // How often it runs stands in crontabs and timers only.
  detect: async () => undefined,
  collect: (host, { jobs }) =>
    readJobs('rsnapshot', host, jobs, (job, timeout) => readJob(host, job, timeout)),
});

async function readJob(host: Host, job: RsnapshotJob, timeout: number): Promise<JobReading> {
  const conf = confOf(await readLines(host, job.config, 0), job.config);
  const directories = await readDirectories(host, conf);
  const lowest = conf.levels[0] ?? '';
  const copying = conf.syncFirst ? 'sync' : lowest;
  const logged = await readLog(host, conf, job.config, copying, timeout);
  const locked = await lockedSince(host, conf);
  const open = logged.findLast(({ outcome }) => outcome === undefined);
  // Without a lock nobody knows whether a run that did not say that it ended is under way or was interrupted.
  const maybe = locked !== undefined || (conf.lockfile === undefined && open !== undefined);
  const changing = maybe && (open === undefined || open.level === copying || open.level === lowest);
  const runs = copyRuns(
    logged.filter(({ level }) => level === copying),
    job,
    maybe,
  );
  if (runs.some(({ ended }) => ended > host.now() + clockSlack))
    throw new CollectorError(
      'clock_wrong',
      `the log ${conf.logfile} has times in the future: set time_zone to the zone rsnapshot runs in, or the clocks`,
    );
  const { points: listed, newestKnown } = pointsOf(
    directories,
    runs,
    lowest,
    changing && open?.level !== 'sync',
  );
  const { points, problems } = distrustFuture(job.backup_job, listed, host.now());
  const { record } = await readRecorded(host, job.backup_job);
  const newest = Math.max(...points.map(({ time }) => time));
  const told =
    newestKnown ||
    record?.runs.some(({ started, ended = -1 }) => started <= newest + 1 && newest <= ended) === true;
  return {
    facts: {
      readable: true,
      ...(told ? { restorePoints: points } : { restorePointCount: points.length }),
      lastRun: lastRunOf(runs),
      ...(changing ? { runningSince: locked } : {}),
    },
    problems: told ? problems : [...problems, outcomeUnknown(conf, job.config)],
  };
}

function outcomeUnknown({ logfile }: Conf, config: string): Problem {
  const why =
    logfile === undefined ? `${config} sets no logfile` : `${logfile} tells of no run that copied data`;
  return {
    reason: 'source_missing',
    message: `${why}: rsnapshot dates a snapshot also when rsync failed, so whether the newest one is complete is unknown. Set logfile (and loglevel 2 or more), or put its runs on record with maintenance-exporter run`,
  };
}

/** Runs that copied data, in unix seconds; the one that is under way now is left out. */
function copyRuns(
  logged: readonly LoggedRun[],
  { time_zone: zone }: RsnapshotJob,
  running: boolean,
): readonly CopyRun[] {
  const unix = (time: LocalTime | undefined) => (time === undefined ? undefined : localToUnix(time, zone));
  return logged.flatMap(({ started, last, outcome }, at): CopyRun[] => {
    const ended = unix(last);
    if (ended === undefined || (outcome === undefined && running && at === logged.length - 1)) return [];
    return [{ started: unix(started), ended, outcome: outcome ?? 'interrupted' }];
  });
}
