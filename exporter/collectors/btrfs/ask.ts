import { CollectorError, type Host, type Reason } from '../../collector.ts';
import { asUser } from '../backup/sudo.ts';

/** What btrfs says on stderr when it cannot; the first that fits. */
const sayings: readonly (readonly [RegExp, Reason])[] = [
  [/Operation not permitted|Permission denied|a password is required|not allowed/i, 'permission_denied'],
  [/not a btrfs filesystem|No such file or directory/i, 'repository_missing'],
];

/**
 * What btrfs prints.
 * @param timeout milliseconds.
 * @throws CollectorError permission_denied, repository_missing, tool_failed, and as `run`.
 */
export async function ask(
  host: Host,
  { user, filesystem }: { readonly user?: string | undefined; readonly filesystem: string },
  args: readonly string[],
  timeout: number,
): Promise<string> {
  const [tool, argv] = asUser(user, 'btrfs', args);
  // Times are printed without a zone.
  const { exitCode, stdout, stderr } = await host.run(tool, argv, { timeout, env: { TZ: 'UTC' } });
  if (exitCode === 0) return stdout;
  const said =
    stderr
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? 'it gave no reason';
  const reason = sayings.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'tool_failed';
  const hint =
    reason === 'permission_denied'
      ? '; it takes root, see user'
      : reason === 'repository_missing'
        ? `; check that ${filesystem} is mounted`
        : '';
  throw new CollectorError(
    reason,
    `btrfs ${args.slice(0, 2).join(' ')} ended with ${exitCode}: ${said.slice(0, 200)}${hint}`,
  );
}
