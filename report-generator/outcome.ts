/** Written whole; written with gaps; not written. */
export const exitCodes = { whole: 0, gaps: 2, refused: 3 } as const;
type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What became of the report of one customer. */
export interface Outcome {
  readonly customer: string;
  readonly exitCode: ExitCode;
  /** What was written, and what is missing in it. */
  readonly files: readonly string[];
  readonly gaps: readonly string[];
  /** What somebody should look at, although the report does not need it. */
  readonly notes: readonly string[];
  /** What else went well: whom it was sent to. */
  readonly said?: readonly string[];
  /** Why there is no report. */
  readonly refusal?: string;
  /** Why the report was written and not sent. */
  readonly unsent?: string;
  /** When the month of the report began, unix seconds. */
  readonly monthStart?: number;
}
