import type { Host } from '../../collector.ts';

/**
 * Names a process so that neither another one with its number nor one after the next start of the host is taken for it:
 * `<boot id>/<pid>/<start time in ticks>`; see proc_pid_stat(5), field 22. Undefined where the process is not there, or /proc is not.
 */
export async function processIdentity(host: Pick<Host, 'read'>, pid: number): Promise<string | undefined> {
  const boot = (await host.read('/proc/sys/kernel/random/boot_id'))?.trim();
  const stat = await host.read(`/proc/${pid}/stat`);
  if (boot === undefined || stat === undefined) return undefined;
  // The name of the program stands in brackets and may hold anything, brackets and spaces included.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks === undefined ? undefined : `${boot}/${pid}/${ticks}`;
}

/** Whether the process with this identity is still there. */
export async function isAlive(host: Pick<Host, 'read'>, identity: string): Promise<boolean> {
  const pid = Number(identity.split('/')[1]);
  return Number.isInteger(pid) && (await processIdentity(host, pid)) === identity;
}
