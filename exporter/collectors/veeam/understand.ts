import type { Problem } from '../../collector.ts';
import {
  type Answer,
  type FoundJob,
  nameAtServer,
  type ServerRead,
  stillExpected,
} from '../backup/at-server.ts';
import type { BackupJob } from '../backup/job.ts';
import type { RememberedJob, RememberedServer } from '../backup/server-memory.ts';
import { factsOf, type JobHistory, remember } from './history.ts';
import { testOf } from './restore-tests.ts';
import type { Run } from './sessions.ts';

/** Between the clocks of the server and of this host, seconds. */
const slack = 300;

/** What either API told. */
export interface Told {
  /** Whether `jobs` are all jobs there are; otherwise only those that ran lately. */
  readonly all: boolean;
  readonly jobs: ReadonlyMap<string, JobHistory>;
  /** Names that several jobs have, with what each is called to tell them apart. */
  readonly namesakes: ReadonlyMap<string, readonly string[]>;
  readonly unknown: ReadonlySet<string>;
  readonly restoreTests: ReadonlyMap<string, readonly Run[]>;
  readonly problems: readonly Problem[];
}

type Job = BackupJob & { readonly name?: string | undefined; readonly sure_backup?: string | undefined };

/** Prefix of what is remembered of a SureBackup job; no job name holds a control character. */
const test = (name: string): string => `\u0000surebackup ${name}`;

/** Puts together what a server tells now and what it told before. */
export function understand(
  told: Told,
  before: RememberedServer,
  { url }: { readonly url: string },
  now: number,
): ServerRead<Job> {
  const { jobs, problems } = withoutFuture(told, now);
  const remembered = new Map(Object.entries(before.jobs));
  for (const [name, history] of jobs) remembered.set(name, remember(remembered.get(name), history, now));
  for (const [name, runs] of told.restoreTests) {
    const newest = testOf(runs, remembered.get(test(name))?.restore_test);
    if (newest !== undefined) remembered.set(test(name), { seen: now, restore_test: newest });
  }
  const factsFor = (name: string, job: Pick<BackupJob, 'minimum_bytes' | 'minimum_files'>) => {
    const memory = remembered.get(name);
    if (memory === undefined || told.unknown.has(name)) return {};
    return factsOf(job, memory, jobs.get(name));
  };
  const answer = (job: Job): Answer => {
    const name = nameAtServer(job);
    const tested =
      job.sure_backup === undefined ? undefined : remembered.get(test(job.sure_backup))?.restore_test;
    return {
      facts: { ...factsFor(name, job), ...(tested === undefined ? {} : { restoreTest: tested }) },
      problems: missing(name, url, told),
    };
  };
  const current = told.all ? [...jobs.keys()] : seenLately(remembered, now);
  return {
    found: new Map(
      current.map((name): [string, FoundJob] => [name, { facts: factsFor(name, {}), backup: true }]),
    ),
    answer,
    problems: [...told.problems, ...problems],
    memory: { asked: now, ...openSince(jobs), jobs: Object.fromEntries(remembered) },
  };
}

/** Names of jobs that had a session in the last month. */
export function seenLately(
  remembered: Iterable<readonly [string, RememberedJob]>,
  now: number,
): readonly string[] {
  return [...remembered]
    .filter(([name, { seen }]) => !name.startsWith('\u0000') && seen > now - stillExpected)
    .map(([name]) => name);
}

function openSince(jobs: ReadonlyMap<string, JobHistory>): Pick<RememberedServer, 'open'> {
  const open = [...jobs.values()].flatMap(({ runs }) =>
    runs.flatMap(({ started, ended }) => (ended === undefined ? [started] : [])),
  );
  return open.length === 0 ? {} : { open: Math.min(...open) };
}

/** A run that ended in the future would keep a job fresh for ever. */
function withoutFuture(
  { jobs }: Told,
  now: number,
): { readonly jobs: ReadonlyMap<string, JobHistory>; readonly problems: readonly Problem[] } {
  const late = (time: number | undefined) => time !== undefined && time > now + slack;
  const wrong: string[] = [];
  const past = [...jobs].map(([name, history]): [string, JobHistory] => {
    const runs = history.runs.filter(({ started, ended }) => !late(started) && !late(ended));
    const told = late(history.lastRun?.ended);
    if (runs.length === history.runs.length && !told) return [name, history];
    wrong.push(name);
    return [name, { ...history, runs, lastRun: told ? undefined : history.lastRun }];
  });
  if (wrong.length === 0) return { jobs, problems: [] };
  const message = `runs of ${wrong.slice(0, 5).join(', ')} are dated in the future and left out; check the clocks of the server and of this host`;
  return { jobs: new Map(past), problems: [{ reason: 'clock_wrong', message }] };
}

function missing(name: string, url: string, { all, jobs, namesakes }: Told): readonly Problem[] {
  const several = namesakes.get(name);
  if (several !== undefined) {
    const message = `${url} has several jobs named ${name}; declare each with its name there: ${several.slice(0, 5).join(', ')}`;
    return [{ reason: 'unexpected_output', message }];
  }
  if (!all || jobs.has(name)) return [];
  const message = `${url} shows no job named ${name}: it was renamed or deleted, or the user may not see it`;
  return [{ reason: 'source_missing', message }];
}
