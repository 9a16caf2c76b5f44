import type { Host } from '../../collector.ts';

/** Names of processes, cut to 15 characters as the kernel does, that hold a lock while they install. */
const managers =
  /^(?:apt|apt-get|apt\.systemd\.dai|dpkg|aptitude|aptitude-curses|aptd|packagekitd|synaptic|unattended-upgr|pro|do-release-upgr)\n?$/;

/**
 * Whether a package manager is at work: whoever installs holds a lock, and the kernel lists who does (proc_locks(5)).
 * @returns undefined where the kernel does not tell.
 */
export async function managerRuns(host: Host): Promise<boolean | undefined> {
  const locks = await host.read('/proc/locks').catch(() => undefined);
  if (locks === undefined) return undefined;
  const pids = new Set([...locks.matchAll(/^\d+: +\S+ +\S+ +WRITE +(\d+) /gm)].map(([, pid = '']) => pid));
  const names = await Promise.all(
    [...pids].map((pid) => host.read(`/proc/${pid}/comm`).catch(() => undefined)),
  );
  return names.some((name) => name !== undefined && managers.test(name));
}
