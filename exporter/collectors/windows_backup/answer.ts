import { z } from 'zod';
import { CollectorError, type Problem, problemOf } from '../../collector.ts';
import type { RunOutcome } from '../../job-record.ts';
import type { BackupFacts, ToolRun } from '../backup/facts.ts';
import { moment } from '../backup/moment.ts';

/** Between the clock a job is dated with and this moment, seconds. */
const slack = 300;

const time = z
  .string()
  .nullish()
  .transform((text) => moment(text));
const summarySchema = z.object({
  lastBackup: time,
  lastSuccess: time,
  versions: z.number().int().nonnegative(),
  result: z.number(),
  detail: z.number(),
});
const jobSchema = z.object({
  type: z.string(),
  state: z.string(),
  started: time,
  ended: time,
  result: z.number(),
  detail: z.number(),
});
type Job = z.infer<typeof jobSchema>;
/** A list of one is its member in some versions of PowerShell, an empty one null. */
const jobsSchema = z.object({
  jobs: z
    .unknown()
    .transform((value) => (value === null || value === undefined ? [] : [value].flat()))
    .pipe(z.array(jobSchema)),
});
const documentSchema = z.object({
  generated: z.string(),
  installed: z.boolean(),
  summary: z.unknown().optional(),
  previous: z.unknown().optional(),
  current: z.unknown().optional(),
});
const errorSchema = z.object({ error: z.string() });

/**
 * What the script printed, as facts of the one job there is.
 * @param now unix seconds.
 * @throws CollectorError tool_missing when the feature is not installed, unexpected_output, and what the cmdlets refused.
 */
export function parseAnswer(
  document: unknown,
  now: number,
): { readonly facts: BackupFacts; readonly problems: readonly Problem[] } {
  const read = documentSchema.safeParse(document);
  if (!read.success)
    throw new CollectorError(
      'unexpected_output',
      'what came back about Windows Server Backup is not from the script',
      { cause: read.error },
    );
  const { installed, summary: first, previous, current } = read.data;
  if (!installed)
    throw new CollectorError(
      'tool_missing',
      'the feature Windows Server Backup is not installed (Install-WindowsFeature Windows-Server-Backup)',
    );
  const summary = part(summarySchema, first, 'summary');
  const problems: Problem[] = [];
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      problems.push(problemOf(error));
      return undefined;
    }
  };
  const listed = attempt(() => part(jobsSchema, previous, 'previous jobs').jobs);
  const running = attempt(() => part(z.object({ job: jobSchema }), current, 'current job').job);
  const ended = listed?.filter((job) => isBackup(job) && job.ended !== undefined);
  const past = ended?.filter((job) => (job.ended ?? 0) <= now + slack);
  if (past !== undefined && ended !== undefined && past.length < ended.length)
    problems.push({
      reason: 'clock_wrong',
      message:
        'a job of Windows Server Backup is dated in the future and left out; check the clock of this host',
    });
  return { facts: factsOf(summary, past, running), problems };
}

function part<T>(schema: z.ZodType<T>, value: unknown, about: string): T {
  const refused = errorSchema.safeParse(value).data?.error;
  if (refused !== undefined)
    throw new CollectorError(
      'tool_failed',
      `Windows Server Backup did not tell its ${about}: ${refused.slice(0, 200)}; the exporter must run as SYSTEM, an administrator or a backup operator`,
    );
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new CollectorError(
    'unexpected_output',
    `the ${about} of Windows Server Backup is not what the script prints`,
    {
      cause: read.error,
    },
  );
}

const isBackup = ({ type }: Job): boolean => type.toLowerCase() === 'backup';

/** 0 and 0 is a success; a result of 0 with a detailed one that is not is a backup with something left out. */
function outcomeOf({ result, detail }: Pick<Job, 'result' | 'detail'>): RunOutcome {
  if (result !== 0) return 'failure';
  return detail === 0 ? 'success' : 'partial';
}

/**
 * `LastSuccessfulBackupTime` is the newest version, also where something was left out of it: only the result of the job that made it
 * says whether it was a success.
 */
function factsOf(
  summary: z.infer<typeof summarySchema>,
  past: readonly Job[] | undefined,
  running: Job | undefined,
): BackupFacts {
  const jobs = past?.toSorted((a, b) => (b.ended ?? 0) - (a.ended ?? 0));
  const newest = jobs?.find((job) => outcomeOf(job) !== 'failure');
  const last = jobs?.[0];
  const lastRun: ToolRun | undefined =
    last?.ended === undefined
      ? summary.lastBackup === undefined
        ? undefined
        : { ended: summary.lastBackup, outcome: outcomeOf(summary) }
      : { ended: last.ended, outcome: outcomeOf(last) };
  const told =
    summary.lastBackup !== undefined &&
    summary.lastBackup === summary.lastSuccess &&
    outcomeOf(summary) === 'success'
      ? summary.lastSuccess
      : undefined;
  const success = jobs?.find((job) => outcomeOf(job) === 'success')?.ended ?? told;
  return {
    restorePointCount: summary.versions,
    readable: true,
    // Nothing there to restore from takes back every success.
    lastSuccess: summary.versions === 0 ? undefined : success,
    newest:
      newest?.started === undefined || newest.ended === undefined || newest.ended < newest.started
        ? undefined
        : { duration: newest.ended - newest.started },
    lastRun,
    runningSince:
      running !== undefined && isBackup(running) && running.state.toLowerCase() === 'running'
        ? running.started
        : undefined,
  };
}
