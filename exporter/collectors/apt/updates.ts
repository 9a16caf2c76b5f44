import { CollectorError, problemOf, type Collection, type Host, type RunOptions } from '../../collector.ts';
import type { Lists } from './lists.ts';
import { isSecurityOrigin, parsePolicy, type KnownVersion, type PackagePolicy } from './policy.ts';
import { parseSimulation, type Simulation, type Upgrade } from './simulation.ts';
import { isToolConfiguration, runApt, unreadableFiles } from './tool.ts';
import { compareVersions } from '../versions/debian.ts';
import { type Offer, rememberOffers } from '../patch/offers.ts';
import { patchSamples } from '../patch/samples.ts';

/** Package names in one command; a command line has room for far more. */
const namesAtOnce = 1000;

/** Which updates wait, by class and since when. Lists must be usable: without them apt sees nothing to do. */
export async function readUpdates(host: Host, options: RunOptions, lists: Lists): Promise<Collection> {
  try {
    const [{ upgrades, keptBack }, holds] = await Promise.all([
      simulate(host, options),
      readHolds(host, options),
    ]);
    const left = [...new Set([...holds, ...keptBack])];
    const policies = await readPolicies(host, options, [...upgrades.map(({ name }) => name), ...left]);
    const waiting = left.flatMap((name) => waitingUpdate(name, policies.get(name), lists));
    const offers = [
      ...upgrades.flatMap((upgrade) => offersOf(upgrade, policies.get(upgrade.name), lists)),
      ...waiting,
    ];
    const installed = new Map([
      ...[...policies].map(([name, policy]) => [name, policy.installed] as const),
      ...upgrades.map(({ name, installed: version }) => [name, version] as const),
    ]);
    const remembered = await rememberOffers(host, offers, {
      manager: 'apt',
      outstanding: (name, version) => {
        const here = installed.get(name);
        return here !== undefined && compareVersions(version, here) > 0;
      },
    });
    return {
      samples: patchSamples(remembered, {
        manager: 'apt',
        classes: lists.hasSecuritySource ? ['security', 'standard'] : ['standard'],
        held: new Set(waiting.map(({ name }) => name)),
      }),
      problems: remembered.problems,
    };
  } catch (error) {
    return { samples: [], problems: [problemOf(error)] };
  }
}

async function simulate(host: Host, options: RunOptions): Promise<Simulation> {
  // With `quiet` left to the configuration the summary may be missing.
  const args = ['-s', '-o', 'Debug::NoLocking=true', '-o', 'quiet=1', 'dist-upgrade'];
  const { stdout, stderr } = await runApt(host, options, 'apt-get', args);
  const unreadable = unreadableFiles(stderr).find((path) => !isToolConfiguration(path));
  if (unreadable === undefined) return parseSimulation(stdout);
  throw new CollectorError(
    'permission_denied',
    `apt may not read ${unreadable}, so which updates it would choose is unknown; let the service user read it`,
  );
}

async function readHolds(host: Host, options: RunOptions): Promise<readonly string[]> {
  const { stdout } = await runApt(host, options, 'apt-mark', ['showhold']);
  return stdout.split(/\s+/).filter((name) => name !== '');
}

async function readPolicies(
  host: Host,
  options: RunOptions,
  names: readonly string[],
): Promise<ReadonlyMap<string, PackagePolicy>> {
  const policies = new Map<string, PackagePolicy>();
  for (let at = 0; at < names.length; at += namesAtOnce) {
    const args = ['policy', ...names.slice(at, at + namesAtOnce)];
    // oxlint-disable-next-line no-await-in-loop -- one at a time is kind to the host
    const { stdout } = await runApt(host, options, 'apt-cache', args);
    for (const [name, policy] of parsePolicy(stdout)) policies.set(name, policy);
  }
  return policies;
}

/**
 * Every version between the installed one and the candidate, the candidate included. The candidate alone is not enough: a
 * later version from another pocket masks the security update before it (github.com/mvo5/unattended-upgrades/issues/127).
 * @throws CollectorError unexpected_output when apt-cache does not know the package: it may be a security update.
 */
function offersOf(upgrade: Upgrade, policy: PackagePolicy | undefined, lists: Lists): readonly Offer[] {
  const { name, origins, candidate } = upgrade;
  if (policy === undefined)
    throw new CollectorError(
      'unexpected_output',
      `apt-cache policy knows nothing of ${name}, which apt-get would upgrade`,
    );
  const between = versionsBetween(upgrade, policy.versions, lists.isSecuritySource);
  const chosen = between.find(({ version }) => version === candidate);
  const security = origins.some(isSecurityOrigin) || chosen?.class === 'security';
  return [
    ...between.filter(({ version }) => version !== candidate),
    { name, version: candidate, class: security ? 'security' : 'standard', severity: 'unknown' },
  ];
}

/** The updates of a package that apt-get leaves alone, if there are any. */
function waitingUpdate(name: string, policy: PackagePolicy | undefined, lists: Lists): readonly Offer[] {
  if (policy?.installed === undefined || policy.candidate === undefined) return [];
  const { installed, candidate, versions } = policy;
  return versionsBetween({ name, installed, candidate }, versions, lists.isSecuritySource);
}

/** Every version that is newer than the installed one and not newer than the candidate, as an update of its own. */
export function versionsBetween(
  { name, installed, candidate }: Pick<Upgrade, 'name' | 'installed' | 'candidate'>,
  versions: readonly KnownVersion[],
  isSecuritySource: Lists['isSecuritySource'],
): readonly Offer[] {
  return versions
    .filter(
      ({ version }) => compareVersions(version, installed) > 0 && compareVersions(version, candidate) <= 0,
    )
    .map(({ version, sources }) => ({
      name,
      version,
      class: sources.some(isSecuritySource) ? 'security' : 'standard',
      severity: 'unknown',
    }));
}
