import { CollectorError, problemOf, type Host, type Problem } from '../../collector.ts';

/** Bytes of the header; a file without all of them is no database (libclamav/cvd.c, cli_cvdverify). */
const headerSize = 512;

/** What the header of a ClamAV database (.cvd, .cld, .cud) says. */
export interface DatabaseHeader {
  readonly version: number;
  /** When the vendor built it, unix seconds. */
  readonly built: number;
}

/**
 * Reads the header `ClamAV-VDB:time:version:signatures:level:md5:signature:builder:seconds`, padded with spaces. Files
 * of old builders lack the seconds; then the time, which carries its zone, is used.
 * @throws CollectorError unexpected_output when it is truncated, empty or of another kind.
 */
export function parseHeader(header: string): DatabaseHeader {
  if (header.length < headerSize)
    throw unexpected(`is cut off after ${header.length} of ${headerSize} bytes`);
  const [magic, time, version, , , , , builder, seconds] = header.trimEnd().split(':');
  if (magic !== 'ClamAV-VDB') throw unexpected('is not a ClamAV database: it does not begin with ClamAV-VDB');
  if (builder === undefined || !isCount(version)) throw unexpected('has an incomplete ClamAV header');
  const built = isCount(seconds) ? Number(seconds) : parseBuildTime(time ?? '');
  if (built === undefined) throw unexpected(`has a ClamAV header without a build time (${time})`);
  return { version: Number(version), built };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Unix seconds of `22 Jun 2021 21-34 -0400`; undefined for anything else. */
export function parseBuildTime(text: string): number | undefined {
  const [, day, name, year, hour, minute, zoneHour, zoneMinute] =
    /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2})-(\d{2}) ([+-]\d{2})(\d{2})$/.exec(text.trim()) ?? [];
  const month = months.indexOf(name ?? '') + 1;
  if (day === undefined || month === 0) return undefined;
  const date = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  const milliseconds = Date.parse(`${date}T${hour}:${minute}:00${zoneHour}:${zoneMinute}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** A whole number above 0: version 0 and second 0 mean that the builder did not know. */
function isCount(text: string | undefined): text is string {
  return text !== undefined && /^[1-9]\d*$/.test(text);
}

function unexpected(what: string): CollectorError {
  return new CollectorError('unexpected_output', what);
}

/** A database file. */
export interface Database extends DatabaseHeader {
  /** daily, main, bytecode or a third party's. */
  readonly name: string;
}

/**
 * Every database in the directory. What cannot be read, and a missing daily, become problems.
 * @throws CollectorError permission_denied when the directory may not be read.
 */
export async function readDatabases(
  host: Host,
  directory: string,
  problems: Problem[],
): Promise<readonly Database[]> {
  const files = ((await host.list(directory)) ?? []).flatMap((file) => {
    const name = /^(.+)\.(?:cvd|cld|cud)$/.exec(file)?.[1];
    return name === undefined ? [] : [{ name, file: `${directory.replace(/\/$/, '')}/${file}` }];
  });
  const found = new Set<string>();
  const read = await Promise.all(
    files.map(async ({ name, file }) => {
      try {
        const header = await host.head(file, headerSize);
        // Gone since the directory was listed: freshclam has just put another one in its place.
        if (header === undefined) return [];
        found.add(name);
        return [{ name, ...parseHeader(header) }];
      } catch (error) {
        found.add(name);
        problems.push(problemOf(error, file));
        return [];
      }
    }),
  );
  if (!found.has('daily'))
    problems.push({
      reason: 'source_missing',
      message: `there is no daily database in ${directory}; run freshclam, or set database_directory`,
    });
  return read.flat();
}

/** Of two files of one database clamd loads the one with the higher version (libclamav/cvd.c, cli_cvdload). */
export function newestOfEach(databases: readonly Database[]): readonly Database[] {
  const newest = new Map<string, Database>();
  for (const database of databases)
    if (database.version > (newest.get(database.name)?.version ?? 0)) newest.set(database.name, database);
  return [...newest.values()];
}
