import { threeHosts } from './faults-alone.ts';
import type { Member, Scenario } from './scenario.ts';

const month = { zone: 'Europe/Madrid', month: '2026-04' } as const;
const all = (change: Partial<Member>): readonly Member[] =>
  threeHosts.map((host) => ({ ...host, ...change }));
const failing: Scenario['troubles'] = [['file-1', 4, 5, { kind: 'backup_failing', job: 'nightly' }]];

/** Hosts and customers that come and go, and a policy that changes. */
export const fleets: readonly Scenario[] = [
  {
    ...month,
    name: 'churn',
    about: 'a host joins, another leaves',
    hosts: [
      ...threeHosts,
      { name: 'db-1', role: 'server', joined: 9.5 },
      { name: 'pc-2', role: 'workstation', left: 19.5 },
      { name: 'pc-3', role: 'workstation', joined: 6, left: 13 },
    ],
    troubles: failing,
  },
  {
    ...month,
    name: 'left-in-trouble',
    about: 'a host leaves with incidents open',
    hosts: threeHosts.map((host) => (host.name === 'pc-1' ? { ...host, left: 12 } : host)),
    troubles: [
      ['pc-1', 8, 20, { kind: 'antivirus_stopped' }],
      ['pc-1', 11.25, 5, { kind: 'exporter_down' }],
    ],
  },
  {
    ...month,
    name: 'onboarded',
    about: 'a customer comes mid-month',
    hosts: all({ joined: 14.25 }),
    troubles: failing,
  },
  {
    ...month,
    name: 'offboarded',
    about: 'a customer goes mid-month',
    hosts: all({ left: 17.5 }),
    troubles: failing,
  },
  {
    ...month,
    name: 'not-yet-here',
    about: 'a customer comes after the month',
    hosts: all({ joined: 30.5 }),
    troubles: [],
  },
  {
    ...month,
    name: 'limit-shortened',
    about: 'rules with shorter limits are loaded mid-month, and the old ones a week later',
    hosts: threeHosts,
    troubles: [
      ['app-1', 2, 24, { kind: 'patching_paused', classes: ['security', 'standard'] }],
      ['pc-1', 3, 20, { kind: 'definitions_stuck' }],
    ],
    limits: [
      [13, { patch_security: 24 * 3600, backup: 12 * 3600, av_definitions: 20 * 86_400 }],
      [20, {}],
    ],
  },
];
