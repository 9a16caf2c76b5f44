import { z } from 'zod';
import {
  type Collection,
  CollectorError,
  defineCollector,
  type Host,
  problemOf,
  type Problem,
} from '../collector.ts';
import { metricsOf, sample } from '../metrics.ts';
import { recordDeployments } from './patch/deployments.ts';
import { installsByItself } from './softwareupdate/automation.ts';
import {
  deploymentsOf,
  type Installed,
  parseInstallReport,
  parseReceipts,
} from './softwareupdate/history.ts';
import { readPending } from './softwareupdate/pending.ts';
import { readPlist } from './softwareupdate/plist.ts';

const manager = 'softwareupdate';
const preferences = '/Library/Preferences/com.apple.SoftwareUpdate.plist';
const profile = '/Library/Managed Preferences/com.apple.SoftwareUpdate.plist';
const receipts = '/Library/Receipts/InstallHistory.plist';

const settingsSchema = z.strictObject({
  /** Off: what macOS found at its last look is taken, which costs no network. */
  online: z
    .boolean()
    .default(false)
    .describe(
      'Whether to ask the update server at every run (`softwareupdate --list`, which takes minutes), instead of taking what macOS found at its last look.',
    ),
});

/** What macOS offers, installed and is set to do. */
export const softwareupdate = defineCollector({
  name: 'softwareupdate',
  summary: 'pending updates, installations and automatic updating of macOS, from what Software Update keeps',
  tools: ['plutil', 'softwareupdate', 'system_profiler'],
  rights: '',
  metrics: metricsOf('patches', 'patch'),
  byDefault: false,
  interval: 3600,
  timeout: 10 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) => ((await host.stat(preferences)) === undefined ? undefined : {}),
  collect: async (host, { online }) => {
    const problems: Problem[] = [];
    const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await read();
      } catch (error) {
        problems.push(problemOf(error));
        return undefined;
      }
    };
    const installed = await attempt(() => readInstalled(host));
    const parts = [
      await attempt(() => readPending(host, online, installed ?? [])),
      installed === undefined ? undefined : await attempt(() => readDeployments(host, installed)),
      await attempt(() => readAutomation(host)),
    ];
    return {
      samples: parts.flatMap((part) => part?.samples ?? []),
      problems: withoutRepeats([...problems, ...parts.flatMap((part) => part?.problems ?? [])]),
    };
  },
});

/** What Software Update installed: from the receipts, else from system_profiler, which reads them with other rights. */
async function readInstalled(host: Host): Promise<readonly Installed[]> {
  const plist = await readPlist(host, receipts);
  if (plist !== undefined) return parseReceipts(plist);
  const { exitCode, stdout, stderr } = await host.run('system_profiler', [
    'SPInstallHistoryDataType',
    '-json',
  ]);
  if (exitCode === 0) return parseInstallReport(stdout);
  throw new CollectorError(
    'tool_failed',
    `${receipts} does not exist, and system_profiler ended with ${exitCode}: ${stderr.trim().slice(0, 200)}`,
  );
}

/** Only what succeeded leaves a receipt, so nothing is said of failures: 0 of them were counted by nobody. */
async function readDeployments(host: Host, installed: readonly Installed[]): Promise<Collection> {
  const { samples, problems } = await recordDeployments(host, deploymentsOf(installed), {
    manager,
    source: receipts,
    booted: undefined,
  });
  return { samples: samples.filter(({ labels }) => labels['outcome'] === 'success'), problems };
}

async function readAutomation(host: Host): Promise<Collection> {
  const enabled = installsByItself(await readPlist(host, preferences), await readPlist(host, profile));
  return {
    samples:
      enabled === undefined
        ? []
        : [sample('maintenance_patch_automation_enabled', { manager }, enabled ? 1 : 0)],
    problems: [],
  };
}

/** A file that cannot be read is asked for more than once. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
