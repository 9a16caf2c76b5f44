import { z } from 'zod';
import type { Problem } from '../../collector.ts';
import { moment } from '../backup/moment.ts';
import { sorted, strangers, textIn } from './decode.ts';
import type { JobHistory, Volume } from './history.ts';
import { isResult, outcomeOf, phaseOf, runsOf, type Session } from './sessions.ts';

const linkSchema = z.object({ name: z.string().nullish(), type: z.string().nullish() });
/** BackupJobSession of RestAPI.xsd, keys in lower case. */
const sessionSchema = z.object({
  uid: z.string().min(1),
  jobname: z.string().min(1),
  creationtimeutc: z.string(),
  endtimeutc: z.string().nullish(),
  state: z.string(),
  result: z.string().nullish(),
  isretry: z.boolean().nullish(),
  links: z.array(linkSchema).nullish(),
});
/** BackupTaskSession: one machine in a session. */
const taskSchema = z.object({
  jobsessionuid: z.string().min(1),
  result: z.string().nullish(),
  totalsize: z.number().nonnegative(),
});
/** What Enterprise Manager told. */
export interface ManagerRead {
  /** By the name of the job; with the name of its backup server behind it where several have one of that name. */
  readonly jobs: ReadonlyMap<string, JobHistory>;
  /** What those are called, by the name they share. */
  readonly namesakes: ReadonlyMap<string, readonly string[]>;
  /** Jobs of which a session could not be understood: what became of them lately is unknown. */
  readonly unknown: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** @param list entities as the query gave them, keys in lower case. */
export function parseSessions(list: readonly unknown[], volumes: ReadonlyMap<string, Volume>): ManagerRead {
  const { read, strange } = sorted(list, sessionSchema);
  const sessions = read.map((session) => ({ session, as: understand(session) }));
  const lost = [
    ...strange.map((session) => textIn(session, 'jobname')),
    ...sessions.flatMap(({ session, as }) => (as === 'strange' ? [session.jobname] : [])),
  ];
  const named = [...Map.groupBy(sessions, ({ session }) => session.jobname)].map(([name, all]) => {
    const byServer = [...Map.groupBy(all, ({ session }) => serverOf(session))];
    return {
      name,
      jobs: byServer.map(([server, theirs]): [string, JobHistory] => [
        byServer.length === 1 ? name : `${name} (${server})`,
        { runs: runsOf(theirs.flatMap(({ as }) => (typeof as === 'string' ? [] : [as]))), volumes },
      ]),
    };
  });
  const unsure = new Set(lost.filter((name) => name !== undefined));
  return {
    jobs: new Map(named.flatMap(({ jobs }) => jobs)),
    namesakes: new Map(
      named.filter(({ jobs }) => jobs.length > 1).map(({ name, jobs }) => [name, jobs.map(([full]) => full)]),
    ),
    unknown: new Set([
      ...unsure,
      ...named.filter(({ name }) => unsure.has(name)).flatMap(({ jobs }) => jobs.map(([full]) => full)),
    ]),
    problems: strangers(lost, list.length, 'sessions'),
  };
}

function serverOf({ links }: z.infer<typeof sessionSchema>): string {
  return links?.find(({ type }) => type === 'BackupServerReference')?.name ?? 'unknown server';
}

function understand(session: z.infer<typeof sessionSchema>): Session | 'idle' | 'strange' {
  const phase = phaseOf(session.state);
  const started = moment(session.creationtimeutc, 'UTC');
  const ended = phase === 'ended' ? moment(session.endtimeutc, 'UTC') : undefined;
  if (phase === 'idle') return 'idle';
  if (started === undefined || !isResult(session.result)) return 'strange';
  if (phase === 'ended' && (ended === undefined || ended < started)) return 'strange';
  return {
    id: session.uid,
    started,
    ended,
    outcome: phase === 'ended' ? outcomeOf(session.result) : undefined,
    retry: session.isretry === true,
  };
}

/** Source data by session: what the machines that were backed up in it are large. A session with a machine of unknown size has none. */
export function parseTasks(list: readonly unknown[]): ReadonlyMap<string, Volume> {
  const { read, strange } = sorted(list, taskSchema);
  const unsure = new Set(strange.map((task) => textIn(task, 'jobsessionuid')));
  const sizes = new Map<string, number>();
  for (const { jobsessionuid: id, result, totalsize } of read)
    if (outcomeOf(result) === 'success' || outcomeOf(result) === 'partial')
      sizes.set(id, (sizes.get(id) ?? 0) + totalsize);
  return new Map([...sizes].filter(([id]) => !unsure.has(id)).map(([id, bytes]) => [id, { bytes }]));
}
