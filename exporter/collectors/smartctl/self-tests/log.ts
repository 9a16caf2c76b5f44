/** Kinds of self-test, of all protocols. A captive or foreground test is of the same kind as one in the background. */
export type SelfTestKind =
  | 'short'
  | 'extended'
  | 'conveyance'
  | 'selective'
  | 'offline'
  | 'default'
  | 'vendor';

/** One entry of a self-test log. */
export interface SelfTest {
  readonly kind: SelfTestKind;
  /** Undefined without a verdict: aborted, interrupted, still running, or a result no standard defines. */
  readonly passed: boolean | undefined;
  /** Hours the disk had been powered on, as the log has it. */
  readonly hours: number | undefined;
}

/** What a disk keeps of its self-tests, newest first. */
export interface SelfTestLog {
  readonly tests: readonly SelfTest[];
  /** Entries of any kind; undefined when it is not told. */
  readonly logged: number | undefined;
  /** Whether one is running now. */
  readonly running: boolean | undefined;
  /** How many hours fit into the log's clock before it starts again at 0. */
  readonly wrapsAfter?: number;
}

/** 0 is a pass everywhere; what is neither that nor a failure is no verdict. */
export function verdict(result: number | undefined, failures: readonly number[]): boolean | undefined {
  if (result === 0) return true;
  return result !== undefined && failures.includes(result) ? false : undefined;
}
