import { CollectorError, type Host } from '../../collector.ts';
import type { Nevra } from '../versions/rpm.ts';
import { readAnswer } from './stream.ts';
import { runZypper, type ZypperOptions } from './tool.ts';

/** An advisory as zypper lists it. */
export interface Patch {
  /** The id of the advisory. */
  readonly name: string;
  /** Its revision. */
  readonly edition: string;
  /** `security`, `recommended`, `bugfix`, `optional`, `feature` and others. */
  readonly category: string;
  /** As written; empty or `unspecified` where there is none. */
  readonly severity: string;
  /** Alias of its repository. */
  readonly repository: string | undefined;
  /** Whether `zypper patch` leaves it alone because of a lock. */
  readonly locked: boolean;
  /** Whether it takes effect only with a reboot. */
  readonly reboot: boolean;
  /** Whether `zypper --non-interactive patch` leaves it out without a word and succeeds. */
  readonly interactive: boolean;
  /** Since when it is needed here as far as the log of zypper tells, unix seconds; a change that others made is not in it. */
  readonly since: number | undefined;
  /** The later of its dates of issue and of last change (libsolv ext/repo_updateinfoxml.c), unix seconds: not its age. */
  readonly dated: number | undefined;
  readonly cves: readonly string[];
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** Status of a patch that this host lacks: PatchStatus in zypper's utils/misc.cc. Older versions list nothing else and say none. */
const lacking: ReadonlySet<string | undefined> = new Set(['needed', 'unwanted', 'optional', undefined]);

/**
 * Parses `zypper --xmlout list-patches`. While an update of zypper itself waits, only that stands in `<update-list>` and all
 * others in `<blocked-update-list>`: they wait as well.
 * @throws CollectorError unexpected_output.
 */
export function parsePatches(text: string): readonly Patch[] {
  const patches: Patch[] = [];
  let draft: (Patch & { readonly cves: string[] }) | undefined;
  readAnswer(text, 'zypper list-patches', 'update-status', {
    texts: new Set(),
    open: (name, attributes) => {
      if (name === 'update' && attributes['kind'] === 'patch') draft = newPatch(attributes);
      if (draft === undefined) return;
      if (name === 'status-since') draft = { ...draft, since: secondsOf(attributes) };
      if (name === 'issue-date') draft = { ...draft, dated: secondsOf(attributes) };
      if (name === 'source') draft = { ...draft, repository: attributes['alias'] };
      const { type, id } = attributes;
      if (name === 'issue' && type === 'cve' && id !== undefined) draft.cves.push(id);
    },
    close: (name) => {
      if (name !== 'update') return;
      if (draft !== undefined) patches.push(draft);
      draft = undefined;
    },
  });
  return patches;
}

function newPatch(attributes: Attributes): (Patch & { readonly cves: string[] }) | undefined {
  const { name, edition, status } = attributes;
  if (!lacking.has(status)) return undefined;
  if (name === undefined || edition === undefined) throw nameless('list-patches');
  return {
    name,
    edition,
    category: attributes['category'] ?? '',
    severity: attributes['severity'] ?? '',
    repository: undefined,
    locked: status === 'unwanted',
    reboot: attributes['restart'] === 'true',
    interactive: attributes['interactive'] === 'true',
    since: undefined,
    dated: undefined,
    cves: [],
  };
}

function secondsOf({ time_t: time = '' }: Attributes): number | undefined {
  return /^[1-9]\d*$/.test(time) ? Number(time) : undefined;
}

/** A newer version of an installed package. */
export interface Update extends Nevra {
  /** Alias. */
  readonly repository: string;
}

/**
 * Parses `zypper --xmlout list-updates`. Patches in it (`-t patch`) are none of its packages.
 * @throws CollectorError unexpected_output.
 */
export function parseUpdates(text: string): readonly Update[] {
  const updates: Update[] = [];
  let inPackage = false;
  readAnswer(text, 'zypper list-updates', 'update-status', {
    texts: new Set(),
    open: (element, { kind, name, edition, arch, alias = '' }) => {
      const last = updates.at(-1);
      if (element === 'source' && inPackage && last !== undefined)
        updates.splice(-1, 1, { ...last, repository: alias });
      if (element !== 'update') return;
      inPackage = kind === 'package';
      if (!inPackage) return;
      if (name === undefined || edition === undefined || arch === undefined) throw nameless('list-updates');
      updates.push({ name, evr: edition.replace(/^0:/, ''), arch, repository: '' });
    },
    close: (element) => {
      if (element === 'update') inPackage = false;
    },
  });
  return updates;
}

function nameless(command: string): CollectorError {
  return new CollectorError(
    'unexpected_output',
    `zypper ${command} listed an update without a name or a version`,
  );
}

/** @throws CollectorError as `runZypper`. */
export async function readPatches(host: Host, options: ZypperOptions): Promise<readonly Patch[]> {
  return parsePatches(await runZypper(host, options, ['list-patches']));
}

/** What `zypper update` would install. @throws CollectorError as `runZypper`. */
export async function readChosen(host: Host, options: ZypperOptions): Promise<readonly Update[]> {
  return parseUpdates(await runZypper(host, options, ['list-updates']));
}

/** Every newer version, whether zypper would install it or a lock, another vendor or a dependency keeps it away. @throws CollectorError as `runZypper`. */
export async function readOffered(host: Host, options: ZypperOptions): Promise<readonly Update[]> {
  return parseUpdates(await runZypper(host, options, ['list-updates', '--all']));
}

/** Packages of which a distribution has exactly one, in the repositories it gives its updates in. */
const corePackages = ['glibc', 'rpm', 'systemd', 'kernel-default'];

/** Names of the repositories in what `zypper --xmlout search --details` found. @throws CollectorError unexpected_output. */
export function parseSearch(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  readAnswer(text, 'zypper search', 'search-result', {
    texts: new Set(),
    open: (element, { repository }) => {
      if (element === 'solvable' && repository !== undefined) names.add(repository);
    },
    close: () => undefined,
  });
  return names;
}

/** Names of the repositories that have the core of the distribution. Exit code 104 says that none has. @throws CollectorError as `runZypper`. */
export async function readCoreRepositories(host: Host, options: ZypperOptions): Promise<ReadonlySet<string>> {
  const args = ['search', '--details', '--match-exact', '--type', 'package', ...corePackages];
  const text = await runZypper(host, options, args, [0, 104]);
  return /<search-result/.test(text) ? parseSearch(text) : new Set();
}
