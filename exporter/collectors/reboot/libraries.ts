import type { Host } from '../../collector.ts';
import { type Answer, answerSince } from './answer.ts';
import { readZyppFlag } from './flag.ts';
import { askDnf5 } from './needs-restarting.ts';
import { installedRpms } from './rpm-packages.ts';

/** Packages that take effect only after a reboot: NEED_REBOOT of needs_restarting.py in dnf-plugins-core, without the kernel. */
const corePackages = [
  'glibc',
  'linux-firmware',
  'systemd',
  'dbus',
  'dbus-broker',
  'dbus-daemon',
  'microcode_ctl',
];
/** More of them, one name per line; see needs-restarting in dnf-plugins-core. */
const moreCorePackages = '/etc/dnf/plugins/needs-restarting.d';

/**
 * The same on Debian: what every process has loaded (Ubuntu's libc6 asks for a reboot), and what cannot be restarted
 * (postinst of dbus). systemd replaces itself there.
 */
const coreDebianList = /^(?:libc6|dbus|dbus-daemon|dbus-broker)(?::[a-z0-9-]+)?\.list$/;
const debianRecords = '/var/lib/dpkg/info';

/**
 * Whether core packages were replaced since the start.
 * @param booted unix seconds.
 * @returns undefined where no package manager is known.
 */
export async function readLibraries(host: Host, booted: number): Promise<Answer | undefined> {
  const replaced = (await replacedRpms(host, booted)) ?? (await replacedDebian(host, booted));
  if (replaced === undefined) return undefined;
  if (replaced.times.length > 0) return answerSince('libraries', true, replaced.times);
  return { reason: 'libraries', required: replaced.asked };
}

interface Replaced {
  /** When each was installed, unix seconds. */
  readonly times: readonly number[];
  /** Whether the package manager asks for a reboot, for reasons without a time. */
  readonly asked: boolean;
}

async function replacedRpms(host: Host, booted: number): Promise<Replaced | undefined> {
  const installed = await installedRpms(host, [...corePackages, ...(await moreNames(host))]);
  if (installed.length === 0) return undefined;
  const flag = await readZyppFlag(host);
  const times = [
    ...installed.map((one) => one.installed).filter((time) => time > booted),
    ...(flag === undefined ? [] : [flag]),
  ];
  return { times, asked: times.length === 0 && (await askDnf5(host)) === true };
}

async function moreNames(host: Host): Promise<readonly string[]> {
  const files = ((await host.list(moreCorePackages)) ?? []).filter((name) => name.endsWith('.conf'));
  const texts = await Promise.all(files.map((name) => host.read(`${moreCorePackages}/${name}`)));
  return texts
    .flatMap((text) => (text ?? '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => /^\w[\w.+-]*$/.test(line));
}

/** dpkg writes the list of files of a package when it unpacks it. */
async function replacedDebian(host: Host, booted: number): Promise<Replaced | undefined> {
  const lists = ((await host.list(debianRecords)) ?? []).filter((name) => coreDebianList.test(name));
  if (lists.length === 0) return undefined;
  const stats = await Promise.all(lists.map((name) => host.stat(`${debianRecords}/${name}`)));
  const times = stats.flatMap((stat) => stat?.modified ?? []);
  return { times: times.filter((time) => time > booted), asked: false };
}
