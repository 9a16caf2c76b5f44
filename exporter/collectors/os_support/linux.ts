import { CollectorError, type Host } from '../../collector.ts';
import {
  debianSupport,
  type DistroRelease,
  parseDistroInfo,
  readDistroInfo,
  ubuntuSupport,
} from './distro-info.ts';
import type { OsRelease } from './os-release.ts';
import { startOfDay, type Support } from './support.ts';
import { shippedDistroInfo, shippedTable } from './table.ts';

/** An end of support and which table it is from. */
export interface Found {
  readonly support: Support;
  readonly source: 'host' | 'shipped';
}

/** Systems that are never finished, so that no release of them ends. */
const rolling = new Set(['arch', 'opensuse-tumbleweed', 'gentoo', 'void']);

/**
 * When support of a Linux release ends: what the system says of itself, then the newer one of the tables of distro-info-data
 * on this host and of the shipped ones.
 * @throws CollectorError unsupported with the reason when nothing knows; unexpected_output when a table is damaged.
 */
export async function linuxSupport(host: Host, release: OsRelease): Promise<Found> {
  const listed = await listedSupport(host, release);
  const said = release.supportEnd;
  if (said !== undefined && startOfDay(said) !== undefined) {
    const extended = listed?.support.extended;
    return {
      support: { end: said, ...(extended === undefined ? {} : { extended }), asOf: Math.floor(release.made) },
      source: 'host',
    };
  }
  if (listed !== undefined) return listed;
  throw new CollectorError('unsupported', whyUnknown(release));
}

async function listedSupport(host: Host, release: OsRelease): Promise<Found | undefined> {
  if (release.id === 'debian' || release.id === 'ubuntu') return distroSupport(host, release.id, release);
  const support = shippedSupport(release);
  return support === undefined ? undefined : { support, source: 'shipped' };
}

async function distroSupport(
  host: Host,
  id: 'debian' | 'ubuntu',
  release: OsRelease,
): Promise<Found | undefined> {
  const shipped = {
    releases: parseDistroInfo(shippedDistroInfo[id]),
    asOf: startOfDay(shippedDistroInfo.asOf) ?? 0,
  };
  const tables = [
    { source: 'host', table: await readDistroInfo(host, id) },
    { source: 'shipped', table: shipped },
  ] as const;
  const known = tables.flatMap(({ source, table }) => {
    const found = table?.releases.find((one) => isRelease(one, release));
    return table === undefined || found === undefined ? [] : [{ source, found, asOf: table.asOf }];
  });
  const newest = known.toSorted((a, b) => b.asOf - a.asOf)[0];
  if (newest === undefined) return undefined;
  const { source, found, asOf } = newest;
  const support =
    id === 'ubuntu' ? ubuntuSupport(found, asOf) : debianSupport(found, await debianArchitecture(host), asOf);
  return { support, source };
}

/** A release that is not out yet has a code name and no version. */
function isRelease(one: DistroRelease, { versionId, codename }: OsRelease): boolean {
  return versionId === undefined ? one.series === codename : one.version === versionId.split(' ')[0];
}

async function debianArchitecture(host: Host): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await host.run('dpkg', ['--print-architecture']);
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch (error) {
    if (error instanceof CollectorError) return undefined;
    throw error;
  }
}

/** The shipped table names a release as its vendor does: `9` for RHEL 9.4, `3.20` for Alpine 3.20.3. */
function shippedSupport({ id, name, versionId = '' }: OsRelease): Support | undefined {
  const product = own(shippedTable, id === 'centos' && /stream/i.test(name) ? 'centos-stream' : id);
  const parts = versionId.split('.');
  const names = [versionId, parts.slice(0, 2).join('.'), parts[0] ?? ''];
  const found = names.map((key) => own(product?.releases ?? {}, key)).find((dates) => dates !== undefined);
  if (product === undefined || found === undefined) return undefined;
  const [end, extended] = found;
  return { end, ...(extended === undefined ? {} : { extended }), asOf: startOfDay(product.asOf) ?? 0 };
}

/** A system may call itself `constructor`. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function whyUnknown({ id, name, versionId, codename }: OsRelease): string {
  const what = `${name} ${versionId ?? codename ?? ''}`.trim().slice(0, 80);
  const remedy = 'set collectors.os_support.support_end to a date you answer for, or turn the collector off';
  if (rolling.has(id)) return `${what} is a rolling release and has no end of support; ${remedy}`;
  if (versionId === undefined || /_alpha/.test(versionId))
    return `${what} is not released, so it has no end of support yet; ${remedy}`;
  return `no table here knows when support of ${what} ends; update distro-info-data or this exporter, or ${remedy}`;
}
