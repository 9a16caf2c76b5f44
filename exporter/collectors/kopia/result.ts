import { z } from 'zod';
import type { BackupResult, EndedCommand } from '../../backup-result.ts';
import { parseFailure } from './failure.ts';
import { type Manifest, missingIn, parseManifest } from './snapshots.ts';

/** Understands `kopia snapshot create` and `kopia snapshot verify`, also behind `sudo` or a container; undefined for any other command. */
export function kopiaResult(ended: EndedCommand): BackupResult | undefined {
  const at = ended.argv.findIndex((word) => /(?:^|\/)kopia(?:\.exe)?$/.test(word));
  if (at === -1) return undefined;
  const words = ended.argv.slice(at + 1).filter((word) => !word.startsWith('-'));
  const group = words.findIndex((word) => word === 'snapshot' || word === 'snap');
  const command = group === -1 ? undefined : words[group + 1];
  if (command === 'create') return createResult(ended);
  if (command === 'verify') return verifyResult(ended);
  return undefined;
}

/**
 * With --json it ends with 0 although files could not be read (cli/command_snapshot_create.go, reportSnapshotStatus returns before
 * it looks), so the manifests count. Without, it ends with 1 and says `Found N fatal error(s)`: the snapshot is there all the same.
 */
function createResult({ exitCode, stdout, stderr }: EndedCommand): BackupResult {
  const manifests = parseManifests(stdout);
  const missing = manifests.flatMap((manifest) => missingIn(manifest, false) ?? [])[0];
  const numbers = sizes(manifests);
  const said =
    /(?:Found|Ignored) (\d+) (?:fatal )?error\(s\) while snapshotting[^\n]*|Created partial snapshot/.exec(
      stderr,
    )?.[0];
  if (exitCode !== 0 && !/Found \d+ fatal error/.test(stderr))
    return { kind: 'run', outcome: 'failure', reason: parseFailure({ exitCode, stderr }).message };
  const others =
    exitCode !== 0 && /^ERROR (?!Found \d+ fatal)/m.test(stderr.replaceAll(/^ERROR encountered .*$/gm, ''));
  if (others) return { kind: 'run', outcome: 'failure', reason: parseFailure({ exitCode, stderr }).message };
  const reason = missing ?? said;
  return reason === undefined
    ? { kind: 'run', outcome: 'success', ...numbers }
    : { kind: 'run', outcome: 'partial', reason, ...numbers };
}

/** One manifest after the other, each over many lines. */
function parseManifests(stdout: string): readonly Manifest[] {
  return stdout.split(/^(?=\{)/m).flatMap((text) => parseManifest(text) ?? []);
}

function sizes(manifests: readonly Manifest[]): { readonly bytes?: number; readonly files?: number } {
  const summaries = manifests.map(({ rootEntry }) => rootEntry?.summ);
  if (
    summaries.length === 0 ||
    summaries.some((summary) => summary?.size === undefined || summary.files === undefined)
  )
    return {};
  return { bytes: sum(summaries.map((one) => one?.size)), files: sum(summaries.map((one) => one?.files)) };
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

const verifySchema = z.object({
  stats: z.object({ readFileCount: z.number().optional(), readBytes: z.number().optional() }),
  errorCount: z.number().nonnegative().optional(),
  errorStrings: z.array(z.string()).nullish(),
});

/**
 * `kopia snapshot verify`: reads files back only with --verify-files-percent; unless told it looks at indexes and blobs alone. It ends
 * with 1 when it found errors, and with --json tells them in its last line (snapshot/snapshotfs/snapshot_verifier.go).
 */
function verifyResult({ argv, exitCode, stdout, stderr }: EndedCommand): BackupResult {
  const summary = stdout
    .split('\n')
    .flatMap((line) => parseVerify(line) ?? [])
    .at(-1);
  const depth = percentOf(argv) > 0 && summary?.stats.readFileCount !== 0 ? 'data' : 'structure';
  const count = Math.max(summary?.errorCount ?? 0, summary?.errorStrings?.length ?? 0);
  const encountered = /encountered (\d+) errors?/.exec(stderr)?.[1];
  if (exitCode === 0 && count === 0) return { kind: 'check', depth, success: true };
  if (count === 0 && encountered === undefined)
    return { kind: 'no_verdict', reason: parseFailure({ exitCode, stderr }).message };
  const first = summary?.errorStrings?.[0] ?? 'see its output';
  return {
    kind: 'check',
    depth,
    success: false,
    reason: `it found ${encountered ?? count} errors: ${first.slice(0, 300)}`,
  };
}

function percentOf(argv: readonly string[]): number {
  const at = argv.findIndex((word) => word.startsWith('--verify-files-percent'));
  const value = argv[at]?.split('=')[1] ?? argv[at + 1];
  return at === -1 ? 0 : Number(value) || 0;
}

function parseVerify(line: string): z.infer<typeof verifySchema> | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return verifySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
