import { z } from 'zod';
import { defineCollector, problemOf, type Collection, type Host } from '../collector.ts';
import { metricsOf, sample } from '../metrics.ts';
import { recordDeployments } from './patch/deployments.ts';
import { rememberOffers } from './patch/offers.ts';
import { patchSamples } from './patch/samples.ts';
import { inTurn } from './rpm/collect.ts';
import { changesSchema, deploymentsOf } from './snap/changes.ts';
import { askSnapd, socket } from './snap/rest.ts';

const manager = 'snap';
/** A hold that ends later than this is one for good: until 2.58 snapd took none of more than 95 days, seconds. */
const longestHold = 96 * 86_400;

const snapsSchema = z.array(
  z.object({ name: z.string(), revision: z.union([z.string(), z.number()]), hold: z.string().optional() }),
);
const updatesSchema = z.array(z.object({ name: z.string(), revision: z.union([z.string(), z.number()]) }));
const systemSchema = z.object({
  refresh: z
    .object({
      timer: z.string().optional(),
      schedule: z.string().optional(),
      last: z.string().optional(),
      hold: z.string().optional(),
    })
    .optional(),
});

/** Pending refreshes of snaps, and whether snapd refreshes them by itself. */
export const snap = defineCollector({
  name: 'snap',
  summary: 'pending and held refreshes of snaps, automatic refreshing and changes, asked of snapd',
  tools: [],
  rights: '',
  metrics: metricsOf('patches', 'patch'),
  byDefault: false,
  interval: 6 * 60 * 60,
  timeout: 5 * 60,
  settings: z.strictObject({}),
  example: {},
  detect: async (host) => {
    if ((await host.stat(socket)) === undefined) return undefined;
    return (await askSnapd(host, '/v2/snaps', snapsSchema)).length === 0 ? undefined : {};
  },
  collect: (host) =>
    inTurn([() => readPending(host), () => readAutomation(host), () => readDeployments(host)]),
});

async function readPending(host: Host): Promise<Collection> {
  const installed = await askSnapd(host, '/v2/snaps', snapsSchema);
  // The store is asked at once: there is no list that could be old, and no answer is an error.
  const updates = await askSnapd(host, '/v2/find?select=refresh', updatesSchema);
  const revisions = new Map(installed.map(({ name, revision }) => [name, Number(revision)]));
  const now = host.now();
  const held = installed.filter(({ hold }) => hold !== undefined && Date.parse(hold) / 1000 > now);
  const remembered = await rememberOffers(
    host,
    updates.map(({ name, revision }) => ({
      name,
      version: String(revision),
      class: 'application' as const,
      severity: 'unknown' as const,
    })),
    {
      manager,
      outstanding: (name, revision) => {
        const here = revisions.get(name);
        return (
          here !== undefined && Number(revision) > here && updates.some((update) => update.name === name)
        );
      },
    },
  );
  return {
    samples: [
      sample('maintenance_patch_metadata_complete', { manager }, 1),
      ...patchSamples(remembered, {
        manager,
        classes: ['application'],
        held: new Set(held.map(({ name }) => name)),
      }),
    ],
    problems: remembered.problems,
  };
}

/** snapd refreshes by itself, unless it is held for good; `managed` leaves it to a device manager, of which nothing is known here. */
async function readAutomation(host: Host): Promise<Collection> {
  const { refresh } = await askSnapd(host, '/v2/system-info', systemSchema);
  if (
    refresh === undefined ||
    refresh.timer === undefined ||
    [refresh.timer, refresh.schedule].includes('managed')
  )
    return { samples: [], problems: [] };
  const hold = Date.parse(refresh.hold ?? '') / 1000;
  const last = Date.parse(refresh.last ?? '') / 1000;
  const held = refresh.hold === 'forever' || hold > host.now() + longestHold;
  return {
    samples: [
      sample('maintenance_patch_automation_enabled', { manager }, held ? 0 : 1),
      ...(last > 0
        ? [sample('maintenance_patch_automation_last_run_timestamp_seconds', { manager }, last)]
        : []),
    ],
    problems: [],
  };
}

async function readDeployments(host: Host): Promise<Collection> {
  try {
    const changes = await askSnapd(host, '/v2/changes?select=all', changesSchema);
    return await recordDeployments(host, deploymentsOf(changes), {
      manager,
      source: '/v2/changes of snapd',
      booted: undefined,
    });
  } catch (error) {
    return { samples: [], problems: [problemOf(error)] };
  }
}
