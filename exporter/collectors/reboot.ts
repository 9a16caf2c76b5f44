import { z } from 'zod';
import { CollectorError, defineCollector, problemOf, type Host, type Problem } from '../collector.ts';
import { sample } from '../metrics.ts';
import { rememberFirstSeen } from './memory/first-seen.ts';
import { bootTime } from './system/boot.ts';
import {
  kernelPackageFormat,
  kernelPackagePatterns,
  newerKernels,
  parseKernelPackages,
} from './reboot/kernel-packages.ts';

/** Touched by packages that ask for a reboot; gone after one. */
const flagFiles = ['/run/reboot-required', '/var/run/reboot-required'];

/** What writes the flag file. Without any of them its absence proves nothing, which is the normal case on plain Debian. */
const flagWriters = [
  '/usr/share/update-notifier/notify-reboot-required', // update-notifier-common (Ubuntu), reboot-notifier (Debian)
  '/etc/kernel/postinst.d/unattended-upgrades', // unattended-upgrades
];

/** One reason to reboot, where it could be told. */
interface Answer {
  readonly reason: 'flag_file' | 'kernel';
  readonly required: boolean;
  /** When the reason appeared, as far as the host tells, unix seconds. */
  readonly since?: number;
}

/** Whether the host waits for a reboot, and since when. */
export const reboot = defineCollector({
  name: 'reboot',
  summary: 'whether a reboot is due: /run/reboot-required, and the running kernel against the installed ones',
  tools: ['dpkg-query'],
  rights: '',
  metrics: ['maintenance_reboot_required', 'maintenance_reboot_required_since_timestamp_seconds'],
  byDefault: true,
  interval: 15 * 60,
  timeout: 30,
  settings: z.strictObject({}),
  example: {},
  detect: async (host) => {
    const answers = [await readFlag(host), await readKernel(host)];
    return answers.every((answer) => answer === undefined) ? undefined : {};
  },
  collect: async (host) => {
    const problems: Problem[] = [];
    const attempt = async (read: (host: Host) => Promise<Answer | undefined>) => {
      try {
        return await read(host);
      } catch (error) {
        problems.push(problemOf(error));
        return undefined;
      }
    };
    const answers = [await attempt(readFlag), await attempt(readKernel)].filter((one) => one !== undefined);
    if (answers.length === 0 && problems.length === 0)
      throw new CollectorError(
        'unsupported',
        'no package owns the running kernel and nothing here writes /run/reboot-required, so a due reboot would not be seen; in a container turn the reboot collector off and watch the machine it runs on',
      );
    const open = answers.filter(({ required }) => required);
    const booted = await bootTime(host);
    const { entries, problems: memoryProblems } = await rememberFirstSeen(
      host,
      open.map(({ reason, since }) => ({
        key: reason,
        facts: null,
        ...(since === undefined ? {} : { since }),
      })),
      {
        state: 'reboot-first-seen',
        facts: z.null(),
        things: 'reasons for a reboot',
        // Whatever was asked for before the last start is done, or still dated by the host itself.
        counts: ({ seen }) => booted === undefined || (seen ?? booted) >= booted,
      },
    );
    const since = entries.flatMap(({ seen }) => seen ?? []);
    return {
      samples: [
        ...answers.map(({ reason, required }) =>
          sample('maintenance_reboot_required', { reason }, required ? 1 : 0),
        ),
        ...(since.length === 0
          ? []
          : [sample('maintenance_reboot_required_since_timestamp_seconds', {}, Math.min(...since))]),
      ],
      problems: [...problems, ...memoryProblems],
    };
  },
});

/** The date of the flag file is a younger one after every further update that asks; the first sight of it is remembered. */
async function readFlag(host: Host): Promise<Answer | undefined> {
  const flag = await firstStat(host, flagFiles);
  if (flag !== undefined) return { reason: 'flag_file', required: true, since: flag.modified };
  if ((await firstStat(host, flagWriters)) === undefined) return undefined;
  return { reason: 'flag_file', required: false };
}

async function firstStat(host: Host, paths: readonly string[]) {
  const stats = await Promise.all(paths.map((path) => host.stat(path)));
  return stats.find((stat) => stat !== undefined);
}

async function readKernel(host: Host): Promise<Answer | undefined> {
  const release = (await host.read('/proc/sys/kernel/osrelease'))?.trim();
  const installed = await installedKernels(host);
  if (release === undefined || installed === undefined) return undefined;
  const build = (await host.read('/proc/sys/kernel/version')) ?? '';
  const newer = newerKernels(release, build, parseKernelPackages(installed));
  if (newer === undefined) return undefined;
  // dpkg writes the list of files when it unpacks; the files themselves carry the time they were built.
  const unpacked = await Promise.all(newer.map(({ name }) => host.stat(`/var/lib/dpkg/info/${name}.list`)));
  const since = unpacked.flatMap((list) => list?.modified ?? []);
  return {
    reason: 'kernel',
    required: newer.length > 0,
    ...(since.length === 0 ? {} : { since: Math.min(...since) }),
  };
}

/** What dpkg-query says of kernel packages; undefined on a system without dpkg. */
async function installedKernels(host: Host): Promise<string | undefined> {
  try {
    const args = ['-W', '-f', kernelPackageFormat, ...kernelPackagePatterns];
    const { exitCode, stdout, stderr } = await host.run('dpkg-query', args);
    // 1 means that a pattern matched nothing; see dpkg-query(1).
    if (exitCode > 1)
      throw new CollectorError(
        'tool_failed',
        `dpkg-query exited with ${exitCode}: ${stderr.split('\n')[0] ?? ''}`,
      );
    return stdout;
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'tool_missing') return undefined;
    throw error;
  }
}
