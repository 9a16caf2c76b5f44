import { CollectorError, type Host, type ToolOutput } from '../../collector.ts';

/** Which installation is asked. */
export interface PacmanOptions {
  /** Configuration file, where it is not /etc/pacman.conf. */
  readonly config?: string | undefined;
  /** Folder with the databases, where it is not the one of the configuration, as for `pacman --dbpath`. */
  readonly database?: string | undefined;
}

/** Milliseconds for one program. */
const patience = 60_000;

/** Runs pacman, which never needs the network for a query. @throws CollectorError as Host.run. */
export function runPacman(
  host: Host,
  { config, database }: PacmanOptions,
  args: readonly string[],
): Promise<ToolOutput> {
  const where = [
    ...(config === undefined ? [] : ['--config', config]),
    ...(database === undefined ? [] : ['--dbpath', database]),
  ];
  return host.run('pacman', [...where, ...args], { timeout: patience });
}

/**
 * Values of a directive of the configuration, includes and defaults applied; see pacman-conf(8), which came with pacman 5.1.
 * @param directive such as `DBPath`, or `--repo-list`.
 * @throws CollectorError as Host.run, and tool_failed or permission_denied.
 */
export async function readDirective(
  host: Host,
  { config }: PacmanOptions,
  directive: string,
): Promise<readonly string[]> {
  const args = [...(config === undefined ? [] : ['--config', config]), directive];
  const { exitCode, stdout, stderr } = await host.run('pacman-conf', args, { timeout: patience });
  if (exitCode !== 0) throw failure(`pacman-conf ${directive}`, exitCode, stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

/** A directive that always has one value. @throws CollectorError also unexpected_output. */
export async function readPath(host: Host, options: PacmanOptions, directive: string): Promise<string> {
  const [value] = await readDirective(host, options, directive);
  if (value?.startsWith('/') === true && value.length < 4096) return value;
  throw new CollectorError(
    'unexpected_output',
    `pacman-conf ${directive} printed ${JSON.stringify((value ?? '').slice(0, 100))}, which is no absolute path`,
  );
}

/** A failure with what the program itself said of it. */
export function failure(what: string, exitCode: number, stderr: string): CollectorError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => line.startsWith('error')) ?? lines[0] ?? 'it printed no reason';
  return new CollectorError(
    /permission denied/i.test(said) ? 'permission_denied' : 'tool_failed',
    `${what} ended with ${exitCode}: ${said.slice(0, 300)}`,
  );
}
