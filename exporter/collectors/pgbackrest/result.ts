import type { BackupResult, EndedCommand } from '../../backup-result.ts';
import { firstError } from './failure.ts';

/** What a run of `pgbackrest backup`, `verify` or `check` did; undefined for any other command. */
export function pgbackrestResult({ argv, exitCode, stdout, stderr }: EndedCommand): BackupResult | undefined {
  const text = `${stdout}\n${stderr}`;
  const command = commandOf(argv, text);
  if (command === 'backup') return parseBackupResult(text, exitCode);
  if (command === 'verify') return parseVerify(text, exitCode, argv);
  if (command === 'check') return parseCheck(text, exitCode);
  return undefined;
}

/** The command pgBackRest ran: as its log begins, which also tells it where a script called it; else as it was called, also inside a line for a shell. */
function commandOf(argv: readonly string[], text: string): string | undefined {
  const begun = /\bP00 +INFO: ([a-z-]+) command begin\b/.exec(text)?.[1];
  if (begun !== undefined) return begun;
  const words = argv.flatMap((word) => word.split(/\s+/));
  const program = words.findIndex((word) => word.split('/').at(-1) === 'pgbackrest');
  if (program === -1) return undefined;
  const commands = words.slice(program + 1).filter((word) => known.has(word));
  // A line that backs up and verifies is a backup; its check is not told apart.
  return commands.includes('backup') ? 'backup' : commands.at(-1);
}

const known: ReadonlySet<string> = new Set(['backup', 'verify', 'check', 'info', 'restore', 'expire']);

/**
 * What `pgbackrest backup` did. It ends with 0 although page checksums of the database are wrong and only warns
 * (src/command/backup/backup.c); `info` then lists the backup with an error.
 */
export function parseBackupResult(text: string, exitCode: number): BackupResult {
  if (exitCode !== 0) return { kind: 'run', outcome: 'failure', reason: ended(text, exitCode) };
  const total = /\bbackup size = [^,\n]+, file total = (\d+)/.exec(text)?.[1];
  const files = total === undefined ? undefined : Number(total);
  const wrong = /\bWARN: +((?:invalid page checksum|page misalignment)[^\n]*)/.exec(text)?.[1];
  if (wrong === undefined) return { kind: 'run', outcome: 'success', files };
  return {
    kind: 'run',
    outcome: 'partial',
    reason: `pgbackrest backup warns: ${wrong.slice(0, 300)}`,
    files,
  };
}

/** Exit codes of a command that could not look: options, files it may not open, hosts, locks, signals (src/build/error/error.yaml). */
const couldNotLook: ReadonlySet<number> = new Set([
  25, 27, 30, 31, 32, 37, 39, 41, 48, 49, 50, 52, 56, 57, 62, 63, 72, 94, 96, 100, 101, 102, 105,
]);

/**
 * The verdict of `pgbackrest verify`, which reads every file of the repository and compares its checksum. It ends with 0 and
 * "completed successfully" when backups are corrupt (seen with 2.45 and 2.55): only its text tells, and only with
 * `--output=text` or a console log of level info. Without `--verbose` it says nothing where all is well.
 * @param argv how it was called.
 */
export function parseVerify(text: string, exitCode: number, argv: readonly string[] = []): BackupResult {
  // Without either of its two lists nothing was looked at: a wrong path, no permission, or damage; info tells which.
  if (text.includes('No usable backup.info file') && text.includes('No usable archive.info file'))
    return noVerdict(
      'pgbackrest verify could read neither backup.info nor archive.info; ask pgbackrest info why',
    );
  const bad = /^.*\bbackup: (\S+), status: (?!valid|in-progress)([a-z -]+)/m.exec(text);
  if (bad !== null) return verdict(false, `backup ${bad[1]} is ${bad[2]}${countsIn(text)}`);
  if (/^\s*status: error\b/m.test(text))
    return verdict(false, `pgbackrest verify found errors${countsIn(text)}`);
  // Before 2.46 or so it also ends with an error for what it found.
  if (/\d+ fatal errors encountered/.test(text)) return verdict(false, ended(text, exitCode));
  if (exitCode !== 0) return noVerdict(ended(text, exitCode));
  if (/no archives or backups exist in the repo|^\s*backup: none found/m.test(text))
    return noVerdict('pgbackrest verify found no backup to verify');
  if (/^\s*status: ok\b/m.test(text)) return verdict(true);
  const told =
    argv.join(' ').includes('--output=text') || /--output=text\b|\bINFO: verify command begin\b/.test(text);
  if (told) return verdict(true);
  return noVerdict(
    'pgbackrest verify ends with 0 also for corrupt backups and only says so when asked; call it with --output=text --verbose',
  );
}

function verdict(success: boolean, reason?: string): BackupResult {
  return { kind: 'check', depth: 'data', success, reason };
}

function countsIn(text: string): string {
  const counts = /^\s*((?:missing|checksum invalid|size invalid|other): [1-9][^\n]*)/m.exec(text)?.[1];
  return counts === undefined ? '' : ` (${counts.trim()})`;
}

/** The verdict of `pgbackrest check`: whether WAL arrives in the repository. It reads no backup, so it is one on the structure. */
export function parseCheck(text: string, exitCode: number): BackupResult {
  if (exitCode === 0) return { kind: 'check', depth: 'structure', success: true };
  const reason = ended(text, exitCode);
  if (couldNotLook.has(exitCode) || exitCode >= 126) return noVerdict(reason);
  return { kind: 'check', depth: 'structure', success: false, reason };
}

function noVerdict(reason: string): BackupResult {
  return { kind: 'no_verdict', reason };
}

function ended(text: string, exitCode: number): string {
  return `pgbackrest ended with ${exitCode}: ${firstError(text)}`;
}
