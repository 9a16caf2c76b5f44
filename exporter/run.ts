import { type Collection, type Collector, type Host, problemOf } from './collector.ts';

/** A collector as configured. */
export interface Job {
  readonly collector: Collector;
  readonly settings: unknown;
  /** Seconds between runs. */
  readonly interval: number;
  /** Seconds after which a run is given up. */
  readonly timeout: number;
}

/** What one run of a collector brought. */
export interface RunResult extends Collection {
  /** Unix seconds. */
  readonly ended: number;
  /** Seconds. */
  readonly duration: number;
  readonly timedOut: boolean;
}

/**
 * Runs a collector once; this is where every failure of a collector is caught. After a failure its old facts are
 * gone: a freshness exporter must not serve stale freshness.
 * @param makeHost receives the signal that ends what the run started, and the seconds it has.
 * @param stop ends the run from outside.
 * @returns the result, and `finished`: settles when the collector really let go, which may be never.
 */
export function runCollector(
  job: Job,
  makeHost: (signal: AbortSignal, timeLimit: number) => Host,
  now: () => number,
  stop?: AbortSignal,
): { readonly result: Promise<RunResult>; readonly finished: Promise<void> } {
  const { collector, settings, timeout } = job;
  const started = now();
  const controller = new AbortController();
  const signal = stop === undefined ? controller.signal : AbortSignal.any([controller.signal, stop]);
  const collected = Promise.try(() => collector.collect(makeHost(signal, timeout), settings));
  const finished = collected.then(
    () => undefined,
    () => undefined,
  );
  const result = new Promise<RunResult>((resolve) => {
    const settle = (outcome: Collection & Pick<RunResult, 'timedOut'>) => {
      clearTimeout(timer);
      const ended = now();
      resolve({ ...outcome, ended, duration: milliseconds(ended - started) });
    };
    const timer = setTimeout(() => {
      const message = `${collector.name} took longer than ${timeout} s and was given up; raise collectors.${collector.name}.timeout if that is normal here`;
      settle({ samples: [], problems: [{ reason: 'timeout', message }], timedOut: true });
      controller.abort();
    }, timeout * 1000);
    collected.then(
      (collection) => settle({ ...collection, timedOut: false }),
      (error: unknown) => settle({ samples: [], problems: [problemOf(error)], timedOut: false }),
    );
  });
  return { result, finished };
}

/** The clock may be set back while a collector runs. */
function milliseconds(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000) / 1000);
}
