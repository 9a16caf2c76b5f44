import type { BackupResult, EndedCommand } from '../../backup-result.ts';
import { levelOf } from './log.ts';

/**
 * Understands `rsnapshot <level>`. It ends with 0 when all went well, 1 after an error and 2 after warnings, as when rsync could not
 * transfer some files (rsnapshot(1), "EXIT VALUES"; handle_rsync_error for the codes 23 and 24 of rsync).
 */
export function rsnapshotResult({ argv, exitCode, stderr }: EndedCommand): BackupResult | undefined {
  const at = argv.findIndex((word) => /(?:^|\/)rsnapshot(?:\.pl)?$/.test(word));
  if (at === -1) return undefined;
  const level = levelOf(argv.slice(at).join(' '));
  if (
    /^(?:configtest|du|diff|help|version|version_only|get-latest-snapshot|check-config-version|upgrade-config-file)?(?: |$)/.test(
      level,
    )
  )
    return undefined;
  if (argv.slice(at + 1).some((word) => /^-[a-zA-Z]*t/.test(word)))
    return { kind: 'run', outcome: 'failure', reason: 'it was a test (-t), which saves nothing' };
  if (exitCode === 0) return { kind: 'run', outcome: 'success' };
  const lines = stderr.split('\n').filter((line) => /^(?:ERROR|WARNING): /.test(line));
  const reason = `it ended with ${exitCode}: ${(lines.at(-1) ?? 'it gave no reason').slice(0, 300)}`;
  return { kind: 'run', outcome: exitCode === 2 ? 'partial' : 'failure', reason };
}
