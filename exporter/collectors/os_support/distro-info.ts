import { CollectorError, type Host } from '../../collector.ts';
import { startOfDay, type Support } from './support.ts';

/** A release in the tables of distro-info-data; dates as `2028-06-30`. */
export interface DistroRelease {
  /** `12`, `24.04`. */
  readonly version: string;
  readonly series: string;
  readonly eol: string;
  /** Debian: end of long term support, in the normal archive. */
  readonly lts?: string;
  /** Debian: end of what Freexian sells. */
  readonly elts?: string;
  /** Ubuntu: end of Expanded Security Maintenance, which needs Ubuntu Pro. */
  readonly esm?: string;
}

/**
 * Parses debian.csv or ubuntu.csv; see debian-distro-info(1). Releases without an end are left out: they are not released yet.
 * @throws CollectorError unexpected_output when it is another file.
 */
export function parseDistroInfo(text: string): readonly DistroRelease[] {
  const [header = '', ...rows] = text.split('\n').map((line) => line.trimEnd());
  const columns = header.split(',');
  if (!['version', 'series', 'eol'].every((column) => columns.includes(column)))
    throw new CollectorError(
      'unexpected_output',
      'the table of distro-info-data has no columns version, series and eol; reinstall the package',
    );
  return rows.flatMap((row) => {
    const cells = row.split(',');
    const cell = (column: string) => cells[columns.indexOf(column)] ?? '';
    const date = (column: string) => (startOfDay(cell(column)) === undefined ? undefined : cell(column));
    const eol = date('eol');
    if (eol === undefined) return [];
    const [lts, elts, esm] = [date('eol-lts'), date('eol-elts'), date('eol-esm')];
    return [
      {
        version: cell('version').split(' ')[0] ?? '',
        series: cell('series'),
        eol,
        ...(lts === undefined ? {} : { lts }),
        ...(elts === undefined ? {} : { elts }),
        ...(esm === undefined ? {} : { esm }),
      },
    ];
  });
}

/**
 * Architectures of Debian LTS. Others get nothing after `eol`; ppc64el was added for bookworm.
 * See https://wiki.debian.org/LTS and the announcements of each release.
 */
const ltsArchitectures = ['amd64', 'arm64', 'armhf', 'i386'];

/** Whether Debian LTS covers a release on an architecture; on one that is not known it does not. */
export function coveredByLts(version: string, architecture: string | undefined): boolean {
  if (architecture === undefined) return false;
  return ltsArchitectures.includes(architecture) || (architecture === 'ppc64el' && version === '12');
}

/** What counts of a release of Debian: LTS comes through the same archive as before, for everybody. */
export function debianSupport(
  release: DistroRelease,
  architecture: string | undefined,
  asOf: number,
): Support {
  const lts = coveredByLts(release.version, architecture) ? release.lts : undefined;
  return {
    end: lts ?? release.eol,
    ...(release.elts === undefined ? {} : { extended: release.elts }),
    asOf,
  };
}

/** What counts of a release of Ubuntu: ESM only where Ubuntu Pro is attached and it is enabled. */
export function ubuntuSupport(release: DistroRelease, asOf: number): Support {
  return { end: release.eol, ...(release.esm === undefined ? {} : { extended: release.esm }), asOf };
}

/**
 * Reads the table on this host.
 * @param distribution `debian` or `ubuntu`.
 * @returns undefined where distro-info-data is not installed.
 * @throws CollectorError unexpected_output.
 */
export async function readDistroInfo(
  host: Host,
  distribution: 'debian' | 'ubuntu',
): Promise<{ readonly releases: readonly DistroRelease[]; readonly asOf: number } | undefined> {
  const path = `/usr/share/distro-info/${distribution}.csv`;
  const [text, stat] = await Promise.all([host.read(path), host.stat(path)]);
  if (text === undefined || stat === undefined) return undefined;
  // A package is built with the times of its changelog (SOURCE_DATE_EPOCH) and dpkg keeps them: the date of the publisher.
  return { releases: parseDistroInfo(text), asOf: Math.floor(stat.modified) };
}
