import { z } from 'zod';
import { defineCollector, type Collection, type Host } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { readHistory } from './dnf/history.ts';
import { readRepositories } from './dnf/repositories.ts';
import type { DnfOptions } from './dnf/tool.ts';
import { readChosen, readCoreRepositories, readOffered } from './dnf/upgrades.ts';
import { recordDeployments } from './patch/deployments.ts';
import { readAutomatic } from './rpm/automatic.ts';
import { incompleteWhereMissing, inTurn } from './rpm/collect.ts';
import { parseIni } from './rpm/ini.ts';
import { installedPackages } from './rpm/installed.ts';
import { readMetadata } from './rpm/metadata.ts';
import { enabledModules } from './rpm/modules.ts';
import { rebootNeeded } from './rpm/reboot.ts';
import { hasRepositories } from './rpm/repository-files.ts';
import { rpmUpdates } from './rpm/updates.ts';
import { advisoryVulnerabilities } from './rpm/vulnerabilities.ts';
import { nothing, readSecurity, startOf } from './rpm/world.ts';

const manager = 'dnf';

const settingsSchema = z.strictObject({
  /** Another installation than that of this host, as `dnf --installroot`: a chroot or an image. */
  root: z
    .string({ error: 'expected the path of an installation' })
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe('Another installation than that of this host, as `dnf --installroot`: a chroot or an image.'),
});

/** What a run of this collector found out and its parts share. */
interface Found {
  /** Whether a change of a package takes effect only with a reboot. */
  needsReboot: (name: string) => boolean;
}

/** Pending updates of Red Hat Enterprise Linux 8 to 10 and its relatives, with dates and severities of their advisories. */
export const dnf = defineCollector({
  name: 'dnf',
  summary:
    'pending and held updates, their advisories, and the history of dnf 4, from its cache and without network',
  tools: ['dnf', 'rpm', 'systemctl'],
  rights:
    'to read /var/cache/dnf, /var/lib/dnf and the rpm database, which every user may unless somebody changed it',
  metrics: metricsOf('patches', 'patch', 'vulnerabilities', 'vulnerability'),
  byDefault: false,
  interval: 60 * 60,
  timeout: 5 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) => {
    const [four, five, any] = await Promise.all(
      ['/usr/bin/dnf-3', '/usr/bin/dnf5', '/usr/bin/dnf'].map((path) => host.stat(path)),
    );
    const here = four !== undefined || (any !== undefined && five === undefined);
    return here && (await hasRepositories(host)) ? {} : undefined;
  },
  collect: async (host, { root }) => {
    const found: Found = { needsReboot: rebootNeeded([], []) };
    return inTurn([
      () => incompleteWhereMissing(manager, () => readUpdates(host, { root }, found)),
      () => readDeployments(host, { root }, found),
      () => readAutomation(host, { root }),
    ]);
  },
});

async function readUpdates(host: Host, options: DnfOptions, found: Found): Promise<Collection> {
  const { root } = options;
  const repositories = await readRepositories(host, options);
  const metadata = await readMetadata(host, {
    manager,
    refresh: 'dnf makecache --refresh',
    ...repositories,
    cache: await cacheDirectory(host, root),
  });
  if (!metadata.usable) return metadata;
  const installed = await installedPackages(host, root);
  const core = await readCoreRepositories(host, options);
  const security = await readSecurity(host, metadata.repositories, installed, core);
  found.needsReboot = rebootNeeded(installed, security.advisories);
  const updates = await rpmUpdates(host, {
    manager,
    installed,
    offered: await readOffered(host, options),
    chosen: await readChosen(host, options),
    advisories: security.advisories,
    securityKnown: security.securityKnown,
    moduleEnabled: await enabledModules(host, `${root ?? ''}/etc/dnf/modules.d`),
    needsReboot: found.needsReboot,
    booted: await startOf(host, root),
  });
  const vulnerabilities = security.securityKnown
    ? await advisoryVulnerabilities(host, manager, updates.outstanding, metadata.repositories)
    : nothing;
  return {
    samples: [...metadata.samples, ...updates.samples, ...vulnerabilities.samples],
    problems: [...metadata.problems, ...security.problems, ...updates.problems, ...vulnerabilities.problems],
  };
}

/** Where dnf.conf(5) puts the cache. */
async function cacheDirectory(host: Host, root = ''): Promise<string> {
  const own = await host.read(`${root}/etc/dnf/dnf.conf`);
  const text = own ?? (await host.read('/etc/dnf/dnf.conf')) ?? '';
  return `${root}${parseIni(text).get('main')?.get('cachedir') ?? '/var/cache/dnf'}`.replace(/\/+$/, '');
}

async function readDeployments(host: Host, { root }: DnfOptions, found: Found): Promise<Collection> {
  const directory = `${root ?? ''}/var/lib/dnf`;
  const deployments = await readHistory(host, directory);
  if (deployments === undefined) return nothing;
  return recordDeployments(host, deployments, {
    manager,
    source: `${directory}/history.sqlite`,
    needsReboot: found.needsReboot,
    booted: await startOf(host, root),
  });
}

/** dnf-automatic(8): the timer of each unit overrides what the configuration says. */
async function readAutomation(host: Host, { root }: DnfOptions): Promise<Collection> {
  if (root !== undefined) return nothing;
  const samples = await readAutomatic(host, {
    manager,
    installing: ['dnf-automatic-install'],
    configured: ['dnf-automatic'],
    files: ['/etc/dnf/automatic.conf'],
  });
  return { samples, problems: [] };
}
