import { CollectorError, type Problem, RunEndedError } from '../../collector.ts';

/**
 * A failure that leaves the rest of the question answerable.
 * @throws CollectorError tool_missing: without smartctl there is nothing to answer; RunEndedError: nobody waits for one.
 */
export async function attempt<T>(
  act: () => Promise<T>,
  otherwise: T,
): Promise<{ readonly value: T; readonly problem?: Problem; readonly leftBehind?: number | undefined }> {
  try {
    return { value: await act() };
  } catch (error) {
    if (!(error instanceof CollectorError) || error instanceof RunEndedError) throw error;
    if (error.reason === 'tool_missing') throw error;
    const { reason, message, leftBehind } = error;
    return { value: otherwise, problem: { reason, message }, leftBehind };
  }
}
