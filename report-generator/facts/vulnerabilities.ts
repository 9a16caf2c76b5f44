import { z } from 'zod';
import { gap, instant, judged } from './judged.ts';

const count = z.number().nullable();

export const vulnerabilitiesSchema = z.strictObject({
  /** Every scanner at the last evaluation of the month, worst first. */
  scanners: z.array(
    z.strictObject({
      instance: z.string(),
      role: z.string(),
      /** Empty where a host must be scanned and shows no scanner. */
      scanner: z.string(),
      /** Whether it tells of the end of the month, and of the limit. */
      critical: judged.nullable(),
      scanned: judged.nullable(),
      /** When the host was scanned; null when it never was, or not known. */
      scannedAt: instant.nullable(),
      /** As of when its database is. */
      database: instant.nullable(),
      /** Open ones by severity; `critical` takes in those of unknown severity. Null where not known. */
      open: z.strictObject({ critical: count, important: count, other: count }),
      /** Known to be exploited; null where no list of them is there. */
      exploited: count,
      /** Seconds the oldest critical one is open: 0 when none is, null where not known. */
      age: z.number().nullable(),
      /** Seconds it may be. */
      limit: z.number().nullable(),
      gap: gap.nullable(),
    }),
  ),
  /** Critical ones that appeared and that were closed in the month; null where not every scanner counted them all month. */
  opened: count,
  closed: count,
});
export type VulnerabilitiesFacts = z.infer<typeof vulnerabilitiesSchema>;
