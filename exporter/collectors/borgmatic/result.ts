import { z } from 'zod';
import type { ToolOutput } from '../../collector.ts';
import { shown } from '../borg/failure.ts';
import type { BackupRunResult, CheckRunResult } from '../restic/result.ts';

const count = z.number().nonnegative().optional().catch(undefined);
const createdSchema = z.array(
  z.object({
    archive: z.object({
      stats: z.object({ nfiles: count, original_size: count, deduplicated_size: count }),
    }),
  }),
);

/** How borg words a warning about a source (borg/helpers/errors.py), and how it ends (`--show-rc`). */
const warning =
  /\[Errno -?\d+\]|file changed while we backed it up|never matched|terminating with warning status|Treating exit code \d+ as a warning/;
/** Lines of a failure that say more than that something failed. */
const telling =
  /Failed to (?:create\/)?acquire the lock|passphrase|does not exist|integrity error|No valid configuration|returned non-zero exit status/;
/** Output in which a warning would have been seen. A summary alone is not: it also comes with warnings of borgmatic's own. */
const talkative = /Creating archive|Archive name: |Successfully ran configuration file/;

/**
 * The result of `borgmatic create`. It ends with 0 although borg warned that sources were missing, and without `--json` or
 * `--verbosity 1` prints nothing of it; such a run cannot be called complete.
 */
export function parseBackupResult(exitCode: number, stdout: string, stderr: string): BackupRunResult {
  const lines = [...stderr.split('\n'), ...stdout.split('\n')].map((line) => line.trim());
  if (exitCode !== 0) {
    const said =
      lines.find((line) => telling.test(line)) ??
      lines.find((line) => line !== '' && !/^summary:|^Traceback|^---/.test(line));
    return {
      kind: 'run',
      outcome: 'failure',
      reason: `borgmatic ended with ${exitCode}: ${shown(said ?? 'it gave no reason')}`,
    };
  }
  const created = parseCreated(stdout);
  const numbers = created?.length === 1 ? created[0] : {};
  const warned = lines.find((line) => warning.test(line));
  if (warned !== undefined)
    return {
      kind: 'run',
      outcome: 'partial',
      reason: `something is missing or wrong in the archive: ${shown(warned)}`,
      ...numbers,
    };
  if (created !== undefined || talkative.test(`${stdout}\n${stderr}`))
    return { kind: 'run', outcome: 'success', ...numbers };
  return {
    kind: 'run',
    outcome: 'partial',
    reason:
      'borgmatic ends with 0 and prints nothing when borg could not read a source; run it with --verbosity 1 or --json, so that it can be told',
  };
}

function parseCreated(stdout: string) {
  try {
    return createdSchema.safeParse(JSON.parse(stdout.trim())).data?.map(({ archive: { stats } }) => ({
      files: stats.nfiles,
      bytes: stats.original_size,
      addedBytes: stats.deduplicated_size,
    }));
  } catch {
    return undefined;
  }
}

const actions =
  /^(?:borg|break-lock|check|compact|config|create|delete|export-tar|extract|info|key|list|mount|prune|rcreate|recreate|repo-\w+|restore|rinfo|rlist|init|transfer|umount)$/;

/**
 * Understands a run of `borgmatic` that creates archives: one that names `create`, or no action at all. Its checks are read from what it
 * notes itself; undefined for any other command.
 */
export function borgmaticResult({
  argv,
  exitCode,
  stdout,
  stderr,
}: ToolOutput & { readonly argv: readonly string[] }): BackupRunResult | CheckRunResult | undefined {
  const program = argv.findIndex((word) => /(?:^|\/)borgmatic$/.test(word));
  if (program === -1) return undefined;
  const named = argv.slice(program + 1).filter((word) => actions.test(word));
  if (named.length === 0 || named.includes('create')) return parseBackupResult(exitCode, stdout, stderr);
  if (named.includes('check'))
    return { kind: 'no_verdict', reason: 'the checks of borgmatic are read from what it notes itself' };
  return undefined;
}
