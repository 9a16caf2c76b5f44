import { threeHosts } from './faults-alone.ts';
import type { Scenario } from './scenario.ts';

const common = { zone: 'Europe/Madrid', hosts: threeHosts } as const;
const hour = 1 / 24;
const troubles: Scenario['troubles'] = [
  ['file-1', 3, 6, { kind: 'backup_failing', job: 'nightly' }],
  ['pc-1', 12, 3, { kind: 'antivirus_stopped' }],
  ['app-1', 20, 1, { kind: 'exporter_down' }],
];

/** Prometheus itself is down. Each has a month of its own: who shares a Prometheus shares its outages. */
export const outages: readonly Scenario[] = [
  {
    name: 'restart',
    about: 'a restart while an incident is open',
    ...common,
    month: '2025-02',
    troubles,
    outages: [[13, hour / 2]],
  },
  {
    name: 'night-down',
    about: 'eight hours while an incident is open',
    ...common,
    month: '2025-04',
    troubles,
    outages: [[13, 8 * hour]],
  },
  {
    name: 'ended-unseen',
    about: 'an incident ends while nobody looks',
    ...common,
    month: '2025-06',
    troubles,
    outages: [[14.75, 12 * hour]],
  },
  {
    name: 'begun-unseen',
    about: 'an incident begins while nobody looks',
    ...common,
    month: '2025-08',
    troubles,
    outages: [[11.75, 12 * hour]],
  },
  {
    name: 'week-down',
    about: 'nine days: less than 80% of the month is watched',
    ...common,
    month: '2025-10',
    troubles,
    outages: [[10, 9]],
  },
  {
    name: 'down-at-the-end',
    about: 'from the last evening to the next morning',
    ...common,
    month: '2025-12',
    troubles: [...troubles, ['pc-1', 29, 4, { kind: 'antivirus_stopped' }]],
    outages: [[30.75, 12 * hour]],
  },
  {
    name: 'down-at-the-beginning',
    about: 'from the evening before to the first morning',
    ...common,
    month: '2024-10',
    troubles: [...troubles, ['pc-1', -1, 3, { kind: 'antivirus_stopped' }]],
    outages: [[-0.25, 12 * hour]],
  },
  {
    name: 'down-all-month',
    about: 'nothing is watched',
    ...common,
    month: '2024-12',
    troubles,
    outages: [[-2, 40]],
  },
];
