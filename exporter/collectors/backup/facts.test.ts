import { describe, expect, test } from 'vitest';
import { emptyRecord, type JobRecord, type JobRun } from '../../job-record.ts';
import { type BackupFacts, backupSamples } from './facts.ts';
import type { BackupJob } from './job.ts';

const start = 1_795_000_000;
const job: BackupJob = { backup_job: 'nightly', expected_interval: 86_400, criticality: 'critical' };
const run = (id: string, more: Partial<JobRun> = {}): JobRun => ({
  id,
  process: `boot/${id}/1`,
  started: start,
  ended: start + 100,
  outcome: 'success',
  ...more,
});
const record = (...runs: readonly JobRun[]): JobRecord => ({ ...emptyRecord, runs: [...runs] });

/** Facts by metric, without the prefix; labels other than tool and job behind the name. */
function facts(
  told: BackupFacts,
  recorded?: JobRecord,
  declared: Partial<BackupJob> = {},
  running: readonly string[] = [],
): Readonly<Record<string, number>> {
  const samples = backupSamples('restic', { ...job, ...declared }, told, {
    record: recorded,
    running: new Set(running),
  });
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => [
      [name.slice('maintenance_backup_'.length), ...Object.values(labels).slice(2)].join(' '),
      value,
    ]),
  );
}
const lastSuccess = (...args: Parameters<typeof facts>) => facts(...args)['last_success_timestamp_seconds'];

test('a declared job of which nothing is known is there, and claims nothing', () => {
  expect(facts({})).toEqual({ expected_interval_seconds: 86_400, 'job_info critical': 1 });
});

test('an empty repository is 0 restore points and no success; an unreadable one is neither', () => {
  expect(facts({ readable: true, restorePoints: [] })).toMatchObject({
    repository_readable: 1,
    restore_points: 0,
  });
  expect(facts({ readable: false })).toEqual({
    expected_interval_seconds: 86_400,
    'job_info critical': 1,
    repository_readable: 0,
  });
});

describe('a restore point is a success', () => {
  const fresh = { readable: true, restorePoints: [{ time: start + 50 }, { time: start - 86_400 }] };

  test('when nothing says that something is missing in it', () => {
    expect(lastSuccess(fresh)).toBe(start + 50);
    expect(lastSuccess(fresh, record(run('a')))).toBe(start + 50);
  });

  test.each(['partial', 'failure', 'interrupted'] as const)(
    'not when the run that made it was %s: the one before is',
    (outcome) => {
      expect(lastSuccess(fresh, record(run('a', { outcome })))).toBe(start - 86_400);
    },
  );

  test('not when the run that made it never ended', () => {
    const { ended: _, outcome: __, ...open } = run('a');
    expect(lastSuccess(fresh, record(open))).toBe(start - 86_400);
  });

  test('not when its tool says that something is missing', () => {
    expect(lastSuccess({ restorePoints: [{ time: start, incomplete: true }, { time: start - 5 }] })).toBe(
      start - 5,
    );
  });

  test('not when it is smaller than the configuration expects, or its size is not known', () => {
    const sized = {
      restorePoints: [{ time: start, bytes: 10 }, { time: start - 5 }, { time: start - 9, bytes: 2000 }],
    };
    expect(lastSuccess(sized, undefined, { minimum_bytes: 1000 })).toBe(start - 9);
    expect(
      lastSuccess({ restorePoints: [{ time: start, files: 3 }] }, undefined, { minimum_files: 4 }),
    ).toBeUndefined();
  });

  test('of the run before or after it only as far as clocks are cut down to seconds', () => {
    const failed = record(run('a', { outcome: 'failure' }));
    expect(lastSuccess({ restorePoints: [{ time: start + 101 }] }, failed)).toBeUndefined();
    expect(lastSuccess({ restorePoints: [{ time: start + 103 }] }, failed)).toBe(start + 103);
    // It began after the failed run had ended: a second attempt that followed at once.
    expect(lastSuccess({ restorePoints: [{ time: start + 150, started: start + 101 }] }, failed)).toBe(
      start + 150,
    );
    expect(
      lastSuccess({ restorePoints: [{ time: start + 150, started: start - 1 }] }, failed),
    ).toBeUndefined();
  });
});

describe('runs', () => {
  test('the newest that has ended tells; one under way is told apart', () => {
    const { ended: _, outcome: __, ...open } = run('b', { started: start + 1000 });
    const recorded = { ...record(run('a'), open), totals: { ...emptyRecord.totals, success: 1 } };
    expect(facts({}, recorded, {}, ['b'])).toMatchObject({
      last_run_timestamp_seconds: start + 100,
      last_run_success: 1,
      run_started_timestamp_seconds: start + 1000,
      'runs_total success': 1,
      'runs_total interrupted': 0,
    });
    expect(facts({}, recorded)).toMatchObject({ last_run_success: 0, 'runs_total interrupted': 1 });
    expect(facts({}, recorded)).not.toHaveProperty('run_started_timestamp_seconds');
  });

  test('what the tool tells counts where it is newer than the record', () => {
    const told = { lastRun: { ended: start + 500, outcome: 'failure' as const } };
    expect(facts(told, record(run('a')))).toMatchObject({
      last_run_timestamp_seconds: start + 500,
      last_run_success: 0,
    });
  });

  test('size and files that the tool does not keep come from the run that made the restore point', () => {
    const recorded = record(run('a', { bytes: 5000, files: 7 }));
    expect(facts({ restorePoints: [{ time: start + 50 }] }, recorded)).toMatchObject({
      size_bytes: 5000,
      files: 7,
    });
  });
});

test('of two checks of a depth the newer one tells, whoever made it', () => {
  const recorded = { ...emptyRecord, checks: { data: { at: start, success: false } } };
  expect(facts({ checks: [{ depth: 'data', at: start - 5, success: true }] }, recorded)).toMatchObject({
    'check_timestamp_seconds data': start,
    'check_success data': 0,
  });
  expect(facts({ checks: [{ depth: 'structure', at: start + 5, success: true }] }, recorded)).toMatchObject({
    'check_success structure': 1,
    'check_success data': 0,
  });
});

test('a failed restore test does not hide when one last passed', () => {
  const recorded = {
    ...emptyRecord,
    restore_test: { at: start, success: false, reason: 'timeout: x', last_success: start - 100 },
  };
  expect(facts({}, recorded)).toMatchObject({
    restore_test_timestamp_seconds: start,
    restore_test_success: 0,
    restore_test_last_success_timestamp_seconds: start - 100,
  });
});
