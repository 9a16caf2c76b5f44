import type { BackupFacts } from '../backup/facts.ts';
import type { KnownJob } from '../backup/job.ts';
import type { RememberedJob } from '../backup/server-memory.ts';
import type { Run } from './sessions.ts';

type Point = NonNullable<RememberedJob['success']>;

/** What one run moved, bytes. */
export interface Volume {
  /** Source data it covers. */
  readonly bytes?: number | undefined;
}

/** What a server told of one job. */
export interface JobHistory {
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** By the id of a session. */
  readonly volumes?: ReadonlyMap<string, Volume>;
  /** What the server says of the last run beside its sessions. */
  readonly lastRun?: RememberedJob['run'] | undefined;
  /** How many restore points there are, where they were counted. */
  readonly restorePoints?: number | undefined;
}

/** What is to be remembered of a job after its newest runs are known: the newest success and the newest run stay, however old. */
export function remember(
  before: RememberedJob | undefined,
  { runs, lastRun, volumes }: JobHistory,
  seen: number,
): RememberedJob {
  const points = runs.flatMap((run) => pointOf(run, volumes) ?? []);
  const successes = runs.flatMap((run) => (run.outcome === 'success' ? (pointOf(run, volumes) ?? []) : []));
  const told =
    lastRun?.outcome === 'success' ? [...successes, { time: lastRun.ended } satisfies Point] : successes;
  const ended = runs.flatMap((run) =>
    run.ended === undefined || run.outcome === undefined ? [] : [{ ended: run.ended, outcome: run.outcome }],
  );
  const success = newestBy(({ time }) => time, [...told, before?.success]);
  const newest = newestBy(({ time }) => time, [...points, before?.newest]);
  const run = newestBy((one) => one.ended, [...ended, lastRun, before?.run]);
  return {
    seen,
    ...(success === undefined ? {} : { success }),
    ...(newest === undefined ? {} : { newest }),
    ...(run === undefined ? {} : { run }),
    ...(before?.restore_test === undefined ? {} : { restore_test: before.restore_test }),
  };
}

function pointOf(run: Run, volumes: JobHistory['volumes']): Point | undefined {
  if (run.ended === undefined || (run.outcome !== 'success' && run.outcome !== 'partial')) return undefined;
  const bytes = run.whole ? sum(run.sessions.map((id) => volumes?.get(id)?.bytes)) : undefined;
  return {
    time: run.ended,
    ...(run.whole ? { duration: run.ended - run.started } : {}),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

/** Undefined when none is known. */
function sum(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, one) => total + one, 0);
}

/** The newest of those there are; of equal ones the first. */
function newestBy<T>(time: (one: T) => number, all: readonly (T | undefined)[]): T | undefined {
  return all.filter((one) => one !== undefined).toSorted((a, b) => time(b) - time(a))[0];
}

/**
 * The facts of a job.
 * @param job as declared, for the least size of a success.
 * @param memory as `remember` made it.
 */
export function factsOf(
  job: Pick<KnownJob, 'minimum_bytes' | 'minimum_files'>,
  memory: RememberedJob,
  history: Pick<JobHistory, 'runs' | 'restorePoints'> | undefined,
): BackupFacts {
  const { success, newest, run } = memory;
  const open = history?.runs.findLast(({ ended }) => ended === undefined);
  const count = history?.restorePoints;
  return {
    // Nothing there to restore from takes back every success; that files were counted no API tells.
    lastSuccess:
      success === undefined || count === 0 || job.minimum_files !== undefined || isSmall(job, success)
        ? undefined
        : success.time,
    newest:
      newest === undefined || count === 0 ? undefined : { duration: newest.duration, bytes: newest.bytes },
    ...(count === undefined ? {} : { restorePointCount: count, readable: true }),
    lastRun: run,
    runningSince: open?.started,
  };
}

function isSmall({ minimum_bytes: least }: Pick<KnownJob, 'minimum_bytes'>, { bytes }: Point): boolean {
  return least !== undefined && !(bytes !== undefined && bytes >= least);
}
