import { z } from 'zod';
import { CollectorError, defineCollector, type Collection, type Host } from '../collector.ts';
import { metricsOf, sample } from '../metrics.ts';
import { readInstalled } from './apk/installed.ts';
import { parseLog } from './apk/log.ts';
import { readRepositories } from './apk/repositories.ts';
import { readSecurity } from './apk/secdb.ts';
import { needsReboot, readUpdates } from './apk/updates.ts';
import { readVersionList } from './apk/version-list.ts';
import { recordDeployments } from './patch/deployments.ts';
import { incompleteWhereMissing, inTurn } from './rpm/collect.ts';
import { bootTime, inContainer } from './system/boot.ts';

const manager = 'apk';
const logFile = '/var/log/apk.log';

const settingsSchema = z.strictObject({
  /** Files of Alpine's security database, one per repository in use; kept fresh by somebody else. */
  secdb: z
    .array(z.string({ error: 'expected the path of a file' }).startsWith('/', 'expected an absolute path'), {
      error: 'expected a list of files',
    })
    .default([])
    .describe(
      'files of [Alpine’s security database](https://secdb.alpinelinux.org), one per repository in use, fetched daily by a job of yours. Without them security updates are unknown',
    ),
});

/** Pending updates of Alpine Linux and its relatives, from the indexes apk has fetched. */
export const apk = defineCollector({
  name: 'apk',
  summary: 'pending and pinned updates and the age of the indexes, through apk',
  tools: ['apk'],
  rights: '',
  metrics: metricsOf('patches', 'patch'),
  byDefault: false,
  interval: 60 * 60,
  timeout: 3 * 60,
  settings: settingsSchema,
  example: { secdb: ['/var/lib/secdb/v3.22/main.json', '/var/lib/secdb/v3.22/community.json'] },
  detect: async (host) => {
    const found = await Promise.all(
      ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'].map((path) => host.stat(path)),
    );
    return found.some((stat) => stat !== undefined) ? {} : undefined;
  },
  collect: async (host, { secdb }) => {
    const booted = (await inContainer(host).catch(() => true))
      ? undefined
      : await bootTime(host).catch(() => undefined);
    return inTurn([
      () => incompleteWhereMissing(manager, () => readPending(host, secdb, booted)),
      () => readDeployments(host, booted),
    ]);
  },
});

async function readPending(
  host: Host,
  secdb: readonly string[],
  booted: number | undefined,
): Promise<Collection> {
  const repositories = await readRepositories(host);
  if (repositories.length === 0)
    throw new CollectorError(
      'metadata_missing',
      'apk has no repository configured, so it sees no update; add one to /etc/apk/repositories, then run: apk update',
    );
  const installed = await readInstalled(host);
  const newer = await readVersionList(host);
  const security = await readSecurity(host, secdb, repositories);
  const updates = await readUpdates(host, newer, installed, repositories, security, booted);
  return {
    samples: [sample('maintenance_patch_metadata_complete', { manager }, 1), ...updates.samples],
    problems: updates.problems,
  };
}

async function readDeployments(host: Host, booted: number | undefined): Promise<Collection> {
  const text = await host.read(logFile);
  if (text === undefined || text.trim() === '') return { samples: [], problems: [] };
  const deployments = parseLog(text, host.now());
  return recordDeployments(host, deployments, { manager, source: logFile, needsReboot, booted });
}
