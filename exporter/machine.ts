import { uptime } from 'node:os';
import { cpu, fsSize, mem, osInfo, system } from 'systeminformation';
import type { FileSystem, Machine } from './collector.ts';

/** What systeminformation and Node said, before anything is believed; undefined where a question failed. */
export interface RawMachine {
  readonly osInfo?: unknown;
  readonly system?: unknown;
  readonly cpu?: unknown;
  readonly mem?: unknown;
  readonly fsSize?: unknown;
  /** Seconds. */
  readonly uptime?: unknown;
}

/** Milliseconds one question may take. */
const patience = 10_000;

/** Asks for all facts of the machine. Never fails: what could not be read is undefined in the answer. */
export async function readMachine(): Promise<Machine> {
  const [osFacts, systemFacts, cpuFacts, memFacts, fileSystems, up] = await Promise.all([
    answered(osInfo),
    answered(system),
    answered(cpu),
    answered(mem),
    answered(listFileSystems),
    // systeminformation's time() gives the same number but holds up the whole process for two shells.
    answered(async () => uptime()),
  ]);
  return parseMachine(
    {
      osInfo: osFacts,
      system: systemFacts,
      cpu: cpuFacts,
      mem: memFacts,
      fsSize: fileSystems,
      uptime: up,
    },
    Date.now() / 1000,
  );
}

let listing: Promise<unknown> | undefined;

/** One `df` at a time: on a dead network mount it never returns, and asking again would only pile them up. */
function listFileSystems(): Promise<unknown> {
  listing ??= fsSize().finally(() => {
    listing = undefined;
  });
  return listing;
}

async function answered(ask: () => Promise<unknown>): Promise<unknown> {
  const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), patience);
  try {
    return await Promise.race([Promise.try(ask), tooLate]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Believes only what can be true: systeminformation fills gaps with '', 'unknown', 'Computer', 0 and -1.
 * @param now unix seconds at which `uptime` was read.
 */
export function parseMachine(raw: RawMachine, now: number): Machine {
  const manufacturer = textOf(raw.system, 'manufacturer');
  const model = textOf(raw.system, 'model');
  return {
    hostname: textOf(raw.osInfo, 'hostname'),
    os: textOf(raw.osInfo, 'distro'),
    osVersion: textOf(raw.osInfo, 'release'),
    kernel: textOf(raw.osInfo, 'kernel'),
    architecture: textOf(raw.osInfo, 'arch'),
    manufacturer,
    model,
    virtual: isVirtual(member(raw.system, 'virtual'), manufacturer, model),
    cpus: positive(member(raw.cpu, 'cores')),
    memory: positive(member(raw.mem, 'total')),
    booted: bootTime(raw.uptime, now),
    fileSystems: fileSystemsOf(raw.fsSize),
  };
}

/**
 * To the minute: clock and uptime are not read at one instant, and a start time that moves by a second between
 * two runs would look like a restart.
 */
function bootTime(up: unknown, now: number): number | undefined {
  const seconds = positive(up);
  return seconds === undefined || seconds > now ? undefined : Math.round((now - seconds) / 60) * 60;
}

const virtualHardware =
  /qemu|kvm|vmware|virtualbox|innotek|\bxen\b|bochs|bhyve|parallels|openstack|virtual|amazon ec2|google compute|droplet|wsl/i;

/** systeminformation's `false` also means that it could not look; only a machine with known hardware is not virtual. */
function isVirtual(said: unknown, manufacturer?: string, model?: string): boolean | undefined {
  const hardware = `${manufacturer ?? ''} ${model ?? ''}`;
  if (said === true || virtualHardware.test(hardware)) return true;
  return manufacturer === undefined ? undefined : false;
}

/** No storage of this machine: memory, read-only images, other machines' disks (proc(5), filesystems(5)). */
const notLocal = new Set(
  `tmpfs devtmpfs ramfs rootfs proc sysfs cgroup cgroup2 efivarfs autofs
   squashfs iso9660 udf cramfs erofs romfs
   nfs nfs4 cifs smb3 smbfs afs ceph 9p virtiofs lustre beegfs davfs afpfs webdav`.split(/\s+/),
);

/** Each local file system once: of several mounts of a device (bind mounts, btrfs subvolumes) the shortest path. */
function fileSystemsOf(list: unknown): readonly FileSystem[] {
  const byDevice = new Map<string, FileSystem>();
  for (const entry of Array.isArray(list) ? list : []) {
    const mountpoint = textOf(entry, 'mount');
    const fstype = textOf(entry, 'type')?.toLowerCase();
    const size = positive(member(entry, 'size'));
    const free = member(entry, 'available');
    if (mountpoint === undefined || fstype === undefined || size === undefined) continue;
    if (typeof free !== 'number' || !(free >= 0 && free <= size)) continue;
    // An overlay repeats the file system below it, except where it is all there is: the root of a container.
    if (notLocal.has(fstype) || fstype.startsWith('fuse.') || (fstype === 'overlay' && mountpoint !== '/'))
      continue;
    const source = textOf(entry, 'fs') ?? '';
    const device = source.startsWith('/') ? source : mountpoint;
    const other = byDevice.get(device);
    if (other === undefined || mountpoint.length < other.mountpoint.length)
      byDevice.set(device, { mountpoint, fstype, size, free });
  }
  const byMountpoint = new Map([...byDevice.values()].map((found) => [found.mountpoint, found]));
  return [...byMountpoint.values()];
}

/** Words that firmware and systeminformation write where they know nothing. */
const placeholder =
  /^(?:|-|unknown|none|n\/a|computer|default(?: string)?|not specified|system (?:manufacturer|product name)|to be filled by o\.?e\.?m\.?)$/i;

function textOf(value: unknown, key: string): string | undefined {
  const text = member(value, key);
  return typeof text === 'string' && !placeholder.test(text.trim()) ? text.trim() : undefined;
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
