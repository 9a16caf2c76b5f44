import type { Host } from './collector.ts';
import type { Log } from './log.ts';
import { type Job, runCollector, type RunResult } from './run.ts';

/** What is known of one collector: its last run and what adds up over runs. */
export interface CollectorStatus {
  readonly job: Job;
  /** Undefined until the first run has ended. */
  readonly last: RunResult | undefined;
  /** Unix seconds; undefined until a run has answered everything. */
  readonly lastSuccess: number | undefined;
  readonly timeouts: number;
  /** Seconds between runs now: longer than set while the collector keeps timing out. */
  readonly interval: number;
}

export interface SchedulerOptions {
  readonly jobs: readonly Job[];
  readonly makeHost: (signal: AbortSignal, timeLimit: number) => Host;
  readonly log: Log;
  /** Unix seconds. */
  readonly now: () => number;
  /** Called after each run. */
  readonly onRun: () => void;
  /** What earlier runs brought (before a reload), by collector name. */
  readonly previous?: readonly CollectorStatus[];
  /** Collectors running at the same time. */
  readonly concurrency?: number;
  /** 0 to 1; spreads the runs of many hosts. */
  readonly random?: () => number;
}

export interface Scheduler {
  readonly statuses: () => readonly CollectorStatus[];
  /** Runs every collector once and resolves when all have ended. */
  readonly runAll: () => Promise<void>;
  /** Runs every collector now and then on its interval. */
  readonly start: () => void;
  /** Starts no further run and ends what the runs under way have started. */
  readonly stop: () => void;
}

const longestBackOff = 8;

/** Runs each collector in the background on its own interval, so that a scrape never waits for one. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { jobs, log, now, onRun, makeHost, concurrency = 2, random = Math.random } = options;
  const statuses = new Map<string, CollectorStatus>(
    jobs.map((job) => [job.collector.name, initial(job, options.previous)]),
  );
  const timers = new Set<NodeJS.Timeout>();
  const hanging = new Set<string>();
  const queue: (() => Promise<void>)[] = [];
  let running = 0;
  const ending = new AbortController();

  const drain = () => {
    while (running < concurrency && !ending.signal.aborted) {
      const next = queue.shift();
      if (next === undefined) return;
      running += 1;
      void next().finally(() => {
        running -= 1;
        drain();
      });
    }
  };

  const runJob = async (job: Job): Promise<void> => {
    const { name } = job.collector;
    const before = statuses.get(name) ?? initial(job, undefined);
    const result = hanging.has(name) ? stillHanging(job, now()) : await runOnce(job);
    statuses.set(name, after(before, result));
    logRun(log, job, before.last, result);
    onRun();
  };

  const runOnce = async (job: Job): Promise<RunResult> => {
    const { result, finished } = runCollector(job, makeHost, now, ending.signal);
    const { name } = job.collector;
    hanging.add(name);
    void finished.then(() => hanging.delete(name));
    const ended = await result;
    if (!ended.timedOut) await finished;
    return ended;
  };

  const enqueue = (job: Job): Promise<void> =>
    new Promise((resolve) => {
      queue.push(async () => {
        await runJob(job);
        resolve();
      });
      drain();
    });

  const repeat = (job: Job): void => {
    void enqueue(job).then(() => {
      if (ending.signal.aborted) return;
      const interval = statuses.get(job.collector.name)?.interval ?? job.interval;
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          repeat(job);
        },
        interval * 1000 * (0.95 + 0.1 * random()),
      );
      timers.add(timer);
    });
  };

  return {
    statuses: () => [...statuses.values()],
    runAll: async () => void (await Promise.all(jobs.map(enqueue))),
    start: () => jobs.forEach(repeat),
    stop: () => {
      ending.abort();
      timers.forEach((timer) => clearTimeout(timer));
    },
  };
}

function initial(job: Job, previous: readonly CollectorStatus[] | undefined): CollectorStatus {
  const known = previous?.find((status) => status.job.collector.name === job.collector.name);
  return {
    job,
    last: known?.last,
    lastSuccess: known?.lastSuccess,
    timeouts: known?.timeouts ?? 0,
    interval: job.interval,
  };
}

function after(before: CollectorStatus, result: RunResult): CollectorStatus {
  const backOff = Math.min((before.interval / before.job.interval) * 2, longestBackOff);
  return {
    job: before.job,
    last: result,
    lastSuccess: result.problems.length === 0 ? result.ended : before.lastSuccess,
    timeouts: before.timeouts + (result.timedOut ? 1 : 0),
    interval: before.job.interval * (result.timedOut ? backOff : 1),
  };
}

/** A second run beside one that never let go would only hang too; the first one is still the answer. */
function stillHanging({ collector }: Job, ended: number): RunResult {
  const message = `${collector.name} has not let go of an earlier run; look for a process that cannot be ended (state D in ps)`;
  return { samples: [], problems: [{ reason: 'timeout', message }], ended, duration: 0, timedOut: true };
}

function logRun(log: Log, { collector }: Job, before: RunResult | undefined, result: RunResult): void {
  const fields = { collector: collector.name, duration_seconds: result.duration };
  log.debug('collector ran', { ...fields, samples: result.samples.length, problems: result.problems.length });
  const known = new Set(before?.problems.map((problem) => problem.message));
  for (const { reason, message } of result.problems)
    if (!known.has(message)) log.warn(message, { ...fields, reason });
  if (result.problems.length === 0 && (before?.problems.length ?? 0) > 0)
    log.info('collector answers again', fields);
}
