import { CollectorError, problemOf, type Collection, type Host, type Problem } from '../../collector.ts';
import { type BackupFacts, backupSamples } from './facts.ts';
import type { BackupJob } from './job.ts';
import { readRecorded } from './recorded.ts';

/** Backup tools derive keys and read indexes, which takes time and tens of MiB: no more than this many at the same time. */
const atOnce = 4;
/** Milliseconds that one job may always take; less would fail the healthy ones of a long list. */
const leastShare = 5000;

/** What a tool told of a job, and what it could not tell. */
export interface JobReading {
  readonly facts: BackupFacts;
  readonly problems: readonly Problem[];
}

/**
 * Reads all declared jobs, a few at a time, inside the collector's own limit. Each may take its share of that time, so that one
 * that hangs does not cost the rest: it occupies one of the places, and the others go on. Every job is there from the first
 * minute, whatever happens, with what is on record of it.
 * @param read asks one job; `timeout` is in milliseconds. What it throws makes the repository unreadable, or leaves that open when it
 * is only busy.
 */
export async function readJobs<J extends BackupJob>(
  tool: string,
  host: Host,
  jobs: readonly J[],
  read: (job: J, timeout: number) => Promise<JobReading>,
): Promise<Collection> {
  const patience = Math.max(host.timeLimit - 10, host.timeLimit * 0.8) * 1000;
  const end = host.now() * 1000 + patience;
  const share = Math.max(patience / Math.ceil(jobs.length / atOnce), Math.min(leastShare, patience));
  const collected: Collection[] = [];
  const waiting = jobs.entries();
  const place = async () => {
    for (const [at, job] of waiting) {
      const left = Math.min(share, end - host.now() * 1000);
      // oxlint-disable-next-line no-await-in-loop -- few at once is the point
      collected[at] = await withRecord(tool, host, job, await attempt(job, left, read));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, place));
  return {
    samples: collected.flatMap(({ samples }) => samples),
    problems: collected.flatMap(({ problems }) => problems),
  };
}

async function attempt<J extends BackupJob>(
  job: J,
  timeout: number,
  read: (job: J, timeout: number) => Promise<JobReading>,
): Promise<JobReading> {
  const about = `backup job ${job.backup_job}`;
  if (timeout <= 0) {
    const late = new CollectorError(
      'timeout',
      'its turn did not come in time; raise the timeout of the collector',
    );
    return { facts: {}, problems: [problemOf(late, about)] };
  }
  try {
    return await read(job, timeout);
  } catch (error) {
    const problem = problemOf(error, about);
    // Busy is not unreadable, and a defect of ours says nothing about the repository.
    const unknown = problem.reason === 'repository_locked' || problem.reason === 'internal_error';
    return { facts: unknown ? {} : { readable: false }, problems: [problem] };
  }
}

async function withRecord(
  tool: string,
  host: Host,
  job: BackupJob,
  { facts, problems }: JobReading,
): Promise<Collection> {
  const recorded = await readRecorded(host, job.backup_job);
  return {
    samples: backupSamples(tool, job, facts, recorded),
    problems: [...problems, ...recorded.problems],
  };
}
