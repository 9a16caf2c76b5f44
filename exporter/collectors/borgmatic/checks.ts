import type { Host } from '../../collector.ts';
import type { Check } from '../backup/facts.ts';

/** When borgmatic noted down its checks of a repository, unix seconds. */
export interface CheckTimes {
  readonly repository?: number | undefined;
  readonly archives?: number | undefined;
  readonly data?: number | undefined;
  readonly extract?: number | undefined;
  readonly spot?: number | undefined;
}

/** Up to 1.7 borgmatic notes an extract with the other checks before it tries it, and once more when it worked. Seconds. */
const sameMoment = 0.1;

/**
 * Reads when borgmatic checked a repository: the modification times of `checks/<repository id>/{repository,extract,spot}` and
 * `…/{archives,data}/<hash of the archive filter>` (files instead of folders up to 1.7.12; borgmatic/actions/check.py). Of several filters
 * the one that was checked longest ago counts.
 * @param folders where borgmatic keeps its state; the newest time of all of them counts.
 */
export async function readCheckTimes(
  host: Host,
  folders: readonly string[],
  repositoryId: string,
): Promise<CheckTimes> {
  const all = await Promise.all(
    folders.map((folder) => readFolder(host, `${folder}/checks/${repositoryId}`)),
  );
  const newest = (name: keyof CheckTimes) => {
    const times = all.flatMap((one) => one[name] ?? []);
    return times.length === 0 ? undefined : Math.max(...times);
  };
  return {
    repository: newest('repository'),
    archives: newest('archives'),
    data: newest('data'),
    extract: newest('extract'),
    spot: newest('spot'),
  };
}

async function readFolder(host: Host, folder: string): Promise<CheckTimes> {
  const [repository, archives, data, extract, spot] = await Promise.all(
    ['repository', 'archives', 'data', 'extract', 'spot'].map((name) => readTime(host, `${folder}/${name}`)),
  );
  const others = [repository, archives, data, spot];
  const unproven =
    extract !== undefined &&
    others.some((other) => other !== undefined && Math.abs(other - extract) < sameMoment);
  return { repository, archives, data, extract: unproven ? undefined : extract, spot };
}

async function readTime(host: Host, path: string): Promise<number | undefined> {
  const found = await host.stat(path);
  if (found === undefined) return undefined;
  if (!found.directory) return found.modified;
  const names = (await host.list(path)) ?? [];
  const times = await Promise.all(names.map(async (name) => (await host.stat(`${path}/${name}`))?.modified));
  const known = times.flatMap((time) => time ?? []);
  return known.length === 0 ? undefined : Math.min(...known);
}

/**
 * Whether the time of a check that borg carried out is proof that it found nothing. borg ends with 1, a warning, when it finds damage;
 * from 1.8 to 2.1.1 borgmatic takes that for a success and notes the time all the same, unless its configuration says that 1 is an error
 * (https://projects.torsion.org/borgmatic-collective/borgmatic/issues/1252).
 */
export function isProof(version: string, errorCodes: readonly number[]): boolean {
  const [, major = NaN, minor = NaN, patch = NaN] = (/^(\d+)\.(\d+)\.(\d+)/.exec(version.trim()) ?? []).map(
    Number,
  );
  if (Number.isNaN(patch)) return false;
  const number = major * 1_000_000 + minor * 1000 + patch;
  return number < 1_008_000 || number >= 2_001_002 || (number >= 1_008_007 && errorCodes.includes(1));
}

/**
 * Verdicts from the times: what borgmatic noted was successful. `extract` reads the newest archive back whole without writing it, `spot`
 * compares a share of the files with their source: both checks of data, of the share they looked at.
 * @param proof whether the times of what borg checked itself can be believed.
 */
export function checksOf(
  { repository, archives, data, extract, spot }: CheckTimes,
  proof: boolean,
): readonly Check[] {
  const believed = proof ? { repository, archives, data } : {};
  return [
    ...verdicts('structure', [believed.repository, believed.archives]),
    ...verdicts('data', [believed.data, extract, spot]),
  ];
}

function verdicts(depth: Check['depth'], times: readonly (number | undefined)[]): readonly Check[] {
  return times.flatMap((at) => (at === undefined ? [] : [{ depth, at, success: true }]));
}
