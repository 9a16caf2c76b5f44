import { CollectorError } from '../../collector.ts';
import type { DeployedPackage, Deployment } from '../patch/deployments.ts';
import { localToUnix } from '../system/local-time.ts';

interface Line {
  /** Unix seconds. */
  readonly at: number;
  /** Without the marks of the program that wrote it. */
  readonly text: string;
  readonly scriptlet: boolean;
}

interface Open {
  readonly started: number;
  readonly command: string | undefined;
  readonly packages: DeployedPackage[];
  ended: number | undefined;
  outcome: 'success' | 'failure' | undefined;
  scriptFailed: boolean;
}

/** A scriptlet or hook that failed: pacman goes on, calls it completed and ends with 0 (_alpm_run_chroot in lib/libalpm/util.c). */
const scriptFailure = /^(?:==> ERROR:|error:|call to execv failed|could not (?:chroot|change directory))/i;
/** How long a run without marks of a transaction may pause, seconds. */
const pause = 600;

/**
 * Deployments in /var/log/pacman.log. One is a transaction of libalpm, whoever started it; what ends before one (nothing to do,
 * a failed download, a conflict) changed nothing and leaves no trace that could be told from success. Before pacman 4.2 there are
 * no marks of transactions: there a run is what changed under one command.
 * @param running whether pacman holds its lock: then the last one is not at its end.
 * @throws CollectorError unexpected_output when it has content and none of it is a line of pacman.
 */
export function parseLog(text: string, running: boolean): readonly Deployment[] {
  const lines = text.split('\n').flatMap((line) => parseLine(line) ?? []);
  if (lines.length === 0 && text.trim() !== '')
    throw new CollectorError(
      'unexpected_output',
      `nothing in the log is a line of pacman, such as [2026-01-31T12:00:00+0100] [ALPM] transaction started; it begins with ${JSON.stringify(text.slice(0, 80))}`,
    );
  const found = collect(lines);
  const ended = running ? found.slice(0, -1) : found;
  return ended.filter(({ packages, outcome }) => packages.length > 0 || outcome !== 'success').map(finish);
}

function collect(lines: readonly Line[]): readonly Open[] {
  const found: Open[] = [];
  let command: string | undefined;
  /** What takes changes; after its end, only failures of its hooks. */
  let current: Open | undefined;
  /** Whether the current one has marks of a transaction. */
  let marked = false;
  const open = (at: number) => {
    current = {
      started: at,
      command,
      packages: [],
      ended: undefined,
      outcome: undefined,
      scriptFailed: false,
    };
    found.push(current);
    return current;
  };
  for (const { at, text, scriptlet } of lines) {
    const run = /^Running '(.*)'$/.exec(text)?.[1];
    const end = /^transaction (completed|failed|interrupted)$/.exec(text)?.[1];
    const change = scriptlet ? undefined : parseChange(text);
    if (run !== undefined) {
      command = run;
      current = undefined;
    } else if (scriptlet) {
      if (current !== undefined && scriptFailure.test(text)) current.scriptFailed = true;
    } else if (text === 'transaction started') {
      open(at);
      marked = true;
    } else if (end !== undefined && current !== undefined) {
      current.ended = at;
      current.outcome = end === 'completed' ? 'success' : 'failure';
    } else if (/^starting full system upgrade$/.test(text)) current = undefined;
    else if (change !== undefined) {
      const fits =
        current !== undefined && (marked ? current.ended === undefined : at - (current.ended ?? at) <= pause);
      if (!fits) marked = false;
      const taker = fits && current !== undefined ? current : open(at);
      taker.packages.push(change);
      if (!marked) {
        taker.ended = at;
        taker.outcome = 'success';
      }
    }
  }
  return found;
}

function finish({ started, ended, outcome, packages, command, scriptFailed }: Open): Deployment {
  const failed = packages.length > 0 ? 'partial' : 'failure';
  return {
    started,
    ended,
    outcome: outcome === 'success' ? (scriptFailed ? 'partial' : 'success') : failed,
    packages,
    command,
  };
}

/** `[2026-01-31T12:00:00+0100] [ALPM] text`; before pacman 5.2 `[2019-01-31 12:00] [ALPM] text` in local time; before 4.2 without a program. */
function parseLine(line: string): Line | undefined {
  const [, stamp = '', program, text = ''] =
    /^\[([^\]]+)\] (?:\[([A-Z][A-Za-z0-9_ -]*)\] )?(.*)$/.exec(line) ?? [];
  const at = parseStamp(stamp);
  return at === undefined ? undefined : { at, text, scriptlet: program === 'ALPM-SCRIPTLET' };
}

function parseStamp(stamp: string): number | undefined {
  const [, date, hour, minute] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([+-]\d\d):?(\d\d)$/.exec(stamp) ?? [];
  if (date !== undefined) {
    const moment = Date.parse(`${date}${hour}:${minute}`) / 1000;
    return Number.isFinite(moment) ? moment : undefined;
  }
  const local = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)$/.exec(stamp);
  if (local === null) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0] = local.slice(1).map(Number);
  return localToUnix({ year, month, day, hour: hours, minute: minutes, second: 0 });
}

function parseChange(text: string): DeployedPackage | undefined {
  const [, verb, name, first, second] =
    /^(installed|reinstalled|upgraded|downgraded|removed) (\S+) \((\S+?)(?: -> (\S+))?\)$/.exec(text) ?? [];
  if (verb === undefined || name === undefined || first === undefined) return undefined;
  if (verb === 'installed') return { name, to: first };
  if (verb === 'removed') return { name, from: first };
  return { name, from: first, to: second ?? first };
}
