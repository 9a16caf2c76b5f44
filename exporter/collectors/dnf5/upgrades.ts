import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';
import { parseCheckUpdate, parseOffered } from '../dnf/upgrades.ts';
import type { Upgrade } from '../rpm/updates.ts';
import { evrOf, type Nevra } from '../versions/rpm.ts';
import { runDnf5, type Dnf5Options } from './tool.ts';

/** As for dnf 4, but dnf5 ends no line by itself. */
const offeredFormat = 'offered %{name} %{epoch} %{version} %{release} %{arch} %{repoid}\\n';

const upgradeSchema = z.object({
  name: z.string().min(1),
  arch: z.string().min(1),
  evr: z.string().regex(/^(?:\d+:)?[^\s:-]+-[^\s:-]+$/),
});
const checkSchema = z.object({ upgrades: z.array(upgradeSchema).optional().default([]) });

/**
 * Parses `dnf5 check-upgrade --json` (5.4.0 and later). What obsoletes a package is listed apart and does not count here.
 * @throws CollectorError unexpected_output.
 */
export function parseCheckUpgrade(text: string): readonly Nevra[] {
  const parsed = checkSchema.safeParse(jsonOf(text));
  if (!parsed.success)
    throw new CollectorError(
      'unexpected_output',
      `dnf5 check-upgrade --json printed ${text.trim().slice(0, 100) || 'nothing'}`,
    );
  return parsed.data.upgrades.map(({ name, arch, evr }) => {
    const [epoch, rest] = evr.includes(':') ? evr.split(':') : ['0', evr];
    const [version = '', release = ''] = (rest ?? '').split('-');
    return { name, arch, evr: evrOf(epoch, version, release) };
  });
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every newer version in the repositories, whether dnf5 would take it or not. @throws CollectorError as `runDnf5`. */
export async function readOffered(host: Host, options: Dnf5Options): Promise<readonly Upgrade[]> {
  const args = ['repoquery', '--upgrades', '--setopt=disable_excludes=*', `--queryformat=${offeredFormat}`];
  return parseOffered((await runDnf5(host, options, args)).stdout);
}

/**
 * What dnf5 would take, apart from locks, which it heeds only when it installs.
 * @throws CollectorError as `runDnf5`, unexpected_output when it says that there are updates and none can be read.
 */
export async function readChosen(host: Host, options: Dnf5Options): Promise<readonly Nevra[]> {
  const check = async (args: readonly string[], parse: (text: string) => readonly Nevra[]) => {
    const { exitCode, stdout } = await runDnf5(host, options, args, [0, 100]);
    const chosen = parse(stdout);
    const obsoleting = /obsoleting[ _]packages/i.test(stdout);
    if ((exitCode === 100) !== chosen.length > 0 && !(exitCode === 100 && obsoleting))
      throw new CollectorError(
        'unexpected_output',
        `dnf5 check-upgrade ended with ${exitCode}, and ${chosen.length} updates could be read in what it printed`,
      );
    return chosen;
  };
  try {
    return await check(['check-upgrade', '--json'], parseCheckUpgrade);
  } catch (error) {
    if (!(error instanceof CollectorError) || error.reason !== 'unsupported') throw error;
    return check(['check-upgrade'], parseCheckUpdate);
  }
}

/** Ids of the repositories that have the core of the distribution. */
export async function readCoreRepositories(
  host: Host,
  options: Dnf5Options,
  corePackages: readonly string[],
): Promise<ReadonlySet<string>> {
  const args = ['repoquery', '--available', '--setopt=disable_excludes=*', `--queryformat=${offeredFormat}`];
  const { stdout } = await runDnf5(host, options, [...args, ...corePackages]);
  return new Set(parseOffered(stdout).map(({ repository }) => repository));
}
