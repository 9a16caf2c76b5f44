import type { ControlName, Policy } from '../alerts/policy.ts';
import { antivirus, type AntivirusState } from './antivirus.ts';
import { type BackupRun, backups, type BackupState } from './backups.ts';
import { day } from './calendar.ts';
import { type DiskLife, disks, shown } from './disks.ts';
import type { CollectorName, Fault } from './faults.ts';
import type { BackupJob, SimulatedHost } from './fleet.ts';
import { type Firmware, firmware } from './firmware.ts';
import { type PackageLists, packageLists } from './package-lists.ts';
import { type Patching, patching } from './patches.ts';
import { anyCheck, type Proof, proofs as playProofs, type Proofs } from './proofs.ts';
import { type Story, twoCustomers } from './story.ts';
import { pendingTold, type Release, releases } from './support.ts';
import { type TaskBook, taskBook } from './tasks.ts';
import { edges, type Span, spanAt, starts, stepAt, type Track, trackOf, valueAt } from './track.ts';
import { playServices, type ServiceLife } from './services.ts';
import { mirror, type VolumeState } from './volumes.ts';
import { type Scan, scans, severityTold } from './vulnerabilities.ts';

export type BlindFault = Fault & { readonly kind: 'collector_blind' };

/** `check` is of any depth, `data` of one that reads everything back. */
export type ProofName = 'check' | 'data' | 'restore';

export type PendingName = keyof Patching['pending'];

export interface JobLife {
  readonly job: BackupJob;
  readonly runs: readonly BackupRun[];
  readonly states: Track<BackupState>;
  readonly checks: Proofs;
  readonly proofs: Readonly<Record<ProofName, Track<Proof>>>;
  /** Whether it is told what the newest was, or that there was none. */
  readonly proofTold: Readonly<Record<ProofName, Track<boolean>>>;
}

export interface WatchedDisk extends DiskLife {
  /** Whether the exporter names the disk. */
  readonly named: Track<boolean>;
  /** Whether it is told if the disk is in order; of one that is gone, too. */
  readonly judged: Track<boolean>;
  /** Whether the disk itself answers. */
  readonly read: Track<boolean>;
}

/** Of some controls, in seconds. */
export type Limits = Partial<Readonly<Record<ControlName, number>>>;

/** Everything that happens to one host. */
export interface Life {
  readonly host: SimulatedHost;
  readonly patching: Patching;
  readonly release: Track<Release>;
  /** Whether the age of what is pending can be told. */
  readonly pendingTold: Readonly<Record<PendingName, Track<boolean>>>;
  readonly lists: PackageLists;
  /** Of a workstation; no step where there is none. */
  readonly firmware: Track<Firmware>;
  readonly jobs: readonly JobLife[];
  readonly antivirus: Track<AntivirusState>;
  readonly disks: readonly WatchedDisk[];
  /** Of a server; no step where there is none. */
  readonly scans: Track<Scan>;
  /** Whether it can be told if one of this severity is open. */
  readonly severityTold: Readonly<Record<'critical' | 'important', Track<boolean>>>;
  /** Of a server; no step where there is none. */
  readonly mirror: Track<VolumeState>;
  /** On the host that holds the confirmations of its customer, where the policy has tasks. */
  readonly tasks: TaskBook | undefined;
  /** Whether the exporter answers; no step before the host joined, false once it left. */
  readonly up: Track<boolean>;
  /** Limits that are not those of the policy, in seconds. */
  readonly limits: Track<Limits>;
  readonly blind: readonly BlindFault[];
  /** Whether the exporter answers and the collector can tell; no step before the host joined. */
  readonly exposed: Readonly<Record<CollectorName, Track<boolean>>>;
}

/** Everything that happens, from `start` to `end` (unix seconds). */
export interface World {
  readonly start: number;
  readonly end: number;
  readonly lives: readonly Life[];
  /** Of the customers that have hosts. */
  readonly services: readonly ServiceLife[];
  /** When Prometheus was down. */
  readonly outages: readonly Span[];
}

/** Plays the whole history of a story up to `end`, unix seconds. */
export function play(policy: Policy, seed: number, end: number, story: Story = twoCustomers): World {
  const { start, hosts, faults: all, limits, outages } = story(policy, seed, end);
  const holders = Object.keys(policy.customers).map((customer) =>
    hosts.find((host) => host.customer === customer),
  );
  const lives = hosts.map((host): Life => {
    const own = all.filter(({ instance }) => instance === host.instance);
    const blind = own.filter((fault) => fault.kind === 'collector_blind');
    const down = own.filter(({ kind }) => kind === 'exporter_down');
    const joined = Math.max(start, host.joined);
    const gone = { from: host.left, to: Infinity };
    const changes = [
      joined,
      ...edges([...down, ...blind, gone]).filter((instant) => instant > joined && instant < Infinity),
    ];
    const exposed = (collector: CollectorName): Track<boolean> => {
      const silent = [gone, ...down, ...blind.filter((fault) => fault.collector === collector)];
      return trackOf(changes, (instant) => spanAt(silent, instant) === undefined);
    };
    const patched = patching(host, own, seed, start, end);
    const release = releases(host, own, start, end);
    const sources = { apt: exposed('apt'), os_support: exposed('os_support') };
    const up = trackOf(changes, (instant) => spanAt([gone, ...down], instant) === undefined);
    const [restic, smartctl, trivy] = [exposed('restic'), exposed('smartctl'), exposed('trivy')];
    const scanned = scans(host, patched.securityUpdates, own, { seed, start, end });
    return {
      host,
      patching: patched,
      release,
      pendingTold: {
        security: pendingTold(patched.pending.security, release, sources),
        standard: pendingTold(patched.pending.standard, release, sources),
        any: pendingTold(patched.pending.any, release, sources),
      },
      lists: packageLists(own, blind, up, sources.apt),
      firmware: firmware(host, own, seed, start, end),
      scans: scanned,
      severityTold: {
        critical: severityTold(scanned, trivy, 'critical'),
        important: severityTold(scanned, trivy, 'important'),
      },
      jobs: host.jobs.map((job) => {
        const { states, runs } = backups(host, job, own, seed, start, end);
        const checks = playProofs({ host, job, states, faults: own, seed, start, end });
        return jobLife({ job, runs, states, checks }, up, restic);
      }),
      antivirus: antivirus(own, seed, start, end),
      disks: disks(host, own, seed, start, end).map((disk) => ({
        ...disk,
        named: shown(disk, up, ['healthy', 'failing', 'vanished']),
        judged: shown(disk, smartctl, ['healthy', 'failing', 'vanished']),
        read: shown(disk, smartctl, ['healthy', 'failing']),
      })),
      mirror: mirror(host, own, start),
      tasks:
        holders.includes(host) && Object.keys(policy.tasks).length > 0
          ? taskBook(policy, host, { seed, start, end, isFirst: holders[0] === host })
          : undefined,
      up,
      limits: limits[host.customer] ?? [],
      blind,
      exposed: {
        ...sources,
        fwupd: exposed('fwupd'),
        reboot: exposed('reboot'),
        trivy,
        restic,
        clamav: exposed('clamav'),
        smartctl,
        md: exposed('md'),
        host: exposed('host'),
      },
    };
  });
  const services = playServices(policy, seed, start, end).filter(({ service }) =>
    hosts.some(({ customer }) => customer === service.customer),
  );
  return { start, end, lives, services, outages };
}

/** Proofs are on record; that there is none can be told only while the repository can be read. */
function jobLife(
  own: Pick<JobLife, 'job' | 'runs' | 'states' | 'checks'>,
  up: Track<boolean>,
  readable: Track<boolean>,
): JobLife {
  const proofs = { check: anyCheck(own.checks), data: own.checks.data, restore: own.checks.restore };
  const told = (name: ProofName): Track<boolean> =>
    trackOf(
      [own.job.since, ...starts(up), ...starts(readable), ...starts(proofs[name])].filter(
        (instant) => instant >= own.job.since,
      ),
      (instant) =>
        valueAt(up, instant) === true &&
        (valueAt(readable, instant) === true || valueAt(proofs[name], instant) !== undefined),
    );
  return {
    ...own,
    proofs,
    proofTold: { check: told('check'), data: told('data'), restore: told('restore') },
  };
}

/** Prometheus remembers what it saw for this long, in seconds: rules read facts through `last_over_time(...[1d])`. */
export const remembered = day;

/** The instant at which a fact was last seen: now, a moment ago, or undefined when that is a day ago or it never was. */
export function lastSeen(exposed: Track<boolean>, instant: number): number | undefined {
  const step = stepAt(exposed, instant);
  if (step === undefined || step.value) return step && instant;
  const seen = stepAt(exposed, step.from - 1);
  return seen?.value === true && instant < step.from + remembered ? step.from - 1 : undefined;
}

/** Why and since when a collector of the host cannot tell; undefined while it can. */
export function blindFault(life: Life, collector: CollectorName, instant: number): BlindFault | undefined {
  return spanAt(
    life.blind.filter((fault) => fault.collector === collector),
    instant,
  );
}
