import type { FileStat, Host } from '../../collector.ts';
import type { Answer } from './answer.ts';

/** Touched by packages that ask for a reboot; gone after one. */
const flagFiles = ['/run/reboot-required', '/var/run/reboot-required'];

/**
 * What writes the flag file for every package. Without any of them its absence proves nothing, which is the normal case on
 * plain Debian: there only dbus writes it, by itself. `pro api u.pro.security.status.reboot_required.v1` only looks for
 * this file too (uaclient/system.py, should_reboot), so its "no" proves nothing either.
 */
const flagWriters = [
  '/usr/share/update-notifier/notify-reboot-required', // update-notifier-common (Ubuntu), reboot-notifier (Debian)
  '/etc/kernel/postinst.d/unattended-upgrades', // unattended-upgrades
];

/** Written by libzypp when a package of /etc/zypp/needreboot, or one that asks for it, was installed; all that `zypper needs-rebooting` looks at (src/commands/needs-rebooting.cc). */
const zyppFlagFiles = ['/run/reboot-needed', '/var/run/reboot-needed'];

/** The date of the flag file is a younger one after every further update that asks; the first sight of it is remembered. */
export async function readFlag(host: Host): Promise<Answer | undefined> {
  const flag = await firstStat(host, flagFiles);
  if (flag !== undefined) return { reason: 'flag_file', required: true, since: flag.modified };
  if ((await firstStat(host, flagWriters)) === undefined) return undefined;
  return { reason: 'flag_file', required: false };
}

/** When libzypp said that a reboot is needed, unix seconds; undefined when it did not. */
export async function readZyppFlag(host: Host): Promise<number | undefined> {
  return (await firstStat(host, zyppFlagFiles))?.modified;
}

async function firstStat(host: Host, paths: readonly string[]): Promise<FileStat | undefined> {
  const stats = await Promise.all(paths.map((path) => host.stat(path)));
  return stats.find((stat) => stat !== undefined);
}
