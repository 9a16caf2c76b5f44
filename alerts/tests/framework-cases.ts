import { isPersonTask } from '../frameworks/planned.ts';
import type { Series } from './facts.ts';

/** Objects of a control at a customer, all alike: in order and known where nothing else is said. */
export interface Objects {
  readonly count?: number;
  readonly customer?: string;
  readonly object?: string | undefined;
  readonly role?: string | undefined;
  readonly known?: 0 | 1;
  readonly compliant?: 0 | 1;
  readonly excepted?: 1;
  /** Days. */
  readonly age?: number;
  /** The age of an update is only known since it was first seen. */
  readonly firstSeen?: true;
}

/** What a requirement comes to. */
export interface FrameworkCase {
  readonly fact: string;
  readonly framework: string;
  readonly requirement: string;
  /** The objects of each control; a control of the requirement that is not named has one object that is in order. */
  readonly shown: Readonly<Record<string, readonly Objects[]>>;
  /** The verdict per customer; absent is not assessed. */
  readonly verdict: Readonly<Record<string, number>>;
  /** Ratios of the framework per customer. */
  readonly ratios?: Readonly<
    Record<`customer:maintenance_framework_${'met' | 'assessed'}:ratio`, Readonly<Record<string, number>>>
  >;
}

const bad = { compliant: 0 } as const;
const blind = { known: 0, compliant: 0 } as const;
const excepted = { compliant: 0, excepted: 1 } as const;

/** So many objects in order, and others. */
function of(good: number, ...others: readonly Objects[]): readonly Objects[] {
  return [{ count: good }, ...others];
}

const met = { acme: 1 };
const partly = { acme: 0.5 };
const notMet = { acme: 0 };
const notAssessed = {};

const iso = (
  fact: string,
  shown: FrameworkCase['shown'],
  verdict: FrameworkCase['verdict'],
  requirement = 'A.8.13',
): FrameworkCase => ({ fact, framework: 'iso27001', requirement, shown, verdict });
const ce = (
  fact: string,
  shown: FrameworkCase['shown'],
  verdict: FrameworkCase['verdict'],
  requirement = 'SUM-4',
): FrameworkCase => ({ fact, framework: 'cyber_essentials', requirement, shown, verdict });

const rootLogin = { object: 'ssh_root_login' } as const;
const sockets = { object: 'listening_sockets' } as const;
const networkDevice = { object: 'fwupd', role: 'switch' } as const;

/** ISO/IEC 27001 and NIS2: shares at their edge, and what is unknown. */
const shares: readonly FrameworkCase[] = [
  iso('all in order', { backup: of(20), restore_test: of(20) }, met),
  iso('19 of 20 in order, the share of met', { backup: of(19, bad) }, met),
  iso('18 of 20', { backup: of(18, { ...bad, count: 2 }) }, partly),
  iso('16 of 20, the share of partly', { backup: of(16, { ...bad, count: 4 }) }, partly),
  iso('10 of 20', { backup: of(10, { ...bad, count: 10 }) }, notMet),
  iso('one unknown of 20, the others in order', { backup: of(19, blind) }, met),
  iso('one unknown of 20, two out of order', { backup: of(17, { ...bad, count: 2 }, blind) }, partly),
  iso('one unknown of 20, five out of order', { backup: of(14, { ...bad, count: 5 }, blind) }, notMet),
  iso('four unknown of 20, the others in order', { backup: of(16, { ...blind, count: 4 }) }, notAssessed),
  iso(
    'six out of order and ten unknown: too many whatever those are',
    { backup: of(4, { ...bad, count: 6 }, { ...blind, count: 10 }) },
    notMet,
  ),
  iso(
    'ten unknown, two out of order: those decide',
    { backup: of(8, { ...bad, count: 2 }, { ...blind, count: 10 }) },
    notAssessed,
  ),
  iso(
    'one essential part is not assessed, another one fails',
    { backup: of(16, { ...blind, count: 4 }), restore_test: of(2, { ...bad, count: 18 }) },
    notMet,
  ),
  iso('a supporting task is overdue', { backup_plan_review: [bad] }, partly),
  iso('a supporting task was never confirmed', { backup_plan_review: [blind] }, partly),
  iso('a supporting task is not there', { backup_plan_review: [] }, partly),
  iso(
    'an essential part is partly, a supporting one not there',
    { backup: of(18, { ...bad, count: 2 }), backup_plan_review: [] },
    partly,
  ),
  {
    ...iso('nothing is expected of an essential part', { restore_test: [] }, notAssessed),
    ratios: {
      'customer:maintenance_framework_met:ratio': { acme: 0 },
      'customer:maintenance_framework_assessed:ratio': { acme: 0 },
    },
  },
  {
    ...iso(
      'two customers do not mix',
      {
        backup: [{ count: 20 }, { customer: 'birch', count: 10 }, { customer: 'birch', count: 10, ...bad }],
        backup_check: [{}, { customer: 'birch' }],
        restore_test: [{}, { customer: 'birch' }],
        backup_plan_review: [{}, { customer: 'birch' }],
      },
      { acme: 1, birch: 0 },
    ),
    ratios: {
      'customer:maintenance_framework_met:ratio': { acme: 1 / 29, birch: 0 },
      'customer:maintenance_framework_assessed:ratio': { acme: 1 / 29, birch: 1 / 29 },
    },
  },
];

/** An object or a kind of device stands apart from the whole control. */
const parts: readonly FrameworkCase[] = [
  iso(
    'other objects are out of order, the one asked for is not',
    { hardening: [rootLogin, { ...sockets, ...bad }] },
    met,
    'A.8.2',
  ),
  iso(
    'the object asked for, a supporting one, is out of order',
    { hardening: [{ ...rootLogin, ...bad }, sockets] },
    partly,
    'A.8.2',
  ),
  iso(
    'an essential task was never confirmed',
    { access_review: [blind], hardening: [rootLogin] },
    notAssessed,
    'A.8.2',
  ),
  iso('an essential task is overdue', { access_review: [bad], hardening: [rootLogin] }, notMet, 'A.8.2'),
  iso(
    'servers are late, network devices are not',
    { patch_firmware: [{ object: 'fwupd', ...bad }, networkDevice] },
    met,
    'A.8.20',
  ),
  iso(
    'a network device is late, servers are not',
    {
      patch_firmware: [
        { object: 'fwupd', count: 2 },
        { ...networkDevice, ...bad },
      ],
    },
    notMet,
    'A.8.20',
  ),
  iso('there is no network device', { patch_firmware: [{ object: 'fwupd' }] }, notAssessed, 'A.8.20'),
];

const exceptions: readonly FrameworkCase[] = [
  iso('16 in order and 4 excepted', { backup: of(16, { ...excepted, count: 4 }) }, met),
  iso(
    'an exception does not make what is unknown known',
    { backup: of(16, { ...blind, excepted: 1, count: 4 }) },
    notAssessed,
  ),
  iso(
    'an exception of what is in order counts once',
    { backup: [{ count: 16 }, { count: 2, excepted: 1 }, { ...bad, count: 2 }] },
    partly,
  ),
  iso('an excepted network device', { patch_firmware: [{ ...networkDevice, ...excepted }] }, met, 'A.8.20'),
  iso(
    '48 hours of definitions leave no exception',
    { av_definitions: [{ ...excepted, age: 3 }] },
    notMet,
    'A.8.7',
  ),
  ce('Cyber Essentials knows no exceptions', { firewall: of(19, excepted) }, notMet, 'FW-1'),
];

/** A number of the framework: neither the limit of the policy nor an override of it counts. */
const ages: readonly FrameworkCase[] = [
  ce(
    'all updates younger than 14 days, one of them 13.9',
    {
      patch_security: [
        { count: 19, age: 0 },
        { ...bad, age: 13.9 },
      ],
    },
    met,
  ),
  ce(
    'one of 20 hosts is late by two hours',
    { patch_security: [{ count: 19, age: 0 }, { age: 14.1 }] },
    notMet,
  ),
  ce('in order by an override of the policy, and 20 days old', { patch_security: [{ age: 20 }] }, notMet),
  ce('late by the policy, and 5 days old', { patch_security: [{ ...bad, age: 5 }] }, met),
  ce('one of 20 hosts is unknown', { patch_security: [{ count: 19, age: 0 }, blind] }, notAssessed),
  ce('one of 100 hosts is unknown', { patch_security: [{ count: 99, age: 0 }, blind] }, notAssessed),
  ce(
    'unknown now, and too old when it was last known',
    { patch_security: [{ ...blind, age: 20 }] },
    notAssessed,
  ),
  // Watching began at the start of the test, a minute ago.
  ce(
    'an update without a release date, there since watching began',
    { patch_security: [{ age: 1 / 24, firstSeen: true }] },
    notAssessed,
  ),
  ce(
    'an update without a release date that came while it was watched',
    { patch_security: [{ age: 1 / 86_400, firstSeen: true }] },
    met,
  ),
  ce(
    'an update without a release date, first seen 20 days ago',
    { patch_security: [{ age: 20, firstSeen: true }] },
    notMet,
  ),
  ce(
    'never done is as old as can be',
    { av_definitions: [{ ...bad, age: Number.POSITIVE_INFINITY }] },
    notMet,
    'MAL-2',
  ),
  ce('definitions of 47 hours', { av_definitions: [{ age: 47 / 24 }] }, met, 'MAL-2'),
  ce('definitions of 3 days, allowed by the policy', { av_definitions: [{ age: 3 }] }, notMet, 'MAL-2'),
];

const tasks: readonly FrameworkCase[] = [
  {
    fact: 'repeated incidents looked at every year, allowed by the policy',
    framework: 'nis2',
    requirement: '3.4',
    shown: { recurring_incident_review: [{ age: 100 }] },
    verdict: notMet,
  },
];

export const frameworkCases: readonly FrameworkCase[] = [
  ...tasks,
  ...shares,
  ...parts,
  ...exceptions,
  ...ages,
];

/** The recorded series of a control's objects, constant; `label` gives the label of a customer. */
export function shownSeries(
  control: string,
  shown: readonly Objects[],
  label: (customer: string) => string,
): Series {
  return Object.fromEntries(
    shown.flatMap((one, group) =>
      Array.from({ length: one.count ?? 1 }, (_, index) => {
        const { customer = 'acme', object = isPersonTask(control) ? control : 'one', role = 'server' } = one;
        const judged = isPersonTask(control) ? 'tasks' : control;
        const where = `customer="${label(customer)}",instance="h${group}-${index}",role="${role}"`;
        const update = `${where},manager="${object}",class="security",severity="unknown",basis="first_seen"`;
        return [
          ...valuesOf(one).map(([name, value]) => [
            `object:maintenance_control_${name}{${where},control="${judged}",object="${object}"}`,
            `${value} ${value}`,
          ]),
          ...(one.firstSeen === true
            ? [[`maintenance_patch_oldest_pending_timestamp_seconds{${update}}`, '0 0']]
            : []),
        ];
      }).flat(),
    ),
  );
}

function valuesOf({
  known = 1,
  compliant = 1,
  age = 0,
  excepted: out,
}: Objects): readonly (readonly [string, string])[] {
  return [
    ['expected:bool', '1'],
    ['known:bool', String(known)],
    ['compliant:bool', String(compliant)],
    ['age_seconds:last', Number.isFinite(age) ? String(age * 86_400) : '+Inf'],
    ...(out === undefined ? [] : [['excepted:bool', '1'] as const]),
  ];
}
