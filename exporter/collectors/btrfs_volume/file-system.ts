import { CollectorError, type Host } from '../../collector.ts';
import type { VolumeFacts } from '../volume/facts.ts';

/** A file system that is mounted has a folder here, named by its UUID (kernel, fs/btrfs/sysfs.c). */
export const folder = '/sys/fs/btrfs';

const counters = ['write', 'read', 'flush', 'corruption', 'generation'] as const;
type Counters = Readonly<Record<(typeof counters)[number], number>>;

const redundant = /^(?:raid1|raid10|raid5|raid6|raid1c3|raid1c4)$/;

/** What a mounted file system is like. Healthy is left out where the kernel does not tell (before 5.14). @throws CollectorError. */
export async function readFileSystem(host: Host, uuid: string): Promise<VolumeFacts> {
  const at = `${folder}/${uuid}`;
  const ids = (await host.list(`${at}/devinfo`)) ?? [];
  if (ids.length === 0)
    throw new CollectorError(
      'unsupported',
      `${at}/devinfo is empty or missing: whether a device is missing is known from Linux 5.6 on`,
    );
  const devices = await Promise.all(
    ids.map(async (id) => ({
      missing: (await host.read(`${at}/devinfo/${id}/missing`))?.trim(),
      errors: parseErrors((await host.read(`${at}/devinfo/${id}/error_stats`)) ?? ''),
    })),
  );
  const missing = devices.filter((device) => device.missing === '1').length;
  const known = devices.every((device) => device.missing === '0' || device.missing === '1');
  const errors = sum(devices.filter((device) => device.missing !== '1').map((device) => device.errors));
  const profiles = await dataProfiles(host, `${at}/allocation/data`);
  // Written while a device was missing: one copy only, until it is balanced.
  const mixed =
    profiles.some((name) => redundant.test(name)) && !profiles.every((name) => redundant.test(name));
  const bad = missing > 0 || mixed || (errors !== undefined && counters.some((name) => errors[name] > 0));
  const size = missing > 0 || !known ? undefined : await sizeOf(host, `${at}/devices`, ids.length);
  const used = await usedBytes(host, `${at}/allocation`);
  const label = (await host.read(`${at}/label`))?.trim() ?? '';
  return {
    volume: label === '' ? uuid : label,
    id: uuid,
    level: profiles.length === 0 ? 'unknown' : profiles.join('+'),
    healthy: bad ? false : known && errors !== undefined ? true : undefined,
    operational: true,
    members: ids.length,
    degradedMembers: known ? missing : undefined,
    errors: {
      read: errors?.read,
      write: errors?.write,
      flush: errors?.flush,
      checksum: errors?.corruption,
      generation: errors?.generation,
    },
    size,
    used: { data: size === undefined || used === undefined ? undefined : used / size },
  };
}

/** Counters of a device, `write_errs 0` on a line each; undefined when one is missing, and for `invalid`. */
export function parseErrors(text: string): Counters | undefined {
  const found = new Map(
    [...text.matchAll(/^([a-z]+)_errs (\d+)$/gm)].map(([, name, count]) => [name, Number(count)]),
  );
  const count = (name: string) => found.get(name) ?? NaN;
  if (!counters.every((name) => found.has(name))) return undefined;
  return {
    write: count('write'),
    read: count('read'),
    flush: count('flush'),
    corruption: count('corruption'),
    generation: count('generation'),
  };
}

function sum(all: readonly (Counters | undefined)[]): Counters | undefined {
  return all.reduce<Counters | undefined>(
    (total, one) =>
      total === undefined || one === undefined
        ? undefined
        : {
            write: total.write + one.write,
            read: total.read + one.read,
            flush: total.flush + one.flush,
            corruption: total.corruption + one.corruption,
            generation: total.generation + one.generation,
          },
    all.length === 0 ? undefined : { write: 0, read: 0, flush: 0, corruption: 0, generation: 0 },
  );
}

/** How data are stored: a folder for each profile in use. An empty one is left over from a balance. */
async function dataProfiles(host: Host, at: string): Promise<readonly string[]> {
  const names = ((await host.list(at)) ?? []).filter((name) => /^(?:single|dup|raid\d+(?:c\d)?)$/.test(name));
  const sizes = await Promise.all(names.map((name) => number(host, `${at}/${name}/used_bytes`)));
  const used = names.filter((_, index) => sizes[index] !== 0);
  return used.length === 0 ? names : used;
}

/** Bytes of every device, from its size in sectors of 512. */
async function sizeOf(host: Host, at: string, expected: number): Promise<number | undefined> {
  const names = (await host.list(at)) ?? [];
  const sectors = await Promise.all(names.map((name) => number(host, `${at}/${name}/size`)));
  if (names.length !== expected || sectors.includes(undefined)) return undefined;
  return sectors.reduce<number>((total, one) => total + (one ?? NaN), 0) * 512;
}

async function usedBytes(host: Host, at: string): Promise<number | undefined> {
  const used = await Promise.all(
    ['data', 'metadata', 'system'].map((space) => number(host, `${at}/${space}/disk_used`)),
  );
  return used.includes(undefined) ? undefined : used.reduce<number>((total, one) => total + (one ?? NaN), 0);
}

async function number(host: Host, path: string): Promise<number | undefined> {
  const text = (await host.read(path))?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
