import { type Collection, type Host, type Problem, problemOf } from '../../collector.ts';
import { type BackupFacts, backupSamples } from './facts.ts';
import type { BackupJob } from './job.ts';
import { readRecorded } from './recorded.ts';
import { eachOf, shareOfTime } from './rest.ts';
import { nothingRemembered, readServers, type RememberedServer, writeServers } from './server-memory.ts';
import type { BackupServer } from './server.ts';

/** Servers asked at the same time. */
const atOnce = 4;
/** Seconds for which a backup that cannot be seen now is still expected. */
export const stillExpected = 31 * 86_400;

/** A declared job at a server. */
type ServerJob = BackupJob & { readonly name?: string | undefined };
type ServerWithJobs<J> = BackupServer & { readonly jobs: readonly J[] };

/** A job as it was found at a server. */
export interface FoundJob {
  readonly facts: BackupFacts;
  /** Whether it makes backups: `others` says what is expected of those, and of nothing else. */
  readonly backup: boolean;
  /** Whether it is left out unless it is declared: switched off at the server. */
  readonly off?: boolean;
}

/** What could be found out of a declared job. */
export interface Answer {
  readonly facts: BackupFacts;
  readonly problems: readonly Problem[];
}

/** What a server told. */
export interface ServerRead<J> {
  /** Every job there, by its name there. */
  readonly found: ReadonlyMap<string, FoundJob>;
  readonly answer: (job: J) => Answer;
  readonly problems: readonly Problem[];
  readonly memory: RememberedServer;
}

/** The name of a declared job at its server. */
export const nameAtServer = (job: ServerJob): string => job.name ?? job.backup_job;

/**
 * Reads servers, few at once, and says all that can be said of their jobs: of the declared ones in any case, and of the others
 * that were found there. A server that cannot be read costs its own facts only.
 * @param read throws when nothing could be read.
 * @param missed the undeclared jobs to expect all the same when nothing could be read.
 */
export async function collectServers<J extends ServerJob, S extends ServerWithJobs<J>>(
  host: Host,
  tool: string,
  servers: readonly S[],
  read: (server: S, before: RememberedServer, until: number) => Promise<ServerRead<J>>,
  missed: (before: RememberedServer) => ReadonlyMap<string, FoundJob>,
): Promise<Collection> {
  const memory = `${tool}-servers`;
  const { servers: remembered, problems } = await readServers(host, memory);
  const taken = new Set(servers.flatMap(({ jobs }) => jobs.map((job) => job.backup_job)));
  const share = shareOfTime(host, servers.length, atOnce);
  const parts = await eachOf(servers, atOnce, async (server) => {
    const before = remembered.get(server.url) ?? nothingRemembered;
    const told = await read(server, before, host.now() + share).catch((error: unknown) =>
      unread<J>(server, before, error, missed),
    );
    const about = told.problems.map((problem) => ({
      ...problem,
      message: `${server.url}: ${problem.message}`,
    }));
    const described = await describeJobs(host, tool, server, told, taken);
    return {
      samples: described.samples,
      problems: [...about, ...described.problems],
      memory: [server.url, told.memory] as const,
    };
  });
  const unwritten = await writeServers(host, memory, new Map(parts.map((part) => part.memory)));
  return {
    samples: parts.flatMap(({ samples }) => samples),
    problems: [...problems, ...parts.flatMap((part) => part.problems), ...unwritten],
  };
}

function unread<J>(
  { others }: BackupServer,
  before: RememberedServer,
  error: unknown,
  missed: (before: RememberedServer) => ReadonlyMap<string, FoundJob>,
): ServerRead<J> {
  const problem = problemOf(error);
  // A defect of ours says nothing about the server.
  const facts = problem.reason === 'internal_error' ? {} : { readable: false };
  return {
    found: others === undefined ? new Map() : missed(before),
    answer: () => ({ facts, problems: [] }),
    problems: [problem],
    memory: before,
  };
}

/** @param taken names of all declared jobs, at whatever server. */
async function describeJobs<J extends ServerJob>(
  host: Host,
  tool: string,
  server: ServerWithJobs<J>,
  { found, answer }: ServerRead<J>,
  taken: ReadonlySet<string>,
): Promise<Collection> {
  const ours = await Promise.all(
    server.jobs.map(async (job): Promise<Collection> => {
      const recorded = await readRecorded(host, job.backup_job);
      const { facts, problems } = answer(job);
      return {
        samples: backupSamples(tool, job, facts, recorded),
        problems: [...problems, ...recorded.problems],
      };
    }),
  );
  const known = new Set([...server.jobs.map(nameAtServer), ...server.ignore]);
  const theirs = [...found]
    .filter(([name, { off }]) => !known.has(name) && off !== true)
    .map(([name, job]) => describeOther(tool, server, name, job, taken));
  return {
    samples: [...ours, ...theirs].flatMap(({ samples }) => samples),
    problems: [...ours, ...theirs].flatMap(({ problems }) => problems),
  };
}

function describeOther(
  tool: string,
  { server, url, others }: BackupServer,
  name: string,
  { facts, backup }: FoundJob,
  taken: ReadonlySet<string>,
): Collection {
  const backupJob = server === undefined ? name : `${server}/${name}`;
  if (taken.has(backupJob)) {
    const message = `${url} has a job ${name} that is not declared, and another job is declared by this name: it is left out; declare it by a name of its own, or ignore it`;
    return { samples: [], problems: [{ reason: 'unexpected_output', message }] };
  }
  const expectation = backup ? others : undefined;
  const recorded = { record: undefined, running: new Set<string>() };
  return {
    samples: backupSamples(tool, { backup_job: backupJob, ...expectation }, facts, recorded),
    problems: [],
  };
}
