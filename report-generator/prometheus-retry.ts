import { setTimeout as later } from 'node:timers/promises';
import { z } from 'zod';
import { reasonOf } from './file-error.ts';
import { type Answer, type Exchange, TooSlow } from './prometheus-http.ts';

/** How failed questions are repeated. */
export interface Patience {
  /** Questions at most, the first one included. */
  readonly attempts: number;
  /** Waits for milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** From 0 up to 1: many reports that were refused at once must not come back at once. */
  readonly random: () => number;
}

export const usualPatience: Patience = { attempts: 4, pause: later, random: Math.random };

const [firstPause, longestPause] = [500, 30_000];
const passing = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
/** A query that took too long does so again. */
const final = z.object({
  status: z.literal('error'),
  errorType: z.enum(['timeout', 'bad_data', 'execution']),
});

/** Repeats what may go well the next time: a server that restarts or is busy. Each pause is about twice the one before. */
export function retrying(exchange: Exchange, { attempts, pause, random }: Patience): Exchange {
  return async (question) => {
    for (let attempt = 1; ; attempt += 1) {
      let least = 0;
      try {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
        const answer = await exchange(question);
        if (attempt >= attempts || !isPassing(answer)) return answer;
        least = (answer.retryAfter ?? 0) * 1000;
      } catch (error) {
        if (attempt >= attempts || error instanceof TooSlow || !passing.has(reasonOf(error))) throw error;
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(
        Math.min(longestPause, Math.max(least, firstPause * 2 ** (attempt - 1) * (0.5 + random() / 2))),
      );
    }
  };
}

function isPassing({ status, text }: Answer): boolean {
  if (status !== 429 && status < 500) return false;
  try {
    return !final.safeParse(JSON.parse(text)).success;
  } catch {
    return true;
  }
}
