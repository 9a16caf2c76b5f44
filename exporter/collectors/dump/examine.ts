import { CollectorError, type Host } from '../../collector.ts';
import type { Candidate } from './candidates.ts';
import { type Checksum, parseChecksum } from './checksum.ts';
import { cutOff, endsKept } from './content.ts';
import type { Tested } from './memory.ts';
import { lookAt } from './stored.ts';

export interface ExamineOptions {
  /** `whole` reads it through, `ends` looks at both ends, `none` leaves it closed. */
  readonly test: 'whole' | 'ends' | 'none';
  readonly maximumBytes: number;
  /** Name of the file of checksums, or what is added to the name of the dump. */
  readonly checksum: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/** What a tool writes into its directory when everything else is there. */
const finished: readonly string[] = [
  'backup_manifest', // pg_basebackup.c renames it into place at the very end
  'metadata', // mydumper renames metadata.partial at its end
  'xtrabackup_info',
  'mariadb_backup_info',
];

/**
 * What is missing in a dump, as the end of a sentence; undefined when nothing is, as far as can be told.
 * @param tested remembers which file was read through, since that costs time: once for each.
 * @throws CollectorError permission_denied, timeout, output_too_large (too large to be tested), tool_missing.
 */
export async function missingIn(
  host: Host,
  dump: Candidate,
  options: ExamineOptions,
  tested: Tested,
): Promise<string | undefined> {
  if (dump.entries !== undefined) return missingInDirectory(dump.entries);
  const bytes = dump.bytes ?? 0;
  if (bytes === 0) return 'is empty';
  const checksum =
    options.checksum === undefined ? undefined : await readChecksum(host, dump, options.checksum);
  if (typeof checksum === 'string') return checksum;
  if (options.test === 'none') return undefined;
  const head = await host.head(dump.path, endsKept);
  const tail = await host.tail(dump.path, endsKept);
  if (head === undefined || tail === undefined) return 'is gone';
  const look = lookAt(dump.path, { head, tail, bytes });
  if (look.missing !== undefined) return look.missing;
  if (options.test === 'ends' || !(look.testable || checksum !== undefined)) return undefined;
  if (bytes > options.maximumBytes && (look.endSeen || checksum !== undefined)) return undefined;
  if (bytes > options.maximumBytes)
    throw new CollectorError(
      'output_too_large',
      `${dump.path} has ${bytes} bytes, and its format does not mark its end: whether it is whole is unknown. Raise test_maximum_bytes, write a checksum beside it, or set test: ends to believe it`,
    );
  return tested(dump, checksum?.expected ?? '', () => readWhole(host, dump, checksum, options.timeout));
}

function missingInDirectory(entries: readonly string[]): string | undefined {
  if (entries.length === 0) return 'is an empty directory';
  if (entries.some((name) => finished.includes(name))) return undefined;
  // pg_backup_directory.c, _CloseArchive: the table of contents is written before the data.
  if (entries.includes('toc.dat'))
    return 'is a directory of pg_dump, which does not tell whether all of it is there (write one file, -Fc or -Ft)';
  return `is a directory without any of ${finished.join(', ')}, so nothing tells whether all of it is there`;
}

/** The checksum of a dump, or what is wrong with it. */
async function readChecksum(host: Host, { path }: Candidate, setting: string): Promise<Checksum | string> {
  const slash = path.lastIndexOf('/') + 1;
  const file = /^[.~_-]/.test(setting) ? `${path}${setting}` : `${path.slice(0, slash)}${setting}`;
  const text = await host.read(file);
  if (text === undefined) return `has no checksum (${file} is not there)`;
  return parseChecksum(text, path.slice(slash)) ?? `has no checksum (it does not stand in ${file})`;
}

async function readWhole(
  host: Host,
  dump: Candidate,
  checksum: Checksum | undefined,
  timeout: number,
): Promise<string | undefined> {
  try {
    const options = { ends: endsKept, timeout, digest: checksum?.digest };
    const through = await host.readThrough(dump.path, options);
    if (through === undefined) return 'is gone';
    if (through.digest !== checksum?.expected) return `does not have its ${checksum?.digest} checksum`;
    const inside = through.bytes === 0 ? 'nothing' : cutOff(through);
    return inside === undefined ? undefined : `holds ${inside}`;
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'unexpected_output')
      return 'is cut off or damaged';
    throw error;
  }
}
