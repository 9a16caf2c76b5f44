import type { RememberedJob } from '../backup/server-memory.ts';
import type { Run } from './sessions.ts';

type Test = NonNullable<RememberedJob['restore_test']>;

/**
 * The last SureBackup session as a restore test: the machines of a job were started from their backups and answered. A session
 * with warnings did not prove that.
 */
export function testOf(runs: readonly Run[], before: Test | undefined): Test | undefined {
  return runs.reduce<Test | undefined>((known, run) => {
    if (run.ended === undefined || run.outcome === undefined) return known;
    if (known !== undefined && known.at >= run.ended) return known;
    const success = run.outcome === 'success';
    const last = success ? run.ended : known?.last_success;
    return {
      at: run.ended,
      success,
      duration: run.ended - run.started,
      ...(last === undefined ? {} : { last_success: last }),
    };
  }, before);
}
