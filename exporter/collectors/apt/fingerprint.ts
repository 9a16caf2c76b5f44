import { z } from 'zod';
import type { Host } from '../../collector.ts';
import type { Configuration } from './configuration.ts';
import { starters } from './automation.ts';

/** What an answer depends on, by path: size, last change of content and last change of anything; null when it does not exist. */
export const fingerprintSchema = z.record(
  z.string(),
  z.tuple([z.number(), z.number(), z.number()]).nullable(),
);
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** Files and directories; of a directory the names in it and every file count, except those that mean nothing here. */
export interface Watched {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** Downloads under way, locks, and what apt writes beside its history, also when it only plays. */
const meaningless = new Set(['partial', 'lock', 'auxfiles', 'term.log', 'eipp.log.xz']);
/** Changes younger than this may be followed by one that leaves the same times, as in git's index; seconds. */
const racy = 2;

/** Everything on disk that the answer is made of. */
export function watchedBy(
  configuration: Configuration,
  more: { readonly files: readonly (string | undefined)[]; readonly directory: string | undefined },
): Watched {
  const dpkg = configuration.status.slice(0, configuration.status.lastIndexOf('/'));
  const logs = configuration.history.slice(0, configuration.history.lastIndexOf('/'));
  return {
    files: [
      ...more.files.filter((path) => path !== undefined),
      ...(more.directory === undefined ? [] : [more.directory]),
      configuration.main,
      configuration.sources,
      configuration.preferences,
      configuration.status,
      configuration.extendedStates,
      `${dpkg}/arch`,
      // Phased updates depend on it.
      '/etc/machine-id',
      '/etc/localtime',
      '/usr/bin/python3',
      '/run/reboot-required.pkgs',
      starters.systemd,
      starters.cronJob,
      starters.cron,
      '/etc/systemd/system',
      '/etc/systemd/system/timers.target.wants',
      '/run/systemd/transient',
    ],
    directories: [
      configuration.mainParts,
      configuration.sourceParts,
      configuration.preferenceParts,
      configuration.lists,
      logs,
      ...(more.directory === undefined ? [] : [more.directory]),
    ],
  };
}

/** @throws CollectorError permission_denied. */
export async function takeFingerprint(host: Host, { files, directories }: Watched): Promise<Fingerprint> {
  const inside = await Promise.all(
    directories.map(async (directory) => {
      const folder = directory.replace(/\/+$/, '');
      const names = (await host.list(folder)) ?? [];
      return names.filter((name) => !meaningless.has(name)).map((name) => `${folder}/${name}`);
    }),
  );
  const paths = [...new Set([...files, ...inside.flat()])];
  const stats = await Promise.all(paths.map((path) => host.stat(path)));
  return Object.fromEntries(
    paths.map((path, at) => {
      const stat = stats[at];
      return [path, stat === undefined ? null : [stat.size, stat.modified, stat.changed]];
    }),
  );
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [one, other] = [a[name], b[name]];
      if (one === undefined || other === undefined) return false;
      if (one === null || other === null) return one === other;
      return one.every((value, at) => value === other[at]);
    })
  );
}

/** Whether nothing was changed so lately that a further change could go unnoticed. @param now unix seconds. */
export function isSettled(fingerprint: Fingerprint, now: number): boolean {
  return Object.values(fingerprint).every((times) => times === null || now - times[2] > racy);
}
