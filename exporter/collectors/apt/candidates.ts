import { z } from 'zod';
import { CollectorError, type Host, type RunOptions } from '../../collector.ts';
import { compareVersions } from '../versions/debian.ts';
import type { Lists } from './lists.ts';
import { isSecurityOrigin, parsePolicy, type PackagePolicy } from './policy.ts';
import { askResolver, type Choice } from './resolver.ts';
import { parseSimulation, type Simulation } from './simulation.ts';
import { withoutLists } from './sources.ts';
import { isToolConfiguration, runApt, unreadableFiles } from './tool.ts';

/** A package with updates: the versions that wait. */
export const candidateSchema = z.object({
  /** With `:architecture` where it is not the native one. */
  name: z.string(),
  installed: z.string(),
  /** What apt-get would take, or, where that is newer, the security update it leaves alone. */
  candidate: z.string(),
  /** Whether apt-get leaves it alone: on hold, phased, in conflict, or pinned. */
  held: z.boolean(),
  versions: z.array(z.object({ version: z.string(), security: z.boolean() })),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** Package names in one command; a command line has room for far more. */
const namesAtOnce = 1000;

/**
 * Which packages `dist-upgrade` would change and which it would leave alone. Lists must be usable: without them apt sees
 * nothing to do.
 * @param present names of the packages that are there.
 * @throws CollectorError.
 */
export async function readCandidates(
  host: Host,
  options: RunOptions,
  lists: Lists,
  present: readonly string[],
): Promise<readonly Candidate[]> {
  const choices = await askResolver(host, options);
  if (choices !== undefined) {
    await requireReadablePreferences(host, options);
    return choices.flatMap((choice) => chosen(choice, lists));
  }
  const { upgrades, removals } = await simulate(host, options);
  const changed = new Set([...upgrades.map(({ name }) => name), ...removals]);
  const left = present.filter((name) => !changed.has(name));
  const policies = await readPolicies(host, options, [...upgrades.map(({ name }) => name), ...left]);
  return [
    ...upgrades.map((upgrade) => simulated(upgrade, policies.get(upgrade.name), lists)),
    ...left.flatMap((name) => waiting(name, policies.get(name), lists)),
  ];
}

/** A package that is held at the newest version there is has no update. */
function chosen({ kept, ...choice }: Choice, lists: Lists): readonly Candidate[] {
  const versions = choice.versions.map(({ version, files }) => ({ version, sources: files }));
  const between = versionsBetween(choice, versions, lists.isSecuritySource);
  if (kept) return between.length === 0 ? [] : [candidateOf(choice, true, between)];
  return [candidateOf(choice, false, withCandidate(choice.candidate, between, false))];
}

/** @throws CollectorError unexpected_output when apt-cache does not know the package: it may be a security update. */
function simulated(
  upgrade: Simulation['upgrades'][number],
  policy: PackagePolicy | undefined,
  lists: Lists,
): Candidate {
  if (policy === undefined)
    throw new CollectorError(
      'unexpected_output',
      `apt-cache policy knows nothing of ${upgrade.name}, which apt-get would upgrade`,
    );
  const between = versionsBetween(upgrade, policy.versions, lists.isSecuritySource);
  const security = upgrade.origins.some(isSecurityOrigin);
  return candidateOf(upgrade, false, withCandidate(upgrade.candidate, between, security));
}

/** The updates of a package that apt-get leaves alone, if there are any. */
function waiting(name: string, policy: PackagePolicy | undefined, lists: Lists): readonly Candidate[] {
  if (policy?.installed === undefined) return [];
  const { installed, candidate = installed } = policy;
  const pair = { name, installed, candidate };
  const between = versionsBetween(pair, policy.versions, lists.isSecuritySource);
  return between.length === 0 ? [] : [candidateOf(pair, true, between)];
}

type Pair = Pick<Candidate, 'name' | 'installed' | 'candidate'>;
type Version = Candidate['versions'][number];

function candidateOf(
  { name, installed, candidate }: Pair,
  held: boolean,
  versions: readonly Version[],
): Candidate {
  const newest = versions.reduce(
    (one, { version }) => (compareVersions(version, one) > 0 ? version : one),
    candidate,
  );
  return { name, installed, candidate: newest, held, versions: [...versions] };
}

/** The candidate is an update also where it is older than what is installed: a pin asks for that. */
function withCandidate(
  candidate: string,
  between: readonly Version[],
  security: boolean,
): readonly Version[] {
  const known = between.find(({ version }) => version === candidate);
  return [
    ...between.filter(({ version }) => version !== candidate),
    { version: candidate, security: security || known?.security === true },
  ];
}

/**
 * Every version that is newer than the installed one and not newer than the candidate, and every newer security update. The
 * candidate alone is not enough: a later version from another pocket masks the security update before it
 * (github.com/mvo5/unattended-upgrades/issues/127), and a pin or `APT::Default-Release` can keep apt from the security pocket
 * altogether without a word (bugs.debian.org/931524).
 */
export function versionsBetween(
  { installed, candidate }: Pick<Pair, 'installed' | 'candidate'>,
  versions: readonly { readonly version: string; readonly sources: readonly string[] }[],
  isSecuritySource: Lists['isSecuritySource'],
): readonly Version[] {
  return versions
    .filter(({ version }) => compareVersions(version, installed) > 0)
    .map(({ version, sources }) => ({ version, security: sources.some(isSecuritySource) }))
    .filter(({ version, security }) => security || compareVersions(version, candidate) <= 0);
}

/**
 * python3-apt does not tell when libapt-pkg left out a file with preferences that it may not read. Without lists there is no
 * release that could be the default one, which would be an error.
 * @throws CollectorError.
 */
async function requireReadablePreferences(host: Host, options: RunOptions): Promise<void> {
  const args = [...withoutLists, '-o', 'APT::Default-Release=', 'policy'];
  requireReadable((await runApt(host, options, 'apt-cache', args)).stderr);
}

async function simulate(host: Host, options: RunOptions): Promise<Simulation> {
  // With `quiet` left to the configuration the summary may be missing.
  const args = ['-s', '-o', 'Debug::NoLocking=true', '-o', 'quiet=1', 'dist-upgrade'];
  const { stdout, stderr } = await runApt(host, options, 'apt-get', args);
  requireReadable(stderr);
  return parseSimulation(stdout);
}

/** @throws CollectorError permission_denied. */
function requireReadable(stderr: string): void {
  const unreadable = unreadableFiles(stderr).find((path) => !isToolConfiguration(path));
  if (unreadable !== undefined)
    throw new CollectorError(
      'permission_denied',
      `apt may not read ${unreadable}, so which updates it would choose is unknown; let the service user read it`,
    );
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
