import { CollectorError, type Host, type Reason, type ToolOutput } from '../../collector.ts';
import { withoutSecrets } from '../dnf/tool.ts';
import { readStream, type Message } from './stream.ts';

/** Milliseconds for one run; loading the lists of a large distribution takes seconds on a small machine. */
const patience = 60_000;

export interface ZypperOptions {
  /** Another installation than that of this host. */
  readonly root: string | undefined;
}

/** ZYPPER_EXIT_* in zypper(8) that mean more than that something failed. */
const reasonOfCode: ReadonlyMap<number, Reason> = new Map([
  [5, 'permission_denied'],
  [6, 'metadata_missing'], // no repositories
  [7, 'repository_locked'],
  [106, 'metadata_missing'], // some repositories were left out
]);

/**
 * Runs zypper without refreshing. It still downloads a repository that is not in its cache when root asks, so who asks for
 * updates looks at the cache first.
 * @param success exit codes that are no failure.
 * @returns what it printed.
 * @throws CollectorError metadata_missing, metadata_stale, permission_denied, repository_locked, tool_failed, unexpected_output, and as Host.run.
 */
export async function runZypper(
  host: Host,
  { root }: ZypperOptions,
  args: readonly string[],
  success: readonly number[] = [0],
): Promise<string> {
  const output = await host.run(
    'zypper',
    [
      ...(root === undefined ? [] : ['--root', root]),
      '--non-interactive',
      '--no-refresh',
      '--xmlout',
      ...args,
    ],
    { timeout: patience },
  );
  const failure = zypperFailure(`zypper ${args[0] ?? ''}`, output, success);
  if (failure !== undefined) throw failure;
  return output.stdout;
}

/**
 * Why an answer cannot be believed; undefined when it can. A list beside an error is never complete: zypper leaves out what it
 * cannot load and prints the rest as if that were all, and a file of a repository that it may not read costs only a warning.
 */
export function zypperFailure(
  command: string,
  { exitCode, stdout, stderr }: ToolOutput,
  success: readonly number[] = [0],
): CollectorError | undefined {
  const messages = messagesOf(stdout, command, exitCode, success);
  const failed = !success.includes(exitCode);
  const said = messages.find(({ type }) => type === 'error') ?? messages.find(isGrave);
  if (!failed && said === undefined) return undefined;
  const text = said?.text ?? messages.find(({ type }) => type === 'warning')?.text ?? stderr;
  const quoted = withoutSecrets(text.replaceAll(/\s+/g, ' ').trim()).slice(0, 300);
  const reason = reasonOf(exitCode, messages);
  return new CollectorError(
    reason,
    `${command} exited with ${exitCode}: ${quoted === '' ? 'it printed no reason' : quoted}${advice[reason] ?? ''}`,
  );
}

function reasonOf(exitCode: number, messages: readonly Message[]): Reason {
  if (messages.some(({ text }) => deniedPattern.test(text))) return 'permission_denied';
  const known = reasonOfCode.get(exitCode);
  if (known !== undefined) return known;
  if (messages.some(({ text }) => text.startsWith('Skipping repository'))) return 'metadata_missing';
  return messages.some(isOutdated) ? 'metadata_stale' : 'tool_failed';
}

const deniedPattern = /permission denied|root privileges/i;

/** Without the catalogues of another language, warnings are the msgids of zypper's source. */
function isGrave(message: Message): boolean {
  return message.type === 'warning' && (message.text.startsWith('Cannot read repo') || isOutdated(message));
}

/** The repository says until when it is good, and that is over (`<expires>`, RepoInfo in Zypper's load_repo_resolvables). */
function isOutdated({ text }: Message): boolean {
  return /appears to be outdated/.test(text);
}

const advice: Partial<Record<Reason, string>> = {
  repository_locked: '; the next run asks again',
  metadata_missing: '; look whether every repository can be reached: zypper refresh',
  metadata_stale: '; use another mirror',
};

/** What cannot be read is a failure of its own only where zypper says it succeeded. */
function messagesOf(
  stdout: string,
  command: string,
  exitCode: number,
  success: readonly number[],
): readonly Message[] {
  try {
    return readStream(stdout, command).messages;
  } catch (error) {
    if (success.includes(exitCode)) throw error;
    return [];
  }
}
