import type { LocalTime } from '../system/local-time.ts';

/** A run as the log tells it; times are of the zone rsnapshot ran in. */
export interface LoggedRun {
  /** `daily`, `sync` ... */
  readonly level: string;
  /** Undefined for one that failed before it began, as with an error in its configuration. */
  readonly started: LocalTime | undefined;
  /** When it last said something, for one that did not say that it ended. */
  readonly last: LocalTime;
  /** Undefined when nothing says that it ended: it is under way, or was interrupted. */
  readonly outcome: 'success' | 'partial' | 'failure' | undefined;
}

interface OpenRun extends LoggedRun {
  readonly command: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Runs in the log of rsnapshot, in the order they ended or last spoke. Written since 1.3 as `[2026-11-25T03:30:01] `, before that as
 * `[25/Nov/2026:03:30:01] `; what a run says of itself begins with its command line (rsnapshot-program.pl: log_startup,
 * log_err, exit_with_status). Several may write at the same time, so lines are told apart by that.
 * @param config path of the configuration: a log may be shared by several, which `-c` tells apart.
 */
export function parseLog(text: string, config: string): readonly LoggedRun[] {
  const runs: OpenRun[] = [];
  const change = (command: string, run: OpenRun) => {
    const at = runs.findLastIndex((one) => one.command === command && one.outcome === undefined);
    if (at === -1) runs.push(run);
    // Its place is that of its end.
    else runs.push({ ...run, started: runs.splice(at, 1)[0]?.started });
  };
  for (const line of text.split('\n')) {
    const [, stamp, said] = /^\[([^\]]+)\] (?:WARNING: )?(.*)$/.exec(line) ?? [];
    const time = parseStamp(stamp ?? '');
    const [, command, event] =
      /^(\S*rsnapshot(?:\.pl)?(?: .*?)?) *: (started$|completed|ERROR: )/.exec(said ?? '') ?? [];
    if (time === undefined || command === undefined || said === undefined) continue;
    if (!belongs(command, config)) continue;
    const run = { command, level: levelOf(command), started: undefined, last: time };
    if (event === 'started') runs.push({ ...run, started: time, outcome: undefined });
    else if (event === 'completed')
      change(command, { ...run, outcome: /successfully\s*$/.test(said) ? 'success' : 'partial' });
    else if (/: completed, but with /.test(said)) change(command, { ...run, outcome: 'failure' });
    else if (endsRun.test(said) && runs.some((one) => one.command === command && one.outcome === undefined))
      change(command, { ...run, outcome: 'failure' });
    else noteError(runs, run);
  }
  return runs.map(({ level, started, last, outcome }) => ({ level, started, last, outcome }));
}

/** `rsnapshot sync localhost/` copies only a part; it stays a level of its own. */
export function levelOf(command: string): string {
  const words = command.split(' ').slice(1);
  return words.filter((word, at) => word !== '' && !word.startsWith('-') && words[at - 1] !== '-c').join(' ');
}

/** Errors after which rsnapshot ends at once and says nothing more (`bail`, and the lock of another run). */
const endsRun = /can not continue|and so does its process|Stale lockfile|Exiting/;

/** An error in the middle: the run goes on, or ends without a word. One without a beginning is a failure by itself. */
function noteError(runs: OpenRun[], run: Omit<OpenRun, 'outcome'>): void {
  const at = runs.findLastIndex((one) => one.command === run.command);
  const before = runs[at];
  if (before === undefined) runs.push({ ...run, outcome: 'failure' });
  else if (before.outcome === undefined || before.outcome === 'failure')
    runs[at] = { ...before, last: run.last };
  else runs.push({ ...run, outcome: 'failure' });
}

function belongs(command: string, config: string): boolean {
  const given = / -c *(\S+)/.exec(command)?.[1] ?? '/etc/rsnapshot.conf';
  // A relative path is one to the folder rsnapshot was started in.
  return given === config || (!given.startsWith('/') && config.endsWith(`/${given.replace(/^\.\//, '')}`));
}

function parseStamp(stamp: string): LocalTime | undefined {
  const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(stamp);
  const old = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)$/.exec(stamp);
  const [year, month, day, hour, minute, second] = (
    iso === null
      ? [old?.[3], String(months.indexOf(old?.[2] ?? '') + 1), old?.[1], old?.[4], old?.[5], old?.[6]]
      : iso.slice(1)
  ).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  return [year, month, day, hour, minute, second].some((part) => Number.isNaN(part)) || month === 0
    ? undefined
    : { year, month, day, hour, minute, second };
}
