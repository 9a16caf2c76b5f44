import { CollectorError, type Host } from '../../collector.ts';
import { alpineKernelReplaced, readApkInstalled } from './alpine-kernels.ts';
import { type Answer, answerSince } from './answer.ts';
import { archKernelReplaced, readModuleFolders } from './arch-kernels.ts';
import {
  kernelPackageFormat,
  kernelPackagePatterns,
  newerKernels,
  parseKernelPackages,
} from './kernel-packages.ts';
import { newerRpmKernels } from './rpm-kernels.ts';
import { installedRpms } from './rpm-packages.ts';

/**
 * Whether a newer kernel is installed than the one that runs, asking one package manager after the other.
 * @param release what runs, from /proc/sys/kernel/osrelease.
 * @param booted unix seconds, where known.
 * @returns undefined when no package owns the running kernel.
 */
export async function readKernel(
  host: Host,
  release: string,
  booted: number | undefined,
): Promise<Answer | undefined> {
  return (
    (await debianKernel(host, release)) ??
    (await rpmKernel(host, release, booted)) ??
    (await archKernel(host, release)) ??
    (await alpineKernel(host, release))
  );
}

async function debianKernel(host: Host, release: string): Promise<Answer | undefined> {
  const installed = await installedDebianKernels(host);
  const build = (await host.read('/proc/sys/kernel/version')) ?? '';
  const newer = newerKernels(release, build, parseKernelPackages(installed));
  if (newer === undefined) return undefined;
  // dpkg writes the list of files when it unpacks; the files themselves carry the time they were built.
  const unpacked = await Promise.all(newer.map(({ name }) => host.stat(`/var/lib/dpkg/info/${name}.list`)));
  const times = unpacked.flatMap((list) => list?.modified ?? []);
  return answerSince('kernel', newer.length > 0, times);
}

/** What dpkg-query says of kernel packages; nothing on a system without dpkg. */
async function installedDebianKernels(host: Host): Promise<string> {
  try {
    const args = ['-W', '-f', kernelPackageFormat, ...kernelPackagePatterns];
    const { exitCode, stdout, stderr } = await host.run('dpkg-query', args);
    // 1 means that a pattern matched nothing; see dpkg-query(1).
    if (exitCode > 1)
      throw new CollectorError(
        'tool_failed',
        `dpkg-query exited with ${exitCode}: ${stderr.split('\n')[0]?.slice(0, 200) ?? ''}; run dpkg --audit`,
      );
    return stdout;
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'tool_missing') return '';
    throw error;
  }
}

async function rpmKernel(
  host: Host,
  release: string,
  booted: number | undefined,
): Promise<Answer | undefined> {
  const newer = newerRpmKernels(release, booted, await installedRpms(host, ['kernel*']));
  if (newer === undefined) return undefined;
  return answerSince(
    'kernel',
    newer.length > 0,
    newer.map(({ installed }) => installed),
  );
}

async function archKernel(host: Host, release: string): Promise<Answer | undefined> {
  const folders = await readModuleFolders(host);
  const required = folders === undefined ? undefined : archKernelReplaced(release, folders);
  return required === undefined ? undefined : { reason: 'kernel', required };
}

async function alpineKernel(host: Host, release: string): Promise<Answer | undefined> {
  const installed = await readApkInstalled(host);
  const required = installed === undefined ? undefined : alpineKernelReplaced(release, installed);
  return required === undefined ? undefined : { reason: 'kernel', required };
}
