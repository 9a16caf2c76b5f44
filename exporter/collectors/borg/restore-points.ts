import { CollectorError, type Host, problemOf, type Problem } from '../../collector.ts';
import type { RestorePoint } from '../backup/facts.ts';
import { distrustFuture } from '../backup/future.ts';
import type { BackupJob } from '../backup/job.ts';
import type { JobReading } from '../backup/read-jobs.ts';
import { type Archive, isCheckpoint } from './archives.ts';
import { type Details, recallDetails, rememberDetails } from './memory.ts';

/**
 * Archives as restore points, with the details of the newest ones: asked once per archive and remembered, because `borg info` is
 * expensive. One archive is asked per run at the most: the newest, or, where the configuration expects a least size, the first one
 * of which it is not yet known whether it has it.
 * @param inform asks for the details of one archive; undefined where that is not wanted.
 */
export async function readRestorePoints(
  host: Host,
  tool: string,
  job: BackupJob,
  listed: readonly Archive[],
  inform: ((archive: Archive) => Promise<Archive | undefined>) | undefined,
): Promise<JobReading> {
  const archives = listed.filter((archive) => !isCheckpoint(archive)).toSorted((a, b) => b.start - a.start);
  const known = inform === undefined ? nothing : await learnDetails(host, tool, job, archives, inform);
  const listedPoints = archives.map((archive) => pointOf(archive, known.details.get(archive.id)));
  const { points, problems } = distrustFuture(job.backup_job, listedPoints, host.now());
  return {
    facts: { readable: true, restorePoints: points },
    problems: [...known.problems, ...problems],
  };
}

interface Known {
  readonly details: ReadonlyMap<string, Details>;
  readonly problems: readonly Problem[];
}
const nothing: Known = { details: new Map(), problems: [] };

async function learnDetails(
  host: Host,
  tool: string,
  job: BackupJob,
  archives: readonly Archive[],
  inform: (archive: Archive) => Promise<Archive | undefined>,
): Promise<Known> {
  const recalled = await recallDetails(host, tool, job.backup_job);
  const wanted = firstUnknown(archives, recalled.details, job);
  if (wanted === undefined) return withSlow(job, archives, recalled);
  const asked = await ask(wanted, inform);
  if (asked.details === undefined) {
    const message = `backup job ${job.backup_job}: ${asked.problem.message}`;
    return { ...recalled, problems: [...recalled.problems, { ...asked.problem, message }] };
  }
  const details = new Map([...recalled.details, [wanted.id, asked.details]]);
  const newest = archives.map(({ id }) => id);
  const unsaved = await rememberDetails(host, tool, job.backup_job, details, newest);
  return withSlow(job, archives, { details, problems: [...recalled.problems, ...unsaved] });
}

function pointOf({ start }: Archive, details: Details | undefined): RestorePoint {
  // Dated by its beginning: what changed after that may not be in it, and nothing shall look newer than it is.
  return { time: start, duration: details?.duration, bytes: details?.bytes, files: details?.files };
}

function firstUnknown(
  archives: readonly Archive[],
  details: ReadonlyMap<string, Details>,
  { minimum_bytes: bytes = 0, minimum_files: files = 0 }: BackupJob,
): Archive | undefined {
  for (const archive of archives) {
    const known = details.get(archive.id);
    if (known === undefined) return archive;
    if (known.too_slow === true) return undefined;
    if ((known.bytes ?? 0) >= bytes && (known.files ?? 0) >= files) return undefined;
  }
  return undefined;
}

async function ask(
  wanted: Archive,
  inform: (archive: Archive) => Promise<Archive | undefined>,
): Promise<{ readonly details: Details } | { readonly details?: never; readonly problem: Problem }> {
  try {
    const told = await inform(wanted);
    if (told === undefined)
      throw new CollectorError('unexpected_output', `borg info told nothing of archive ${wanted.name}`);
    return {
      details: {
        ...(told.duration === undefined ? {} : { duration: told.duration }),
        ...(told.stats?.original_size === undefined ? {} : { bytes: told.stats.original_size }),
        ...(told.stats?.nfiles === undefined ? {} : { files: told.stats.nfiles }),
      },
    };
  } catch (error) {
    const problem = problemOf(error);
    return problem.reason === 'timeout' ? { details: { too_slow: true } } : { problem };
  }
}

/** Says that the newest archive was given up, for as long as it is the newest. */
function withSlow(job: BackupJob, archives: readonly Archive[], { details, problems }: Known): Known {
  const newest = archives[0];
  if (newest === undefined || details.get(newest.id)?.too_slow !== true) return { details, problems };
  const message = `backup job ${job.backup_job}: borg info of the newest archive took too long and is not asked again; raise the timeout of the collector, or set sizes: false`;
  return { details, problems: [...problems, { reason: 'timeout', message }] };
}
