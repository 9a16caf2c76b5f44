import { z } from 'zod';
import type { Problem } from '../../collector.ts';
import { moment } from '../backup/moment.ts';
import { sorted, strangers, textIn } from './decode.ts';
import type { JobHistory } from './history.ts';
import { isResult, outcomeOf, phaseOf, type Run, runsOf, type Session } from './sessions.ts';

/** JobStateModel, keys in lower case. */
export const jobSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  type: z.string().nullish(),
  status: z.string().nullish(),
  lastrun: z.string().nullish(),
  lastresult: z.string().nullish(),
});
type JobState = z.infer<typeof jobSchema>;
/** SessionModel. `activityId` is what `jobId` was called before 1.2. */
const sessionSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  jobid: z.string().nullish(),
  activityid: z.string().nullish(),
  sessiontype: z.string(),
  creationtime: z.string(),
  endtime: z.string().nullish(),
  state: z.string(),
  result: z.object({ result: z.string().nullish(), iscanceled: z.boolean().nullish() }).nullish(),
  retryinfo: z.unknown().optional(),
  originalsessionid: z.string().nullish(),
});
type SessionModel = z.infer<typeof sessionSchema>;
/**
 * Types of sessions that make restore points (ESessionType of 1.1 to 1.3; Job is the only one of 1.1). A health check, a scan or a
 * log backup has the job it belongs to as well, and its success is none of the job.
 */
const backupTypes = new Set([
  'job',
  'backupjob',
  'replicajob',
  'copybackup',
  'backupcopy',
  'backupcopyjob',
  'backupcopyjobparent',
  'agentbackup',
  'agentpolicy',
  'endpointbackup',
  'irisbackup',
  'entraidtenantbackup',
  'platformbackupjob',
  'platformsnapshotjob',
  'platformsnapshotcopyjob',
  'nasbackup',
  'filebackup',
  'objectstoragebackup',
  'unstructureddatabackup',
  'unstructureddatabackupcopy',
]);

/** @param list sessions, keys in lower case. */
export function parseHistory(
  states: readonly JobState[],
  list: readonly unknown[],
): {
  readonly jobs: ReadonlyMap<string, JobHistory & { readonly id: string }>;
  readonly unknown: ReadonlySet<string>;
  readonly restoreTests: ReadonlyMap<string, readonly Run[]>;
  readonly problems: readonly Problem[];
} {
  const names = new Map(states.map(({ id, name }) => [id.toLowerCase(), name]));
  const { read, strange } = sorted(list, sessionSchema);
  const jobOf = (session: SessionModel): string =>
    names.get((session.jobid ?? session.activityid ?? '').toLowerCase()) ?? session.name;
  const understood = read.map((session) => ({ session, job: jobOf(session), as: understand(session) }));
  const ofType = (types: ReadonlySet<string>) =>
    Map.groupBy(
      understood.filter(({ session }) => types.has(session.sessiontype.toLowerCase())),
      ({ job }) => job,
    );
  const backups = ofType(backupTypes);
  const lost = [
    ...strange.map((session) => textIn(session, 'name')),
    ...understood.flatMap(({ as, job, session }) =>
      as === 'strange' && backupTypes.has(session.sessiontype.toLowerCase()) ? [job] : [],
    ),
  ];
  return {
    jobs: new Map(
      states.map((state) => [
        state.name,
        {
          id: state.id.toLowerCase(),
          runs: runsAmong(backups.get(state.name) ?? []),
          lastRun: lastRunOf(state),
        },
      ]),
    ),
    unknown: new Set(lost.filter((name) => name !== undefined)),
    restoreTests: new Map([...ofType(new Set(['surebackup']))].map(([job, all]) => [job, runsAmong(all)])),
    problems: strangers(lost, list.length, 'sessions'),
  };
}

function runsAmong(all: readonly { readonly as: Session | 'idle' | 'strange' }[]): readonly Run[] {
  return runsOf(all.flatMap(({ as }) => (typeof as === 'string' ? [] : [as])));
}

function understand(session: SessionModel): Session | 'idle' | 'strange' {
  const phase = phaseOf(session.state);
  const started = moment(session.creationtime);
  const ended = phase === 'ended' ? moment(session.endtime) : undefined;
  if (phase === 'idle') return 'idle';
  if (started === undefined || !isResult(session.result?.result)) return 'strange';
  if (phase === 'ended' && (ended === undefined || ended < started)) return 'strange';
  return {
    id: session.id,
    started,
    ended,
    outcome:
      phase === 'ended' ? outcomeOf(session.result?.result, session.result?.iscanceled === true) : undefined,
    retry:
      (session.retryinfo !== undefined && session.retryinfo !== null) ||
      (typeof session.originalsessionid === 'string' && session.originalsessionid !== session.id),
  };
}

/**
 * The last run as the state of a job has it, for jobs whose sessions are gone or of a type this reader does not know. While a job
 * runs, `lastRun` is the run under way and `lastResult` the result of the one before: they say nothing together. When it ended is
 * not told, so its beginning stands for it: never newer than it is.
 */
function lastRunOf({ status, lastrun, lastresult }: JobState): JobHistory['lastRun'] {
  const started = moment(lastrun);
  const still = ['inactive', 'stopped', 'disabled'].includes(status?.toLowerCase() ?? '');
  if (!still || started === undefined) return undefined;
  const word = lastresult?.toLowerCase() ?? '';
  if (!['success', 'warning', 'failed'].includes(word)) return undefined;
  return { ended: started, outcome: outcomeOf(word) };
}
