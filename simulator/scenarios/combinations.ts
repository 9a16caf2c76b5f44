import type { Trouble } from '../faults.ts';
import { threeHosts } from './faults-alone.ts';
import type { Scenario } from './scenario.ts';

const month = { zone: 'Europe/Madrid', month: '2026-04', hosts: threeHosts } as const;
const down: Trouble = { kind: 'exporter_down' };
const failing: Trouble = { kind: 'backup_failing', job: 'nightly' };
const locked: Trouble = { kind: 'collector_blind', collector: 'restic', reason: 'repository_locked' };
const noDisks: Trouble = { kind: 'collector_blind', collector: 'smartctl', reason: 'permission_denied' };

export const combinations: readonly Scenario[] = [
  { ...month, name: 'quiet', about: 'nothing goes wrong', troubles: [] },
  {
    ...month,
    name: 'silent-failure',
    about: 'an exporter falls silent while its backups fail',
    troubles: [
      ['file-1', 6, 12, failing],
      ['file-1', 9, 4, down],
    ],
  },
  {
    ...month,
    name: 'blind-to-failure',
    about: 'a disk fails while nobody may ask it, and the agent stops while nobody reads it',
    troubles: [
      ['file-1', 8, 6, { kind: 'disk_failing', disk: 0 }],
      ['file-1', 7, 5, noDisks],
      ['app-1', 10, 3, { kind: 'antivirus_stopped' }],
      ['app-1', 9, 6, { kind: 'collector_blind', collector: 'clamav', reason: 'timeout' }],
    ],
  },
  {
    ...month,
    name: 'flapping',
    about: 'an exporter that comes and goes',
    troubles: Array.from({ length: 16 }, (_, index) => ['app-1', 5 + index / 12, 1 / 48, down] as const),
  },
  {
    ...month,
    name: 'through-midnight',
    about: 'what is wrong when the month begins, and when it ends',
    troubles: [
      ['file-1', -1.5, 4, failing],
      ['pc-1', 28, 4, { kind: 'antivirus_stopped' }],
      ['app-1', 29.875, 0.25, down],
      ['app-1', -0.125, 0.25, down],
    ],
  },
  {
    ...month,
    name: 'all-month',
    about: 'a host that is silent from before the month to after it',
    troubles: [['app-1', -2, 40, down]],
  },
  {
    ...month,
    name: 'everything',
    about: 'everything goes wrong at once',
    troubles: [
      ['file-1', 3, 9, failing],
      ['file-1', 5, 2, locked],
      ['file-1', 4, 11, { kind: 'disk_failing', disk: 1 }],
      ['file-1', -10, 30, { kind: 'scanner_stopped' }],
      ['file-1', 12, 3, { kind: 'checks_failing', job: 'nightly', depths: ['structure'] }],
      ['app-1', 2, 20, { kind: 'patching_paused', classes: ['security', 'standard'] }],
      ['app-1', 6, 2, down],
      ['app-1', 10, 9, { kind: 'support_ended' }],
      ['app-1', 14, 3, { kind: 'disk_vanished', disk: 0 }],
      ['pc-1', 4, 14, { kind: 'definitions_stuck' }],
      ['pc-1', 7, 2, { kind: 'antivirus_stopped' }],
      ['pc-1', 11, 1.25, noDisks],
      ['pc-1', 20, 5, { kind: 'mirror_stale' }],
    ],
  },
];
