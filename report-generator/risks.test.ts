import { expect, test } from 'vitest';
import { risksOf } from './risks.ts';
import type { Indicator, Snapshot } from './snapshot.ts';
import { october } from './tests/october.ts';

type End = Indicator['atEnd'];

function control(id: string, atEnd: End): Indicator {
  return {
    id,
    unit: 'ratio',
    better: 'high',
    value: 0.9,
    reason: null,
    numerator: 9,
    denominator: 10,
    target: 0.95,
    verdict: 'missed',
    coverage: { objects: 1, time: 1 },
    atEnd,
    trend: [],
    queries: [],
  };
}

const duties = {
  backup: { owner: 'Ana', severity: 'critical' },
  restore_test: { owner: 'Ana', severity: 'warning' },
  reboot: { owner: 'Luis', severity: 'warning' },
  patch_security: { owner: 'Luis', severity: 'critical' },
} as const;

function month(indicators: readonly Indicator[], facts: Snapshot['facts'] = { duties }): Snapshot {
  return {
    ...october,
    indicators: [...indicators],
    controls: indicators.map(({ id }) => id),
    hosts: [
      { instance: 'db-1', role: 'server', controls: { backup: 'missed', patch_security: 'missed' } },
      { instance: 'pc-1', role: 'workstation', controls: { backup: 'unknown', patch_security: 'met' } },
    ],
    facts,
  };
}

/** The midnight that ends November in Madrid. */
const novemberEnds = Date.parse('2026-11-30T23:00:00Z') / 1000;

test('what is out of order is a risk with its hosts, its owner and the end of the next month; the critical ones first', () => {
  const risks = risksOf(
    month([
      control('reboot', { compliant: 2, known: 9, expected: 9 }),
      control('backup', { compliant: 8, known: 9, expected: 10 }),
    ]),
  );
  expect(risks).toEqual([
    {
      control: 'backup',
      domain: 'backups',
      objects: 1,
      names: ['db-1'],
      impact: 'high',
      likelihood: 'present',
      owner: 'Ana',
      due: novemberEnds,
    },
    {
      control: 'reboot',
      domain: 'updates',
      objects: 7,
      names: [],
      impact: 'medium',
      likelihood: 'present',
      owner: 'Luis',
      due: novemberEnds,
    },
  ]);
});

test('one domain is one risk, its gravest', () => {
  const risks = risksOf(
    month([
      control('reboot', { compliant: 0, known: 9, expected: 9 }),
      control('patch_security', { compliant: 8, known: 9, expected: 9 }),
    ]),
  );
  expect(risks.map(({ control: id }) => id)).toEqual(['patch_security']);
});

test('what is only unknown is no risk of this list; what is in order is none', () => {
  expect(risksOf(month([control('backup', { compliant: 5, known: 5, expected: 10 })]))).toEqual([]);
  expect(risksOf(month([control('backup', null)]))).toEqual([]);
});

test('a snapshot without duties has its risks all the same, with the provider in charge', () => {
  const [risk] = risksOf(month([control('backup', { compliant: 0, known: 1, expected: 1 })], {}));
  expect(risk).toMatchObject({ control: 'backup', owner: 'Faro Managed IT', impact: 'medium' });
});

test.each([
  ['a day before the next month ends', novemberEnds - 86_400, ['db-1/nightly']],
  ['when the next month has ended', novemberEnds, []],
])('a proof of a restore that expires %s', (_, expires, names) => {
  const limit = 184 * 86_400;
  const job = {
    instance: 'db-1',
    role: 'server',
    job: 'nightly',
    tool: 'restic',
    critical: false,
    interval: 86_400,
    runs: null,
    lastSuccess: null,
    backup: 'met',
    structure: null,
    data: null,
    gap: null,
    restore: {
      verdict: 'met',
      verified: expires - limit,
      limit,
      tested: expires - limit,
      success: true,
      duration: 60,
      bytes: null,
    },
  } as const;
  const backups = {
    jobs: [job],
    month: { succeeded: 0, missed: 0, unknown: 0, jobs: 1, undeclared: 0 },
    restores: [],
  };
  const risks = risksOf(month([], { duties, backups }));
  expect(risks.flatMap((risk) => risk.names)).toEqual(names);
  if (names.length > 0)
    expect(risks).toMatchObject([
      { control: 'restore_test', likelihood: 'near', due: expires, owner: 'Ana' },
    ]);
});
