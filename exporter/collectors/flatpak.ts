import { z } from 'zod';
import { CollectorError, defineCollector, type Collection, type Host } from '../collector.ts';
import { metricsOf, sample } from '../metrics.ts';
import { readJournal } from './flatpak/journal.ts';
import { isMasked, parseMasks, readInstalled, readNewer, readRemotes } from './flatpak/refs.ts';
import { recordDeployments } from './patch/deployments.ts';
import { rememberOffers } from './patch/offers.ts';
import { patchSamples } from './patch/samples.ts';
import { incompleteWhereMissing, inTurn } from './rpm/collect.ts';

const manager = 'flatpak';

const settingsSchema = z.strictObject({
  /** Whether to use the listings that earlier flatpak commands kept, instead of asking the remotes. */
  cached: z
    .boolean({ error: 'expected true or false' })
    .default(false)
    .describe(
      'use the listings that earlier flatpak commands of the same user kept, instead of asking the remotes over the network; they may be of any age',
    ),
});

/** Pending updates of applications and runtimes from Flatpak remotes. */
export const flatpak = defineCollector({
  name: 'flatpak',
  summary: 'pending and masked updates of Flatpak applications and runtimes, asked of their remotes',
  tools: ['flatpak', 'journalctl'],
  rights: 'for deployments, to read the system journal: the group systemd-journal',
  metrics: metricsOf('patches', 'patch'),
  byDefault: false,
  interval: 6 * 60 * 60,
  timeout: 10 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) => (((await host.list('/var/lib/flatpak/app')) ?? []).length > 0 ? {} : undefined),
  collect: (host, { cached }) =>
    inTurn([
      () => incompleteWhereMissing(manager, () => readPending(host, cached)),
      () => readDeployments(host),
    ]),
});

async function readPending(host: Host, cached: boolean): Promise<Collection> {
  const installed = await readInstalled(host);
  const remotes = await readRemotes(host);
  if (remotes.size === 0)
    throw new CollectorError(
      'metadata_missing',
      'flatpak has no remote that is enabled, so it sees no update; add one (flatpak remote-add), or remove flatpak from the configuration',
    );
  const orphans = installed.filter(({ origin }) => !remotes.has(origin)).map(({ ref }) => ref);
  if (orphans.length > 0)
    throw new CollectorError(
      'metadata_missing',
      `the remote of ${orphans.slice(0, 5).join(', ').slice(0, 300)} is disabled or gone, so their updates are unknown; enable it (flatpak remote-modify --enable), or uninstall them`,
    );
  const newer = installed.length === 0 ? [] : await readNewer(host, cached);
  const { exitCode, stdout } = await host.run('flatpak', ['mask']);
  if (exitCode !== 0) throw new CollectorError('tool_failed', `flatpak mask ended with ${exitCode}`);
  const masks = parseMasks(stdout);
  const active = new Map(installed.map((one) => [one.ref, one.active]));
  const offered = new Set(newer.map(({ ref }) => ref));
  const remembered = await rememberOffers(
    host,
    newer.map(({ ref, commit }) => ({
      name: ref,
      // Commits have no order: one that another replaced stays outstanding as long as the same commit is in use.
      version: `${active.get(ref) ?? ''} to ${commit}`,
      class: 'application' as const,
      severity: 'unknown' as const,
    })),
    {
      manager,
      outstanding: (ref, version) => offered.has(ref) && version.startsWith(`${active.get(ref) ?? ''} to `),
    },
  );
  const held = new Set([...offered].filter((ref) => isMasked(ref, masks)));
  return {
    samples: [
      sample('maintenance_patch_metadata_complete', { manager }, 1),
      ...patchSamples(remembered, { manager, classes: ['application'], held }),
    ],
    problems: remembered.problems,
  };
}

async function readDeployments(host: Host): Promise<Collection> {
  const deployments = await readJournal(host);
  const known = deployments !== undefined && deployments.length > 0;
  // An empty journal proves nothing: it may be kept in memory only. What was counted before stays.
  if (!known && (await host.state.read(`${manager}-deployments`)).document === undefined)
    return { samples: [], problems: [] };
  const { samples, problems } = await recordDeployments(host, deployments ?? [], {
    manager,
    source: 'journal',
    booted: undefined,
  });
  // flatpak logs only what worked: that none failed is not known.
  return { samples: samples.filter(({ labels }) => labels['outcome'] === 'success'), problems };
}
