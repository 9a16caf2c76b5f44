import { z } from 'zod';
import {
  type Collection,
  CollectorError,
  defineCollector,
  type Host,
  type Problem,
  problemOf,
} from '../collector.ts';
import { folder, readFileSystem } from './btrfs_volume/file-system.ts';
import { parseScrubRecord } from './btrfs_volume/scrub.ts';
import type { VolumeFacts } from './volume/facts.ts';
import { excludeSetting, withMissing } from './volume/known.ts';

const settings = z.strictObject({
  exclude: excludeSetting,
  scrubs: z
    .boolean({ error: 'expected true or false' })
    .default(true)
    .describe('Read when each was last scrubbed, from /var/lib/btrfs; only root may.'),
});

/** File systems of btrfs as volumes; their snapshots as backups are the business of the collector `btrfs`. */
export const btrfsVolume = defineCollector({
  name: 'btrfs_volume',
  summary: 'mounted file systems of btrfs: missing devices, error counters, scrubs',
  tools: [],
  rights: 'root to read /var/lib/btrfs, or set scrubs to false',
  metrics: [
    'maintenance_volume_info',
    'maintenance_volume_present',
    'maintenance_volume_healthy',
    'maintenance_volume_operational',
    'maintenance_volume_members',
    'maintenance_volume_degraded_members',
    'maintenance_volume_scrub_timestamp_seconds',
    'maintenance_volume_scrub_errors',
    'maintenance_volume_errors',
    'maintenance_volume_size_bytes',
    'maintenance_volume_used_ratio',
  ],
  byDefault: false,
  interval: 5 * 60,
  timeout: 30,
  settings,
  example: {},
  detect: async (host) => ((await mounted(host)).length > 0 ? {} : undefined),
  collect,
});

async function collect(host: Host, { exclude, scrubs }: z.infer<typeof settings>): Promise<Collection> {
  const uuids = await mounted(host);
  const read = await Promise.all(uuids.map((uuid) => readOne(host, uuid, scrubs)));
  const found = read.flatMap(({ facts }) => facts ?? []);
  const complete = found.length === uuids.length;
  const { samples, problems } = await withMissing(host, 'btrfs', found, { exclude, complete });
  if (uuids.length === 0 && samples.length === 0 && problems.length === 0)
    throw new CollectorError(
      'unsupported',
      `${folder} shows no file system: none of btrfs is mounted here; remove collectors.btrfs_volume, or let the service see /sys`,
    );
  return { samples, problems: [...problems, ...read.flatMap(({ problem }) => problem ?? [])] };
}

/** UUIDs; a file system is there once, however often it is mounted. */
async function mounted(host: Host): Promise<readonly string[]> {
  return ((await host.list(folder)) ?? []).filter((name) =>
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name),
  );
}

async function readOne(
  host: Host,
  uuid: string,
  scrubs: boolean,
): Promise<{ readonly facts?: VolumeFacts; readonly problem?: Problem }> {
  let facts: VolumeFacts | undefined;
  try {
    facts = await readFileSystem(host, uuid);
    if (!scrubs) return { facts };
    const scrub = parseScrubRecord((await host.read(`/var/lib/btrfs/scrub.status.${uuid}`)) ?? '');
    return { facts: { ...facts, scrubbed: scrub?.ended, scrubErrors: scrub?.errors } };
  } catch (error) {
    const problem = problemOf(error, `btrfs ${facts?.volume ?? uuid}`);
    return facts === undefined ? { problem } : { facts, problem };
  }
}
