import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Policy } from '../alerts/policy.ts';
import { acknowledgements, acknowledgementsFile } from './acknowledgements.ts';
import { evaluate } from './alerting.ts';
import { conditions } from './conditions.ts';
import { writeOpenMetrics } from './openmetrics.ts';
import { alerted, recorded, scraped, servicesRecorded } from './series.ts';
import { type Story, twoCustomers } from './story.ts';
import { toldIncidents } from './told-incidents.ts';
import type { Span } from './track.ts';
import { type Truth, truthOf } from './truth.ts';
import { play, type World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Where the history ends, unix seconds; rounded down to a whole step. */
  readonly end: number;
  /** Seconds between scrapes and between evaluations of the controls; a divisor of a day. */
  readonly stepSeconds: number;
  /** Seconds between evaluations of the alerts and of the services; 300 unless told. */
  readonly alertsStepSeconds?: number;
  readonly policy: Policy;
  /** The year of two customers unless told. */
  readonly story?: Story;
}

/** One stretch of history that becomes one file: a calendar month (UTC). */
export interface Part extends Span {
  /** `2026-10`. */
  readonly name: string;
}

export interface Simulation {
  readonly world: World;
  readonly truth: Truth;
  /** Who took which alert when, as report-generator reads it. */
  readonly acknowledgements: string;
  readonly parts: readonly Part[];
  /** What Prometheus would have stored in a stretch of time, as lines of OpenMetrics. */
  readonly lines: (stretch: Span) => Iterable<string>;
  /** Writes `<name>.om` of one part into the directory. */
  readonly writePart: (
    part: Part,
    directory: string,
  ) => Promise<{ readonly path: string; readonly samples: number }>;
  /** Writes every part, `acknowledgements.yaml` and `truth.json` into the directory. @returns the paths of the parts. */
  readonly write: (directory: string) => Promise<readonly string[]>;
}

/**
 * Plays a story, unless told otherwise that of twenty hosts of two customers through thirteen full months and the running
 * one. The same options give the same bytes. Facts, verdicts and truth come from simulated events; the series are what Prometheus would have stored of them:
 * scraped facts, recorded series (without the steps in between), heartbeats, ALERTS and ALERTS_FOR_STATE.
 * Query what it writes with a look-back of at least one step, for there is one sample per step.
 */
export function simulate({
  seed,
  stepSeconds,
  alertsStepSeconds = 300,
  policy,
  story = twoCustomers,
  ...options
}: SimulationOptions): Simulation {
  if (86_400 % stepSeconds !== 0) throw new RangeError(`a step of ${stepSeconds} s does not divide a day`);
  const world = play(policy, seed, Math.floor(options.end / stepSeconds) * stepSeconds, story);
  const range = { start: world.start, end: world.end, interval: alertsStepSeconds };
  const histories = conditions(world, policy).map((condition) => evaluate(condition, world.outages, range));
  const watchdog = evaluate(alwaysFiring(world), world.outages, range);
  const told = toldIncidents(histories, range);
  const taken = acknowledgements(told, { seed, ...range });
  const truth = truthOf(world, told, taken, policy, {
    seed,
    interval: stepSeconds,
    alertsInterval: alertsStepSeconds,
  });
  const parts = partsOf(world);
  function* lines(part: Span): Generator<string> {
    yield* scraped(world, part, stepSeconds);
    yield* recorded(world, part, stepSeconds, policy);
    yield* servicesRecorded(world, part, { interval: alertsStepSeconds, step: stepSeconds }, policy);
    yield* alerted(world, part, alertsStepSeconds, [...histories, watchdog]);
  }
  const writePart = async (part: Part, directory: string) => {
    const path = join(directory, `${part.name}.om`);
    return { path, samples: await writeOpenMetrics(path, lines(part)) };
  };
  const write = async (directory: string): Promise<readonly string[]> => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'acknowledgements.yaml'), acknowledgementsFile(taken));
    await writeFile(join(directory, 'truth.json'), `${JSON.stringify(truth, undefined, 2)}\n`);
    const paths: string[] = [];
    for (const part of parts) paths.push((await writePart(part, directory)).path);
    return paths;
  };
  return { world, truth, acknowledgements: acknowledgementsFile(taken), parts, lines, writePart, write };
}

function alwaysFiring({ start, end }: World) {
  return {
    labels: { alertname: 'MaintenanceWatchdog', severity: 'none' },
    pendingFor: 0,
    keepFiring: 0,
    spans: [{ from: start, to: end }],
  };
}

function partsOf({ start, end }: World): readonly Part[] {
  const parts: Part[] = [];
  for (let from = start; from < end;) {
    const date = new Date(from * 1000);
    const to = Math.min(end, Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / 1000);
    parts.push({ name: date.toISOString().slice(0, 7), from, to });
    from = to;
  }
  return parts;
}
