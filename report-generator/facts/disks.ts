import { z } from 'zod';
import { gap, instant, judged } from './judged.ts';

/** Errors by kind at the end of the month, with what the month added; null where either end is not known. */
const errors = z.strictObject({ count: z.number(), grown: z.number().nullable() });

export const disksSchema = z.strictObject({
  /** Every disk at the last evaluation of the month, worst first. */
  disks: z.array(
    z.strictObject({
      instance: z.string(),
      role: z.string(),
      /** Its WWN or serial number; empty where a host must have a disk and shows none. */
      disk: z.string(),
      model: z.string(),
      serial: z.string(),
      /** As `/dev/sda`; empty where not known. */
      device: z.string(),
      health: judged.nullable(),
      /** False: it was seen before and is gone. Null where not known. */
      present: z.boolean().nullable(),
      /** Its own verdict; null where not known. */
      passed: z.boolean().nullable(),
      /** Bytes. */
      capacity: z.number().nullable(),
      /** Share of its rated endurance, 0 to 1 and more. */
      wear: z.number().nullable(),
      /** Degrees Celsius. */
      temperature: z.number().nullable(),
      reallocated: errors.nullable(),
      pending: errors.nullable(),
      uncorrectable: errors.nullable(),
      media: errors.nullable(),
      selfTest: z
        .strictObject({ verdict: judged, at: instant.nullable(), success: z.boolean().nullable() })
        .nullable(),
      /** Whether it was there when the month began; null where not known. */
      isNew: z.boolean().nullable(),
      gap: gap.nullable(),
    }),
  ),
  /** Disks that were there when the month began and are not known any more, on hosts that answer. */
  retired: z.array(
    z.strictObject({ instance: z.string(), disk: z.string(), model: z.string(), serial: z.string() }),
  ),
  volumes: z.array(
    z.strictObject({
      instance: z.string(),
      role: z.string(),
      /** `md:md0`; empty where a host must have one and shows none. */
      volume: z.string(),
      /** As raid1; empty where not known. */
      level: z.string(),
      health: judged,
      members: z.number().nullable(),
      degraded: z.number().nullable(),
      /** When all its data were last read and compared. */
      scrubbed: instant.nullable(),
      gap: gap.nullable(),
    }),
  ),
});
export type DisksFacts = z.infer<typeof disksSchema>;
export type DiskFact = DisksFacts['disks'][number];
