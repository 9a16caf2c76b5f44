import type { Nevra } from '../versions/rpm.ts';
import { newestOf } from './outstanding.ts';
import type { Advisory } from './updateinfo.ts';

/**
 * Packages whose update takes effect only with a reboot: NEED_REBOOT of needs-restarting (dnf-plugins-core
 * plugins/needs_restarting.py, dnf5 dnf5-plugins/needs_restarting_plugin), and the kernels of which `kernel` is only the name
 * of all (Red Hat, Oracle, Amazon).
 */
const needing =
  /^(?:kernel(?:-(?:core|rt|rt-core|uek|uek-core|64k|64k-core|16k|16k-core|lt|ml))?|kernel\d+\.\d+|glibc|linux-firmware|systemd|dbus|dbus-broker|dbus-daemon|microcode_ctl)$/;

/**
 * Whether an update of a package, by name or name.arch, takes effect only with a reboot: it is one of the list above, or the
 * advisory of the version that is installed suggests it.
 */
export function rebootNeeded(
  installed: readonly Nevra[],
  advisories: readonly Advisory[],
): (packageName: string) => boolean {
  const newest = newestOf(installed);
  const versions = new Set(newest.map(({ name, evr }) => `${name} ${evr}`));
  const suggested = new Set(
    advisories
      .filter(({ rebootSuggested }) => rebootSuggested)
      .flatMap(({ packages }) => packages.filter(({ name, evr }) => versions.has(`${name} ${evr}`)))
      .map(({ name }) => name),
  );
  return (packageName) => {
    if (needing.test(packageName) || suggested.has(packageName)) return true;
    const name = packageName.replace(/\.\w+$/, '');
    return needing.test(name) || suggested.has(name);
  };
}
