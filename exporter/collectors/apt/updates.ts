import { CollectorError, problemOf, type Collection, type Host, type RunOptions } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import type { Lists } from './lists.ts';
import { hasSecurityUpdate, isSecurityOrigin, parsePolicy, type PackagePolicy } from './policy.ts';
import { parseSimulation, type Simulation, type Upgrade } from './simulation.ts';
import { isToolConfiguration, runApt, unreadableFiles } from './tool.ts';
import { compareVersions } from '../versions/debian.ts';
import { rememberFirstSeen, type FirstSeen } from '../memory/first-seen.ts';

/** Package names in one command; a command line has room for far more. */
const namesAtOnce = 1000;

/** An update that waits, whether apt-get would install it or leaves it alone. */
interface Update {
  /** With `:architecture` where it is not the native one. */
  readonly name: string;
  readonly security: boolean;
}

/** Which updates wait, by class and since when. Lists must be usable: without them apt sees nothing to do. */
export async function readUpdates(host: Host, options: RunOptions, lists: Lists): Promise<Collection> {
  try {
    const [{ upgrades, keptBack }, holds] = await Promise.all([
      simulate(host, options),
      readHolds(host, options),
    ]);
    const left = [...new Set([...holds, ...keptBack])];
    const policies = await readPolicies(host, options, [...upgrades.map(({ name }) => name), ...left]);
    const pending = upgrades.map((upgrade) => classify(upgrade, policies.get(upgrade.name), lists));
    const waiting = left.flatMap((name) => waitingUpdate(name, policies.get(name), lists));
    // What is left alone keeps its age, so that a hold does not make an update younger.
    const { firstSeen, problems } = await rememberFirstSeen(host, 'apt-first-seen', [...pending, ...waiting]);
    return {
      samples: (lists.hasSecuritySource ? [true, false] : [false]).flatMap((security) =>
        classSamples(
          security,
          pending.filter((update) => update.security === security),
          waiting.filter((update) => update.security === security),
          firstSeen,
        ),
      ),
      problems,
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

/** @throws CollectorError unexpected_output when apt-cache does not know the package: it may be a security update. */
function classify(upgrade: Upgrade, policy: PackagePolicy | undefined, lists: Lists): Update {
  const { name, origins } = upgrade;
  if (policy === undefined)
    throw new CollectorError(
      'unexpected_output',
      `apt-cache policy knows nothing of ${name}, which apt-get would upgrade`,
    );
  const security =
    origins.some(isSecurityOrigin) || hasSecurityUpdate(upgrade, policy.versions, lists.isSecuritySource);
  return { name, security };
}

/** The update of a package that apt-get leaves alone, if there is one. */
function waitingUpdate(name: string, policy: PackagePolicy | undefined, lists: Lists): readonly Update[] {
  if (policy?.installed === undefined || policy.candidate === undefined) return [];
  const range = { installed: policy.installed, candidate: policy.candidate };
  if (compareVersions(range.candidate, range.installed) <= 0) return [];
  return [{ name, security: hasSecurityUpdate(range, policy.versions, lists.isSecuritySource) }];
}

function classSamples(
  security: boolean,
  pending: readonly Update[],
  held: readonly Update[],
  firstSeen: ReadonlyMap<string, FirstSeen>,
): readonly Sample[] {
  const labels = { manager: 'apt', class: security ? 'security' : 'standard', severity: 'unknown' } as const;
  const oldest = (updates: readonly Update[]): readonly number[] => {
    const since = updates.flatMap(
      ({ name }) => firstSeen.get(name)?.[security ? 'security' : 'pending'] ?? [],
    );
    return since.length === 0 ? [] : [since.reduce((a, b) => Math.min(a, b))];
  };
  const basis = 'first_seen';
  const { manager } = labels;
  return [
    sample('maintenance_patches_pending', labels, pending.length),
    ...oldest(pending).map((since) =>
      sample('maintenance_patch_oldest_pending_timestamp_seconds', { ...labels, basis }, since),
    ),
    sample('maintenance_patches_held', { manager, class: labels.class }, held.length),
    ...oldest(held).map((since) =>
      sample(
        'maintenance_patch_oldest_held_timestamp_seconds',
        { manager, class: labels.class, basis },
        since,
      ),
    ),
  ];
}
