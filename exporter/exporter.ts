import { setTimeout as later } from 'node:timers/promises';
import type { Config } from './config.ts';
import {
  type Exposition,
  type ExporterFacts,
  foreignSamplesOf,
  render,
  renderText,
  samplesOf,
} from './exposition.ts';
import { localHost } from './host.ts';
import type { Log } from './log.ts';
import { type CollectorStatus, createScheduler, type Scheduler } from './scheduler.ts';

/** The exporter behind its HTTP routes: what it knows and how it is told to read its configuration again. */
export interface Exporter {
  readonly statuses: () => readonly CollectorStatus[];
  /** The last rendering; a scrape never waits for a collector. */
  readonly exposition: () => Exposition | undefined;
  /** A fresh rendering of some collectors only. */
  readonly select: (collectors: readonly string[]) => Promise<Exposition>;
  /** Text of the last run of every collector. */
  readonly text: () => Promise<string>;
  readonly runAll: () => Promise<void>;
  readonly start: () => void;
  /** Takes a new configuration: collectors that stay keep what they know until their next run. */
  readonly apply: (config: Config) => void;
  /** Notes whether the last attempt to read a file succeeded; where it did not, the one in use stays. */
  readonly noteRead: (file: 'configuration' | 'web configuration', successful: boolean) => void;
  readonly stop: () => void;
}

/** Unix seconds. */
const now = (): number => Date.now() / 1000;

/** @param version of the exporter, for its build information. */
export function createExporter(first: Config, version: string, log: Log): Exporter {
  let facts: ExporterFacts = {
    version,
    nodeVersion: process.version,
    reloadSuccessful: true,
    reloaded: now(),
  };
  const reads = new Map<string, boolean>();
  let rendered: Exposition | undefined;
  let rendering: Promise<void> | undefined;
  let scheduler = schedule(first, undefined);
  let started = false;
  let compat = first.compat;

  function schedule(config: Config, previous: readonly CollectorStatus[] | undefined): Scheduler {
    return createScheduler({
      jobs: config.jobs,
      makeHost: (signal, timeLimit) =>
        localHost({ stateDirectory: config.stateDirectory, signal, timeLimit }),
      log,
      now,
      onRun: refresh,
      ...(previous === undefined ? {} : { previous }),
    });
  }

  const samples = (names?: readonly string[]) => {
    const statuses = scheduler
      .statuses()
      .filter(({ job }) => names === undefined || names.includes(job.collector.name));
    return [...samplesOf(statuses, facts), ...(compat.smartctl_exporter ? foreignSamplesOf(statuses) : [])];
  };

  /** Collectors that end close together share one rendering. */
  function refresh(): void {
    rendering ??= later(10)
      .then(async () => {
        rendering = undefined;
        rendered = await render(samples());
      })
      .catch((error: unknown) => log.error('could not render the metrics', { error: String(error) }));
  }

  return {
    statuses: () => scheduler.statuses(),
    exposition: () => rendered,
    select: (names) => render(samples(names)),
    text: () => renderText(samples()),
    runAll: () => scheduler.runAll(),
    start: () => {
      started = true;
      refresh();
      scheduler.start();
    },
    apply: (config) => {
      const previous = scheduler.statuses();
      scheduler.stop();
      scheduler = schedule(config, previous);
      compat = config.compat;
      refresh();
      if (started) scheduler.start();
    },
    noteRead: (file, successful) => {
      reads.set(file, successful);
      const reloaded = successful && file === 'configuration' ? now() : facts.reloaded;
      facts = { ...facts, reloaded, reloadSuccessful: [...reads.values()].every(Boolean) };
      refresh();
    },
    stop: () => scheduler.stop(),
  };
}
