import { z } from 'zod';
import { gap, instant, judged } from './judged.ts';

const checked = z.strictObject({ at: instant, success: z.boolean() });

/** Runs of the month by their result. `unknown`: nobody saw whether there was one. Due are all three together. */
const runs = z.strictObject({ succeeded: z.number(), missed: z.number(), unknown: z.number() });
export type Runs = z.infer<typeof runs>;

export const backupsSchema = z.strictObject({
  /** Every backup job at the last evaluation of the month, worst first. */
  jobs: z.array(
    z.strictObject({
      instance: z.string(),
      role: z.string(),
      /** Empty where a host must have a job and shows none. */
      job: z.string(),
      /** Those that make it, as restic; empty where not known. */
      tool: z.string(),
      critical: z.boolean(),
      /** Seconds between two runs, as declared; null where not known. */
      interval: z.number().nullable(),
      /** Null where no interval is known. */
      runs: runs.nullable(),
      /** Of a complete restore point; null when there is none, or not known. */
      lastSuccess: instant.nullable(),
      backup: judged.nullable(),
      structure: checked.nullable(),
      data: checked.nullable(),
      restore: z
        .strictObject({
          verdict: judged,
          /** When a restore last brought back what it should; null when none ever did, or not known. */
          verified: instant.nullable(),
          /** Seconds a verified restore is good for. */
          limit: z.number().nullable(),
          /** The newest test, whatever it found. */
          tested: instant.nullable(),
          success: z.boolean().nullable(),
          /** Seconds. */
          duration: z.number().nullable(),
          bytes: z.number().nullable(),
        })
        .nullable(),
      gap: gap.nullable(),
    }),
  ),
  /** Runs of the month, all jobs together, those that are gone included. */
  month: runs.extend({
    /** Jobs that say how often they run; and at the end of the month, jobs that do not, and hosts that must have one and named none all month. */
    jobs: z.number(),
    undeclared: z.number(),
  }),
  /** Restores tried in the month, newest first. */
  restores: z.array(
    z.strictObject({
      instance: z.string(),
      job: z.string(),
      tool: z.string(),
      at: instant,
      success: z.boolean().nullable(),
      duration: z.number().nullable(),
      bytes: z.number().nullable(),
    }),
  ),
});
export type BackupsFacts = z.infer<typeof backupsSchema>;
export type BackupJob = BackupsFacts['jobs'][number];
