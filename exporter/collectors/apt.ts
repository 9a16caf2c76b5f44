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
import { hasIncludes, option, readConfiguration } from './apt/configuration.ts';
import type { LoggedDeployments } from './apt/deployments.ts';
import { presentPackages, readStatus, unfinishedPackages } from './apt/dpkg-status.ts';
import { takeFingerprint, watchedBy } from './apt/fingerprint.ts';
import { judgeLists } from './apt/lists.ts';
import { dpkgLogPath, readLogs, startTime } from './apt/logs.ts';
import { fixesBrought } from './apt/offers.ts';
import { askedForReboot, rebootNeeded } from './apt/reboot-names.ts';
import { readLists } from './apt/sources.ts';
import { updateSamples } from './apt/updates.ts';
import { isLedger, recordDeployments } from './patch/deployments.ts';

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
  collect: async (world, settings) => {
    const host = readingOnce(world, ledger);
    const { apt_config: config } = settings;
    if (config !== undefined && (await host.stat(config)) === undefined)
      throw new CollectorError(
        'source_missing',
        `${config} does not exist; correct collectors.apt.apt_config`,
      );
    const key = JSON.stringify([config ?? '', settings.advisories ?? '']);
    const known = await rememberedAnswer(host, key);
    const unchanged = known === undefined ? undefined : await tell(host, known);
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
    files: [config, await dpkgLogPath(host, configuration).catch(() => undefined)],
    directory: advisories,
  });
  // What may not be looked at is reported where it is needed.
  const before = await takeFingerprint(host, watched).catch(() => undefined);
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
  const present = presentPackages(packages, option(configuration, 'APT::Architecture') ?? '');
  const candidates = lists.usable
    ? await attempt(() => readCandidates(host, options, lists, present))
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
    advised: read?.problems.length === 0,
    ...(automation.enabled === undefined ? {} : { automated: automation.enabled }),
    ...(config === undefined ? { periodic: configuration.periodic } : {}),
    history: configuration.history,
    logged: logs !== undefined,
    unfinished: unfinishedPackages(packages).map(({ name, state }) => `${name} (${state})`),
    rebootNames: [...(await askedForReboot(host))],
  };
  const { recorded, ...told } = await collectionOf(host, answer, logs);
  // What was not found out, or changes by itself, is looked for again.
  const found = problems.length === 0 && facts.unreadable.length === 0;
  const lasting = found && recorded && logs?.open !== true;
  if (lasting && !(await hasIncludes(host, configuration, config)))
    await rememberAnswer(host, key, watched, before, answer);
  return { samples: told.samples, problems: [...told.problems, ...problems] };
}

/** An answer that is known, judged by the time it is now; undefined when it does not suffice. */
async function tell(host: Host, answer: Answer): Promise<Collection | undefined> {
  const { usable } = judgeLists(answer.lists, host.now());
  if (usable && answer.candidates === undefined) return undefined;
  if (answer.logged && !(await hasLedger(host))) return undefined;
  const { recorded: _, ...collection } = await collectionOf(host, answer, { deployments: [], open: false });
  return collection;
}

/** Whether the deployments on record are whole; where they are not, only the logs know them. */
async function hasLedger(host: Host): Promise<boolean> {
  const remembered = await host.state.read(ledger).catch(() => undefined);
  return remembered?.problems.length === 0 && isLedger(remembered.document);
}
const ledger = 'apt-deployments';

/** A host that reads one document of its memory once: whoever reads a damaged one first is the only one who hears of it. */
function readingOnce(host: Host, document: string): Host {
  let first: ReturnType<Host['state']['read']> | undefined;
  const read: Host['state']['read'] = (name) =>
    name === document ? (first ??= host.state.read(name)) : host.state.read(name);
  return { ...host, state: { ...host.state, read } };
}

/** `recorded` says whether every deployment is on record; what is not must be read again from the logs. */
async function collectionOf(
  host: Host,
  answer: Answer,
  logs: LoggedDeployments | undefined,
): Promise<Collection & { readonly recorded: boolean }> {
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
            hasAdvisories: answer.advised,
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
    recorded: deployed.problems.length === 0,
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
