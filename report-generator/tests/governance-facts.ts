import { frameworks } from '../../alerts/frameworks.ts';
import { evidenceName } from '../../alerts/frameworks/framework.ts';
import type { Facts } from '../facts-schema.ts';
import type { Indicator, Snapshot } from '../snapshot.ts';
import type { RequirementVerdict } from '../facts/readiness.ts';
import type { TaskFacts, TaskOutcome } from '../facts/tasks.ts';
import { october } from './october.ts';

/* What page 4 is drawn from in tests: a full month, made by hand. */

function task(title: string, marks: readonly (readonly [day: number, outcome: TaskOutcome])[]) {
  return {
    name: title.toLowerCase().replaceAll(' ', '_'),
    title,
    category: 'preventive' as const,
    owner: 'operations',
    occurrences: marks.map(([day, outcome]) => ({
      due: `2026-10-${String(day).padStart(2, '0')}`,
      day,
      outcome,
      confirmed: outcome === 'on_time' || outcome === 'late' ? 1_791_000_000 : null,
    })),
  };
}

export const tasks: TaskFacts = {
  tasks: [
    task('Alert review', [
      [5, 'on_time'],
      [12, 'on_time'],
      [19, 'late'],
      [26, 'on_time'],
    ]),
    task('Log review', [
      [1, 'on_time'],
      [8, 'on_time'],
      [15, 'on_time'],
      [22, 'on_time'],
      [29, 'on_time'],
    ]),
    task('Firmware of firewalls', [
      [21, 'on_time'],
      [30, 'missed'],
    ]),
    task('Restore drill', [[14, 'on_time']]),
    task('Access review', [[15, 'unconfirmed']]),
    task('Inventory review', [[31, 'running']]),
  ],
  holidays: [12],
  queries: ['max by (instance, task) (maintenance_task_last_confirmed_timestamp_seconds)'],
};

/** One verdict after the other, over and over. */
function verdictAt(index: number): RequirementVerdict {
  const cycle = ['met', 'met', 'met', 'partly', 'met', 'not_assessed', 'met', 'not_met'] as const;
  return cycle[index % cycle.length] ?? 'met';
}

export const readiness: NonNullable<Facts['readiness']> = {
  frameworks: frameworks.map(({ name, title, total, requirements }) => ({
    name,
    title,
    total,
    before: { met: Math.floor(requirements.length / 2), inScope: requirements.length },
    requirements: requirements.map(({ id, about, essential }, index) => ({
      id,
      about,
      verdict: index === 3 ? 'not_applicable' : verdictAt(index),
      reason: index === 3 ? 'The network is run by the landlord. Elena Ruiz, 2026-09-30' : '',
      evidence: essential.map((one) => ({
        name: evidenceName(one),
        essential: true,
        expected: 50,
        known: 48,
        ok: 45,
        age: 86_400 * 3,
      })),
    })),
  })),
  queries: ['customer:maintenance_requirement_verdict:last'],
};

export const plan: NonNullable<Facts['plan']> = {
  start: '2026-08-03',
  stages: [1_788_300_000, 1_790_892_000, 1_793_487_600],
  baseline: { from: '2026-07-01', to: '2026-07-31' },
  rows: [
    { indicator: 'patch_security', baseline: 0.735, targets: [0.8, 0.9, 0.95] },
    { indicator: 'patch_standard', baseline: 0.5, targets: [0.6, 0.7, 0.8] },
    { indicator: 'backup', baseline: 0.952, targets: [0.97, 0.985, 0.99] },
    { indicator: 'av_definitions', baseline: null, targets: [null, 0.9, 0.98] },
    { indicator: 'host_reporting', baseline: 0.85, targets: [0.9, 0.93, 0.95] },
  ],
  queries: [],
};

export const changes: NonNullable<Facts['changes']> = {
  changes: [
    change('2026-10-02', 'host_added', ['acme-pc-19', 'acme-pc-20']),
    { ...change('2026-10-07', 'limit_changed', []), control: 'backup', from: 93_600, to: 86_400 },
    { ...change('2026-10-08', 'updates_installed', ['acme-db-1', 'acme-app-1']), runs: 3, failed: 1 },
    {
      ...change('2026-10-14', 'kernel_changed', ['acme-db-1']),
      from: '6.1.0-35-amd64',
      to: '6.1.0-37-amd64',
    },
    { ...change('2026-10-21', 'target_changed', []), control: 'patch_security', from: 0.9, to: 0.95 },
    {
      ...change('2026-10-22', 'system_changed', ['acme-app-2']),
      from: 'Debian GNU/Linux 11',
      to: 'Debian GNU/Linux 12',
    },
    change('2026-10-28', 'host_removed', ['acme-old-1']),
  ],
  queries: [],
};

function change(
  day: string,
  kind: NonNullable<Facts['changes']>['changes'][number]['kind'],
  instances: string[],
) {
  return { day, kind, instances, control: '', from: null, to: null, runs: null, failed: null };
}

export const ahead: NonNullable<Facts['ahead']> = {
  windows: [{ name: 'Sunday servers', from: '2026-11-01T02:00', to: '2026-11-01T06:00', more: 4 }],
  tasks: [{ title: 'Alert review', owner: 'operations', due: '2026-11-02', more: 4 }],
  deadlines: [
    {
      kind: 'restore_test',
      day: '2026-11-13',
      objects: [{ instance: 'acme-db-1', object: 'restic:database' }],
    },
    {
      kind: 'certificate',
      day: '2026-11-20',
      objects: [
        { instance: '', object: 'shop' },
        { instance: '', object: 'mail' },
      ],
    },
    { kind: 'os_supported', day: '2027-01-10', objects: [{ instance: 'acme-app-1', object: 'debian 12' }] },
  ],
  queries: [],
};

export const agreements: NonNullable<Facts['agreements']> = {
  responsibilities: [
    { what: 'Installing updates on servers and workstations', who: 'provider', note: '' },
    {
      what: 'Reboots of servers',
      who: 'shared',
      note: 'The provider asks for a time, the contact of the customer says which.',
    },
    { what: 'Line-of-business applications', who: 'customer', note: '' },
  ],
  exceptions: [
    {
      control: 'patch_security',
      roles: [],
      instances: ['press-2'],
      objects: [],
      owner: 'Javier Gil',
      reason: 'The vendor of the press certifies each update; the press is in a network of its own.',
      from: '2026-10-01',
      expires: '2026-11-30',
      over: 1_796_079_600,
      state: 'live',
      covered: 2,
    },
    {
      control: 'os_supported',
      roles: ['workstation'],
      instances: [],
      objects: [],
      owner: 'Dr. Ann Birch',
      reason: 'The X-ray station is replaced.',
      from: null,
      expires: '2026-10-15',
      over: 1_792_101_600,
      state: 'ended',
      covered: null,
    },
  ],
};

const months = Array.from({ length: 13 }, (_, index) =>
  new Date(Date.UTC(2025, 9 + index, 1)).toISOString().slice(0, 7),
);

function share(id: string, value: number, target: number, verdict: 'met' | 'missed'): Indicator {
  return {
    id,
    unit: 'ratio',
    better: 'high',
    value,
    reason: null,
    numerator: value * 1000,
    denominator: 1000,
    target,
    verdict,
    coverage: { objects: 0.995, time: 1 },
    atEnd: { compliant: 9, known: 10, expected: 10 },
    trend: months.map((month, index) => ({ month, value: value - (12 - index) * 0.01, time: 1 })),
    queries: ['sum_over_time(customer:maintenance_control_compliant:sum[2682000000ms])'],
  };
}

/** October of a customer with these facts and the indicators its plan is about. */
export function governed(facts: Facts): Snapshot {
  return {
    ...october,
    evaluation: [{ ruleGroup: 'maintenance-controls', interval: 60, evaluations: 44_700, expected: 44_700 }],
    indicators: [
      share('patch_security', 0.94, 0.95, 'missed'),
      share('patch_standard', 0.82, 0.95, 'missed'),
      share('backup', 0.9957, 0.99, 'met'),
      share('host_reporting', 0.975, 0.95, 'met'),
      share('av_definitions', 0.99, 0.98, 'met'),
    ],
    facts,
  };
}

export const duties: NonNullable<Facts['duties']> = {
  patch_security: { owner: 'patching', severity: 'critical' },
};
