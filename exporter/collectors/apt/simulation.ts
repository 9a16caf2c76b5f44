import { CollectorError } from '../../collector.ts';

/** A package apt-get would replace by another version. */
export interface Upgrade {
  /** With `:architecture` where it is not the native one. */
  readonly name: string;
  readonly installed: string;
  readonly candidate: string;
  /** Where the candidate comes from, as `Label:Version/Suite`; `localhost` or a site where there is no Release file. */
  readonly origins: readonly string[];
}

export interface Simulation {
  /** Packages that are installed and would change; new packages are not among them. */
  readonly upgrades: readonly Upgrade[];
  /** Packages that would go. */
  readonly removals: readonly string[];
}

/** `Inst NAME [INSTALLED] (CANDIDATE ORIGIN, ORIGIN [ARCHITECTURE])`, sometimes with `[...]` of what it breaks for a while. Never translated. */
const installation = /^Inst (\S+) (?:\[([^\]]+)\] )?\((\S+) (?:(.*) )?\[[^\][\s]*\]\)/;
const removal = /^(?:Remv|Purg) (\S+)/;

/**
 * Parses what `apt-get -s dist-upgrade` prints.
 * @throws CollectorError unexpected_output when a line cannot be understood, or when the lines are not as many as its own summary says.
 */
export function parseSimulation(text: string): Simulation {
  const upgrades = new Map<string, Upgrade>();
  const removals: string[] = [];
  let expected: number | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('Inst ')) {
      const [, name, installed, candidate, origins] = installation.exec(line) ?? [];
      if (name === undefined || candidate === undefined)
        throw unexpected(`a line that is not as documented: ${line.slice(0, 200)}`);
      if (installed !== undefined)
        upgrades.set(name, { name, installed, candidate, origins: origins?.split(', ') ?? [] });
      continue;
    }
    removals.push(...(removal.exec(line)?.slice(1) ?? []));
    expected = summary(line) ?? expected;
  }
  if (expected === undefined) throw unexpected('no summary of what it would do');
  if (expected !== upgrades.size)
    throw unexpected(`${upgrades.size} upgrades, but its summary says ${expected}`);
  return { upgrades: [...upgrades.values()], removals };
}

/**
 * How many installed packages change, from `8 upgraded, 0 newly installed, 1 downgraded, 0 to remove and 2 not upgraded.`
 * in any language: the numbers keep their places. See Stats() in apt-private/private-output.cc.
 */
function summary(line: string): number | undefined {
  const words = line.trim().split(/[\s,.:]+/);
  if (/^(?:Conf|Remv|Purg) /.test(line) || words.some((word) => /\d\D|\D\d/.test(word))) return undefined;
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const [upgraded, installed, ...rest] = numbers;
  if (upgraded === undefined || installed === undefined || rest.length < 2) return undefined;
  const [, , ...changed] = rest.toReversed();
  return changed.reduce((sum, count) => sum + count, upgraded);
}

function unexpected(what: string): CollectorError {
  return new CollectorError('unexpected_output', `apt-get dist-upgrade (simulated) printed ${what}`);
}
