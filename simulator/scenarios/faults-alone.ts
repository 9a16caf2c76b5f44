import type { Trouble } from '../faults.ts';
import { type Member, type Scenario } from './scenario.ts';

/** Enough to have something of every control. */
export const threeHosts: readonly Member[] = [
  { name: 'file-1', role: 'server' },
  { name: 'app-1', role: 'server' },
  { name: 'pc-1', role: 'workstation' },
];

const both = ['structure', 'data'] as const;

/** Each fault alone: where, from which day of the month, for how many days. A new kind of fault must be here. */
const alone: {
  readonly [Kind in Trouble['kind']]: readonly [
    host: string,
    from: number,
    days: number,
    trouble: Extract<Trouble, { readonly kind: Kind }>,
  ];
} = {
  exporter_down: ['app-1', 8, 3, { kind: 'exporter_down' }],
  collector_blind: [
    'file-1',
    9,
    2,
    { kind: 'collector_blind', collector: 'restic', reason: 'repository_locked' },
  ],
  patching_paused: ['app-1', 2, 20, { kind: 'patching_paused', classes: ['security', 'standard'] }],
  automation_off: ['pc-1', 4, 14, { kind: 'automation_off' }],
  mirror_stale: ['app-1', 5, 6, { kind: 'mirror_stale' }],
  firmware_put_off: ['pc-1', -100, 120, { kind: 'firmware_put_off' }],
  reboot_postponed: ['app-1', -20, 45, { kind: 'reboot_postponed' }],
  support_ended: ['app-1', 7, 12, { kind: 'support_ended' }],
  backup_failing: ['file-1', 6, 5, { kind: 'backup_failing', job: 'nightly' }],
  scanner_stopped: ['app-1', -10, 25, { kind: 'scanner_stopped' }],
  vulnerability_database_stuck: ['app-1', -10, 30, { kind: 'vulnerability_database_stuck' }],
  checks_stopped: ['file-1', 2, 9, { kind: 'checks_stopped', job: 'nightly', depths: both }],
  checks_failing: ['app-1', 12, 4, { kind: 'checks_failing', job: 'nightly', depths: both }],
  restore_tests_put_off: ['file-1', -300, 310, { kind: 'restore_tests_put_off', job: 'nightly' }],
  restore_tests_failing: ['app-1', -150, 190, { kind: 'restore_tests_failing', job: 'nightly' }],
  antivirus_stopped: ['pc-1', 3, 4, { kind: 'antivirus_stopped' }],
  definitions_stuck: ['pc-1', 5, 12, { kind: 'definitions_stuck' }],
  definitions_not_loaded: ['app-1', 5, 12, { kind: 'definitions_not_loaded' }],
  disk_failing: ['file-1', 10, 6, { kind: 'disk_failing', disk: 1 }],
  disk_vanished: ['app-1', 11, 3, { kind: 'disk_vanished', disk: 1 }],
  self_tests_stopped: ['file-1', -40, 60, { kind: 'self_tests_stopped' }],
  self_test_failing: ['file-1', 1, 16, { kind: 'self_test_failing', disk: 0 }],
};

export const faultsAlone: readonly Scenario[] = Object.values(alone).map((script) => {
  const [, , , { kind }] = script;
  return {
    name: kind.replaceAll('_', '-'),
    about: `${kind} alone`,
    zone: 'Europe/Madrid',
    month: '2026-04',
    hosts: threeHosts,
    troubles: [script],
  };
});
