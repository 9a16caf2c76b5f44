/**
 * A command as another user, through sudo(8), which never asks for a password here (`-n`).
 * @param user as whom; undefined leaves the command as it is.
 * @returns what `Host.run` takes.
 */
export function asUser(
  user: string | undefined,
  tool: string,
  args: readonly string[],
): readonly [tool: string, args: readonly string[]] {
  return user === undefined ? [tool, args] : ['sudo', ['-n', '-u', user, '--', tool, ...args]];
}
