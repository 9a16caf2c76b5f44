import { sample, type Sample } from '../../metrics.ts';
import type { JobRecord, RestoreTestRecord, RunOutcome } from '../../job-record.ts';
import type { KnownJob } from './job.ts';
import type { Recorded } from './recorded.ts';

/** Something that can be restored, as the tool lists it. */
export interface RestorePoint {
  /** When it was taken, unix seconds: the end of the run where the tool tells it, else its start. */
  readonly time: number;
  /** When the run that made it began, unix seconds, where the tool tells it. */
  readonly started?: number | undefined;
  /** Whether the tool itself says that something is missing or wrong in it. */
  readonly incomplete?: boolean | undefined;
  /** Seconds the run took. */
  readonly duration?: number | undefined;
  /** Source data it covers. */
  readonly bytes?: number | undefined;
  /** Data it added to the repository. */
  readonly addedBytes?: number | undefined;
  readonly files?: number | undefined;
}

/** A verdict on the repository or a restore point. */
export interface Check {
  readonly depth: 'structure' | 'data';
  /** Unix seconds. */
  readonly at: number;
  readonly success: boolean;
}

/** A run that made no restore point, or whose result the tool keeps. */
export interface ToolRun {
  /** Unix seconds, when it ended. */
  readonly ended: number;
  readonly outcome: RunOutcome;
}

/** What a tool tells of one job. What it cannot tell is left out. */
export interface BackupFacts {
  /** All of them; undefined when the list could not be read. */
  readonly restorePoints?: readonly RestorePoint[] | undefined;
  /** When the newest complete restore point was made, unix seconds, where it is known without a list of them. */
  readonly lastSuccess?: number | undefined;
  /** What is known of the newest one, where there is no list of them. */
  readonly newest?: Omit<RestorePoint, 'time'> | undefined;
  /** How many there are, where they can be counted without a list. */
  readonly restorePointCount?: number | undefined;
  /** Whether the list could be read; undefined when the repository was only busy. */
  readonly readable?: boolean | undefined;
  readonly checks?: readonly Check[] | undefined;
  /** The newest run the tool itself keeps the result of. */
  readonly lastRun?: ToolRun | undefined;
  /** A run that is under way now: when it began, unix seconds. */
  readonly runningSince?: number | undefined;
  /** The newest restore test the tool itself carried out. */
  readonly restoreTest?: RestoreTestRecord | undefined;
}

/** Between the clocks of a tool and of the process that runs it, seconds. */
const slack = 2;

/**
 * Everything that can be said of a declared job: what its tool tells, and what is on record of its runs, checks and restore
 * tests. A restore point is a success only when nothing says that something is missing in it: not the tool, not the result
 * of the run that made it, not the least size the configuration expects. A fresh restore point may be a partial one
 * (restic and borg list it like any other).
 * @param recorded as `readRecorded` found it.
 */
export function backupSamples(
  tool: string,
  job: KnownJob,
  facts: BackupFacts,
  { record, running: alive }: Pick<Recorded, 'record' | 'running'>,
): readonly Sample[] {
  const labels = { tool, backup_job: job.backup_job };
  const runs = record?.runs ?? [];
  const points = facts.restorePoints
    ?.toSorted((a, b) => b.time - a.time)
    .map((point) => completed(point, madeBy(point, runs)));
  const newest = points === undefined ? facts.newest : points[0];
  const success = points?.find((point) => isComplete(point, job, runs))?.time ?? facts.lastSuccess;
  const last = lastRun(facts, runs, alive);
  const running =
    runs.findLast((run) => run.ended === undefined && alive.has(run.id))?.started ?? facts.runningSince;
  return [
    ...known(job.expected_interval, (interval) =>
      sample('maintenance_backup_expected_interval_seconds', labels, interval),
    ),
    ...known(job.criticality, (criticality) =>
      sample('maintenance_backup_job_info', { ...labels, criticality }, 1),
    ),
    ...known(facts.readable, (readable) =>
      sample('maintenance_backup_repository_readable', labels, readable ? 1 : 0),
    ),
    ...known(points?.length ?? facts.restorePointCount, (count) =>
      sample('maintenance_backup_restore_points', labels, count),
    ),
    ...known(success, (at) => sample('maintenance_backup_last_success_timestamp_seconds', labels, at)),
    ...known(newest?.duration, (value) => sample('maintenance_backup_duration_seconds', labels, value)),
    ...known(newest?.bytes, (value) => sample('maintenance_backup_size_bytes', labels, value)),
    ...known(newest?.addedBytes, (value) => sample('maintenance_backup_added_bytes', labels, value)),
    ...known(newest?.files, (value) => sample('maintenance_backup_files', labels, value)),
    ...known(last, ({ ended }) => sample('maintenance_backup_last_run_timestamp_seconds', labels, ended)),
    ...known(last, ({ outcome }) =>
      sample('maintenance_backup_last_run_success', labels, outcome === 'success' ? 1 : 0),
    ),
    ...known(running, (since) => sample('maintenance_backup_run_started_timestamp_seconds', labels, since)),
    ...runTotals(labels, record, alive),
    ...checkSamples(labels, facts.checks ?? [], record),
    ...restoreTestSamples(labels, facts.restoreTest, record?.restore_test),
  ];
}

function known<T>(value: T | undefined, make: (value: T) => Sample): readonly Sample[] {
  return value === undefined ? [] : [make(value)];
}

/** Whether nothing says that something is missing in a restore point. */
function isComplete(point: RestorePoint, job: KnownJob, runs: JobRecord['runs']): boolean {
  if (point.incomplete === true) return false;
  if (job.minimum_bytes !== undefined && !(point.bytes !== undefined && point.bytes >= job.minimum_bytes))
    return false;
  if (job.minimum_files !== undefined && !(point.files !== undefined && point.files >= job.minimum_files))
    return false;
  const made = madeBy(point, runs);
  return made === undefined || made.outcome === 'success';
}

/**
 * The run on record that made a restore point: the one in which it began, where the tool tells that. A restore point may be
 * dated otherwise (`restic backup --time`, `borg create --timestamp`). One that fits without slack comes first: two short
 * runs may follow each other at once.
 */
function madeBy(point: RestorePoint, runs: JobRecord['runs']): JobRecord['runs'][number] | undefined {
  const moment = point.started ?? point.time;
  // One that never ended lasted until the next one at the most.
  const endOf = (run: JobRecord['runs'][number]) =>
    run.ended ?? runs.find((next) => next.started > run.started)?.started ?? Infinity;
  // Tools cut times down to whole seconds, never up: what began after the end of a run is not of it.
  const after = point.started === undefined ? 1 : 0;
  const during = (allowance: number) =>
    runs.findLast((run) => run.started - allowance <= moment && moment <= endOf(run) + after * allowance);
  return during(0) ?? during(slack);
}

/** A restore point with what its tool does not keep, but the run that made it has told. */
function completed(point: RestorePoint, run: JobRecord['runs'][number] | undefined): RestorePoint {
  return {
    ...point,
    bytes: point.bytes ?? run?.bytes,
    addedBytes: point.addedBytes ?? run?.added_bytes,
    files: point.files ?? run?.files,
  };
}

function lastRun(
  { lastRun: told }: BackupFacts,
  runs: JobRecord['runs'],
  alive: ReadonlySet<string>,
): ToolRun | undefined {
  const recorded = runs
    .filter((run) => run.ended !== undefined || !alive.has(run.id))
    .map((run): ToolRun => ({ ended: run.ended ?? run.started, outcome: run.outcome ?? 'interrupted' }))
    .at(-1);
  if (told === undefined || (recorded !== undefined && recorded.ended >= told.ended)) return recorded;
  return told;
}

function runTotals(
  labels: { readonly tool: string; readonly backup_job: string },
  record: JobRecord | undefined,
  alive: ReadonlySet<string>,
): readonly Sample[] {
  if (record === undefined) return [];
  const neverEnded = record.runs.filter((run) => run.ended === undefined && !alive.has(run.id)).length;
  return (['success', 'partial', 'failure', 'interrupted'] as const).map((outcome) =>
    sample(
      'maintenance_backup_runs_total',
      { ...labels, outcome },
      record.totals[outcome] + (outcome === 'interrupted' ? neverEnded : 0),
    ),
  );
}

function checkSamples(
  labels: { readonly tool: string; readonly backup_job: string },
  told: readonly Check[],
  record: JobRecord | undefined,
): readonly Sample[] {
  return (['structure', 'data'] as const).flatMap((depth) => {
    const recorded = record?.checks[depth];
    const all = [
      ...told.filter((check) => check.depth === depth),
      ...(recorded === undefined ? [] : [recorded]),
    ];
    const newest = all.toSorted((a, b) => b.at - a.at)[0];
    if (newest === undefined) return [];
    return [
      sample('maintenance_backup_check_timestamp_seconds', { ...labels, depth }, newest.at),
      sample('maintenance_backup_check_success', { ...labels, depth }, newest.success ? 1 : 0),
    ];
  });
}

function restoreTestSamples(
  labels: { readonly tool: string; readonly backup_job: string },
  told: RestoreTestRecord | undefined,
  recorded: RestoreTestRecord | undefined,
): readonly Sample[] {
  const tests = [told, recorded].filter((test) => test !== undefined).toSorted((a, b) => b.at - a.at);
  const [test] = tests;
  if (test === undefined) return [];
  const successes = tests.flatMap((one) => one.last_success ?? []);
  return [
    sample('maintenance_backup_restore_test_timestamp_seconds', labels, test.at),
    sample('maintenance_backup_restore_test_success', labels, test.success ? 1 : 0),
    ...known(successes.length === 0 ? undefined : Math.max(...successes), (at) =>
      sample('maintenance_backup_restore_test_last_success_timestamp_seconds', labels, at),
    ),
    ...known(test.duration, (value) =>
      sample('maintenance_backup_restore_test_duration_seconds', labels, value),
    ),
    ...known(test.bytes, (value) => sample('maintenance_backup_restore_test_bytes', labels, value)),
  ];
}
