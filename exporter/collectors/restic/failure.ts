import { z } from 'zod';
import { CollectorError, type Reason, type ToolOutput } from '../../collector.ts';

/** Exit codes with one meaning, since restic 0.17 (https://restic.readthedocs.io/en/stable/075_scripting.html). */
const exitCodes: Readonly<Record<number, Reason>> = {
  10: 'repository_missing',
  11: 'repository_locked',
  12: 'authentication_failed',
};

/** What older versions say with exit code 1; the first that fits. */
const sayings: readonly (readonly [RegExp, Reason])[] = [
  [/wrong password or no key found/i, 'authentication_failed'],
  [/resolving password failed|an empty password is not/i, 'password_unreadable'],
  [/already locked/i, 'repository_locked'],
  [/permission denied|access ?denied|\b403\b/i, 'permission_denied'],
  [/\b401\b|InvalidAccessKeyId|SignatureDoesNotMatch/i, 'authentication_failed'],
  [/repository does not exist/i, 'repository_missing'],
  [/unable to open config file: .*(?:no such file|does not exist|not found|\b404\b)/i, 'repository_missing'],
];

const advice: Readonly<Partial<Record<Reason, string>>> = {
  authentication_failed: 'check the password file and the keys in environment',
  password_unreadable: 'check password_file',
  permission_denied: 'let the user of the exporter read the repository',
  repository_locked: 'it is asked again at the next run; if no other restic works there, run restic unlock',
  repository_missing: 'check repository, and that its disk is mounted',
};

/** Why restic failed, from its exit code and what it printed to stderr; plain text, and JSON lines since 0.18. */
export function parseFailure({ exitCode, stderr }: Pick<ToolOutput, 'exitCode' | 'stderr'>): CollectorError {
  const said = stderr.split('\n').map((line) => plainText(line).trim());
  const reason =
    exitCodes[exitCode] ?? sayings.find(([pattern]) => pattern.test(said.join('\n')))?.[1] ?? 'tool_failed';
  const line = said.find((text) => text.startsWith('Fatal:')) ?? said.find((text) => text !== '');
  const hint = advice[reason];
  const message = `restic ended with ${exitCode}: ${shown(line ?? 'it gave no reason')}`;
  return new CollectorError(reason, hint === undefined ? message : `${message}; ${hint}`);
}

/** Said with exit code 0 while the list lacks snapshots or is empty (cmd/restic/find.go and cmd_snapshots.go). */
const lacking = /could not load snapshot|^Ignoring |error printing snapshots/i;
/** Lines that say nothing about the list: the cache, a request that was repeated, the banner of a remote host. */
const harmless = /\bcache\b|retrying after|^subprocess /i;

/**
 * What restic could not list although it ended with 0: only stderr tells. An empty list is believed only when nothing
 * else was said.
 * @param listed how many snapshots it did list.
 */
export function parseIncomplete(stderr: string, listed: number): CollectorError | undefined {
  const lines = stderr.split('\n').filter((text) => text.trim() !== '');
  const line = lines.find((text) => lacking.test(text) || (listed === 0 && !harmless.test(text)));
  if (line === undefined) return undefined;
  const message = `restic did not list all snapshots: ${shown(plainText(line).trim())}; run restic check`;
  return new CollectorError('tool_failed', message);
}

const lineSchema = z.object({
  message: z.string().optional().catch(undefined),
  error: z.object({ message: z.string() }).optional().catch(undefined),
});

/** What a line says, be it text or JSON (`exit_error` and `error` lines). */
export function plainText(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { message, error } = lineSchema.parse(JSON.parse(line));
    return (message ?? error?.message)?.split('\n')[0] ?? line;
  } catch {
    return line;
  }
}

/** Problems are shown on the landing page: short, and without the user and password an address may carry. */
export function shown(text: string): string {
  return text.replaceAll(/\/\/[^/\s]*@/g, '//***@').slice(0, 300);
}
