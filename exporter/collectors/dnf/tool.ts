import { CollectorError, type Host, type ToolOutput } from '../../collector.ts';

/** Milliseconds for one run; loading the lists of a large distribution takes seconds on a small machine. */
const patience = 60_000;

export interface DnfOptions {
  /** Another installation than that of this host. */
  readonly root: string | undefined;
}

/**
 * Runs dnf without network: `--cacheonly` also makes an unprivileged user read the cache of root instead of one of its own
 * under /var/tmp (configure() in dnf/cli/cli.py).
 * @param success exit codes that are no failure.
 * @throws CollectorError metadata_missing, permission_denied, tool_failed, and as Host.run.
 */
export async function runDnf(
  host: Host,
  { root }: DnfOptions,
  args: readonly string[],
  success: readonly number[] = [0],
): Promise<ToolOutput> {
  const output = await host.run(
    await dnf4(host),
    ['--cacheonly', '--quiet', ...(root === undefined ? [] : ['--installroot', root]), ...args],
    { timeout: patience },
  );
  if (success.includes(output.exitCode)) return output;
  throw dnfFailure(`dnf ${args[0] ?? ''}`, output);
}

/** Where dnf 5 has taken the name, dnf 4 may still be there under another one. */
async function dnf4(host: Host): Promise<string> {
  if ((await host.stat('/usr/bin/dnf-3')) !== undefined) return 'dnf-3';
  if ((await host.stat('/usr/bin/dnf5')) === undefined) return 'dnf';
  throw new CollectorError(
    'unsupported',
    'dnf is dnf 5 on this host; use the collector dnf5 in place of dnf',
  );
}

/**
 * What a failed run means. Nothing it printed to stdout counts: dnf prints no list and fails when a repository is down, which
 * reads as nothing pending.
 */
export function dnfFailure(command: string, { exitCode, stdout, stderr }: ToolOutput): CollectorError {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
  const error = lines.find((line) => /^(?:Config )?error:/i.test(line)) ?? lines.find((line) => line !== '');
  const said = withoutSecrets(error ?? 'it printed no reason').slice(0, 300);
  const repository =
    /no cache for (?:repository )?['"]([^'"]+)['"]/.exec(said)?.[1] ??
    /metadata for repo(?:sitory)? ['"]([^'"]+)['"]/.exec(said)?.[1];
  if (repository !== undefined)
    return new CollectorError(
      'metadata_missing',
      `${command} has no metadata of ${repository} (${said}); look whether it can be reached: dnf makecache --refresh`,
    );
  return new CollectorError(
    /permission denied|errno 13|superuser privileges/i.test(said) ? 'permission_denied' : 'tool_failed',
    `${command} exited with ${exitCode}: ${said}`,
  );
}

/** Neither the password in an address nor one on a command line belongs into a message or a record. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/\/\/[^/\s]*@/g, '//')
    .replaceAll(/((?:password|username|token|secret)=)\S+/gi, '$1...');
}
