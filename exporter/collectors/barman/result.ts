import type { BackupResult, EndedCommand } from '../../backup-result.ts';
import type { ToolOutput } from '../../collector.ts';
import { failedChecks } from './check.ts';
import { firstError, plainText } from './failure.ts';

/** What a run of `barman backup`, `verify-backup` or `check` did; undefined for any other command. */
export function barmanResult(ended: EndedCommand): BackupResult | undefined {
  const command = commandOf(ended.argv);
  if (command === 'backup') return parseBackupResult(ended);
  if (command === 'verify-backup' || command === 'verify') return parseVerifyBackup(ended);
  if (command === 'check') return parseCheckResult(ended);
  return undefined;
}

/** Options of barman before its command that take a value. */
const valued: ReadonlySet<string> = new Set(['-c', '--config', '-f', '--format', '--color', '--log-level']);

/** The command after the program, also inside a line for a shell; the user it runs as has the same name (`sudo -u barman barman backup pg`). */
function commandOf(argv: readonly string[]): string | undefined {
  const words = argv.flatMap((word) => word.split(/\s+/));
  const commands = words.flatMap((word, at) => {
    if (word.split('/').at(-1) !== 'barman') return [];
    const after = words.slice(at + 1);
    return after.find((each, index) => !each.startsWith('-') && !valued.has(after[index - 1] ?? '')) ?? [];
  });
  return commands.find((command) => command !== 'barman' && !command.endsWith('/barman'));
}

/**
 * What `barman backup` did. It ends with 0 when the copy is there and WAL is still on its way (WAITING_FOR_WALS): that is no
 * failure of the run, and the list of backups tells when the restore point is complete.
 */
function parseBackupResult(ended: ToolOutput): BackupResult {
  if (ended.exitCode === 0) return { kind: 'run', outcome: 'success' };
  return { kind: 'run', outcome: 'failure', reason: reasonOf(ended) };
}

/**
 * The verdict of `barman verify-backup`, which has pg_verifybackup read every file and compare it with the manifest. A backup
 * without a manifest (rsync without `generate-manifest`), and one that is not there, are not looked at.
 */
function parseVerifyBackup(ended: ToolOutput): BackupResult {
  const text = plainText(ended.stdout, ended.stderr);
  if (ended.exitCode === 0 && text.includes('backup successfully verified'))
    return { kind: 'check', depth: 'data', success: true };
  const said = /pg_verifybackup: (?:error|fatal): .*/.exec(text)?.[0].trim().slice(0, 300);
  const reason = said ?? reasonOf(ended);
  const looked = said !== undefined && !/could not open file .*backup_manifest/.test(said);
  if (ended.exitCode !== 0 && looked && text.includes('verify backup failure'))
    return { kind: 'check', depth: 'data', success: false, reason };
  return { kind: 'no_verdict', reason };
}

/** The verdict of `barman check`, in text or JSON: whether backups and WAL still arrive. */
function parseCheckResult(ended: ToolOutput): BackupResult {
  const failed = failedChecks(ended.stdout);
  if (failed === undefined) return { kind: 'no_verdict', reason: reasonOf(ended) };
  if (failed.length === 0) return { kind: 'check', depth: 'structure', success: true };
  return { kind: 'check', depth: 'structure', success: false, reason: `failed: ${failed.join(', ')}` };
}

function reasonOf({ exitCode, stdout, stderr }: ToolOutput): string {
  return `barman ended with ${exitCode}: ${firstError(stdout, stderr)}`;
}
