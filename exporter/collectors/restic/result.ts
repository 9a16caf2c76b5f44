import { z } from 'zod';
import type { ToolOutput } from '../../collector.ts';
import { parseFailure, plainText, shown } from './failure.ts';

/** What a run of `restic backup` did. */
export interface BackupRunResult {
  readonly kind: 'run';
  readonly outcome: 'success' | 'partial' | 'failure';
  /** Why it is not a success, one sentence. */
  readonly reason?: string | undefined;
  /** Source data it covered. */
  readonly bytes?: number | undefined;
  readonly addedBytes?: number | undefined;
  readonly files?: number | undefined;
}

/** What `restic check` found, or that it could not look. */
export type CheckRunResult =
  | {
      readonly kind: 'check';
      /** `data` where packs were read back: all of them, or the share the command asked for. It looked at the structure as well. */
      readonly depth: 'structure' | 'data';
      readonly success: boolean;
      readonly reason?: string | undefined;
      /** The part of the data that was read, as the command names it (`1/7`, `10%`, `50G`), when it was not all. */
      readonly share?: string | undefined;
    }
  /** It says nothing about the repository: busy, wrong password, not reachable. */
  | { readonly kind: 'no_verdict'; readonly reason: string };

const count = z.number().nonnegative().optional().catch(undefined);
const summarySchema = z.object({
  message_type: z.literal('summary'),
  total_files_processed: count,
  total_bytes_processed: count,
  data_added: count,
  dry_run: z.boolean().optional().catch(undefined),
});

/**
 * Said of a source that is not in the snapshot. With a missing path among several restic up to 0.18 ends with 0 and only says
 * so on stderr (cmd/restic/cmd_backup.go, `filterExisting`; it ends with 3 in later versions); files it could not read are `error` messages.
 */
const missing = /does not exist, skipping$|"message_type":"error"|^error: |could not be read/;
/** The scan only estimates how much there is; what it could not read the archiver tries again. */
const scanning = /"during":"scan"/;

/**
 * The result of `restic backup`, from 0.14 on, with or without `--json`. Exit code 3 is a snapshot with parts missing; any code
 * that is not known is a failure, as https://restic.readthedocs.io/en/stable/075_scripting.html demands. A dry run saves nothing and
 * is a failure of the job. Numbers without `--json` are as restic rounds them.
 */
export function parseBackupResult(exitCode: number, stdout: string, stderr: string): BackupRunResult {
  const numbers = parseSummary(stdout) ?? parseText(stdout);
  if (exitCode !== 0 && exitCode !== 3)
    return {
      kind: 'run',
      outcome: 'failure',
      reason: parseFailure({ exitCode, stderr: stderr === '' ? stdout : stderr }).message,
    };
  if (numbers.dryRun)
    return { kind: 'run', outcome: 'failure', reason: 'it was a dry run, which saves nothing' };
  const { files, bytes, addedBytes } = numbers;
  const lines = stderr.split('\n').filter((line) => missing.test(line) && !scanning.test(line));
  const [first] = lines;
  if (exitCode === 0 && first === undefined)
    return { kind: 'run', outcome: 'success', files, bytes, addedBytes };
  const what = first === undefined ? 'restic ended with 3' : shown(plainText(first).trim());
  const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : '';
  return {
    kind: 'run',
    outcome: 'partial',
    reason: `something is missing in the snapshot: ${what}${more}`,
    files,
    bytes,
    addedBytes,
  };
}

interface Numbers {
  readonly files?: number | undefined;
  readonly bytes?: number | undefined;
  readonly addedBytes?: number | undefined;
  readonly dryRun: boolean;
}

function parseSummary(stdout: string): Numbers | undefined {
  for (const line of stdout.split('\n').toReversed()) {
    const summary = summarySchema.safeParse(parseJson(line)).data;
    if (summary !== undefined)
      return {
        files: summary.total_files_processed,
        bytes: summary.total_bytes_processed,
        addedBytes: summary.data_added,
        dryRun: summary.dry_run === true,
      };
  }
  return undefined;
}

const units: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** `processed 51 files, 976.565 KiB in 0:00` and `Added to the repository: 1.350 KiB (…)` (`repo:` up to 0.14). */
function parseText(stdout: string): Numbers {
  const [, files, size, unit] = /^processed (\d+) files, ([\d.]+) ([KMGT]?i?B) in /m.exec(stdout) ?? [];
  const [, verb, added, addedUnit] =
    /^(Added|Would add) to the repo(?:sitory)?: ([\d.]+) ([KMGT]?i?B)/m.exec(stdout) ?? [];
  return {
    files: files === undefined ? undefined : Number(files),
    bytes: inBytes(size, unit),
    addedBytes: inBytes(added, addedUnit),
    dryRun: verb === 'Would add',
  };
}

function inBytes(size: string | undefined, unit: string | undefined): number | undefined {
  const factor = units[unit ?? ''];
  return size === undefined || factor === undefined ? undefined : Math.round(Number(size) * factor);
}

const checkSummarySchema = z.object({
  message_type: z.literal('summary'),
  num_errors: z.number(),
  broken_packs: z.array(z.unknown()).nullish().catch(undefined),
});

/** What restic says once it has found damage (cmd/restic/cmd_check.go). */
const damaged = /repository contains errors|LoadIndex returned errors/;
/** Ended with Ctrl-C. */
const interrupted = 130;
/** Said when a store did not answer; damage is something else. */
const away = /connection (?:refused|reset|timed out)|no such host|i\/o timeout|network is unreachable/i;

/**
 * The verdict of `restic check`, from 0.14 on. Without `--read-data` or `--read-data-subset` only indexes and trees are looked
 * at: damaged data pass unnoticed. A subset is a check of the data, of the share it names; rotate it (`1/7` to `7/7`) so that all
 * are read in time. A lock is no damage, although `--json` then counts it in `num_errors`.
 * @param args the arguments of restic.
 */
export function parseCheckResult(
  args: readonly string[],
  exitCode: number,
  stdout: string,
  stderr: string,
): CheckRunResult {
  const { depth, share } = checkDepth(args);
  const verdict = { kind: 'check', depth, ...(share === undefined ? {} : { share }) } as const;
  const summary = stdout
    .split('\n')
    .map((line) => checkSummarySchema.safeParse(parseJson(line)).data)
    .findLast((found) => found !== undefined);
  const errors = summary?.num_errors ?? 0;
  const broken = summary?.broken_packs?.length ?? 0;
  if (exitCode === 0 && errors === 0 && broken === 0) return { ...verdict, success: true };
  const failure = parseFailure({ exitCode, stderr: stderr.trim() === '' ? lastWords(stdout) : stderr });
  const told = `${stdout}\n${stderr}`;
  // Any failure counts as an error in the summary, a wrong password too: it is a verdict only where no other reason is given.
  const found = damaged.test(told) || broken > 0 || (errors > 0 && !/Fatal:/.test(told));
  if (failure.reason === 'tool_failed' && exitCode !== interrupted && found && !away.test(told))
    return { ...verdict, success: false, reason: firstDamage(stdout, stderr) ?? failure.message };
  return { kind: 'no_verdict', reason: `restic could not check: ${failure.message}` };
}

/** Text output has no reason on stderr in some versions; the lines before it are progress. */
function lastWords(stdout: string): string {
  return stdout.split('\n').findLast((line) => /^Fatal:|^error|already locked/i.test(line)) ?? stdout;
}

/** The line that says what is damaged, rather than the one that sums up. */
function firstDamage(stdout: string, stderr: string): string | undefined {
  const lines = [...stderr.split('\n'), ...stdout.split('\n')].map((line) => plainText(line).trim());
  const line = lines.find((text) =>
    /does not match|ciphertext|invalid|damaged|missing|not found|does not exist/i.test(text),
  );
  return line === undefined ? undefined : `restic found damage: ${shown(line)}`;
}

function checkDepth(args: readonly string[]): {
  readonly depth: 'structure' | 'data';
  readonly share: string | undefined;
} {
  for (const [at, argument] of args.entries()) {
    const [name, value] = argument.split('=', 2);
    if (name === '--read-data' && value !== 'false') return { depth: 'data', share: undefined };
    if (name === '--read-data-subset') return { depth: 'data', share: value ?? args[at + 1] };
  }
  return { depth: 'structure', share: undefined };
}

function parseJson(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Commands of restic, to find the one among its options. */
const commands = new Set(
  'backup cache cat check copy diff dump find forget generate help init key list ls migrate mount options prune rebuild-index recover repair restore rewrite self-update snapshots stats tag unlock version'.split(
    ' ',
  ),
);
/** Options before the command that take the next argument as their value. */
const valued =
  /^(?:-r|--repo|-p|--password-file|--password-command|--repository-file|-o|--option|--cacert|--cache-dir|--key-hint|--limit-upload|--limit-download|--tls-client-cert|--compression|--pack-size)$/;

/** Understands `restic backup` and `restic check`, also behind `sudo`, `nice` or a container; undefined for any other command. */
export function resticResult({
  argv,
  exitCode,
  stdout,
  stderr,
}: ToolOutput & { readonly argv: readonly string[] }): BackupRunResult | CheckRunResult | undefined {
  const program = argv.findIndex((word) => /(?:^|\/)restic(?:[-_][\w.-]+)?(?:\.exe)?$/.test(word));
  if (program === -1) return undefined;
  const args = argv.slice(program + 1);
  const command = args.find((word, at) => commands.has(word) && !valued.test(args[at - 1] ?? ''));
  if (command === 'backup') return parseBackupResult(exitCode, stdout, stderr);
  if (command === 'check') return parseCheckResult(args, exitCode, stdout, stderr);
  return undefined;
}
