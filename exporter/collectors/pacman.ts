import { z } from 'zod';
import { defineCollector, problemOf, type Collection, type Host, type Problem } from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { readAdvisories, type Advisory } from './pacman/arch-audit.ts';
import { readDatabases } from './pacman/databases.ts';
import { parseLog } from './pacman/log.ts';
import { readDirective, readPath, type PacmanOptions } from './pacman/tool.ts';
import { needsReboot, readUpdates } from './pacman/updates.ts';
import { recordDeployments } from './patch/deployments.ts';
import { inTurn } from './rpm/collect.ts';
import { bootTime, inContainer } from './system/boot.ts';

const path = z.string({ error: 'expected an absolute path' }).startsWith('/', 'expected an absolute path');

const settingsSchema = z.strictObject({
  /** Another configuration than /etc/pacman.conf, as `pacman --config`. */
  config: path.optional().describe('another configuration than /etc/pacman.conf, as `pacman --config`'),
  /** A copy of the sync databases that something keeps fresh, such as `CHECKUPDATES_DB` of checkupdates; see checkupdates(8). */
  database: path
    .optional()
    .describe(
      'folder with a copy of the sync databases that something keeps fresh, such as `CHECKUPDATES_DB` of `checkupdates`; those of pacman itself are as old as the last `pacman -Sy`',
    ),
  /** Whether arch-audit may ask security.archlinux.org which updates close vulnerabilities. */
  arch_audit: z
    .boolean({ error: 'expected true or false' })
    .default(false)
    .describe(
      'ask `arch-audit` which updates close vulnerabilities; it needs the network. Without it security updates are unknown',
    ),
});

/** Pending updates of Arch Linux and its relatives, from the sync databases pacman has. */
export const pacman = defineCollector({
  name: 'pacman',
  summary: 'pending and ignored updates and the log of pacman, from the sync databases it has',
  tools: ['pacman', 'pacman-conf', 'arch-audit'],
  rights: '',
  metrics: metricsOf('patches', 'patch'),
  byDefault: false,
  interval: 60 * 60,
  timeout: 3 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) => ((await host.stat('/var/lib/pacman/local')) === undefined ? undefined : {}),
  collect: async (host, { config, database, arch_audit: audit }) => {
    const booted = (await inContainer(host).catch(() => true))
      ? undefined
      : await bootTime(host).catch(() => undefined);
    return inTurn([
      () => readPending(host, { config, database }, audit, booted),
      () => readDeployments(host, { config }, booted),
    ]);
  },
});

async function readPending(
  host: Host,
  options: PacmanOptions,
  audit: boolean,
  booted: number | undefined,
): Promise<Collection> {
  const repositories = await readDirective(host, options, '--repo-list');
  const folder = options.database ?? (await readPath(host, options, 'DBPath'));
  const databases = await readDatabases(host, folder, repositories);
  if (!databases.usable) return databases;
  const security = audit ? await securityOf(host) : withoutSecurity;
  const updates = await readUpdates(host, options, security, booted).catch((error: unknown) => ({
    samples: [],
    problems: [problemOf(error)],
  }));
  return {
    samples: [...databases.samples, ...updates.samples],
    problems: [...databases.problems, ...updates.problems],
  };
}

interface Security {
  readonly advisories: readonly Advisory[] | undefined;
  readonly problems: readonly Problem[];
}

const withoutSecurity: Security = {
  advisories: undefined,
  problems: [
    {
      reason: 'unsupported',
      message:
        'pacman does not know which updates are security updates, so all count as standard; install arch-audit and set collectors.pacman.arch_audit: true',
    },
  ],
};

async function securityOf(host: Host): Promise<Security> {
  try {
    return { advisories: await readAdvisories(host), problems: [] };
  } catch (error) {
    return { advisories: undefined, problems: [problemOf(error)] };
  }
}

async function readDeployments(
  host: Host,
  options: PacmanOptions,
  booted: number | undefined,
): Promise<Collection> {
  const source = await readPath(host, options, 'LogFile');
  const folder = await readPath(host, options, 'DBPath');
  const lock = `${folder.replace(/\/$/, '')}/db.lck`;
  const isHeld = async () => {
    const held = await host.stat(lock);
    // One from before the start belongs to a pacman that was killed.
    return held !== undefined && held.modified >= (booted ?? 0);
  };
  const heldBefore = await isHeld();
  const text = await host.read(source);
  if (text === undefined) return { samples: [], problems: [] };
  const deployments = parseLog(text, heldBefore || (await isHeld()));
  return recordDeployments(host, deployments, { manager: 'pacman', source, needsReboot, booted });
}
