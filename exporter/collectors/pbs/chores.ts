import { z } from 'zod';
import type { Problem } from '../../collector.ts';
import type { RunOutcome } from '../../job-record.ts';
import type { ToolRun } from '../backup/facts.ts';
import { taskStart } from './upid.ts';

export const choreKinds = ['sync', 'verify', 'prune', 'gc'] as const;
export type ChoreKind = (typeof choreKinds)[number];

/** JobScheduleStatus of pbs-api-types/src/jobs.rs, beside the configuration of the job. */
const choreSchema = z.object({
  id: z.string().nullish(),
  store: z.string().min(1),
  ns: z.string().nullish(),
  disable: z.boolean().nullish(),
  'last-run-state': z.string().nullish(),
  'last-run-endtime': z.number().nullish(),
  'last-run-upid': z.string().nullish(),
});

/** A scheduled job of the server itself. */
export interface Chore {
  /** `datastore[/namespace]/kind/id`; `datastore/gc`. */
  readonly name: string;
  readonly off: boolean;
  readonly lastRun: ToolRun | undefined;
  readonly runningSince: number | undefined;
}

/** @param list the `data` of /admin/sync, /admin/verify, /admin/prune or /admin/gc. */
export function parseChores(
  kind: ChoreKind,
  list: readonly unknown[],
): { readonly chores: readonly Chore[]; readonly problems: readonly Problem[] } {
  const read = list.map((entry) => choreSchema.safeParse(entry));
  const chores = read.flatMap(({ data }) => (data === undefined ? [] : (describe(kind, data) ?? [])));
  const unreadable = list.length - chores.length;
  if (unreadable === 0) return { chores, problems: [] };
  const message = `${unreadable} of ${list.length} ${kind} jobs are not as documented, and unknown`;
  return { chores, problems: [{ reason: 'unexpected_output', message }] };
}

function describe(kind: ChoreKind, job: z.infer<typeof choreSchema>): Chore | undefined {
  const { id, store, ns } = job;
  if (kind !== 'gc' && (id ?? '') === '') return undefined;
  const ended = job['last-run-endtime'] ?? undefined;
  const state = job['last-run-state'] ?? undefined;
  const started = taskStart(job['last-run-upid']);
  return {
    name: [store, ns, kind, kind === 'gc' ? undefined : id].filter((part) => (part ?? '') !== '').join('/'),
    off: job.disable === true,
    lastRun: ended === undefined || state === undefined ? undefined : { ended, outcome: outcomeOf(state) },
    // Started and not ended: compute_schedule_status in src/server/jobstate.rs gives the task alone then.
    runningSince: ended === undefined && state === undefined ? started : undefined,
  };
}

/** `OK`, `WARNINGS: n` (of a sync: groups that were not synced), `unknown` (the server stopped meanwhile) or an error; see TaskState. */
function outcomeOf(state: string): RunOutcome {
  if (state === 'OK') return 'success';
  if (/^WARNINGS: \d+$/.test(state)) return 'partial';
  return state === 'unknown' ? 'interrupted' : 'failure';
}
