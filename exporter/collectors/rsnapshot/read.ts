import { CollectorError, type Host } from '../../collector.ts';
import { type Conf, type ConfLine, parseLines } from './conf.ts';
import { type LoggedRun, parseLog } from './log.ts';
import type { SnapshotDirectory } from './points.ts';

/** Bytes of the end of a log that are read; with rsync lines in it, a run may take a MiB. */
const logTail = 4 * 1024 * 1024;
/** Files that include each other. */
const deepest = 8;

/** The lines of a configuration with those it includes. @throws CollectorError source_missing, permission_denied, unsupported. */
export async function readLines(host: Host, path: string, depth: number): Promise<readonly ConfLine[]> {
  const text = await host.read(path);
  if (text === undefined)
    throw new CollectorError('source_missing', `the configuration ${path} of rsnapshot does not exist`);
  const lines: ConfLine[] = [];
  for (const line of parseLines(text)) {
    const included = line[0] === 'include_conf' ? line[1] : undefined;
    if (included === undefined) lines.push(line);
    else if (included.startsWith('`'))
      throw new CollectorError(
        'unsupported',
        `${path} includes the output of a program (${included}), which the exporter does not run; name a file there`,
      );
    // oxlint-disable-next-line no-await-in-loop -- one after the other, since a later line replaces an earlier one
    else if (depth < deepest) lines.push(...(await readLines(host, included, depth + 1)));
  }
  return lines;
}

/** @throws CollectorError source_missing, permission_denied. */
export async function readDirectories(
  host: Host,
  { snapshotRoot, levels }: Conf,
): Promise<readonly SnapshotDirectory[]> {
  const names =
    (await host.stat(snapshotRoot))?.directory === true ? await host.list(snapshotRoot) : undefined;
  if (names === undefined)
    throw new CollectorError(
      'source_missing',
      `the snapshot_root ${snapshotRoot} of rsnapshot is not there; check that its disk is mounted`,
    );
  const found = await Promise.all(
    names.map(async (name): Promise<SnapshotDirectory | undefined> => {
      const [, level, number] = /^(.+)\.(\d+)$/.exec(name) ?? [];
      if (level === undefined || !levels.includes(level)) return undefined;
      const entry = await host.stat(`${snapshotRoot}/${name}`);
      return entry?.directory === true ? { level, number: Number(number), time: entry.modified } : undefined;
    }),
  );
  return found.filter((directory) => directory !== undefined);
}

/**
 * The log, and the one before it where logrotate has just begun a new one.
 * @param copying the level whose runs copy data.
 * @param timeout milliseconds.
 */
export async function readLog(
  host: Host,
  { logfile }: Conf,
  config: string,
  copying: string,
  timeout: number,
): Promise<readonly LoggedRun[]> {
  if (logfile === undefined) return [];
  const newest = (await host.tail(logfile, logTail)) ?? '';
  const logged = parseLog(newest, config);
  if (logged.some(({ level, outcome }) => level === copying && outcome !== undefined)) return logged;
  const slash = logfile.lastIndexOf('/') + 1;
  const name = logfile.slice(slash);
  const names = (await host.list(logfile.slice(0, slash))) ?? [];
  const numbered = ['.1', '.1.gz', '.0', '.0.gz']
    .map((end) => `${name}${end}`)
    .find((one) => names.includes(one));
  const dated = names.filter((one) => one.startsWith(`${name}-`)).at(-1);
  const older = numbered ?? dated;
  if (older === undefined) return logged;
  const before = await host.readThrough(logfile.slice(0, slash) + older, { ends: logTail, timeout });
  return parseLog(`${before?.tail ?? ''}\n${newest}`, config);
}

/** When the run that holds the lock began, unix seconds; undefined when none does. */
export async function lockedSince(host: Host, { lockfile }: Conf): Promise<number | undefined> {
  if (lockfile === undefined) return undefined;
  const pid = (await host.read(lockfile))?.trim() ?? '';
  if (!/^\d+$/.test(pid)) return undefined;
  // A lock whose process has gone is stale (add_lockfile); the number may be another program's since.
  const name = await host.read(`/proc/${pid}/cmdline`);
  if (name === undefined || !name.includes('rsnapshot')) return undefined;
  return (await host.stat(lockfile))?.modified;
}
