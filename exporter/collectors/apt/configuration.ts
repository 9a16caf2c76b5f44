import { CollectorError, type Host, type RunOptions } from '../../collector.ts';
import { runApt } from './tool.ts';

/** Where apt on this host keeps what is read, as its own configuration says. Directories end with a slash. */
export interface Configuration {
  readonly status: string;
  readonly extendedStates: string;
  readonly lists: string;
  /** Of unattended-upgrades and of apt.systemd.daily. */
  readonly periodic: string;
  readonly history: string;
  readonly sources: string;
  readonly sourceParts: string;
  readonly preferences: string;
  readonly preferenceParts: string;
  readonly main: string;
  readonly mainParts: string;
  /** Values by option name in lower case; apt does not tell cases apart. A list has one value per element. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/** Variable, option, and what kind of path it is: `f` a file, `d` a directory; see apt-config(8). */
const paths = [
  ['status', 'Dir::State::status/f'],
  ['extendedStates', 'Dir::State::extended_states/f'],
  ['lists', 'Dir::State::lists/d'],
  ['periodic', 'Dir::State/d'],
  ['history', 'Dir::Log::History/f'],
  ['sources', 'Dir::Etc::sourcelist/f'],
  ['sourceParts', 'Dir::Etc::sourceparts/d'],
  ['preferences', 'Dir::Etc::preferences/f'],
  ['preferenceParts', 'Dir::Etc::preferencesparts/d'],
  ['main', 'Dir::Etc::main/f'],
  ['mainParts', 'Dir::Etc::parts/d'],
] as const;
type PathName = (typeof paths)[number][0];

/** Opens no cache and costs a few milliseconds. @throws CollectorError unexpected_output, and as runApt. */
export async function readConfiguration(host: Host, options: RunOptions): Promise<Configuration> {
  const shell = await runApt(host, options, 'apt-config', ['shell', ...paths.flat()]);
  const dump = await runApt(host, options, 'apt-config', ['dump']);
  return parseConfiguration(shell.stdout, dump.stdout);
}

/**
 * @param shell what `apt-config shell` printed for `paths`.
 * @param dump what `apt-config dump` printed.
 * @throws CollectorError unexpected_output.
 */
export function parseConfiguration(shell: string, dump: string): Configuration {
  const found = new Map(
    [...shell.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll(`'\\''`, `'`),
    ]),
  );
  const path = (name: PathName): string => {
    const value = found.get(name);
    if (value?.startsWith('/') !== true)
      throw new CollectorError(
        'unexpected_output',
        `apt-config did not say where ${paths.find(([variable]) => variable === name)?.[1] ?? name} is`,
      );
    return value;
  };
  return {
    status: path('status'),
    extendedStates: path('extendedStates'),
    lists: path('lists'),
    periodic: `${path('periodic')}periodic/`,
    history: path('history'),
    sources: path('sources'),
    sourceParts: path('sourceParts'),
    preferences: path('preferences'),
    preferenceParts: path('preferenceParts'),
    main: path('main'),
    mainParts: path('mainParts'),
    options: parseDump(dump),
  };
}

/** `APT::Periodic::Enable "1";` and, of lists, `Unattended-Upgrade::Package-Blacklist:: "tzdata";`. */
function parseDump(dump: string): ReadonlyMap<string, readonly string[]> {
  const options = new Map<string, string[]>();
  for (const [, name = '', value = ''] of dump.matchAll(/^([^\s"]+) "(.*)";$/gm)) {
    const element = name.endsWith('::');
    const key = (element ? name.slice(0, -2) : name).toLowerCase();
    if (element) options.set(key, [...(options.get(key) ?? []).filter((one) => one !== ''), value]);
    else if (!options.has(key)) options.set(key, [value]);
  }
  return options;
}

/** The value of an option that is no list; undefined where it is not set. */
export function option({ options }: Configuration, name: string): string | undefined {
  return options.get(name.toLowerCase())?.[0] || undefined;
}

/** The elements of a list. */
export function optionList({ options }: Configuration, name: string): readonly string[] {
  return (options.get(name.toLowerCase()) ?? []).filter((value) => value !== '');
}

/**
 * Whether the configuration of apt goes on in files elsewhere (`#include`), which nobody watches, or may not be read.
 * @param given the file that is read before all others, where there is one.
 */
export async function hasIncludes(
  host: Host,
  { main, mainParts }: Configuration,
  given: string | undefined,
): Promise<boolean> {
  try {
    const names = (await host.list(mainParts.replace(/\/+$/, ''))) ?? [];
    const files = [...(given === undefined ? [] : [given]), main, ...names.map((name) => mainParts + name)];
    const texts = await Promise.all(files.map((file) => host.head(file, 65_536)));
    return texts.some((text) => /#include\b/.test(text ?? ''));
  } catch {
    return true;
  }
}
