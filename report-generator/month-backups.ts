import { vector } from '../exporter/metrics.ts';
import { recorded } from '../alerts/records.ts';
import { type Look, runsOf } from './backup-runs.ts';
import type { Runs } from './facts/backups.ts';
import { askedAt, rangeOf } from './month-query.ts';
import type { Period } from './period.ts';
import type { Prometheus, Samples } from './prometheus.ts';

/** Runs of one job in a month. */
export interface JobRuns {
  readonly instance: string;
  readonly job: string;
  readonly runs: Runs;
}

/** Seconds between two looks: often enough to see each restore point, and no more than a month of many jobs can bear. */
const [shortestStep, longestStep] = [900, 6 * 3600];
const namedStep = longestStep;

/**
 * How many runs of every backup job of the customer were due in a month, and how many of them made a complete restore
 * point. Jobs that do not say how often they run are not among them. One question per interval, not per job.
 */
export async function readMonthRuns(
  prometheus: Prometheus,
  customer: string,
  period: Period,
): Promise<{ readonly jobs: readonly JobRuns[]; readonly queries: readonly string[] }> {
  const range = rangeOf(period).slice(1, -1);
  const at = askedAt(period);
  const declared = declaredQuery(customer);
  const named = `${declared}[${range}:${namedStep}s]`;
  const declarations = await prometheus.samples(named, at);
  const reports = `last_over_time(${recorded('instance:maintenance_control_compliant:min', { customer, control: 'host_reporting' })}[1d])`;
  const ends = new Map(
    (await prometheus.values(reports, at)).map(({ labels, value }) => [
      labels['instance'] ?? '',
      value === 1,
    ]),
  );
  const intervals = [...new Set(declarations.flatMap(({ values }) => values.at(-1) ?? []))].toSorted(
    (one, other) => one - other,
  );
  const asked = intervals.map((interval) => {
    const step = Math.min(longestStep, Math.max(shortestStep, Math.floor(interval / 4)));
    const only = intervals.length === 1 ? '' : ` and on (instance, backup_job) (${declared} == ${interval})`;
    return `(${newestQuery(customer)}${only})[${range}:${step}s]`;
  });
  const looks = new Map<string, Look[]>();
  // One after the other: each answer may be large.
  for (const query of asked) {
    for (const series of await prometheus.samples(query, at)) {
      const own = looks.get(nameOf(series)) ?? [];
      own.push(...looksOf(series));
      looks.set(nameOf(series), own);
    }
  }
  const jobs = declarations.flatMap((series): readonly JobRuns[] => {
    const { labels, instants, values } = series;
    const [since, seen, interval] = [instants[0], instants.at(-1), values.at(-1)];
    if (since === undefined || seen === undefined || interval === undefined || interval <= 0) return [];
    const instance = labels['instance'] ?? '';
    const own = (looks.get(nameOf(series)) ?? []).toSorted((one, other) => one.at - other.at);
    // A host that answers and names the job no more has lost it; one that does not answer still owes it.
    const isGone = (ends.get(instance) ?? true) && period.end - seen > 2 * namedStep;
    const runs = runsOf(
      {
        interval,
        looks: own,
        since,
        isOld: since - period.start <= namedStep,
        until: isGone ? seen : period.end,
      },
      period,
    );
    return [{ instance, job: labels['backup_job'] ?? '', runs }];
  });
  return { jobs, queries: [named, reports, ...asked] };
}

/** All jobs together. */
export function sumOf(jobs: readonly Pick<JobRuns, 'runs'>[]): Runs {
  const sum = (part: keyof Runs): number => jobs.reduce((total, { runs }) => total + runs[part], 0);
  return { succeeded: sum('succeeded'), missed: sum('missed'), unknown: sum('unknown') };
}

/** PromQL: how often each job runs. */
function declaredQuery(customer: string): string {
  return `min by (instance, backup_job) (${vector('maintenance_backup_expected_interval_seconds', { customer })})`;
}

/** PromQL: when the newest complete restore point of each job was taken; -1 where it is known that there is none. */
function newestQuery(customer: string): string {
  const told = [
    vector('maintenance_backup_restore_points', { customer }),
    vector('maintenance_backup_runs_total', { customer, tool: 'run', outcome: 'success' }),
  ].map((facts) => `max by (instance, backup_job) (${facts} * 0 - 1)`);
  const success = vector('maintenance_backup_last_success_timestamp_seconds', { customer });
  return [`max by (instance, backup_job) (${success} <= time() + 900)`, ...told].join(' or ');
}

function looksOf({ instants, values }: Samples): readonly Look[] {
  return instants.map((at, index) => {
    const newest = values[index] ?? -1;
    return { at, newest: newest < 0 ? undefined : newest };
  });
}

function nameOf({ labels }: Samples): string {
  return JSON.stringify([labels['instance'] ?? '', labels['backup_job'] ?? '']);
}
