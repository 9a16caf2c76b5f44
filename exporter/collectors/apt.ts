import { z } from 'zod';
import { metricsOf } from '../metrics.ts';
import { CollectorError, defineCollector, type Host, type RunOptions } from '../collector.ts';
import { readLists } from './apt/sources.ts';
import { runApt } from './apt/tool.ts';
import { readUpdates } from './apt/updates.ts';

/** Milliseconds for one apt program. */
const patience = 110_000;

const settingsSchema = z.strictObject({
  /** A configuration file apt reads before its own, as APT_CONFIG does; see apt.conf(5). */
  apt_config: z
    .string({ error: 'expected the path of an apt configuration file' })
    .startsWith('/', 'expected an absolute path')
    .optional(),
});

/** Pending updates of Debian, Ubuntu and their relatives, and whether the package lists behind the answer can be believed. */
export const apt = defineCollector({
  name: 'apt',
  summary: 'pending and held updates and the age of the package lists, through apt-get',
  tools: ['apt-get', 'apt-cache', 'apt-mark', 'apt-config'],
  rights:
    'to read /etc/apt, /var/lib/apt/lists and /var/lib/dpkg, which every user may unless somebody changed it',
  metrics: metricsOf('patches', 'patch'),
  byDefault: true,
  interval: 15 * 60,
  timeout: 2 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) => ((await host.stat('/var/lib/dpkg/status')) === undefined ? undefined : {}),
  collect: async (host, { apt_config: config }) => {
    if (config !== undefined && (await host.stat(config)) === undefined)
      throw new CollectorError(
        'source_missing',
        `${config} does not exist; correct collectors.apt.apt_config`,
      );
    const options = { timeout: patience, ...(config === undefined ? {} : { env: { APT_CONFIG: config } }) };
    const lists = await readLists(host, options);
    await requireStatus(host, options);
    const updates = lists.usable ? await readUpdates(host, options, lists) : { samples: [], problems: [] };
    return {
      samples: [...lists.samples, ...updates.samples],
      problems: [...lists.problems, ...updates.problems],
    };
  },
});

/**
 * Without its record of installed packages apt sees nothing to update, and says so with success.
 * @throws CollectorError source_missing.
 */
async function requireStatus(host: Host, options: RunOptions): Promise<void> {
  const { stdout } = await runApt(host, options, 'apt-config', ['shell', 'STATUS', 'Dir::State::status/f']);
  const path = /^STATUS='(.+)'$/m.exec(stdout)?.[1];
  if (path === undefined)
    throw new CollectorError(
      'unexpected_output',
      'apt-config did not say where installed packages are recorded',
    );
  if (((await host.stat(path))?.size ?? 0) === 0)
    throw new CollectorError(
      'source_missing',
      `${path} is missing or empty, so apt sees no installed package; restore it from /var/backups/dpkg.status.*`,
    );
}
