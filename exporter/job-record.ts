import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { locked } from './lock.ts';
import { stateIn } from './state.ts';

const outcomes = ['success', 'partial', 'failure', 'interrupted'] as const;
export type RunOutcome = (typeof outcomes)[number];

const runSchema = z.object({
  id: z.string(),
  /** Unix seconds. */
  started: z.number(),
  /** The process that runs it, as `processIdentity` names it: whether a run without an end is still under way. */
  process: z.string(),
  /** Unix seconds; absent while it runs, and for ever when it never ended. */
  ended: z.number().exactOptional(),
  outcome: z.enum(outcomes).exactOptional(),
  exit_code: z.number().exactOptional(),
  /** Why it is not a success, one sentence. */
  reason: z.string().exactOptional(),
  bytes: z.number().exactOptional(),
  added_bytes: z.number().exactOptional(),
  files: z.number().exactOptional(),
  /** The last lines it printed. */
  output: z.string().exactOptional(),
});
/** One run of a backup job, as `maintenance-exporter run` saw it. */
export type JobRun = z.infer<typeof runSchema>;

const checkSchema = z.object({ at: z.number(), success: z.boolean(), reason: z.string().exactOptional() });

const restoreTestSchema = z.object({
  /** Unix seconds, when it ended. */
  at: z.number(),
  success: z.boolean(),
  /** Why it failed: a word of a closed list and one sentence. */
  reason: z.string().exactOptional(),
  /** Seconds the restore itself took. */
  duration: z.number().exactOptional(),
  bytes: z.number().exactOptional(),
  /** When the last successful one ended, this one included. */
  last_success: z.number().exactOptional(),
});
export type RestoreTestRecord = z.infer<typeof restoreTestSchema>;

const recordSchema = z.object({
  format: z.literal(1),
  /** The newest ones, oldest first. */
  runs: z.array(runSchema),
  totals: z.record(z.enum(outcomes), z.number()),
  /** When a run last ended as a success, unix seconds. */
  last_success: z.number().exactOptional(),
  checks: z.object({ structure: checkSchema.exactOptional(), data: checkSchema.exactOptional() }),
  restore_test: restoreTestSchema.exactOptional(),
});
/** What is remembered of a backup job beside what its tool knows: runs, checks, restore tests. */
export type JobRecord = z.infer<typeof recordSchema>;

export const emptyRecord: JobRecord = {
  format: 1,
  runs: [],
  totals: { success: 0, partial: 0, failure: 0, interrupted: 0 },
  checks: {},
};

/** Runs that are kept; older ones stay in the totals and in the evidence. */
export const runsKept = 50;

/** Name of the state document of a job. Whatever a file name cannot hold is written as its code. */
export function recordName(job: string): string {
  const safe = job.replaceAll(
    /[^A-Za-z0-9_-]/g,
    (character) => `.${character.codePointAt(0)?.toString(16)}.`,
  );
  return `backup-job-${safe}`;
}

/** Reads what a state document holds; undefined when it is not a record. */
export function parseRecord(document: unknown): JobRecord | undefined {
  return recordSchema.safeParse(document).data;
}

/**
 * Changes the record of a job while no other process does.
 * @throws CollectorError permission_denied, state_unwritable; Error when what is there is not a record.
 */
export async function updateRecord(
  directory: string,
  job: string,
  change: (record: JobRecord) => JobRecord,
): Promise<JobRecord> {
  const state = stateIn(directory);
  const name = recordName(job);
  await mkdir(directory, { recursive: true, mode: 0o750 });
  return locked(join(directory, `${name}.lock`), async () => {
    const { document } = await state.read(name);
    const record = document === undefined ? emptyRecord : parseRecord(document);
    if (record === undefined) throw new Error(`${name}.json in ${directory} is not a record of a backup job`);
    const next = change(record);
    await state.write(name, next);
    return next;
  });
}
