import { CollectorError, type Host, type RunOptions } from '../../collector.ts';

/** Runs an apt program. @throws CollectorError as Host.run, and tool_failed or permission_denied when it reports an error. */
export async function runApt(
  host: Host,
  options: RunOptions,
  tool: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { exitCode, stdout, stderr } = await host.run(tool, args, options);
  if (exitCode === 0) return { stdout, stderr };
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const error = lines.find((line) => line.startsWith('E: ')) ?? lines[0] ?? 'it printed no reason';
  throw new CollectorError(
    error.includes('(13:') ? 'permission_denied' : 'tool_failed',
    `${tool} ${commandOf(args)} exited with ${exitCode}: ${withoutCredentials(error).slice(0, 300)}`,
  );
}

/** The command among the arguments: what is neither an option nor the value of `-o`. */
function commandOf(args: readonly string[]): string {
  return args.find((argument, at) => !argument.startsWith('-') && args[at - 1] !== '-o') ?? '';
}

/**
 * Configuration that apt may not read: it leaves it out with no more than a warning, such as
 * `W: Unable to read /etc/apt/sources.list.d/x.list - open (13: Permission denied)`. What does not exist is no loss.
 * @returns paths.
 */
export function unreadableFiles(stderr: string): readonly string[] {
  return [...new Set([...stderr.matchAll(/Unable to read (\S+) - \w+ \(13:/g)].map(([, path = '']) => path))];
}

/** Whether a file configures apt itself (a proxy and the like) and not which updates there are. */
export function isToolConfiguration(path: string): boolean {
  return path.includes('apt.conf');
}

/** A URL may carry a user and a password; neither belongs into a label or a message. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/\s]*@/g, '//');
}
