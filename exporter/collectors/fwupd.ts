import { z } from 'zod';
import { defineCollector, problemOf, type Collection, type Host } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { deploymentsOf, waitingDevices } from './fwupd/history.ts';
import { readRemotes } from './fwupd/remotes.ts';
import { askFwupd } from './fwupd/tool.ts';
import { devicesSchema, readUpdates, type Device } from './fwupd/updates.ts';
import { recordDeployments } from './patch/deployments.ts';
import { inTurn } from './rpm/collect.ts';
import { bootTime, inContainer } from './system/boot.ts';

/** Firmware updates that the Linux Vendor Firmware Service has for the devices of this host. */
export const fwupd = defineCollector({
  name: 'fwupd',
  summary: 'pending firmware updates, their urgency and history, through fwupdmgr',
  tools: ['fwupdmgr'],
  rights: '',
  metrics: metricsOf('patches', 'patch'),
  byDefault: false,
  interval: 6 * 60 * 60,
  timeout: 5 * 60,
  settings: z.strictObject({}),
  example: {},
  detect: async (host) => ((await host.stat('/etc/fwupd/remotes.d')) === undefined ? undefined : {}),
  collect: async (host) => {
    const booted = (await inContainer(host).catch(() => true))
      ? undefined
      : await bootTime(host).catch(() => undefined);
    let history: readonly Device[] | undefined;
    return inTurn([
      async () => {
        history = (await askFwupd(host, 'get-history', devicesSchema))?.Devices ?? [];
        const deployments = deploymentsOf(history);
        return recordDeployments(host, deployments, {
          manager: 'fwupd',
          source: 'fwupdmgr get-history',
          booted,
        });
      },
      () => readPending(host, history ?? [], booted),
    ]);
  },
});

async function readPending(
  host: Host,
  history: readonly Device[],
  booted: number | undefined,
): Promise<Collection> {
  const remotes = await readRemotes(host);
  if (!remotes.usable) return remotes;
  const updates = await readUpdates(host, waitingDevices(history), booted).catch((error: unknown) => ({
    samples: [],
    problems: [problemOf(error)],
  }));
  return {
    samples: [...remotes.samples, ...updates.samples],
    problems: [...remotes.problems, ...updates.problems],
  };
}
