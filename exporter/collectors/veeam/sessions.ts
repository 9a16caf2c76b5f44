import type { RunOutcome } from '../../job-record.ts';

/** One session of a job, as either API tells it. */
export interface Session {
  readonly id: string;
  /** Unix seconds. */
  readonly started: number;
  /** Unix seconds; undefined while it is under way. */
  readonly ended: number | undefined;
  /** Undefined while it is under way. */
  readonly outcome: RunOutcome | undefined;
  /** Whether it does again what an earlier session of the same run failed to. */
  readonly retry: boolean;
}

/** A run of a job: a session and its retries, which process what failed before them. */
export interface Run {
  readonly started: number;
  /** When its last session ended; undefined while that is under way. */
  readonly ended: number | undefined;
  /** The outcome of its last session: a retry that worked made good what failed before. */
  readonly outcome: RunOutcome | undefined;
  /** Whether its first session is known, so that its beginning and size are. */
  readonly whole: boolean;
  /** Their ids, oldest first. */
  readonly sessions: readonly string[];
}

/**
 * The runs of one job, oldest first.
 * @param sessions of one job, in any order: both APIs give them unordered.
 */
export function runsOf(sessions: readonly Session[]): readonly Run[] {
  const unique = [...new Map(sessions.map((session) => [session.id, session])).values()];
  const runs: Run[] = [];
  for (const session of unique.toSorted((a, b) => a.started - b.started)) {
    const { started, ended, outcome } = session;
    const before = session.retry ? runs.at(-1) : undefined;
    if (before === undefined || before.outcome === 'success')
      runs.push({ started, ended, outcome, whole: !session.retry, sessions: [session.id] });
    else runs[runs.length - 1] = { ...before, ended, outcome, sessions: [...before.sessions, session.id] };
  }
  return runs;
}

const outcomes: Readonly<Record<string, RunOutcome>> = {
  success: 'success',
  warning: 'partial',
  failed: 'failure',
};

/** `Result` of a session that has ended; anything else than these words, and no result, is no success. */
export function outcomeOf(result: string | null | undefined, canceled = false): RunOutcome {
  if (canceled) return 'interrupted';
  return outcomes[result?.toLowerCase() ?? ''] ?? 'interrupted';
}

/** Words of `Result`; None is what a session has that has not ended, or ended without one. */
export function isResult(result: string | null | undefined): boolean {
  return ['success', 'warning', 'failed', 'none', ''].includes(result?.toLowerCase() ?? '');
}

/**
 * What a session is doing, by its `State`. Idle is a copy job that waits for the next restore point: neither a run that is under
 * way nor one that has ended.
 */
export function phaseOf(state: string | null | undefined): 'ended' | 'idle' | 'running' {
  const word = state?.toLowerCase();
  if (word === 'stopped') return 'ended';
  return word === 'idle' ? 'idle' : 'running';
}
