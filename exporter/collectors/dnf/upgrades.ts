import { CollectorError, type Host } from '../../collector.ts';
import type { Upgrade } from '../rpm/updates.ts';
import { evrOf, type Nevra } from '../versions/rpm.ts';
import { runDnf, type DnfOptions } from './tool.ts';

/** Begins every line that is an answer, so that no message of a plugin is taken for a package. */
const mark = 'offered';
const offeredFormat = `${mark} %{name} %{epoch} %{version} %{release} %{arch} %{repoid}`;

/** Packages of which a distribution has exactly one, in the repositories it gives its updates in. */
export const corePackages = ['glibc', 'rpm', 'systemd', 'kernel-core'];

/**
 * Parses what repoquery prints in the format above.
 * @throws CollectorError unexpected_output on any other line.
 */
export function parseOffered(text: string): readonly Upgrade[] {
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const [first, name, epoch = '', version, release, arch, repository, ...more] = line.trim().split(' ');
    const complete = first === mark && /^\d+$/.test(epoch) && more.length === 0;
    if (!complete || name === undefined || version === undefined || release === undefined)
      throw new CollectorError('unexpected_output', `dnf repoquery printed ${line.slice(0, 200)}`);
    if (arch === undefined || repository === undefined)
      throw new CollectorError('unexpected_output', `dnf repoquery printed ${line.slice(0, 200)}`);
    return [{ name, evr: evrOf(epoch, version, release), arch, repository }];
  });
}

/**
 * Parses `dnf check-update`: name.arch, version and repository in columns, a long name on a line of its own. What else is
 * there (`Security: kernel-core-... is an installed security update`, messages of plugins) is no package, whatever its first
 * words are; what obsoletes a package is listed below a heading and does not count here.
 */
export function parseCheckUpdate(text: string): readonly Nevra[] {
  const [updates = ''] = text.split(/^Obsoleting packages$/im);
  const rows = updates.replaceAll(/\n[ \t]+(?=\S)/g, ' ').split('\n');
  return rows.flatMap((row) => {
    const [, name, arch, epoch, version, release] =
      /^(\S+)\.(\w+)\s+(?:(\d+):)?([^\s:-]+)-([^\s:-]+)\s+\S+\s*$/.exec(row) ?? [];
    if (name === undefined || arch === undefined || version === undefined || release === undefined) return [];
    return [{ name, arch, evr: evrOf(epoch, version, release) }];
  });
}

/** Every newer version in the repositories, whether dnf would take it or not. @throws CollectorError as `runDnf`. */
export async function readOffered(host: Host, options: DnfOptions): Promise<readonly Upgrade[]> {
  const args = ['repoquery', '--upgrades', '--disableexcludes=all', '--queryformat', offeredFormat];
  return parseOffered((await runDnf(host, options, args)).stdout);
}

/**
 * What dnf would take: less than what is offered where something is excluded or locked. Only check-update heeds the plugin
 * versionlock (plugin_filtering_enabled in dnf/cli/commands/__init__.py).
 * @throws CollectorError as `runDnf`, unexpected_output when it says that there are updates and none can be read.
 */
export async function readChosen(host: Host, options: DnfOptions): Promise<readonly Nevra[]> {
  const { exitCode, stdout } = await runDnf(host, options, ['check-update'], [0, 100]);
  const chosen = parseCheckUpdate(stdout);
  const told = exitCode === 100;
  const only = told && chosen.length === 0 && /^Obsoleting packages$/im.test(stdout);
  if (told !== chosen.length > 0 && !only)
    throw new CollectorError(
      'unexpected_output',
      `dnf check-update ended with ${exitCode}, and ${chosen.length} updates could be read in what it printed`,
    );
  return chosen;
}

/** Ids of the repositories that have the core of the distribution; none where it has no such package. */
export async function readCoreRepositories(host: Host, options: DnfOptions): Promise<ReadonlySet<string>> {
  const args = ['repoquery', '--available', '--disableexcludes=all', '--queryformat', offeredFormat];
  const { stdout } = await runDnf(host, options, [...args, ...corePackages]);
  return new Set(parseOffered(stdout).map(({ repository }) => repository));
}
