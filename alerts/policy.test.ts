import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationText, parseDuration } from './duration.ts';
import { controlNames, parsePolicy, readPolicy } from './policy.ts';

const file = join(import.meta.dirname, 'policy.yaml');
const text = readFileSync(file, 'utf8');

/** The shipped policy with one passage replaced; the passage must be there. */
function edited(...edits: readonly (readonly [from: string | RegExp, to: string])[]): string {
  let changed = text;
  for (const [from, to] of edits) {
    const before = changed;
    changed = changed.replace(from, to);
    expect(changed, `nothing to replace: ${String(from)}`).not.toBe(before);
  }
  return changed;
}

function mistakes(source: string): readonly string[] {
  try {
    parsePolicy(source);
    return [];
  } catch (error) {
    return error instanceof Error
      ? error.message.replaceAll(/^- line \d+(?:, |(?=:))/gm, '- ').split('\n')
      : [String(error)];
  }
}

test('the shipped policy is valid, with durations in seconds and shares as ratios', () => {
  const policy = readPolicy(file);
  expect(policy.controls.backup.limit).toBe(26 * 3600);
  expect(policy.controls.backup.target).toBe(0.99);
  expect(policy.controls.backup.overrides).toEqual([
    { match: { object: 'weekly-archive' }, limit: 8 * 86_400 },
  ]);
  expect(policy.evaluation_interval).toBe(60);
});

describe('a mistake is told with its path, the reason and what was probably meant', () => {
  test.each([
    [
      'a misspelt key',
      edited(['limit: 31d', 'limt: 31d']),
      '- controls.patch_standard.limt: unknown key. Did you mean limit?',
    ],
    [
      'a misspelt control',
      edited(['  reboot:', '  rebot:']),
      '- controls.rebot: unknown key. Did you mean reboot?',
    ],
    [
      'a key nothing resembles',
      edited(['provider:', 'banana:']),
      '- banana: unknown key. Allowed: provider, links, evaluation_interval, customers, sla_classes, services, roles, controls, exceptions, maintenance_windows, tasks, mail, receivers, routes, escalation, baseline, targets, responsibilities.',
    ],
    [
      'a missing control',
      edited([/ {2}reboot: .*\n/, '']),
      '- controls.reboot: missing; expected keys with values.',
    ],
    [
      'a misspelt control of a role',
      edited(['[host_reporting, patch_security', '[host_reporting, patch_securty']),
      '- roles.default[1]: patch_securty is not allowed. Did you mean patch_security?',
    ],
    [
      'a duration without a unit',
      edited(['limit: 31d', 'limit: 31']),
      '- controls.patch_standard.limit: expected a duration like 90m, 26h or 31d, got 31.',
    ],
    [
      'a duration of nothing',
      edited(['limit: 31d', 'limit: 0h']),
      '- controls.patch_standard.limit: expected a duration like 90m, 26h or 31d, got "0h".',
    ],
    [
      'a share that is a ratio',
      edited(['target: 99%', 'target: 0.99']),
      '- controls.backup.target: expected a share like 95%, got 0.99.',
    ],
    [
      'a share over 100%',
      edited(['target: 99%', 'target: 990%']),
      '- controls.backup.target: expected a share like 95%, got "990%".',
    ],
    [
      'a zone that does not exist',
      edited(['Europe/Madrid', 'Europe/Madird']),
      '- customers.acme.zone: expected an IANA zone like Europe/Madrid, got "Europe/Madird". Did you mean Europe/Madrid?',
    ],
    [
      'an unknown language',
      edited(['language: en', 'language: fr']),
      '- customers.acme.language: fr is not allowed. Allowed: en, es.',
    ],
    [
      'a currency that is no code',
      edited(['currency: EUR', 'currency: euro']),
      '- customers.acme.currency: expected an ISO 4217 code like EUR, got "euro".',
    ],
    [
      'a customer that cannot be a label',
      edited(['  acme:', '  Acme:']),
      '- customers.Acme: expected a label like acme: small letters, digits, hyphens.',
    ],
    [
      'rules evaluated too rarely',
      edited(['evaluation_interval: 1m', 'evaluation_interval: 10m']),
      '- evaluation_interval: expected at most 5m, got "10m".',
    ],
    [
      'an address that is none',
      edited(['http://localhost:3000', 'localhost']),
      '- links.dashboards: expected an address like https://example.org/path, got "localhost".',
    ],
    [
      'a severity of a route that does not exist',
      edited(['match: { severity: critical }', 'match: { severity: critcal }']),
      '- routes[0].match.severity: critcal is not allowed. Did you mean critical?',
    ],
    ['a list instead of keys', '- provider', '- : expected keys with values, got a list.'],
  ])('%s', (_, source, line) => {
    expect(mistakes(source)).toContain(line);
  });

  test('all of them at once', () => {
    const source = edited(
      ['limit: 31d', 'limt: 31d'],
      ['target: 99%', 'target: 99'],
      ['language: en', 'language: fr'],
    );
    expect(mistakes(source)).toHaveLength(3);
  });
});

describe('a reference that points nowhere is told', () => {
  test.each([
    [
      'receiver',
      edited(['receiver: on_call', 'receiver: oncall']),
      '- routes[0].receiver: there is no receiver oncall. Did you mean on_call?',
    ],
    [
      'customer of an override',
      edited(['customer: acme', 'customer: acne']),
      '- controls.patch_security.overrides[0].match.customer: there is no customer acne. Did you mean acme?',
    ],
    [
      'role of an override',
      edited(['role: workstation', 'role: desktop']),
      '- controls.patch_security.overrides[0].match.role: there is no role desktop. Allowed: server, workstation.',
    ],
    [
      'customer of a route',
      edited(['match: { severity: critical }', 'match: { customer: [acme, birsh] }']),
      '- routes[0].match.customer: there is no customer birsh. Did you mean birch?',
    ],
    [
      'default role',
      edited([/ {2}default: .*\n/, '']),
      '- roles.default: missing; it says what hosts of any other role must have.',
    ],
    [
      'receiver of the watchdog',
      edited(['  dead_mans_switch:', '  someone:']),
      '- receivers.dead_mans_switch: missing; the watchdog needs somebody outside.',
    ],
  ])('%s', (_, source, line) => {
    expect(mistakes(source)).toEqual([line]);
  });
});

describe('a setting that cannot work is refused', () => {
  test.each([
    [
      'a control judged by age without limit',
      edited(['limit: 31d, ', '']),
      '- controls.patch_standard.limit: missing. patch_standard is judged by age: limit: 72h.',
    ],
    [
      'a limit for a state',
      edited(['av_protection: {', 'av_protection: { limit: 3d,']),
      '- controls.av_protection.limit: not allowed. av_protection is in order or not at any moment; it has no age to limit.',
    ],
    [
      'an override of a state',
      edited(['av_protection: {', 'av_protection: { overrides: [{ match: { role: server }, limit: 3d }],']),
      '- controls.av_protection.overrides: not allowed. av_protection is in order or not at any moment; it has no age to limit.',
    ],
    [
      'an override that matches everything',
      edited(['match: { object: weekly-archive }', 'match: {}']),
      '- controls.backup.overrides[0].match: matches everything. Change controls.backup.limit instead.',
    ],
    [
      'a last route with a match',
      edited(['  - receiver: operators', '']),
      '- routes[0]: the last route has a match, so other alerts reach nobody. Add a route with only a receiver.',
    ],
    [
      'a route that hides those after it',
      edited(['  - match: { severity: critical }\n    receiver: on_call', '  - receiver: on_call']),
      '- routes[0]: matches everything, so the routes after it are never used. Move it to the end.',
    ],
  ])('%s', (_, source, line) => {
    expect(mistakes(source)).toEqual([line]);
  });
});

test.each([
  ['an empty file', '', '- : is empty'],
  ['broken YAML', edited(['controls:', 'controls: [']), 'Missing , between flow sequence'],
  ['a key twice', `${text}\nroutes: []\n`, 'Map keys must be unique'],
])('%s is told with the place', (_, source, line) => {
  expect(mistakes(source)[0]).toContain(line);
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
