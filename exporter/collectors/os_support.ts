import { z } from 'zod';
import { CollectorError, defineCollector, type Host, problemOf, type Problem } from '../collector.ts';
import { metricsOf, sample } from '../metrics.ts';
import { type Found, linuxSupport } from './os_support/linux.ts';
import { type OsRelease, readOsRelease } from './os_support/os-release.ts';
import { endOfDay } from './os_support/support.ts';
import { readUbuntuPro, type UbuntuPro } from './os_support/ubuntu-pro.ts';
import { windowsSupport } from './os_support/windows.ts';

const settings = z.strictObject({
  /** Wins over every table; nobody checks it. */
  support_end: z.iso
    .date()
    .optional()
    .describe(
      'Last day with security updates, such as 2028-06-30, for what no table knows or where more was bought. Whoever sets it answers for it.',
    ),
  /** The table says until when. */
  extended: z
    .boolean()
    .default(false)
    .describe(
      'Whether the paid extension of this release was bought and is in use (RHEL ELS, SUSE LTSS, Debian ELTS, Ubuntu Pro ESM, Windows ESU). Ubuntu Pro is found without it.',
    ),
});

/** Until when the vendor makes security updates for this system. */
export const osSupport = defineCollector({
  name: 'os_support',
  summary:
    'when the vendor stops security updates for this system, from os-release, distro-info-data or a shipped table',
  tools: ['dpkg'],
  rights: '',
  metrics: metricsOf('os_support'),
  byDefault: true,
  interval: 6 * 3600,
  timeout: 60,
  settings,
  example: {},
  detect: async (host) => {
    const system = await identify(host);
    return system === undefined || (await system.find()) === undefined ? undefined : {};
  },
  collect: async (host, { support_end: override, extended }) => {
    const system = await identify(host);
    if (system === undefined)
      throw new CollectorError(
        'unsupported',
        'this is neither Linux with an os-release file nor Windows, so no table knows when its support ends (Apple publishes no dates for macOS); turn the os_support collector off',
      );
    const { os, version } = system;
    const ends = (time: number) =>
      sample('maintenance_os_support_end_timestamp_seconds', { os, version }, time);
    if (override !== undefined) return { samples: [ends(endOfDay(override) ?? NaN)], problems: [] };
    const { support, source } = await system.find();
    const problems: Problem[] = [];
    const pro = os === 'ubuntu' ? await attached(host, problems) : { esm: false };
    if (extended && support.extended === undefined)
      problems.push({
        reason: 'unsupported',
        message: `no table knows a paid extension of ${os} ${version}, so it counts until ${support.end}; set collectors.os_support.support_end to the date in your contract`,
      });
    const end = endOfDay(support.end);
    if (end === undefined)
      throw new CollectorError(
        'unexpected_output',
        `${support.end} is no date; set collectors.os_support.support_end`,
      );
    const bought = extended || pro.esm ? endOfDay(support.extended ?? support.end) : undefined;
    return {
      samples: [
        ends(bought === undefined ? end : Math.max(end, Math.min(bought, pro.expires ?? Infinity))),
        sample('maintenance_os_support_table_timestamp_seconds', { source }, support.asOf),
      ],
      problems,
    };
  },
});

/** A system and the way to its table. */
interface System {
  readonly os: string;
  readonly version: string;
  /** @throws CollectorError unsupported when no table knows it. */
  readonly find: () => Promise<Found>;
}

async function identify(host: Host): Promise<System | undefined> {
  const release = await readOsRelease(host);
  if (release !== undefined) return linux(host, release);
  const { os: caption, osVersion: version } = await host.machine();
  if (caption === undefined || version === undefined || !/windows/i.test(caption)) return undefined;
  return { os: 'windows', version, find: async () => windows(caption, version) };
}

function linux(host: Host, release: OsRelease): System {
  const { id, versionId, codename } = release;
  return {
    os: id,
    version: versionId ?? codename ?? 'rolling',
    find: () => linuxSupport(host, release),
  };
}

function windows(caption: string, version: string): Found {
  const support = windowsSupport(caption, version);
  if (support !== undefined) return { support, source: 'shipped' };
  throw new CollectorError(
    'unsupported',
    `the shipped table does not know when support of ${caption.slice(0, 80)} ${version.slice(0, 40)} ends; update this exporter, or set collectors.os_support.support_end to the date of https://learn.microsoft.com/lifecycle/`,
  );
}

/** Ubuntu Pro, as not attached where it cannot be told: the earlier end. */
async function attached(host: Host, problems: Problem[]): Promise<UbuntuPro> {
  try {
    return await readUbuntuPro(host);
  } catch (error) {
    problems.push(problemOf(error));
    return { esm: false };
  }
}
