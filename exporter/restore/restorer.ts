import type { RestoreTestSettings } from '../collectors/backup/job.ts';
import type { Host } from '../collector.ts';
import { RestoreError } from './failure.ts';
import type { CommandResult, LimitedRun } from './limited-run.ts';

/** What a tool needs to restore a job into a folder. */
export interface RestoreTask {
  /** The settings of the job in its collector's configuration; the restorer reads what it knows. */
  readonly job: Readonly<Record<string, unknown>>;
  readonly test: RestoreTestSettings;
  /** An empty folder of its own. */
  readonly scratch: string;
  /** For readers of the collectors. */
  readonly host: Host;
  /** Runs a command within what is left of time and space. @throws RestoreError timeout, too_large, no_space. */
  readonly run: LimitedRun;
}

/** Restores the newest restore point of a job. A new tool is its own file and one line in restorers.ts. */
export interface Restorer {
  /** The collector whose configuration declares the job. */
  readonly collector: string;
  /** @throws RestoreError restore_failed and what `run` throws. */
  readonly restore: (task: RestoreTask) => Promise<void>;
}

/** @throws RestoreError no_space or restore_failed, with the last line of what the tool said. */
export function requireSuccess(
  { exitCode, stderr, stdout, full: isFull }: CommandResult,
  what: string,
): void {
  if (exitCode === 0) return;
  const text = `${stdout}\n${stderr}`;
  const said = text.split('\n').findLast((line) => line.trim() !== '') ?? 'it said nothing';
  // What a tool makes of a full disk differs. Mostly the system's own words stand in it, see errno(3), ENOSPC and EDQUOT; to
  // pgBackRest a write that was cut short is one that failed, without a reason.
  const full = isFull || /no space left on device|disk quota exceeded/i.test(text);
  throw new RestoreError(
    full ? 'no_space' : 'restore_failed',
    `${what} ended with ${exitCode}: ${said.trim().slice(0, 300)}`,
  );
}
