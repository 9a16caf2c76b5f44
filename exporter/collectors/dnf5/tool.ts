import { CollectorError, type Host, type ToolOutput } from '../../collector.ts';
import { dnfFailure } from '../dnf/tool.ts';

/** Milliseconds for one run. */
const patience = 60_000;

export interface Dnf5Options {
  /** Another installation than that of this host. */
  readonly root: string | undefined;
  /** Cache of root, which an unprivileged user would not read otherwise (dnf5-caching(7)). */
  readonly cache: string;
}

/**
 * Runs dnf5 without network. No repository may be skipped in silence: one that is not in the cache is an error here.
 * @param success exit codes that are no failure.
 * @throws CollectorError unsupported when this version does not know an option, and as `dnfFailure`.
 */
export async function runDnf5(
  host: Host,
  { root, cache }: Dnf5Options,
  args: readonly string[],
  success: readonly number[] = [0],
): Promise<ToolOutput> {
  const output = await host.run(
    'dnf5',
    [
      '--cacheonly',
      '--quiet',
      `--setopt=cachedir=${cache}`,
      '--setopt=*.skip_if_unavailable=0',
      ...(root === undefined ? [] : [`--installroot=${root}`]),
      ...args,
    ],
    { timeout: patience },
  );
  if (success.includes(output.exitCode)) return output;
  const unknown = /^Unknown argument "([^"]+)" for command "([^"]+)"/m.exec(output.stderr);
  if (unknown !== null)
    throw new CollectorError(
      'unsupported',
      `this version of dnf5 does not know ${unknown[1] ?? ''} of ${unknown[2] ?? ''}; update dnf5`,
    );
  throw dnfFailure(`dnf5 ${args[0] ?? ''}`, output);
}
