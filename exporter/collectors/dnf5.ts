import { z } from 'zod';
import { CollectorError, defineCollector, type Collection, type Host, type Problem } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { parseRepolist } from './dnf/repositories.ts';
import { corePackages } from './dnf/upgrades.ts';
import { readToldAdvisories } from './dnf5/advisories.ts';
import { readHistory } from './dnf5/history.ts';
import { allowed, readLocks, type Lock } from './dnf5/locks.ts';
import { runDnf5, type Dnf5Options } from './dnf5/tool.ts';
import { readChosen, readCoreRepositories, readOffered } from './dnf5/upgrades.ts';
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

const manager = 'dnf5';
const history = '/usr/lib/sysimage/libdnf5/transaction_history.sqlite';

const settingsSchema = z.strictObject({
  /** Another installation than that of this host, as `dnf5 --installroot`: a chroot or an image. */
  root: z
    .string({ error: 'expected the path of an installation' })
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe('Another installation than that of this host, as `dnf5 --installroot`: a chroot or an image.'),
});

/** What a run of this collector found out and its parts share. */
interface Found {
  needsReboot: (name: string) => boolean;
}

/** Pending updates of Fedora 41 and later, with dates and severities of their advisories. */
export const dnf5 = defineCollector({
  name: 'dnf5',
  summary:
    'pending and held updates, their advisories, and the history of dnf 5, from its cache and without network',
  tools: ['dnf5', 'rpm', 'systemctl'],
  rights:
    'to read /var/cache/libdnf5, /usr/lib/sysimage/libdnf5 and the rpm database, which every user may unless somebody changed it',
  metrics: metricsOf('patches', 'patch', 'vulnerabilities', 'vulnerability'),
  byDefault: false,
  interval: 60 * 60,
  timeout: 5 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) =>
    (await host.stat('/usr/bin/dnf5')) !== undefined && (await hasRepositories(host)) ? {} : undefined,
  collect: async (host, { root }) => {
    const found: Found = { needsReboot: rebootNeeded([], []) };
    return inTurn([
      () =>
        incompleteWhereMissing(manager, async () =>
          readUpdates(host, { root, cache: await cacheDirectory(host, root) }, found),
        ),
      () => readDeployments(host, root, found),
      () => readAutomation(host, root),
    ]);
  },
});

async function readUpdates(host: Host, options: Dnf5Options, found: Found): Promise<Collection> {
  const { root, cache } = options;
  const configured = parseRepolist((await runDnf5(host, options, ['repo', 'list', '--enabled'])).stdout);
  const metadata = await readMetadata(host, {
    manager,
    refresh: 'dnf5 makecache --refresh',
    configured,
    loaded: configured.map((id) => ({ id, revision: undefined })),
    cache,
  });
  if (!metadata.usable) return metadata;
  const installed = await installedPackages(host, root);
  const core = await readCoreRepositories(host, options, corePackages);
  const security = await readToldAdvisories(
    host,
    options,
    await readSecurity(host, metadata.repositories, installed, core),
  );
  found.needsReboot = rebootNeeded(installed, security.advisories);
  const offered = await readOffered(host, options);
  const { locks, problems } = await locksOf(host, root);
  const updates = await rpmUpdates(host, {
    manager,
    installed,
    offered,
    chosen: (await readChosen(host, options)).filter((one) => allowed(locks, one)),
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
    problems: [
      ...metadata.problems,
      ...security.problems,
      ...problems,
      ...updates.problems,
      ...vulnerabilities.problems,
    ],
  };
}

/** An update that a lock keeps away and that is taken for pending is not overlooked, so this is no reason to give up. */
async function locksOf(
  host: Host,
  root: string | undefined,
): Promise<{ readonly locks: readonly Lock[]; readonly problems: readonly Problem[] }> {
  try {
    return { locks: await readLocks(host, root), problems: [] };
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    return { locks: [], problems: [{ reason: error.reason, message: error.message }] };
  }
}

/** Where dnf5.conf(5) puts the cache of root. */
async function cacheDirectory(host: Host, root = ''): Promise<string> {
  const text = (await host.read(`${root}/etc/dnf/dnf.conf`)) ?? '';
  const configured = parseIni(text).get('main')?.get('system_cachedir');
  return `${root}${configured ?? '/var/cache/libdnf5'}`.replace(/\/+$/, '');
}

async function readDeployments(host: Host, root: string | undefined, found: Found): Promise<Collection> {
  const booted = await startOf(host, root);
  const source = `${root ?? ''}${history}`;
  const deployments = await readHistory(host, source, booted);
  if (deployments === undefined) return nothing;
  return recordDeployments(host, deployments, { manager, source, needsReboot: found.needsReboot, booted });
}

/** dnf5-automatic(8): files in /etc override the one that came with it; some releases keep the name of the timer of dnf 4. */
async function readAutomation(host: Host, root: string | undefined): Promise<Collection> {
  if (root !== undefined) return nothing;
  const samples = await readAutomatic(host, {
    manager,
    installing: [],
    configured: ['dnf5-automatic', 'dnf-automatic'],
    files: [
      '/etc/dnf/automatic.conf',
      '/etc/dnf/dnf5-plugins/automatic.conf',
      '/usr/share/dnf5/dnf5-plugins/automatic.conf',
    ],
  });
  return { samples, problems: [] };
}
