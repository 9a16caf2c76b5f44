import { CollectorError, type Host } from '../../collector.ts';
import { bootTime, inContainer } from '../system/boot.ts';
import { option, optionList, type Configuration } from './configuration.ts';
import { judgeHistory, type LoggedDeployments } from './deployments.ts';
import { parseDpkgLog, type DpkgLog } from './dpkg-log.ts';
import { unfinishedPackages, type PackageState } from './dpkg-status.ts';
import { parseHistory } from './history.ts';
import { managerRuns } from './running.ts';

/** Deployments from apt's log; undefined where it keeps none, as in images without logs. @throws CollectorError. */
export async function readLogs(
  host: Host,
  configuration: Configuration,
  packages: readonly PackageState[],
): Promise<LoggedDeployments | undefined> {
  const text = await readRotated(host, configuration.history);
  if (text === undefined) return undefined;
  const entries = parseHistory(text);
  if (entries.length === 0 && text.trim() !== '')
    throw new CollectorError(
      'unexpected_output',
      `nothing in ${configuration.history} is a run of apt; it begins with ${JSON.stringify(text.trim().slice(0, 60))}`,
    );
  return judgeHistory(entries, {
    dpkg: await readDpkgLog(host, configuration),
    unfinished: unfinishedPackages(packages),
    native: option(configuration, 'APT::Architecture') ?? '',
    now: host.now(),
    booted: await bootTime(host),
    running: await managerRuns(host),
  });
}

/** When the host was started; undefined in a container, where a start changes neither kernel nor library of the host around it. */
export async function startTime(host: Host): Promise<number | undefined> {
  return (await inContainer(host)) ? undefined : bootTime(host);
}

/** Where dpkg(1) writes its log; undefined where apt works on another installation that is not told to have one. */
export async function dpkgLogPath(host: Host, configuration: Configuration): Promise<string | undefined> {
  const given = optionList(configuration, 'DPkg::Options').flatMap(
    (one) => /^--log=(\/.*)$/.exec(one)?.[1] ?? [],
  );
  if (given[0] !== undefined) return given[0];
  if (configuration.status !== '/var/lib/dpkg/status') return undefined;
  const text = (await host.read('/etc/dpkg/dpkg.cfg')) ?? '';
  return /^\s*log[ =]+(\/\S+)/m.exec(text)?.[1] ?? '/var/log/dpkg.log';
}

/** It only confirms what apt's log says: one that may not be read is as good as none. */
async function readDpkgLog(host: Host, configuration: Configuration): Promise<DpkgLog | undefined> {
  const path = await dpkgLogPath(host, configuration);
  if (path === undefined) return undefined;
  const text = await readRotated(host, path).catch(() => undefined);
  return text === undefined ? undefined : parseDpkgLog(text);
}

/** A log and what logrotate(8) made of it, oldest first: `.1`, `.2.gz` and so on, or `-20261101.gz`. */
async function readRotated(host: Host, path: string): Promise<string | undefined> {
  const slash = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, slash), path.slice(slash + 1)];
  const found = ((await host.list(folder)) ?? []).flatMap((one) => {
    const ending = /^(?:\.(\d+)|-(\d+))(?:\.\w+)?$/.exec(one.slice(name.length));
    if (name === '' || !one.startsWith(name) || (ending === null && one !== name)) return [];
    const order = ending?.[1] === undefined ? Number(ending?.[2] ?? Infinity) : -Number(ending[1]);
    return [{ one, order }];
  });
  if (found.length === 0) return undefined;
  const texts: string[] = [];
  for (const { one } of found.toSorted((a, b) => a.order - b.order)) {
    // oxlint-disable-next-line no-await-in-loop -- years of logs are not needed in memory twice
    const text = await host.readCompressed(`${folder}/${one}`);
    texts.push(text === undefined || text.endsWith('\n') ? (text ?? '') : `${text}\n`);
  }
  return texts.join('\n');
}
