import { z } from 'zod';

/** In order (met), past a limit or out of order (missed), or not known. Null where nobody expects anything. */
export const judged = z.enum(['met', 'missed', 'unknown']);
export type Judged = z.infer<typeof judged>;

/** Why something is not known at the end of the month: the host did not answer (silent), it answered and could not tell (untold), or nobody looked near the end (unwatched). */
export const gap = z.enum(['silent', 'untold', 'unwatched']);
export type Gap = z.infer<typeof gap>;

/** Unix seconds. */
export const instant = z.number();
