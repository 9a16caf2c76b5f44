import { z } from 'zod';
import { defineCollector, type Collection, type Host } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { recordDeployments } from './patch/deployments.ts';
import { incompleteWhereMissing, inTurn } from './rpm/collect.ts';
import { installedPackages } from './rpm/installed.ts';
import { readMetadata, type Metadata } from './rpm/metadata.ts';
import { rebootNeeded } from './rpm/reboot.ts';
import { rpmUpdates } from './rpm/updates.ts';
import { advisoryVulnerabilities } from './rpm/vulnerabilities.ts';
import { nothing, readSecurity, startOf } from './rpm/world.ts';
import { readAutomation } from './zypper/automation.ts';
import { readHistory } from './zypper/history.ts';
import { withoutLocked } from './zypper/locks.ts';
import { rebootPackages } from './zypper/reboot.ts';
import {
  readCached,
  readPaths,
  readRepositories,
  type Repository,
  type ZyppPaths,
} from './zypper/repositories.ts';
import type { ZypperOptions } from './zypper/tool.ts';
import { readChosen, readCoreRepositories, readOffered, readPatches } from './zypper/updates.ts';

const manager = 'zypper';

const settingsSchema = z.strictObject({
  /** Another installation than that of this host, as `zypper --root`: a chroot or an image. */
  root: z
    .string({ error: 'expected the path of an installation' })
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe('another installation than that of this host, as `zypper --root`: a chroot or an image'),
});

/** What a run of this collector found out and its parts share. */
interface Found {
  /** Whether a change of a package takes effect only with a reboot. */
  needsReboot: (name: string) => boolean;
}

/** Pending updates of SUSE Linux Enterprise and openSUSE, with dates and severities of their advisories (patches). */
export const zypper = defineCollector({
  name: 'zypper',
  summary:
    'pending and locked updates, their advisories (patches), and the history of zypper, from its cache and without network',
  tools: ['zypper', 'rpm', 'systemctl'],
  rights:
    'to read /etc/zypp, /var/cache/zypp, /var/log/zypp and the rpm database, which every user may unless somebody changed it',
  metrics: metricsOf('patches', 'patch', 'vulnerabilities', 'vulnerability'),
  byDefault: false,
  interval: 60 * 60,
  timeout: 5 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) => {
    const found = await Promise.all(
      ['/etc/zypp/repos.d', '/etc/zypp/services.d'].map((folder) => host.list(folder)),
    );
    return found.flatMap((names) => names ?? []).some((name) => /\.(?:repo|service)$/.test(name))
      ? {}
      : undefined;
  },
  collect: async (host, { root }) => {
    const options = { root };
    const found: Found = { needsReboot: rebootNeeded([], []) };
    const paths = await readPaths(host, root);
    return inTurn([
      () => incompleteWhereMissing(manager, () => readUpdates(host, options, paths, found)),
      () => readDeployments(host, options, paths, found),
      async () => ({
        samples: root === undefined ? await readAutomation(host, manager) : [],
        problems: [],
      }),
    ]);
  },
});

async function readUpdates(
  host: Host,
  options: ZypperOptions,
  paths: ZyppPaths,
  found: Found,
): Promise<Collection> {
  const repositories = await readRepositories(host, options);
  const metadata = await readRaw(host, paths, repositories);
  if (!metadata.usable) return metadata;
  const patches = await readPatches(host, options);
  const chosen = await readChosen(host, options);
  const offered = await readOffered(host, options);
  const core = await coreAliases(host, options, repositories);
  const installed = await installedPackages(host, options.root);
  const security = await readSecurity(host, metadata.repositories, installed, core);
  const { advisories } = security;
  const byAdvisory = rebootNeeded(installed, advisories);
  const listed = await rebootPackages(host, options.root);
  found.needsReboot = (name) =>
    byAdvisory(name) || listed.has(name) || listed.has(name.replace(/\.\w+$/, ''));
  const updates = await rpmUpdates(host, {
    manager,
    installed,
    offered,
    chosen: withoutLocked(chosen, patches, advisories),
    advisories,
    // Where a list of advisories cannot be read, zypper has still read it.
    securityKnown: security.covered,
    moduleEnabled: () => false,
    needsReboot: found.needsReboot,
    booted: await startOf(host, options.root),
    needed: patches.map(({ name, category, severity, locked, since }) => ({
      id: name,
      type: category,
      severity,
      held: locked,
      since,
    })),
  });
  const vulnerabilities = security.securityKnown
    ? await advisoryVulnerabilities(host, manager, updates.outstanding, metadata.repositories)
    : nothing;
  return {
    samples: [...metadata.samples, ...updates.samples, ...vulnerabilities.samples],
    problems: [...metadata.problems, ...security.problems, ...updates.problems, ...vulnerabilities.problems],
  };
}

/** zypper downloads what is not in its cache, also with --no-refresh, so it is asked for updates only when all is there. */
function readRaw(host: Host, { raw }: ZyppPaths, repositories: readonly Repository[]): Promise<Metadata> {
  const aliases = repositories.map(({ alias }) => alias);
  const byAlias = new Map(repositories.map((repository) => [repository.alias, repository]));
  return readMetadata(host, {
    manager,
    refresh: 'zypper refresh',
    configured: aliases,
    loaded: aliases.map((id) => ({ id, revision: undefined })),
    cache: raw,
    find: async ({ id }) => {
      const repository = byAlias.get(id);
      return repository === undefined ? undefined : readCached(host, raw, repository);
    },
  });
}

async function coreAliases(
  host: Host,
  options: ZypperOptions,
  repositories: readonly Repository[],
): Promise<ReadonlySet<string>> {
  const names = await readCoreRepositories(host, options);
  const having = repositories.filter(({ name, alias }) => names.has(name) || names.has(alias));
  return new Set(having.map(({ alias }) => alias));
}

async function readDeployments(
  host: Host,
  { root }: ZypperOptions,
  { history }: ZyppPaths,
  found: Found,
): Promise<Collection> {
  const deployments = await readHistory(host, history, root);
  if (deployments === undefined) return nothing;
  return recordDeployments(host, deployments, {
    manager,
    source: history,
    needsReboot: found.needsReboot,
    booted: await startOf(host, root),
  });
}
