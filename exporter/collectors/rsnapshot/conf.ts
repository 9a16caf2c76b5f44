import { CollectorError } from '../../collector.ts';

/** What the configuration of rsnapshot says; see rsnapshot(1), "CONFIGURATION". */
export interface Conf {
  readonly snapshotRoot: string;
  /** Names of the levels, the one that copies data first. */
  readonly levels: readonly string[];
  /** Whether `rsnapshot sync` copies the data and the lowest level only takes them over. */
  readonly syncFirst: boolean;
  readonly logfile: string | undefined;
  readonly lockfile: string | undefined;
}

/** A line with a keyword and its values, which tabs separate; a line that begins with a space goes on with the one before. */
export type ConfLine = readonly [keyword: string, ...values: string[]];

/** The lines of a configuration, without comments. As rsnapshot 1.4 reads them (parse_config_file); in values spaces are text. */
export function parseLines(text: string): readonly ConfLine[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !/^\s*(?:#|$)/.test(line))
    .reduce<readonly string[]>((lines, line) => {
      const last = lines.at(-1);
      return /^\s/.test(line) && last !== undefined
        ? [...lines.slice(0, -1), `${last}\t${line.trim()}`]
        : [...lines, line];
    }, [])
    .flatMap((line): ConfLine[] => {
      const [keyword, ...values] = line.split(/\t+/).map((value) => value.trim());
      return keyword === undefined ? [] : [[keyword, ...values]];
    });
}

/**
 * @param lines of the file and of those it includes, in their order; a later one replaces an earlier one.
 * @throws CollectorError unexpected_output when it names no snapshot_root or no level (spaces where tabs must be are the usual cause).
 */
export function confOf(lines: readonly ConfLine[], path: string): Conf {
  const value = (keyword: string) => lines.findLast(([name]) => name === keyword)?.[1];
  const snapshotRoot = value('snapshot_root');
  const levels = lines.flatMap(([name, level]) =>
    (name === 'retain' || name === 'interval') && level !== undefined ? [level] : [],
  );
  if (snapshotRoot === undefined || !snapshotRoot.startsWith('/') || levels.length === 0)
    throw new CollectorError(
      'unexpected_output',
      `${path} names no snapshot_root or no retain; check it with: rsnapshot -c ${path} configtest (values are separated by tabs)`,
    );
  return {
    snapshotRoot: snapshotRoot.replace(/\/+$/, '') || '/',
    levels,
    syncFirst: value('sync_first') === '1',
    logfile: value('logfile'),
    lockfile: value('lockfile'),
  };
}
