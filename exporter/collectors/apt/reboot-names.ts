import type { Host } from '../../collector.ts';

/**
 * Packages that take effect only with a reboot: kernels, microcode (loaded with the kernel), and what the `reboot` collector
 * names core on Debian: libc6, which every process has loaded, and dbus, which cannot be restarted (its postinst).
 * A metapackage of a kernel (linux-image-amd64, linux-generic) stands for the kernel it brings.
 */
const needing =
  /^(?:linux-image-(?!.*-dbg$)\S+|linux-(?:generic|virtual|lowlatency|kvm|raspi|aws|azure|gcp|oracle)(?:-\S+)?|proxmox-kernel-\S+|pve-kernel-\S+|proxmox-default-kernel|(?:intel|amd64)-microcode|libc6|dbus|dbus-daemon|dbus-broker)$/;

/** @param asked names of /run/reboot-required.pkgs. */
export function rebootNeeded(asked: readonly string[]): (packageName: string) => boolean {
  const names = new Set(asked);
  return (packageName) => {
    const name = packageName.replace(/:.*$/, '');
    return needing.test(name) || names.has(name);
  };
}

/** Packages that asked for a reboot themselves, one name per line; empty where none did, or none can. */
export async function askedForReboot(host: Host): Promise<readonly string[]> {
  const text = (await host.read('/run/reboot-required.pkgs').catch(() => undefined)) ?? '';
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) =>
    /^[a-z0-9][a-z0-9+.-]*$/.test(line),
  );
}
