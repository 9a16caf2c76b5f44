import { CollectorError, type Host } from '../../collector.ts';
import { withoutSecrets } from '../dnf/tool.ts';
import type { DeployedPackage, Deployment } from '../patch/deployments.ts';
import { localToUnix } from '../system/local-time.ts';
import { parseNevra } from '../versions/rpm.ts';

/** A line of the history, or a comment in it that matters. */
interface Entry {
  /** Unix seconds; undefined for comments without a time. */
  readonly at: number | undefined;
  readonly what:
    | { readonly kind: 'command'; readonly actor: string; readonly command: string }
    | { readonly kind: 'package'; readonly change: DeployedPackage }
    | { readonly kind: 'scriptlet' | 'aborted' | 'other' };
}

/**
 * Parses /var/log/zypp/history into entries: HistoryLog.cc and TargetImpl.cc of libzypp. Dry runs and downloads are not in it.
 * What fails stands only in comments, which are not translated.
 * @param zone of its times; the one of this process unless told.
 * @throws CollectorError unexpected_output when there is something and nothing of it is known.
 */
function parseEntries(text: string, zone: string | undefined): readonly Entry[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.flatMap((line) =>
    line.startsWith('#') ? commentOf(line, zone) : (recordOf(line, zone) ?? []),
  );
  if (lines.length > 0 && entries.every(({ at }) => at === undefined))
    throw new CollectorError(
      'unexpected_output',
      `the history of zypper begins with ${(lines[0] ?? '').slice(0, 120)}, and no line of it is known`,
    );
  return entries;
}

/** `date|action|...|`; a bar or a backslash within a field has a backslash before it. */
function recordOf(line: string, zone: string | undefined): Entry | undefined {
  const [date = '', action = '', ...fields] = fieldsOf(line);
  const at = parseTime(date, zone);
  if (at === undefined) return undefined;
  const [first = '', second = '', third = ''] = fields;
  switch (action.trim()) {
    case 'command':
      return { at, what: { kind: 'command', actor: first.replace(/@[^@]*$/, ''), command: second } };
    case 'install':
      return { at, what: { kind: 'package', change: { name: `${first}.${third}`, to: second } } };
    case 'remove':
      return { at, what: { kind: 'package', change: { name: `${first}.${third}`, from: second } } };
    default:
      return { at, what: { kind: 'other' } };
  }
}

function fieldsOf(line: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '|') {
      fields.push(field);
      field = '';
      continue;
    }
    if (line[at] === '\\') at += 1;
    field += line[at] ?? '';
  }
  return fields;
}

/** Comments that tell of a failure. rpm's own words stand in comments without a time. */
function commentOf(line: string, zone: string | undefined): readonly Entry[] {
  const [, date = '', file = '', verb] =
    /^# (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (\S+) (install|remove|uninstall) failed\s*$/.exec(line) ?? [];
  if (verb !== undefined) {
    const found = parseNevra(file);
    const name = found === undefined ? file : `${found.name}.${found.arch}`;
    const side = verb === 'install' ? 'to' : 'from';
    const change = { name, ...(found === undefined ? {} : { [side]: found.evr }), failed: true };
    return [{ at: parseTime(date, zone), what: { kind: 'package', change } }];
  }
  if (/^# Commit was aborted\b/.test(line)) return [{ at: undefined, what: { kind: 'aborted' } }];
  const scriptlet =
    /scriptlet failed, (?:exit status|signal) |^# error: lua script failed: |^# \S+ \S+ Failed to execute \S+ script for /;
  return scriptlet.test(line) ? [{ at: undefined, what: { kind: 'scriptlet' } }] : [];
}

/** `2026-11-21 17:56:53`, local time without a zone. */
function parseTime(text: string, zone: string | undefined): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return localToUnix({ year, month, day, hour, minute, second }, zone);
}

/** Seconds between two lines of one run, where the log is from before zypper wrote down its commands. */
const longestPause = 300;

/**
 * Deployments in the files of the history, oldest file first. Each begins with a line that has the command. One that changed
 * no package and failed at none is none: a repository, a pattern, or one whose transaction rpm refused as a whole.
 * @param running whether the newest one may still be under way; it is then left out.
 */
export function deploymentsOf(
  texts: readonly string[],
  running: boolean,
  zone?: string,
): readonly Deployment[] {
  const groups: Entry[][] = [];
  for (const entry of texts.flatMap((text) => parseEntries(text, zone))) {
    if (entry.what.kind === 'other') continue;
    const open = groups.at(-1);
    if (open === undefined || entry.what.kind === 'command' || isLater(entry, open)) groups.push([entry]);
    else open.push(entry);
  }
  const finished = running ? groups.slice(0, -1) : groups;
  const versions = new Map<string, string>();
  return finished.flatMap((group) => deploymentOf(group, versions));
}

function isLater({ at }: Entry, group: readonly Entry[]): boolean {
  if (group[0]?.what.kind === 'command' || at === undefined) return false;
  const before = group.findLast((entry) => entry.at !== undefined)?.at;
  return before !== undefined && at - before > longestPause;
}

/** @param versions what the log says was installed so far, by package; brought up to date. */
function deploymentOf(group: readonly Entry[], versions: Map<string, string>): readonly Deployment[] {
  const times = group.flatMap(({ at }) => at ?? []);
  const [started] = times;
  const changes = group.flatMap(({ what }) => (what.kind === 'package' ? [what.change] : []));
  const aborted = group.some(({ what }) => what.kind === 'aborted');
  if (started === undefined || (changes.length === 0 && !aborted)) return [];
  const packages = changes.map((change) => withVersionBefore(change, versions));
  const ended = Math.max(...times);
  const failed = packages.filter((one) => one.failed === true).length;
  const faulty = aborted || failed > 0 || group.some(({ what }) => what.kind === 'scriptlet');
  const some = failed < packages.length ? 'partial' : 'failure';
  const [first] = group;
  return [
    {
      started,
      ended,
      outcome: faulty ? some : 'success',
      packages,
      ...(first?.what.kind === 'command'
        ? { actor: first.what.actor, command: withoutSecrets(first.what.command) }
        : {}),
    },
  ];
}

/** The log names only the version that was installed; the one before is the one it named last. */
function withVersionBefore(change: DeployedPackage, versions: Map<string, string>): DeployedPackage {
  const before = versions.get(change.name);
  if (change.failed !== true && change.to !== undefined) versions.set(change.name, change.to);
  if (change.failed !== true && change.to === undefined) versions.delete(change.name);
  return change.to === undefined || before === undefined ? change : { ...change, from: before };
}

/** Rotated files that are read; what is older was counted before. */
const rotated = 3;

/**
 * Reads the history and its newest rotated files; undefined when there is none, or nothing in them.
 * @throws CollectorError as `deploymentsOf` and Host.readCompressed.
 */
export async function readHistory(
  host: Host,
  path: string,
  root = '',
): Promise<readonly Deployment[] | undefined> {
  const at = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, at), path.slice(at + 1)];
  const names = ((await host.list(folder)) ?? []).filter((one) => one.startsWith(`${name}-`));
  const files = [...names.slice(-rotated).map((one) => `${folder}/${one}`), path];
  const texts: string[] = [];
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- one in memory at a time is enough
    const text = await host.readCompressed(file);
    if (text !== undefined && text.trim() !== '') texts.push(text);
  }
  return texts.length === 0 ? undefined : deploymentsOf(texts, await isRunning(host, root));
}

/** zypper writes its process number into a lock and leaves it behind when it is killed (zypp/ZYppFactory.cc). */
async function isRunning(host: Host, root: string): Promise<boolean> {
  const holders = await Promise.all(
    [`${root}/run/zypp.pid`, `${root}/var/run/zypp.pid`].map((file) => host.read(file)),
  );
  const holder = holders.find((text) => text !== undefined)?.trim();
  if (holder === undefined || !/^\d+$/.test(holder)) return false;
  return (await host.stat(`/proc/${holder}`)) !== undefined;
}
