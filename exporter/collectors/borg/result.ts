import { z } from 'zod';
import type { ToolOutput } from '../../collector.ts';
import type { BackupRunResult, CheckRunResult } from '../restic/result.ts';
import { parseObject } from './archives.ts';
import { parseFailure, parseSaid, type Said, shown } from './failure.ts';

/**
 * How borg classifies its exit codes: 1 is a warning and 2 an error in every version; with BORG_EXIT_CODES=modern (1.4 and later) also
 * 3 to 99 errors and 100 to 127 warnings; from 128 on a signal
 * (https://borgbackup.readthedocs.io/en/stable/usage/general.html#return-codes).
 */
function classOf(exitCode: number): 'success' | 'warning' | 'error' | 'signal' {
  if (exitCode === 0) return 'success';
  if (exitCode === 1 || (exitCode >= 100 && exitCode < 128)) return 'warning';
  return exitCode >= 128 || exitCode < 0 ? 'signal' : 'error';
}

const count = z.number().nonnegative().optional().catch(undefined);
const createdSchema = z.object({
  archive: z.object({
    stats: z.object({ nfiles: count, original_size: count, deduplicated_size: count }),
  }),
});

/**
 * The result of `borg create`. A warning leaves an archive that looks like any other and lacks what could not be read, or holds a file
 * that changed meanwhile. Numbers are exact with `--json`; with `--stats` only the number of files is.
 */
export function parseBackupResult(exitCode: number, stdout: string, stderr: string): BackupRunResult {
  const kind = classOf(exitCode);
  const said = parseSaid(stderr);
  // Python itself ends with 1 when it cannot even start borg.
  const crashed = said.some(({ text, level }) => level === undefined && text.startsWith('Traceback'));
  if (kind === 'error' || kind === 'signal' || (exitCode === 1 && crashed))
    return { kind: 'run', outcome: 'failure', reason: parseFailure({ exitCode, stderr }).message };
  const numbers = parseNumbers(stdout, said);
  if (kind === 'success') return { kind: 'run', outcome: 'success', ...numbers };
  const warnings = said.filter(isWarning);
  const first = warnings[0]?.text ?? `borg ended with ${exitCode}`;
  const more = warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : '';
  return {
    kind: 'run',
    outcome: 'partial',
    reason: `something is missing or wrong in the archive: ${shown(first)}${more}`,
    ...numbers,
  };
}

function isWarning({ level, text }: Said): boolean {
  if (level !== undefined) return level === 'WARNING';
  return /\[Errno -?\d+\]|file changed while|never matched|: .*(?:error|denied)/i.test(text);
}

function parseNumbers(stdout: string, said: readonly Said[]) {
  const created = createdSchema.safeParse(parseObject(stdout)).data?.archive.stats;
  if (created !== undefined)
    return { files: created.nfiles, bytes: created.original_size, addedBytes: created.deduplicated_size };
  const lines = [...said.map(({ text }) => text), ...stdout.split('\n')].join('\n');
  const files = /^Number of files: (\d+)$/m.exec(lines)?.[1];
  return files === undefined ? {} : { files: Number(files) };
}

/** Modern exit codes of damage, and its message ids. */
const damageCodes = new Set([12, 17, 26, 90, 91, 92, 95, 96, 97, 98]);
const damageIds = /IntegrityError$|DecompressionError$|TAM\w*$|CheckNeeded$|ObjectNotFound$|NoManifestError$/;
const damageWords =
  /integrity error|Inconsistency detected|errors found|problems found|Decompression error|has no manifest/i;

/**
 * The verdict of `borg check`. It ends with a warning when it finds damage, in all versions up to 1.4. Without `--verify-data` the
 * contents of archives are not read: damaged data may pass unnoticed. A repair is no verdict: what it mended has to be checked again.
 * @param args the arguments of borg.
 */
export function parseCheckResult(
  args: readonly string[],
  exitCode: number,
  stdout: string,
  stderr: string,
): CheckRunResult {
  const depth = args.includes('--verify-data') ? 'data' : 'structure';
  const kind = classOf(exitCode);
  if (args.includes('--repair') && (kind === 'success' || kind === 'warning'))
    return {
      kind: 'no_verdict',
      reason: 'borg check --repair changes the repository; check it again without',
    };
  return verdict({ depth, exitCode, kind, stdout, stderr, what: 'borg could not check' });
}

/**
 * The verdict of `borg extract --dry-run`: everything that would be restored is fetched, decrypted and authenticated, and nothing
 * written. It is a check of the data, of one archive (and of the paths named); undefined for an extract that really writes.
 */
export function parseExtractResult(
  args: readonly string[],
  exitCode: number,
  stdout: string,
  stderr: string,
): CheckRunResult | undefined {
  if (!args.some((argument) => argument === '--dry-run' || argument === '-n')) return undefined;
  const result = verdict({
    depth: 'data',
    exitCode,
    kind: classOf(exitCode),
    stdout,
    stderr,
    what: 'borg could not extract',
  });
  return result.kind === 'check' ? { ...result, share: 'one archive' } : result;
}

function verdict(ended: {
  readonly depth: 'structure' | 'data';
  readonly exitCode: number;
  readonly kind: ReturnType<typeof classOf>;
  readonly stdout: string;
  readonly stderr: string;
  readonly what: string;
}): CheckRunResult {
  const { depth, exitCode, kind, stdout, stderr } = ended;
  if (kind === 'success') return { kind: 'check', depth, success: true };
  const said = parseSaid(`${stderr}\n${stdout}`);
  const crashed = said.some(({ text, level }) => level === undefined && text.startsWith('Traceback'));
  const damage =
    (kind === 'warning' && !(exitCode === 1 && crashed)) ||
    (kind === 'error' &&
      (damageCodes.has(exitCode) ||
        said.some(({ id = '' }) => damageIds.test(id)) ||
        (exitCode === 2 && said.some(({ text, id }) => id === undefined && damageWords.test(text)))));
  const failure = parseFailure({ exitCode, stderr });
  if (!damage || failure.reason === 'repository_locked')
    return { kind: 'no_verdict', reason: `${ended.what}: ${failure.message}` };
  const line = said.find(({ text }) => damageWords.test(text)) ?? said.find(({ text }) => text !== '');
  return {
    kind: 'check',
    depth,
    success: false,
    reason: `borg found damage: ${line === undefined ? `it ended with ${exitCode}` : shown(line.text)}`,
  };
}

const commands = new Set(
  'benchmark break-lock change-passphrase check compact config create debug delete diff export-tar extract import-tar info init key list mount prune recreate rename serve umount upgrade with-lock'.split(
    ' ',
  ),
);

/** Understands `borg create`, `check` and `extract --dry-run`, also behind `sudo`, `nice` or a container; undefined for any other command. */
export function borgResult({
  argv,
  exitCode,
  stdout,
  stderr,
}: ToolOutput & { readonly argv: readonly string[] }): BackupRunResult | CheckRunResult | undefined {
  const program = argv.findIndex((word) => /(?:^|\/)borg(?:backup)?(?:[-_]?[\d.]+)?(?:\.exe)?$/.test(word));
  if (program === -1) return undefined;
  const args = argv.slice(program + 1);
  const command = args.find((word) => commands.has(word));
  if (command === 'create') {
    if (args.some((word) => word === '--dry-run' || word === '-n'))
      return { kind: 'run', outcome: 'failure', reason: 'it was a dry run, which saves nothing' };
    return parseBackupResult(exitCode, stdout, stderr);
  }
  if (command === 'check') return parseCheckResult(args, exitCode, stdout, stderr);
  if (command === 'extract') return parseExtractResult(args, exitCode, stdout, stderr);
  return undefined;
}
