import type { Policy } from '../alerts/policy.ts';
import { type Month, monthAt } from './calendar.ts';
import { hexadecimal, random } from './random.ts';

export type Role = 'server' | 'workstation';

export interface BackupJob {
  readonly name: string;
  /** Local time of day it starts. */
  readonly hours: number;
  /** 0 is Sunday; every day when undefined. */
  readonly weekday: number | undefined;
  /** When it was set up, unix seconds. */
  readonly since: number;
  readonly criticality: 'critical' | 'normal';
}

export interface Disk {
  /** World wide name: the `disk` label. */
  readonly id: string;
  readonly device: string;
  readonly protocol: 'ATA' | 'NVMe';
  readonly kind: 'hdd' | 'ssd';
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  /** Bytes. */
  readonly capacity: number;
}

export interface SimulatedHost {
  readonly customer: string;
  readonly instance: string;
  readonly role: Role;
  readonly zone: string;
  /** The customer's months, oldest first; the last is the running one. */
  readonly months: readonly Month[];
  readonly os: 'debian' | 'ubuntu';
  readonly hardware: { readonly manufacturer: string; readonly model: string };
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** From when on Prometheus has it as a target, unix seconds. */
  readonly joined: number;
  /** From when on it is no target any more, unix seconds. */
  readonly left: number;
  /** From when on security updates install themselves every night; before, somebody does it about once a week. */
  readonly automated: number;
  readonly jobs: readonly BackupJob[];
  readonly disks: readonly Disk[];
}

/** Full months of history before the running one. */
export const fullMonths = 13;

/** Name, role, the month (0 is the oldest) from which its security updates are automatic, and the month it joined. */
const plans: readonly (readonly [name: string, role: Role, automated: number, joined?: number])[] = [
  ['db-1', 'server', 2],
  ['db-2', 'server', 3],
  ['app-1', 'server', 0],
  ['app-2', 'server', 5],
  ['file-1', 'server', 7],
  ['mail-1', 'server', 9],
  ['erp-1', 'server', 15],
  ['pc-1', 'workstation', 0],
  ['pc-2', 'workstation', 4],
  ['pc-3', 'workstation', 6],
  ['pc-4', 'workstation', 8],
  ['pc-5', 'workstation', 6, 6],
  ['db-1', 'server', 1],
  ['app-1', 'server', 4],
  ['file-1', 'server', 6],
  ['imaging-1', 'server', 8],
  ['desk-1', 'workstation', 0],
  ['desk-2', 'workstation', 3],
  ['desk-3', 'workstation', 5],
  ['desk-4', 'workstation', 10],
];
const hostsOfFirst = 12;

/**
 * Twenty hosts: twelve of the policy's first customer, eight of its second. The same seed, end and policy give the same fleet.
 * @throws RangeError when the policy has fewer than two customers.
 */
export function fleet(policy: Policy, seed: number, end: number): readonly SimulatedHost[] {
  const [first, second] = Object.entries(policy.customers);
  if (first === undefined || second === undefined)
    throw new RangeError('the simulated fleet needs two customers');
  return plans.map(([name, role, automated, joined], index) => {
    const [customer, { zone }] = index < hostsOfFirst ? first : second;
    const months = Array.from({ length: fullMonths + 1 }, (_, month) =>
      monthAt(zone, end, month - fullMonths),
    );
    const from = (month: number): number => months[month]?.from ?? Infinity;
    return hostOf(
      {
        customer,
        zone,
        name,
        role,
        months,
        automated: automated === 0 ? -Infinity : from(automated) + 6 * 86_400,
        joined: joined === undefined ? -Infinity : from(joined) + 11.5 * 86_400,
        left: Infinity,
      },
      seed,
    );
  });
}

/** What a story decides of a host; its name decides what it has. */
export interface HostPlan extends Pick<
  SimulatedHost,
  'customer' | 'zone' | 'role' | 'months' | 'automated' | 'joined' | 'left'
> {
  /** `db-1`: db has two backup jobs a day, file a weekly one, too, and rotating disks. */
  readonly name: string;
}

/** A host with its hardware, disks and backup jobs. */
export function hostOf({ name, ...plan }: HostPlan, seed: number): SimulatedHost {
  const { customer, role, months } = plan;
  const instance = `${customer}-${name}`;
  const next = random(seed, instance, 'hardware');
  const from = (month: number): number => months[month]?.from ?? Infinity;
  return {
    ...plan,
    instance,
    os: role === 'server' ? 'debian' : 'ubuntu',
    hardware: role === 'server' ? server : workstation,
    cpus: role === 'server' ? 16 : 8,
    memory: (role === 'server' ? 64 : 16) * 2 ** 30,
    jobs: role === 'server' ? jobs(instance, from) : [],
    disks: Array.from({ length: role === 'server' ? 2 : 1 }, (_, disk) =>
      role === 'server' && name.startsWith('file') ? rotating(next, disk) : solidState(next, disk),
    ),
  };
}

const server = { manufacturer: 'Dell Inc.', model: 'PowerEdge R450' };
const workstation = { manufacturer: 'LENOVO', model: '21HD' };

function jobs(instance: string, from: (month: number) => number): readonly BackupJob[] {
  const daily = { weekday: undefined, since: -Infinity, criticality: 'normal' } as const;
  const nightly: BackupJob = { ...daily, name: 'nightly', hours: 1 };
  if (instance.includes('-db-'))
    return [nightly, { ...daily, name: 'database', hours: 23, criticality: 'critical' }];
  if (instance.includes('-file-'))
    return [nightly, { ...daily, name: 'weekly-archive', hours: 6, weekday: 6 }];
  if (instance.includes('-mail-'))
    return [nightly, { ...daily, name: 'mailboxes', hours: 3, since: from(11), criticality: 'critical' }];
  if (instance.includes('-imaging-')) return [{ ...nightly, since: from(4) + 9.5 * 86_400 }];
  if (instance.includes('-erp-')) return [{ ...nightly, criticality: 'critical' }];
  return [nightly];
}

function solidState(next: () => number, index: number): Disk {
  return {
    id: `0x002538${hexadecimal(next, 10)}`,
    device: `/dev/nvme${index}n1`,
    protocol: 'NVMe',
    kind: 'ssd',
    model: 'SAMSUNG MZQL2960HCJR-00A07',
    serial: `S64GNE0R${hexadecimal(next, 6).toUpperCase()}`,
    firmware: 'GDC5902Q',
    capacity: 960_197_124_096,
  };
}

function rotating(next: () => number, index: number): Disk {
  return {
    id: `0x5000cca2${hexadecimal(next, 8)}`,
    device: `/dev/sd${'ab'[index] ?? 'z'}`,
    protocol: 'ATA',
    kind: 'hdd',
    model: 'HGST HUS726T4TALE6L4',
    serial: `V1${hexadecimal(next, 6).toUpperCase()}`,
    firmware: 'VKGNW40H',
    capacity: 4_000_787_030_016,
  };
}

/** The disk that takes the place of a failed one. */
export function replacement(failed: Disk, seed: number): Disk {
  const next = random(seed, failed.id, 'replacement');
  const fresh = failed.protocol === 'NVMe' ? solidState(next, 0) : rotating(next, 0);
  return { ...fresh, device: failed.device };
}
