import type { Role, SimulatedHost } from './fleet.ts';
import { fullMonths } from './fleet.ts';
import { day, hour } from './calendar.ts';
import { between, random } from './random.ts';
import type { Span } from './track.ts';

/** The collectors of the simulated exporters. */
export const collectors = [
  'apt',
  'fwupd',
  'reboot',
  'os_support',
  'trivy',
  'restic',
  'clamav',
  'smartctl',
  'md',
  'host',
] as const;
export type CollectorName = (typeof collectors)[number];

/** The collectors that run on a host of this role. */
export function collectorsOf(role: Role): readonly CollectorName[] {
  const others: readonly CollectorName[] = role === 'server' ? ['fwupd'] : ['trivy', 'restic', 'md'];
  return collectors.filter((name) => !others.includes(name));
}

/** What can go wrong on one host. */
export type Trouble =
  /** The exporter does not answer: `up` is 0. */
  | { readonly kind: 'exporter_down' }
  /** The exporter answers, one collector cannot. */
  | { readonly kind: 'collector_blind'; readonly collector: CollectorName; readonly reason: string }
  /** Updates appear, nobody installs them. */
  | { readonly kind: 'patching_paused'; readonly classes: readonly ('security' | 'standard')[] }
  /** Updates do not install themselves any more, and nobody installs them. */
  | { readonly kind: 'automation_off' }
  /** The mirror the host fetches from is not renewed: what is published meanwhile, nobody here knows of. */
  | { readonly kind: 'mirror_stale' }
  /** Firmware is offered, nobody installs it. */
  | { readonly kind: 'firmware_put_off' }
  /** A kernel is installed, nobody reboots. */
  | { readonly kind: 'reboot_postponed' }
  /** The vendor makes no updates for the release any more; the host is upgraded at the end. */
  | { readonly kind: 'support_ended' }
  /** Every run of the job fails, or does not happen. */
  | { readonly kind: 'backup_failing'; readonly job: string }
  /** Nothing scans for vulnerabilities. */
  | { readonly kind: 'scanner_stopped' }
  /** The scanner searches an old database. */
  | { readonly kind: 'vulnerability_database_stuck' }
  /** Nobody checks the backup. */
  | { readonly kind: 'checks_stopped'; readonly job: string; readonly depths: readonly CheckDepth[] }
  /** Every check finds damage. */
  | { readonly kind: 'checks_failing'; readonly job: string; readonly depths: readonly CheckDepth[] }
  /** Nobody tries to restore. */
  | { readonly kind: 'restore_tests_put_off'; readonly job: string }
  /** What comes back is not what was backed up. */
  | { readonly kind: 'restore_tests_failing'; readonly job: string }
  | { readonly kind: 'antivirus_stopped' }
  /** No new definitions arrive on disk. */
  | { readonly kind: 'definitions_stuck' }
  /** New definitions arrive; the agent goes on with the old ones. */
  | { readonly kind: 'definitions_not_loaded' }
  /** The disk's own verdict is failing; it is replaced at the end. */
  | { readonly kind: 'disk_failing'; readonly disk: number }
  /** The disk is gone; it comes back at the end. */
  | { readonly kind: 'disk_vanished'; readonly disk: number }
  /** The disks are not told to test themselves. */
  | { readonly kind: 'self_tests_stopped' }
  /** The self-tests of the disk fail, its own verdict is good. */
  | { readonly kind: 'self_test_failing'; readonly disk: number };

type CheckDepth = 'structure' | 'data';

export type Fault = Trouble & Span & { readonly instance: string };

/** Edges of faults are whole quarter hours, so that a replay on a coarse grid meets them exactly. */
const quarter = 900;

type Script = readonly [host: string, month: number, day: number, days: number, trouble: Trouble];

const blind = (collector: CollectorName, reason: string): Trouble => ({
  kind: 'collector_blind',
  collector,
  reason,
});
const paused = (...classes: ('security' | 'standard')[]): Trouble => ({ kind: 'patching_paused', classes });
const failing = (job: string): Trouble => ({ kind: 'backup_failing', job });

/** The story of the policy's first customer: month 0 is the oldest full one, 12 the last; days count from the local midnight that begins it. */
const first: readonly Script[] = [
  ['app-2', 0, -40, 130, { kind: 'self_tests_stopped' }],
  ['app-1', 0, -200, 250, { kind: 'restore_tests_put_off', job: 'nightly' }],
  ['erp-1', 0, -40, 70, { kind: 'checks_stopped', job: 'nightly', depths: ['structure', 'data'] }],
  ['db-2', 0, 3, 14, paused('security', 'standard')],
  ['file-1', 1, 9, 12, paused('security')],
  ['app-2', 1, 6, 3.5, { kind: 'antivirus_stopped' }],
  ['pc-3', 0, -40, 190, { kind: 'firmware_put_off' }],
  ['pc-3', 2, 4, 13, { kind: 'definitions_stuck' }],
  ['file-1', 3, 14, 4, failing('nightly')],
  ['pc-2', 3, 2, 44, paused('security', 'standard')],
  ['app-2', 4, 3, 6, { kind: 'mirror_stale' }],
  ['mail-1', 4, 8, 2, { kind: 'exporter_down' }],
  ['app-1', 5, 11, 1.75, blind('restic', 'repository_locked')],
  ['db-1', 5, 20, 24, { kind: 'scanner_stopped' }],
  ['mail-1', 12, 10, 16, { kind: 'scanner_stopped' }],
  ['file-1', 6, 5, 9, { kind: 'disk_failing', disk: 1 }],
  ['pc-2', 7, 13, 4, { kind: 'antivirus_stopped' }],
  // The slow month: holidays, nobody does the monthly round.
  ...[
    'db-1',
    'db-2',
    'app-1',
    'app-2',
    'file-1',
    'mail-1',
    'erp-1',
    'pc-1',
    'pc-2',
    'pc-3',
    'pc-4',
    'pc-5',
  ].map((host): Script => [host, 8, 1, 27, paused('standard')]),
  ...['db-2', 'app-1', 'mail-1', 'pc-4'].map((host): Script => [
    host,
    8,
    6,
    15,
    paused('security', 'standard'),
  ]),
  ['db-2', 8, 2, 24, { kind: 'reboot_postponed' }],
  ['db-1', 9, 20, 3, failing('database')],
  ['erp-1', 10, 6, 3, blind('restic', 'authentication_failed')],
  ['db-1', 10, 12, 9, { kind: 'checks_failing', job: 'database', depths: ['structure'] }],
  ['db-2', 10, 18, 2.5, { kind: 'disk_vanished', disk: 1 }],
  ['db-1', 11, 9, 5, { kind: 'automation_off' }],
  ['mail-1', 11, 0, 99, failing('mailboxes')],
  ['db-2', 7, 1, 400, { kind: 'restore_tests_put_off', job: 'nightly' }],
  ['app-2', 11, 10, 55, { kind: 'checks_stopped', job: 'nightly', depths: ['data'] }],
  ['pc-1', 12, 12, 5, { kind: 'mirror_stale' }],
  ['erp-1', 12, 2, 24, paused('security')],
  ['app-1', 12, 6, 12, { kind: 'support_ended' }],
  ['app-2', 12, 9, 11, paused('security')],
  ['pc-4', 12, 5, 16, { kind: 'definitions_not_loaded' }],
  ['pc-2', 12, 20, 1.25, { kind: 'exporter_down' }],
];

const second: readonly Script[] = [
  ['file-1', 0, 12, 9, paused('security', 'standard')],
  ['imaging-1', 0, -40, 100, { kind: 'self_tests_stopped' }],
  ['desk-2', 1, 15, 2, { kind: 'antivirus_stopped' }],
  ['file-1', 9, 8, 26, { kind: 'self_test_failing', disk: 0 }],
  ['db-1', 0, 0, 75, { kind: 'restore_tests_failing', job: 'nightly' }],
  ['app-1', 2, 20, 3, failing('nightly')],
  ['desk-4', 3, 3, 20, paused('security')],
  ['file-1', 5, 7, 11, { kind: 'definitions_stuck' }],
  ['db-1', 6, 18, 2.25, blind('apt', 'metadata_stale')],
  ...['db-1', 'app-1', 'file-1', 'desk-3', 'desk-4'].map((host): Script => [
    host,
    8,
    3,
    20,
    paused('security', 'standard'),
  ]),
  ['desk-2', 7, 0, 160, { kind: 'firmware_put_off' }],
  ['app-1', 7, 12, 4, { kind: 'automation_off' }],
  ['desk-1', 9, 10, 1.5, blind('smartctl', 'permission_denied')],
  ['desk-2', 9, 14, 1.5, blind('os_support', 'unexpected_output')],
  ['app-1', 10, 5, 8, { kind: 'reboot_postponed' }],
  ['imaging-1', 11, 9, 6, { kind: 'disk_failing', disk: 0 }],
  ['file-1', 11, 3, 7, { kind: 'mirror_stale' }],
  ['desk-1', 12, 8, 1, blind('fwupd', 'timeout')],
  ['app-1', 10, 15, 12, { kind: 'vulnerability_database_stuck' }],
  ['file-1', 12, 1, 1.5, blind('trivy', 'unexpected_output')],
  ['app-1', 11, 20, 40, { kind: 'self_tests_stopped' }],
  ['file-1', 12, 4, 15, { kind: 'checks_stopped', job: 'nightly', depths: ['structure', 'data'] }],
  ['db-1', 12, 11, 3, failing('nightly')],
  ['desk-3', 12, 16, 6, { kind: 'antivirus_stopped' }],
  ['file-1', 12, 22, 0.75, { kind: 'exporter_down' }],
];

/** What is wrong now, in days before the end, still open at the end. */
const open: readonly (readonly [first: boolean, host: string, daysBefore: number, trouble: Trouble])[] = [
  [true, 'file-1', 2.5, failing('nightly')],
  [true, 'pc-3', 1.25, { kind: 'antivirus_stopped' }],
  [false, 'desk-2', 0.25, { kind: 'exporter_down' }],
  [false, 'app-1', 0.5, blind('restic', 'password_unreadable')],
];

/** Every fault of the fleet: the stories above, and short silences of exporters that grow rarer over the year. */
export function faults(hosts: readonly SimulatedHost[], seed: number, end: number): readonly Fault[] {
  const customer = hosts[0]?.customer;
  const all: Fault[] = [];
  for (const host of hosts) {
    const isFirst = host.customer === customer;
    const isThis = (name: string): boolean => host.instance === `${host.customer}-${name}`;
    for (const [name, month, from, days, trouble] of isFirst ? first : second) {
      const midnight = host.months[month]?.from;
      if (!isThis(name) || midnight === undefined) continue;
      all.push({ ...trouble, ...span(midnight + from * day, days * day), instance: host.instance });
    }
    for (const [ofFirst, name, daysBefore, trouble] of open) {
      if (ofFirst !== isFirst || !isThis(name)) continue;
      all.push({
        ...trouble,
        ...span(end - daysBefore * day, daysBefore * day + quarter),
        instance: host.instance,
      });
    }
    all.push(...silences(host, seed));
  }
  return all;
}

/** When Prometheus itself was down: nothing scraped, nothing evaluated. One long outage, one short restart. */
export function prometheusOutages(hosts: readonly SimulatedHost[]): readonly Span[] {
  const months = hosts[0]?.months ?? [];
  const at = (month: number, from: number): number => (months[month]?.from ?? Infinity) + from;
  return [span(at(7, 16 * day + 9 * hour), 7 * hour), span(at(11, 7 * day + 10 * hour), hour / 2)];
}

function silences(host: SimulatedHost, seed: number): readonly Fault[] {
  const next = random(seed, host.instance, 'silences');
  return host.months.flatMap(({ from, to }, month): Fault[] => {
    if (next() > 0.75 - (0.5 * month) / fullMonths) return [];
    const begin = from + next() * (to - from - day);
    return [{ kind: 'exporter_down', instance: host.instance, ...span(begin, between(next, 2, 5) * hour) }];
  });
}

/** A stretch of time with edges on whole quarter hours; it lasts at least one. */
export function span(from: number, length: number): Span {
  const begin = Math.round(from / quarter) * quarter;
  return { from: begin, to: begin + Math.max(1, Math.round(length / quarter)) * quarter };
}
