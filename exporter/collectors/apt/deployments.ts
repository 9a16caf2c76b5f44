import type { Deployment, DeployedPackage } from '../patch/deployments.ts';
import { localToUnix } from '../system/local-time.ts';
import type { DpkgLog } from './dpkg-log.ts';
import type { PackageState } from './dpkg-status.ts';
import { isDryRun, isUnattended, type HistoryEntry, type HistoryPackage } from './history.ts';

/** What the logs are judged with. */
export interface LogContext {
  /** Undefined where dpkg keeps no log that can be read. */
  readonly dpkg: DpkgLog | undefined;
  /** Packages that dpkg began with and did not finish. */
  readonly unfinished: readonly PackageState[];
  /** The architecture that names are shown without. */
  readonly native: string;
  /** Unix seconds. */
  readonly now: number;
  /** When the host was started, unix seconds; undefined when unknown. */
  readonly booted: number | undefined;
  /** Whether a package manager runs now; undefined where that cannot be told. */
  readonly running: boolean | undefined;
  /** IANA name; the zone of this process unless told. */
  readonly zone?: string | undefined;
}

export interface LoggedDeployments {
  readonly deployments: readonly Deployment[];
  /** Whether a run is left out because it may not have ended; with time, not with a change on disk, this answer changes. */
  readonly open: boolean;
}

/** Pause between steps of one run of unattended-upgrades, seconds; a step is one dpkg, which may compile modules. */
const pauseOfSteps = 15 * 60;
/** After so long a run without an end has none: where no package manager is seen to run, and where that cannot be told; seconds. */
const patience = { idle: 60 * 60, unknown: 24 * 60 * 60 };
/** How far ahead of this host's clock a log may be, seconds. */
const clockTolerance = 60 * 60;
/** Between apt's note and dpkg's first one, seconds. */
const slack = 2;

/** One paragraph, judged. */
interface Run {
  readonly started: number;
  readonly ended: number | undefined;
  readonly entry: HistoryEntry;
  readonly packages: readonly DeployedPackage[];
  readonly done: number;
  readonly failed: number;
}

/**
 * Deployments from apt's own log, each checked against dpkg's, which writes down what really happened. Left out: dry runs, and
 * runs that are still under way.
 * @param entries paragraphs of history.log, oldest first.
 */
export function judgeHistory(entries: readonly HistoryEntry[], context: LogContext): LoggedDeployments {
  const judged = entries.flatMap((entry, at) => judge(entry, entries, at, context));
  // What a wrong clock dated in the future counts when its time has come.
  const runs = judged.filter(({ started }) => started <= context.now + clockTolerance);
  const groups = grouped(runs);
  const settled = groups.filter((group) => !mayGoOn(group, runs, context));
  return {
    deployments: settled.map(deploymentOf),
    open: settled.length < groups.length || runs.length < judged.length,
  };
}

function judge(
  entry: HistoryEntry,
  entries: readonly HistoryEntry[],
  at: number,
  { dpkg, unfinished, native, zone }: LogContext,
): readonly Run[] {
  const started = unixTime(entry.started, zone);
  if (started === undefined || entry.packages.length === 0) return [];
  if (entry.command !== undefined && isDryRun(entry.command)) return [];
  const from = localText(entry.started, -slack);
  const next = entries[at + 1]?.started;
  const to = entry.ended === undefined ? (next ?? '9999') : localText(entry.ended, slack);
  // Where clocks were set back in between, the two logs cannot be laid side by side.
  const covered = dpkg?.first !== undefined && dpkg.first <= entry.started && from <= to;
  const within = (time: string) => time >= from && time <= to;
  const events = covered ? dpkg.events.filter(({ at: time }) => within(time)) : [];
  const stays = (one: HistoryPackage) => isUnfinished(one, unfinished) && lastToTouch(entries, at, one.name);
  if (covered && entry.error === undefined && entry.ended !== undefined) {
    const traces = events.length > 0 || dpkg.active.some(within);
    // dpkg was never called: only played, whatever the command line says.
    if (!traces) return [];
  }
  const packages = entry.packages.map((one): DeployedPackage => {
    const reached = covered
      ? events.some((event) => isEnd(event, one))
      : entry.error === undefined && entry.ended !== undefined;
    const failed = !reached || stays(one);
    return {
      name: one.name.endsWith(`:${native}`) ? one.name.slice(0, -native.length - 1) : one.name,
      ...(one.from === undefined ? {} : { from: one.from }),
      ...(one.to === undefined ? {} : { to: one.to }),
      ...(failed ? { failed } : {}),
    };
  });
  const failed = packages.filter((one) => one.failed === true).length;
  return [
    {
      started,
      ended: entry.ended === undefined ? undefined : unixTime(entry.ended, zone),
      entry,
      packages,
      done: packages.length - failed,
      failed: Math.max(failed, entry.error === undefined && entry.ended !== undefined ? 0 : 1),
    },
  ];
}

/** Whether dpkg's note is the end that apt planned for this package. dpkg knows packages for all architectures, apt does not. */
function isEnd(event: DpkgLog['events'][number], { name, to }: HistoryPackage): boolean {
  const [plain = name, architecture] = name.split(':');
  if (event.name !== plain || event.version !== to) return false;
  return architecture === undefined || ['', 'all', architecture].includes(event.architecture);
}

function isUnfinished({ name, to }: HistoryPackage, unfinished: readonly PackageState[]): boolean {
  const [plain = name, architecture] = name.split(':');
  return unfinished.some(
    (one) =>
      one.name === plain &&
      (architecture === undefined || ['', 'all', architecture].includes(one.architecture)) &&
      (to === undefined || one.version === '' || one.version === to),
  );
}

/** Whether no later run names this package. */
function lastToTouch(entries: readonly HistoryEntry[], at: number, name: string): boolean {
  return !entries
    .slice(at + 1)
    .some(
      (later) =>
        !(later.command !== undefined && isDryRun(later.command)) &&
        later.packages.some((one) => one.name === name),
    );
}

/** Steps of one run of unattended-upgrades belong together; every other paragraph is a run of its own. */
function grouped(runs: readonly Run[]): readonly (readonly Run[])[] {
  const groups: Run[][] = [];
  for (const run of runs) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const continues =
      before !== undefined &&
      isUnattended(run.entry.command) &&
      run.entry.command === before.entry.command &&
      run.started - (before.ended ?? before.started) <= pauseOfSteps;
    if (continues) group?.push(run);
    else groups.push([run]);
  }
  return groups;
}

/** Whether more may come: the last run has no end and may be under way, or the next step of unattended-upgrades is due. */
function mayGoOn(group: readonly Run[], runs: readonly Run[], { now, booted, running }: LogContext): boolean {
  const last = group.at(-1);
  if (last === undefined || last !== runs.at(-1)) return false;
  if (booted !== undefined && booted > last.started) return false;
  if (last.ended !== undefined) return isUnattended(last.entry.command) && now - last.ended <= pauseOfSteps;
  return running === true || now - last.started <= (running === false ? patience.idle : patience.unknown);
}

function deploymentOf(group: readonly Run[]): Deployment {
  const [first] = group;
  const last = group.at(-1);
  const done = group.reduce((sum, run) => sum + run.done, 0);
  const failed = group.reduce((sum, run) => sum + run.failed, 0);
  const partly = done === 0 ? ('failure' as const) : ('partial' as const);
  const command = first?.entry.command;
  const actor = first?.entry.requestedBy ?? (isUnattended(command) ? 'unattended-upgrades' : undefined);
  return {
    started: first?.started ?? 0,
    ...(last?.ended === undefined ? {} : { ended: last.ended }),
    outcome: failed === 0 ? 'success' : partly,
    packages: group.flatMap(({ packages }) => packages),
    ...(actor === undefined ? {} : { actor }),
    ...(command === undefined ? {} : { command }),
  };
}

function parts(text: string) {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/\D+/).map(Number);
  return { year, month, day, hour, minute, second };
}

function unixTime(text: string, zone: string | undefined): number | undefined {
  return localToUnix(parts(text), zone);
}

/** The local time some seconds away, by the calendar alone: both logs leave out the zone. */
function localText(text: string, seconds: number): string {
  const { year, month, day, hour, minute, second } = parts(text);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second + seconds))
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
}
