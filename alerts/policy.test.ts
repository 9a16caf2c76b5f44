import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationText, parseDuration } from './duration.ts';
import { controlNames, parsePolicy, readPolicy } from './policy.ts';
import { type Edit, edited, mistakesWith } from './tests/edited-policy.ts';

const file = join(import.meta.dirname, 'policy.yaml');

test('the shipped policy is valid, with durations in seconds and shares as ratios', () => {
  const policy = readPolicy(file);
  expect(policy.controls.backup.limit).toBe(26 * 3600);
  expect(policy.controls.backup.target).toBe(0.99);
  expect(policy.controls.backup.overrides).toEqual([
    { match: { object: 'weekly-archive' }, limit: 8 * 86_400 },
  ]);
  expect(policy.evaluation_interval).toBe(60);
  expect(policy.sla_classes.standard).toEqual({
    response: 8 * 3600,
    clock: 'working_hours',
    target: 0.95,
    credits: [],
  });
});

test('the example is read as it is meant', () => {
  const policy = parsePolicy(edited());
  expect(policy.customers['acme']).toMatchObject({
    working_hours: {
      thu: [
        { from: 9 * 3600, to: 14 * 3600 },
        { from: 16 * 3600, to: 19 * 3600 },
      ],
      fri: [{ from: 9 * 3600, to: 15 * 3600 }],
      sat: [],
    },
    holidays: [
      { from: '2026-11-09', to: '2026-11-09', name: 'Almudena' },
      { from: '2026-12-08', to: '2026-12-08', name: 'Immaculate Conception' },
      { from: '2026-12-24', to: '2027-01-01', name: 'Christmas' },
    ],
    fee: { amount: 4200, currency: 'EUR' },
  });
  expect(policy.services['acme-shop']).toMatchObject({
    slo: 0.999,
    credits: [
      { below: 0.999, credit: { share: 0.1 } },
      { below: 0.99, credit: { share: 0.25 } },
      { below: 0.95, credit: { share: 0.5 } },
    ],
    speed: { baseline: 0.8, slower: 0.25 },
  });
  expect(policy.services['kaveri-tracking']?.credits[1]?.credit).toEqual({ amount: 12_000, currency: 'INR' });
  expect(policy.tasks['access_review']).toMatchObject({
    every: { seconds: 92 * 86_400, word: 'quarter' },
    on: '15',
  });
  expect(policy.maintenance_windows[0]?.weekly).toEqual({ day: 'sun', at: 7200, for: 14_400 });
  expect(policy.routes.map(({ during }) => during)).toEqual(['working_hours', 'always', 'always', 'always']);
  expect(policy.receivers['manager']?.email).toEqual(['manager@example.org']);
});

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'a misspelt key',
    ['provider: Faro', 'provder: Faro'],
    [
      '[provder: Faro Managed IT] provider: missing; expected text.',
      '[provder: Faro Managed IT] provder: unknown key. Did you mean provider?',
    ],
  ],
  [
    'a name that is a number',
    ['provider: Faro Managed IT', 'provider: 42'],
    ['[provider: 42] provider: expected text, got 42.'],
  ],
  [
    'rules evaluated too rarely',
    ['evaluation_interval: 1m', 'evaluation_interval: 10m'],
    ['[evaluation_interval: 10m] evaluation_interval: expected at most 4m, got "10m".'],
  ],
  [
    'an address that is none',
    ['dashboards: https://grafana.example.org', 'dashboards: grafana'],
    [
      '[dashboards: grafana] links.dashboards: expected an address like https://example.org/path, got "grafana".',
    ],
  ],
  [
    'broken YAML',
    ['fri: [09:00-15:00]', 'fri: [09:00-15:00'],
    [
      '[holidays:] the file: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
  ],
];

describe('what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit).slice(0, said.length)).toEqual(said);
  });

  test('all of them at once, in the order of the lines', () => {
    const said = mistakesWith(
      ['every: 184d', 'every: 0d'],
      ['currency: USD', 'currency: usd'],
      ['slo: 99.9%', 'slo: 99.9'],
    );
    expect(said.map((line) => line.split(': ')[1]?.replace(/.*\] /, ''))).toHaveLength(3);
    expect(said.map((line) => /\] ([a-z]+)/.exec(line)?.[1])).toEqual(['customers', 'services', 'tasks']);
  });

  test('a name that many languages give to everything is a name', () => {
    expect(mistakesWith(['    customer: kaveri\n', '    customer: constructor\n'])).toEqual([
      '[customer: constructor] services.kaveri-tracking.customer: there is no customer constructor. Allowed: acme, birch, kaveri.',
    ]);
  });

  test('line and path', () => {
    expect(() => parsePolicy('provider: Faro\nlinks:\n  runbook: https://example.org\n')).toThrow(
      '- line 3, links.runbook: unknown key. Did you mean runbooks?',
    );
    expect(() => parsePolicy('- provider\n')).toThrow(/^- line 1: expected keys with values, got a list\.$/);
    expect(() => parsePolicy('')).toThrow(/^- line 1: is empty\.$/);
  });
});

test('reading a policy names the file', () => {
  expect(() => readPolicy('/nowhere/policy.yaml')).toThrow(
    /^\/nowhere\/policy\.yaml is not a valid policy:\nENOENT/,
  );
});

test('every control is documented', () => {
  const docs = readFileSync(join(import.meta.dirname, '..', 'docs', 'policy.md'), 'utf8');
  expect(controlNames.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
});

test('a duration written back is the same duration', () => {
  assert(
    property(integer({ min: 1, max: 400 }), constantFrom('s', 'm', 'h', 'd'), (count, unit) => {
      const seconds = parseDuration(`${count}${unit}`);
      expect(parseDuration(durationText(seconds ?? 0))).toBe(seconds);
    }),
  );
  expect([90, 93_600, 2_678_400, 0].map(durationText)).toEqual(['90s', '26h', '31d', '0s']);
  expect(['', '1.5h', '-1h', '1w', '1h30m'].map(parseDuration)).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});
