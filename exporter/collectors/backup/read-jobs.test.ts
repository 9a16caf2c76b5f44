import { describe, expect, test } from 'vitest';
import { CollectorError, type Host } from '../../collector.ts';
import { emptyRecord, type JobRecord, recordName } from '../../job-record.ts';
import { replay } from '../../replay.ts';
import type { RestorePoint } from './facts.ts';
import { readJobs } from './read-jobs.ts';

const job = (name: string) => ({
  backup_job: name,
  expected_interval: 86_400,
  criticality: 'normal' as const,
});

/** A host whose clock goes on only when told. */
function clocked(timeLimit: number): { readonly host: Host; readonly pass: (seconds: number) => void } {
  let now = 1_795_000_000;
  return {
    host: { ...replay({ timeLimit }), now: () => now },
    pass: (seconds) => {
      now += seconds;
    },
  };
}

const fresh = { facts: { readable: true, restorePoints: [{ time: 1_794_999_000 }] }, problems: [] };

describe('many jobs', () => {
  test('one that hangs costs the other 499 nothing', async () => {
    const { host, pass } = clocked(120);
    const jobs = Array.from({ length: 500 }, (_, n) => job(`job${n}`));
    const hanging = Promise.withResolvers<never>();
    let others = 0;
    const { samples, problems } = await readJobs('tool', host, jobs, async ({ backup_job }, timeout) => {
      if (backup_job === 'job7') {
        expect(timeout).toBe(5000);
        return hanging.promise;
      }
      others += 1;
      if (others === 499) {
        pass(5);
        hanging.reject(new CollectorError('timeout', 'took longer than 5 s'));
      }
      return fresh;
    });
    const successes = samples.filter(({ name }) => name.endsWith('_last_success_timestamp_seconds'));
    expect(successes.length).toBe(499);
    expect(problems).toEqual([{ reason: 'timeout', message: 'backup job job7: took longer than 5 s' }]);
  });

  test('never more than four are read at the same time', async () => {
    let running = 0;
    let most = 0;
    await readJobs('tool', replay({}), ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(job), async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return fresh;
    });
    expect(most).toBe(4);
  });

  test('whose turn does not come are declared and unknown, not unreadable', async () => {
    const { host, pass } = clocked(20);
    const jobs = ['a', 'b', 'c', 'd', 'e'].map(job);
    const { samples, problems } = await readJobs('tool', host, jobs, async () => {
      pass(5);
      return fresh;
    });
    // 16 s are for the jobs; four took 20.
    expect(problems).toEqual([
      {
        reason: 'timeout',
        message: 'backup job e: its turn did not come in time; raise the timeout of the collector',
      },
    ]);
    expect(samples.filter(({ labels }) => labels['backup_job'] === 'e').map(({ name }) => name)).toEqual([
      'maintenance_backup_expected_interval_seconds',
      'maintenance_backup_job_info',
    ]);
  });

  test.each([
    ['repository_missing', 0],
    ['timeout', 0],
    ['repository_locked', undefined],
  ] as const)('that fail with %s: readable is %s', async (reason, readable) => {
    const { samples } = await readJobs('tool', replay({}), [job('a')], () =>
      Promise.reject(new CollectorError(reason, 'no')),
    );
    expect(samples.find(({ name }) => name.endsWith('_repository_readable'))?.value).toBe(readable);
  });

  test('a defect of ours says nothing about the repository', async () => {
    const { samples, problems } = await readJobs('tool', replay({}), [job('a')], () =>
      Promise.reject(new TypeError('undefined is not a function')),
    );
    expect(problems.map(({ reason }) => reason)).toEqual(['internal_error']);
    expect(samples.some(({ name }) => name.endsWith('_repository_readable'))).toBe(false);
  });
});

describe('the run on record that made a restore point', () => {
  /** Facts of a job with these restore points and runs. */
  async function facts(points: readonly RestorePoint[], runs: JobRecord['runs'], settings = {}) {
    const state = new Map<string, unknown>([[recordName('a'), { ...emptyRecord, runs }]]);
    const { samples } = await readJobs(
      'tool',
      replay({ state }),
      [{ ...job('a'), ...settings }],
      async () => ({
        facts: { readable: true, restorePoints: points },
        problems: [],
      }),
    );
    return Object.fromEntries(
      samples.map(({ name, value }) => [name.replace('maintenance_backup_', ''), value]),
    );
  }
  const run = (started: number, ended: number, outcome: 'success' | 'partial' | 'failure', more = {}) => ({
    id: String(started),
    process: 'x/1/1',
    started,
    ended,
    outcome,
    ...more,
  });

  test('a fresh restore point of a partial run is no success; the one before it is', async () => {
    const runs = [run(1000, 1100, 'success'), run(2000, 2100, 'partial')];
    expect(await facts([{ time: 1005 }, { time: 2005 }], runs)).toMatchObject({
      restore_points: 2,
      last_success_timestamp_seconds: 1005,
      last_run_success: 0,
    });
  });

  test('a restore point that is dated otherwise belongs to the run in which it began', async () => {
    const runs = [run(1000, 1100, 'success'), run(2000, 2100, 'partial')];
    const points = [{ time: 1005 }, { time: 1050, started: 2005 }];
    expect(await facts(points, runs)).toMatchObject({ last_success_timestamp_seconds: 1005 });
  });

  test('that never ended lasted until the next one at the most', async () => {
    const never = { id: '1', process: 'x/1/1', started: 1000 };
    const runs = [never, run(2000, 2100, 'success')];
    expect(await facts([{ time: 1500 }], runs)).not.toHaveProperty('last_success_timestamp_seconds');
    expect(await facts([{ time: 1500 }, { time: 3000 }], runs)).toMatchObject({
      last_success_timestamp_seconds: 3000,
    });
  });

  test('of two short runs within the slack of the clocks the one that really covers it counts', async () => {
    const runs = [run(1000, 1001, 'partial'), run(1002, 1003, 'success')];
    expect(await facts([{ time: 1000.5 }], runs)).not.toHaveProperty('last_success_timestamp_seconds');
    expect(await facts([{ time: 1002.5 }], runs)).toMatchObject({ last_success_timestamp_seconds: 1002.5 });
  });

  test('tells what the tool does not keep, so that the least size can be judged', async () => {
    const runs = [run(1000, 1100, 'success', { bytes: 5000, added_bytes: 70, files: 3 })];
    expect(await facts([{ time: 1005 }], runs, { minimum_bytes: 4000, minimum_files: 3 })).toMatchObject({
      size_bytes: 5000,
      added_bytes: 70,
      files: 3,
      last_success_timestamp_seconds: 1005,
    });
    expect(await facts([{ time: 1005, bytes: 10 }], runs, { minimum_bytes: 4000 })).not.toHaveProperty(
      'last_success_timestamp_seconds',
    );
  });
});
