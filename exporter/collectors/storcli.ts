import { z } from 'zod';
import { type Collection, CollectorError, defineCollector, type Host } from '../collector.ts';
import { type Sample, sample } from '../metrics.ts';
import { words } from './backup/job.ts';
import { asUser } from './backup/sudo.ts';
import { type Controller, parseAnswer } from './storcli/answer.ts';
import { excludeSetting, withMissing } from './volume/known.ts';

/** One program under several names; Dell ships it as perccli. The installers of Broadcom and Dell leave it outside PATH. */
const programs = [
  'storcli64',
  'storcli',
  'perccli64',
  'perccli',
  '/opt/MegaRAID/storcli/storcli64',
  '/opt/MegaRAID/perccli/perccli64',
];
const args = ['/cALL', 'show', 'all', 'J'];

const settings = z.strictObject({
  tool: words('a program or its path')
    .optional()
    .describe('The program; storcli64, storcli, perccli64 and perccli are tried unless set.'),
  user: words('the name of a user').optional().describe('Run it as this user with sudo; it takes root.'),
  exclude: excludeSetting,
});
type Settings = z.infer<typeof settings>;

/** Hardware RAID of Broadcom (LSI, Avago) and Dell PERC. */
export const storcli = defineCollector({
  name: 'storcli',
  summary: 'hardware RAID of Broadcom MegaRAID and Dell PERC, through storcli or perccli',
  tools: ['storcli64', 'storcli', 'perccli64', 'perccli', 'sudo'],
  rights: 'root: run as root, or set user and allow the command in sudoers',
  metrics: [
    'maintenance_volume_info',
    'maintenance_volume_present',
    'maintenance_volume_healthy',
    'maintenance_volume_operational',
    'maintenance_volume_members',
    'maintenance_volume_degraded_members',
    'maintenance_volume_spares',
    'maintenance_volume_controller_healthy',
    'maintenance_volume_controller_battery_healthy',
    'maintenance_volume_controller_failed_drives',
  ],
  byDefault: false,
  interval: 10 * 60,
  timeout: 2 * 60,
  settings,
  example: { user: 'root' },
  detect: async (host) => {
    const { controllers } = parseAnswer(await ask(host, settings.parse({})));
    return controllers.length > 0 ? {} : undefined;
  },
  collect,
});

async function collect(host: Host, options: Settings): Promise<Collection> {
  const { controllers, problems: unread, none } = parseAnswer(await ask(host, options));
  const found = controllers.flatMap(({ volumes }) => volumes);
  const { samples, problems } = await withMissing(host, 'megaraid', found, {
    exclude: options.exclude,
    complete: unread.length === 0,
  });
  if (none && samples.length === 0 && problems.length === 0)
    throw new CollectorError(
      'unsupported',
      'storcli finds no controller: this machine has none it knows; remove collectors.storcli, or try perccli under collectors.storcli.tool',
    );
  return {
    samples: [...samples, ...controllers.flatMap(controllerSamples)],
    problems: [...problems, ...unread],
  };
}

function controllerSamples({ name, healthy, batteryHealthy, failedDrives }: Controller): readonly Sample[] {
  const labels = { kind: 'megaraid', controller: name };
  return [
    ...(healthy === undefined
      ? []
      : [sample('maintenance_volume_controller_healthy', labels, Number(healthy))]),
    ...(batteryHealthy === undefined
      ? []
      : [sample('maintenance_volume_controller_battery_healthy', labels, Number(batteryHealthy))]),
    sample('maintenance_volume_controller_failed_drives', labels, failedDrives),
  ];
}

/**
 * What the first of the programs that is here prints. A non-zero exit comes with an answer that says why.
 * @throws CollectorError tool_missing, permission_denied, tool_failed, and as `run`.
 */
async function ask(host: Host, { tool, user }: Settings): Promise<string> {
  for (const candidate of tool === undefined ? programs : [tool]) {
    const answer = await attempt(host, candidate, user);
    if (answer !== undefined) return answer;
  }
  throw new CollectorError(
    'tool_missing',
    'neither storcli nor perccli is installed; name it under collectors.storcli.tool',
  );
}

async function attempt(host: Host, tool: string, user: string | undefined): Promise<string | undefined> {
  try {
    const { exitCode, stdout, stderr } = await host.run(...asUser(user, tool, args), {
      timeout: host.timeLimit * 800,
    });
    if (stdout.trim() !== '') return stdout;
    if (/command not found/i.test(stderr)) return undefined;
    const denied = /a password is required|not allowed|permission denied/i.test(stderr);
    throw new CollectorError(
      denied ? 'permission_denied' : 'tool_failed',
      `${tool} ended with ${exitCode} and printed nothing: ${stderr.trim().slice(0, 200) || 'it gave no reason'}`,
    );
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'tool_missing' && user === undefined)
      return undefined;
    throw error;
  }
}
