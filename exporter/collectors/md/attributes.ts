import type { Host } from '../../collector.ts';

/** What /sys/block/<array>/md tells of an array; see Documentation/admin-guide/md.rst of the kernel. */
export interface Attributes {
  readonly uuid: string | undefined;
  readonly level: string | undefined;
  /** `clean`, `active`, `inactive`, `broken` ... */
  readonly state: string | undefined;
  readonly members: number | undefined;
  /** Members missing; the file is only there where there is redundancy. */
  readonly missing: number | undefined;
  readonly action: string | undefined;
  readonly lastAction: string | undefined;
  /** Where the next check begins, in sectors: 0 unless the last one was broken off. */
  readonly checkFrom: number | undefined;
  /** Sectors that did not match in the last check, repair or resync. */
  readonly mismatches: number | undefined;
  readonly devices: readonly Device[];
}

/** A member, a spare or what is left of either. */
export interface Device {
  readonly name: string;
  /** Words such as `in_sync`, `faulty`, `spare`, `journal`. */
  readonly states: readonly string[];
  /** Whether the disk itself is still in the machine: md notices only when it next uses it. */
  readonly attached: boolean;
  /** Reads that failed and were put right from another member. */
  readonly corrected: number | undefined;
}

/** @returns undefined where the kernel shows no such folder. @throws CollectorError as `read`. */
export async function readAttributes(host: Host, name: string): Promise<Attributes | undefined> {
  const folder = `/sys/block/${name}/md`;
  const names = await host.list(folder);
  if (names === undefined) return undefined;
  const word = async (file: string) => {
    if (!names.includes(file)) return undefined;
    const text = (await host.read(`${folder}/${file}`))?.trim();
    // Whatever else it is, it is no attribute: they are short and on one line.
    return text === undefined || !/^[\w ,.:/()+-]{1,200}$/.test(text) ? undefined : text;
  };
  const count = async (file: string) => {
    // `raid_disks` reads `4 (3)` while it grows.
    const found = /^\d+/.exec((await word(file)) ?? '')?.[0];
    return found === undefined ? undefined : Number(found);
  };
  return {
    uuid: await word('uuid'),
    level: await word('level'),
    state: await word('array_state'),
    members: await count('raid_disks'),
    missing: await count('degraded'),
    action: await word('sync_action'),
    lastAction: await word('last_sync_action'),
    checkFrom: await count('sync_min'),
    mismatches: await count('mismatch_cnt'),
    devices: await Promise.all(
      names.filter((file) => file.startsWith('dev-')).map((file) => readDevice(host, folder, file)),
    ),
  };
}

async function readDevice(host: Host, folder: string, file: string): Promise<Device> {
  const text = (await host.read(`${folder}/${file}/state`).catch(() => undefined)) ?? '';
  const errors = (await host.read(`${folder}/${file}/errors`).catch(() => undefined)) ?? '';
  const linked = (await host.list(`${folder}/${file}`))?.includes('block') === true;
  return {
    name: file.slice('dev-'.length),
    states: text
      .trim()
      .split(',')
      .filter((word) => word !== ''),
    // A link to the disk, which leads nowhere once the disk is gone.
    attached: !linked || (await host.list(`${folder}/${file}/block`)) !== undefined,
    corrected: /^\d+\s*$/.test(errors) ? Number(errors) : undefined,
  };
}
