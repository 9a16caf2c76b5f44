import { vector } from '../../exporter/metrics.ts';
import type { BackupJob, BackupsFacts } from '../facts/backups.ts';
import type { Measuring } from '../kpi.ts';
import { readMonthRuns, sumOf } from '../month-backups.ts';
import {
  byText,
  keyOf,
  labelOf,
  type MonthEnd,
  type ObjectState,
  rank,
  readMonthEnd,
  scrapedThen,
  type Scraped,
  valueOf,
} from './month-end.ts';
import { readRestores } from './restores.ts';

const controls = ['backup', 'restore_test'] as const;

/** Every backup job at the end of the month, its runs and the restores of the month. */
export async function readBackups(measuring: Measuring): Promise<BackupsFacts | undefined> {
  const end = await readMonthEnd(measuring, controls);
  if (end === undefined) return undefined;
  const { prometheus, customer, month } = measuring;
  const { jobs: monthRuns } = await readMonthRuns(prometheus, customer, month.period);
  const states = controls.flatMap((control) => end.objects(control).map((state) => ({ control, state })));
  if (states.length === 0 && monthRuns.length === 0) return undefined;
  const runs = new Map(monthRuns.map(({ instance, job, runs: own }) => [keyOf([instance, job]), own]));
  const scraped = await jobFacts(measuring, end);
  const jobs = Map.groupBy(states, ({ state }) => JSON.stringify([state.instance, state.role, state.object]));
  const rows = [...jobs.values()].flatMap((own): readonly BackupJob[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { instance, role, object: job } = first.state;
    const backup = own.find(({ control }) => control === 'backup')?.state;
    const restore = own.find(({ control }) => control === 'restore_test')?.state;
    const verdicts = [backup?.verdict ?? null, restore?.verdict ?? null];
    return [
      {
        instance,
        role,
        job,
        ...scraped.of(instance, job),
        runs: runs.get(keyOf([instance, job])) ?? null,
        backup: backup?.verdict ?? null,
        restore: restore === undefined ? null : restoreOf(restore, end, scraped.restore(instance, job)),
        gap: end.gap(instance, verdicts),
      },
    ];
  });
  const named = rows.filter(({ job }) => job !== '');
  const isUndeclared = ({ instance, job, runs: own, backup }: BackupJob): boolean =>
    job === ''
      ? backup !== null && ![...named, ...monthRuns].some((other) => other.instance === instance)
      : own === null;
  return {
    // A host that shows a job owes none on top of it.
    jobs: rows
      .filter(({ instance, job }) => job !== '' || !named.some((other) => other.instance === instance))
      .toSorted(worstFirst),
    month: {
      ...sumOf(monthRuns),
      jobs: monthRuns.length,
      undeclared: rows.filter((row) => isUndeclared(row)).length,
    },
    restores: await readRestores(measuring),
  };
}

type Restore = NonNullable<BackupJob['restore']>;

/** A verified restore is as old as the control says; after a failed test nothing is proven any more. */
function restoreOf(
  { verdict, age, limit }: ObjectState,
  { last }: MonthEnd,
  test: Omit<Restore, 'verdict' | 'limit' | 'verified'>,
): Restore {
  return {
    verdict,
    limit: limit ?? null,
    verified: age === undefined || !Number.isFinite(age) ? null : last.instant - age,
    ...test,
  };
}

async function jobFacts(measuring: Measuring, { last }: MonthEnd) {
  const { customer } = measuring;
  const by = 'by (instance, backup_job)';
  const then = (query: string, ...more: readonly string[]): Promise<Scraped> =>
    scrapedThen(measuring, last, query, ['instance', 'backup_job', ...more]);
  const success = vector('maintenance_backup_last_success_timestamp_seconds', { customer });
  const checked = vector('maintenance_backup_check_timestamp_seconds', { customer });
  const newestTest = vector('maintenance_backup_restore_test_timestamp_seconds', { customer });
  /** Of the tool that restored last. */
  const ofNewest = (facts: string): string =>
    `max ${by} (${facts} and on (instance, tool, backup_job) (${newestTest} == on (instance, backup_job) group_left () max ${by} (${newestTest})))`;
  const [tools, intervals, critical, lastSuccess, checks, checkResults, tests, results, durations, bytes] =
    await Promise.all([
      then(
        `group by (instance, backup_job, tool) (${vector('maintenance_backup_expected_interval_seconds', { customer })} or ${success})`,
      ),
      then(`min ${by} (${vector('maintenance_backup_expected_interval_seconds', { customer })})`),
      then(`group ${by} (${vector('maintenance_backup_job_info', { customer, criticality: 'critical' })})`),
      then(`max ${by} (${success})`),
      then(`max by (instance, backup_job, depth) (${checked})`, 'depth'),
      then(
        `min by (instance, backup_job, depth) (${vector('maintenance_backup_check_success', { customer })})`,
        'depth',
      ),
      then(`max ${by} (${newestTest})`),
      then(ofNewest(vector('maintenance_backup_restore_test_success', { customer }))),
      then(ofNewest(vector('maintenance_backup_restore_test_duration_seconds', { customer }))),
      then(ofNewest(vector('maintenance_backup_restore_test_bytes', { customer }))),
    ]);
  const check = (depth: string, instance: string, job: string) => {
    const at = valueOf(checks, instance, job, depth);
    const result = valueOf(checkResults, instance, job, depth);
    return at === null || result === null ? null : { at, success: result === 1 };
  };
  return {
    of: (instance: string, job: string) => ({
      tool: labelOf(tools, 'tool', instance, job),
      critical: valueOf(critical, instance, job) === 1,
      interval: valueOf(intervals, instance, job),
      lastSuccess: valueOf(lastSuccess, instance, job),
      structure: check('structure', instance, job),
      data: check('data', instance, job),
    }),
    restore: (instance: string, job: string) => {
      const success01 = valueOf(results, instance, job);
      return {
        tested: valueOf(tests, instance, job),
        success: success01 === null ? null : success01 === 1,
        duration: valueOf(durations, instance, job),
        bytes: valueOf(bytes, instance, job),
      };
    },
  };
}

function worstFirst(one: BackupJob, other: BackupJob): number {
  return (
    rank(verdictsOf(one)) - rank(verdictsOf(other)) ||
    rank([one.backup]) - rank([other.backup]) ||
    Number(other.critical) - Number(one.critical) ||
    compare(one.restore?.verified ?? -Infinity, other.restore?.verified ?? -Infinity) ||
    byText(one.instance + one.job, other.instance + other.job)
  );
}

function verdictsOf({ backup, restore }: BackupJob) {
  return [backup, restore?.verdict ?? null];
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}
