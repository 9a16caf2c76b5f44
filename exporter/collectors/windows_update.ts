import { z } from 'zod';
import { metricsOf } from '../metrics.ts';
import { type Collection, defineCollector, type Host, type Problem, problemOf } from '../collector.ts';
import type { Answer } from './windows_update/answer.ts';
import { readDeployments } from './windows_update/deployments.ts';
import { readPending } from './windows_update/pending.ts';
import { automationSamples } from './windows_update/automation.ts';
import { readAnswer } from './windows_update/source.ts';
import { isWindows } from './system/powershell.ts';

const settingsSchema = z.strictObject({
  /** Off: what the last search of Windows found is taken, which costs no network. */
  online: z
    .boolean()
    .default(false)
    .describe(
      'Whether to ask the update server at every run, instead of taking what Windows found at its last search.',
    ),
  /** For a service user who may not ask the agent. */
  script_output: z
    .string({ error: 'expected the path of the JSON file that the scheduled task writes' })
    .min(1)
    .optional()
    .describe(
      'JSON file that a scheduled task writes as SYSTEM with the script below; the exporter then runs no PowerShell. Its age counts as the age of the answer.',
    ),
});

/** What the Windows Update Agent offers, installed and is set to do. */
export const windowsUpdate = defineCollector({
  name: 'windows_update',
  summary:
    'pending and hidden updates, update history and automatic updating of Windows, through the Windows Update Agent',
  tools: ['powershell.exe'],
  rights: 'to ask the Windows Update Agent; where the service user may not, a scheduled task of SYSTEM does',
  metrics: metricsOf('patches', 'patch'),
  byDefault: false,
  interval: 3600,
  timeout: 10 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) => ((await isWindows(host)) ? {} : undefined),
  collect: async (host, { online, script_output: file }) => {
    const answer = await readAnswer(host, online, file);
    const parts = [
      await attempt(() => readPending(host, answer)),
      await attempt(() => readDeployments(host, answer)),
      await attempt(async () => automationOf(host, answer)),
    ];
    return {
      samples: parts.flatMap(({ samples }) => samples),
      problems: withoutRepeats(parts.flatMap(({ problems }) => problems)),
    };
  },
});

function automationOf(host: Host, answer: Answer): Collection {
  const samples = automationSamples(answer.part('policy'), answer.part('automatic'), host.now());
  return { samples, problems: [] };
}

/** One part of the answer that is missing does not cost the others. */
async function attempt(read: () => Promise<Collection>): Promise<Collection> {
  try {
    return await read();
  } catch (error) {
    return { samples: [], problems: [problemOf(error)] };
  }
}

function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
