import { z } from 'zod';
import {
  CollectorError,
  defineCollector,
  problemOf,
  type Collection,
  type Host,
  type Problem,
  type RunOptions,
} from '../collector.ts';
import { metricsOf } from '../metrics.ts';
import { readAdvisories } from './apt/advisories.ts';
import { rememberAnswer, rememberedAnswer, type Answer } from './apt/answer.ts';
import { automationSamples, readAutomation } from './apt/automation.ts';
import { readCandidates } from './apt/candidates.ts';
import { option, readConfiguration, type Configuration } from './apt/configuration.ts';
import type { LoggedDeployments } from './apt/deployments.ts';
import { heldPackages, parseStatus, unfinishedPackages, type PackageState } from './apt/dpkg-status.ts';
import { takeFingerprint, watchedBy } from './apt/fingerprint.ts';
import { judgeLists } from './apt/lists.ts';
import { dpkgLogPath, readLogs, startTime } from './apt/logs.ts';
import { fixesBrought } from './apt/offers.ts';
import { askedForReboot, rebootNeeded } from './apt/reboot-names.ts';
import { readLists } from './apt/sources.ts';
import { updateSamples } from './apt/updates.ts';
import { recordDeployments } from './patch/deployments.ts';

/** Milliseconds for one apt program. */
const patience = 110_000;

const settingsSchema = z.strictObject({
  /** A configuration file apt reads before its own, as APT_CONFIG does; see apt.conf(5). */
  apt_config: z
    .string({ error: 'expected the path of an apt configuration file' })
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe('A configuration file apt reads before its own, as APT_CONFIG does; see apt.conf(5).'),
  /** Security advisories in the OSV format: a directory with `*.json` (DSA, USN), or one file. They give release dates and severities. */
  advisories: z
    .string({ error: 'expected the path of a directory or a file' })
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe(
      'Security advisories in the OSV format: a directory with `*.json` (DSA, USN), or one file. They give release dates and severities.',
    ),
});
type Settings = z.infer<typeof settingsSchema>;

/** Pending updates of Debian, Ubuntu and their relatives, whether the package lists behind the answer can be believed, and what was deployed. */
export const apt = defineCollector({
  name: 'apt',
  summary: 'pending and held updates, the age of the package lists, deployments and automatic updates of apt',
  tools: ['apt-get', 'apt-cache', 'apt-config', 'python3', 'systemctl'],
  rights:
    'to read /etc/apt, /var/lib/apt/lists, /var/lib/dpkg, /var/log/apt and /var/log/dpkg.log, which every user may unless somebody changed it',
  metrics: metricsOf('patches', 'patch'),
  byDefault: true,
  interval: 15 * 60,
  timeout: 2 * 60,
  settings: settingsSchema,
  example: {},
  detect: async (host) => ((await host.stat('/var/lib/dpkg/status')) === undefined ? undefined : {}),
  collect: async (host, settings) => {
    const { apt_config: config } = settings;
    if (config !== undefined && (await host.stat(config)) === undefined)
      throw new CollectorError(
        'source_missing',
        `${config} does not exist; correct collectors.apt.apt_config`,
      );
    const key = JSON.stringify([config ?? '', settings.advisories ?? '']);
    const known = await rememberedAnswer(host, key);
    const unchanged = known === undefined ? undefined : await tell(host, settings, known);
    return unchanged ?? look(host, settings, key);
  },
});

/** Reads everything. @throws CollectorError. */
async function look(host: Host, settings: Settings, key: string): Promise<Collection> {
  const { apt_config: config, advisories } = settings;
  const options: RunOptions = {
    timeout: patience,
    ...(config === undefined ? {} : { env: { APT_CONFIG: config } }),
  };
  const configuration = await readConfiguration(host, options);
  const watched = watchedBy(configuration, {
    files: [config, await dpkgLogPath(host, configuration)],
    directory: advisories,
  });
  const before = await takeFingerprint(host, watched);
  const facts = await readLists(host, options, configuration.lists);
  const packages = await readStatus(host, configuration.status);
  const lists = judgeLists(facts, host.now());
  const problems: Problem[] = [];
  const attempt = async <T>(part: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await part();
    } catch (error) {
      problems.push(problemOf(error));
      return undefined;
    }
  };
  const holds = heldPackages(packages, option(configuration, 'APT::Architecture') ?? '');
  const candidates = lists.usable
    ? await attempt(() => readCandidates(host, options, lists, holds))
    : undefined;
  const read = advisories === undefined ? undefined : await attempt(() => readAdvisories(host, advisories));
  problems.push(...(read?.problems ?? []));
  const logs = await attempt(() => readLogs(host, configuration, packages));
  // What runs by itself does not know of another configuration.
  const automation =
    config === undefined
      ? await readAutomation(host, configuration, packages)
      : { enabled: undefined, problems: [] };
  problems.push(...automation.problems);
  const answer: Answer = {
    lists: facts,
    ...(candidates === undefined ? {} : { candidates: [...candidates] }),
    fixes: [...fixesBrought(candidates ?? [], read?.fixes ?? [], packages)],
    ...(automation.enabled === undefined ? {} : { automated: automation.enabled }),
    ...(config === undefined ? { periodic: configuration.periodic } : {}),
    history: configuration.history,
    logged: logs !== undefined,
    unfinished: unfinishedPackages(packages).map(({ name, state }) => `${name} (${state})`),
    rebootNames: [...(await askedForReboot(host))],
  };
  const told = await collectionOf(host, settings, answer, logs);
  // What was not found out, or changes by itself, is looked for again.
  const lasting = problems.length === 0 && facts.unreadable.length === 0 && logs?.open !== true;
  if (lasting && !(await hasIncludes(host, configuration)))
    await rememberAnswer(host, key, watched, before, answer);
  return { samples: told.samples, problems: [...told.problems, ...problems] };
}

/** An answer that is known, judged by the time it is now; undefined when it does not suffice. */
async function tell(host: Host, settings: Settings, answer: Answer): Promise<Collection | undefined> {
  const { usable } = judgeLists(answer.lists, host.now());
  if (usable && answer.candidates === undefined) return undefined;
  if (answer.logged && !(await hasLedger(host))) return undefined;
  return collectionOf(host, settings, answer, { deployments: [], open: false });
}

/** Whether the deployments on record are whole; where they are not, only the logs know them. */
async function hasLedger(host: Host): Promise<boolean> {
  const remembered = await host.state.read('apt-deployments').catch(() => undefined);
  return remembered?.problems.length === 0 && ledgerSchema.safeParse(remembered.document).success;
}
const ledgerSchema = z.object({ format: z.literal(1), recorded: z.looseObject({}) });

async function collectionOf(
  host: Host,
  settings: Settings,
  answer: Answer,
  logs: LoggedDeployments | undefined,
): Promise<Collection> {
  const lists = judgeLists(answer.lists, host.now());
  const shared = { needsReboot: rebootNeeded(answer.rebootNames), booted: await startTime(host) };
  const nothing: Collection = { samples: [], problems: [] };
  const updates =
    lists.usable && answer.candidates !== undefined
      ? await updateSamples(
          host,
          {
            candidates: answer.candidates,
            fixes: answer.fixes,
            hasAdvisories: settings.advisories !== undefined,
            ...shared,
          },
          lists,
        )
      : nothing;
  const deployed =
    answer.logged && logs !== undefined
      ? await recordDeployments(host, logs.deployments, { manager: 'apt', source: answer.history, ...shared })
      : nothing;
  return {
    samples: [
      ...lists.samples,
      ...updates.samples,
      ...deployed.samples,
      ...(answer.periodic === undefined
        ? []
        : await automationSamples(host, answer.automated, answer.periodic)),
    ],
    problems: [
      ...lists.problems,
      ...updates.problems,
      ...deployed.problems,
      ...unfinishedProblem(answer.unfinished),
    ],
  };
}

function unfinishedProblem(names: readonly string[]): readonly Problem[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 10).join(', ');
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return [
    {
      reason: 'tool_failed',
      message: `dpkg began with ${shown}${more} and did not finish; run: dpkg --configure -a && apt-get --fix-broken install`,
    },
  ];
}

/**
 * Without its record of installed packages apt sees nothing to update, and says so with success.
 * @throws CollectorError source_missing.
 */
async function readStatus(host: Host, path: string): Promise<readonly PackageState[]> {
  const text = (await host.read(path)) ?? '';
  if (text.trim() === '')
    throw new CollectorError(
      'source_missing',
      `${path} is missing or empty, so apt sees no installed package; restore it from /var/backups/dpkg.status.*`,
    );
  return parseStatus(text);
}

/** Whether the configuration of apt goes on in files elsewhere, which nobody watches. */
async function hasIncludes(host: Host, { main, mainParts }: Configuration): Promise<boolean> {
  const names = (await host.list(mainParts.replace(/\/+$/, ''))) ?? [];
  const files = [main, ...names.map((name) => mainParts + name)];
  const texts = await Promise.all(files.map((file) => host.head(file, 65_536).catch(() => '#include')));
  return texts.some((text) => /#include\b/.test(text ?? ''));
}
