import type { Problem } from '../../collector.ts';
import type { BackupFacts, RestorePoint } from '../backup/facts.ts';
import { repositoryProblem } from './failure.ts';
import type { Stanza, StanzaBackup } from './info.ts';

/** Status codes of a repository that was read: ok, and no valid backups (src/command/info/info.c, INFO_STANZA_STATUS_CODE_*). */
const read: readonly number[] = [0, 2];
/** Status of a stanza whose repositories hold different databases. */
const databaseMismatch = 5;

/** What one stanza tells. */
export interface StanzaFacts {
  readonly facts: BackupFacts;
  /** Without the name of the job. */
  readonly problems: readonly Problem[];
  /** Whether a backup or expire of the stanza is under way; undefined where its repository cannot be told. */
  readonly held: boolean | undefined;
}

/**
 * Facts of a stanza. With several repositories a restore point in any of them counts, and one that cannot be read makes the
 * list unreadable: what it holds is not known.
 * @param repo key of the only repository that matters.
 */
export function stanzaFacts(stanza: Stanza, repo?: number): StanzaFacts {
  const repositories = (stanza.repo ?? [{ key: 1, status: stanza.status }]).filter(
    ({ key }) => repo === undefined || key === repo,
  );
  const problems: Problem[] = repositories
    .filter(({ status }) => !read.includes(status.code))
    .map((repository) => repositoryProblem(stanza.name, repository));
  const readable = repositories.length > 0 && problems.length === 0;
  if (repositories.length === 0)
    problems.push({
      reason: 'repository_missing',
      message: `pgbackrest info tells nothing of repository ${repo ?? 'any'} of stanza ${stanza.name}; check repo`,
    });
  if (stanza.status.code === databaseMismatch)
    problems.push({
      reason: 'tool_failed',
      message: `the repositories of stanza ${stanza.name} hold different databases; run pgbackrest stanza-upgrade for each`,
    });
  const backups = stanza.backup.filter((backup) => repo === undefined || repositoryOf(backup) === repo);
  return {
    facts: {
      readable,
      restorePoints: readable ? backups.map((backup) => restorePoint(backup, stanza)) : undefined,
    },
    problems,
    // The lock is one per stanza and does not tell which repository is written to.
    held: repo === undefined ? stanza.status.lock?.backup?.held : undefined,
  };
}

function restorePoint(backup: StanzaBackup, stanza: Stanza): RestorePoint {
  const { start, stop } = backup.timestamp;
  return {
    time: stop,
    started: start,
    duration: stop >= start ? stop - start : undefined,
    incomplete: isIncomplete(backup, stanza),
    bytes: backup.info?.size ?? undefined,
    addedBytes: backup.info?.repository?.delta ?? undefined,
  };
}

/**
 * Whether something is missing or wrong in a backup, although pgBackRest lists it with status ok: wrong page checksums, a
 * backup it builds on or WAL it needs is gone, or it is of a database that has been replaced (stanza-upgrade).
 */
function isIncomplete(backup: StanzaBackup, stanza: Stanza): boolean {
  return (
    backup.error === true ||
    lacksReference(backup, stanza) ||
    lacksWal(backup, stanza) ||
    isOfFormerDatabase(backup, stanza)
  );
}

function lacksReference(backup: StanzaBackup, { backup: all }: Stanza): boolean {
  const labels = new Set(
    all.filter((other) => repositoryOf(other) === repositoryOf(backup)).map(({ label }) => label),
  );
  return backup.reference?.some((label) => !labels.has(label)) === true;
}

/** Segment names grow with time (timeline first), so that their order as text is the order in which they were written. */
function lacksWal(backup: StanzaBackup, { archive }: Stanza): boolean {
  const { start, stop } = backup.archive ?? {};
  if (typeof start !== 'string' || typeof stop !== 'string' || !Array.isArray(archive)) return false;
  const ranges = archive.filter(
    ({ database }) =>
      database.id === (backup.database?.id ?? database.id) &&
      (database['repo-key'] ?? 1) === repositoryOf(backup),
  );
  return !ranges.some(
    ({ min, max }) => typeof min === 'string' && typeof max === 'string' && min <= start && stop <= max,
  );
}

function isOfFormerDatabase(backup: StanzaBackup, { db }: Stanza): boolean {
  const ids = (db ?? [])
    .filter((database) => (database['repo-key'] ?? 1) === repositoryOf(backup))
    .map(({ id }) => id);
  const id = backup.database?.id;
  return id !== undefined && ids.length > 0 && id < Math.max(...ids);
}

function repositoryOf({ database }: StanzaBackup): number {
  return database?.['repo-key'] ?? 1;
}
