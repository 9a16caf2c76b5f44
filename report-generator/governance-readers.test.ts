import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frameworks } from '../alerts/frameworks.ts';
import { parsePolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { measure } from './measure.ts';
import { prometheusAt } from './prometheus.ts';
import { readinessCounts } from './readiness-counts.ts';
import type { Snapshot } from './snapshot.ts';
import { requirementsEs } from './words/es-requirements.ts';

/*
 * Readiness, the plan, changes and what comes, from a September and an October made by hand, one evaluation an hour, in a real
 * Prometheus.
 */

const hour = 3600;
const at = (written: string): number => Date.parse(`${written}Z`) / 1000;
const policyText = `${readFileSync('alerts/policy.yaml', 'utf8')
  .replace('    zone: Europe/Madrid', '    zone: UTC\n    frameworks: [nis2]')
  // Its own windows in the place of those that are shipped.
  .replace(/^maintenance_windows:\n(?:[ #].*\n|\n)*/m, '')}
baseline: { acme: { from: 2026-09-01, to: 2026-09-14 } }
targets: { acme: { start: 2026-09-15, day_30: { backup: 60% }, day_90: { backup: 95% } } }
maintenance_windows:
  - { name: Servers, match: { customer: acme, role: server }, weekly: { day: sun, at: 02:00, for: 4h } }
exceptions:
  - { control: reboot, match: { customer: acme, instance: srv-1 }, owner: Ana, reason: Old., expires: 2026-10-15 }
  - { control: backup, match: { customer: acme, instance: srv-2 }, owner: Ana, reason: New., expires: 2026-12-31 }
`;
const directory = mkdtempSync(join(tmpdir(), 'maintenance-governance-'));
let server: Prometheus;
let snapshot: Snapshot;

function* history(): Generator<string> {
  const line = (name: string, labels: Readonly<Record<string, string>>, value: number, instant: number) =>
    `${name}{${Object.entries(labels)
      .map(([label, text]) => `${label}="${text}"`)
      .join(',')}} ${value} ${instant}`;
  const customer = 'acme';
  for (let now = at('2026-09-01T00:00'); now < at('2026-11-01T00:00'); now += hour) {
    for (const [part, value] of [
      ['compliant', now < at('2026-09-15T00:00') ? 1 : 3],
      ['known', 4],
      ['expected', 4],
    ] as const)
      yield line(`customer:maintenance_control_${part}:sum`, { customer, control: 'backup' }, value, now);
    yield line('maintenance:evaluation_timestamp_seconds', { rule_group: 'maintenance-controls' }, now, now);
    yield line('maintenance:evaluation_interval_seconds', { rule_group: 'maintenance-controls' }, hour, now);
    const target = now < at('2026-10-09T06:00') ? 0.9 : 0.99;
    yield line('maintenance:control_target:ratio', { control: 'backup' }, target, now);
    for (const [instance, from, to] of [
      ['srv-1', '2026-09-01', '2026-12-01'],
      ['srv-2', '2026-10-07', '2026-12-01'],
      ['srv-3', '2026-09-01', '2026-10-20'],
    ] as const) {
      if (now < at(`${from}T10:00`) && from > '2026-09-01') continue;
      if (now >= at(`${to}T10:00`)) continue;
      yield line('instance:maintenance_host_expected:bool', { customer, instance, role: 'server' }, 1, now);
      const kernel = instance === 'srv-1' && now >= at('2026-10-14T12:00') ? '6.2' : '6.1';
      yield line(
        'maintenance_host_info',
        { customer, instance, os: 'Debian', os_version: '12', kernel },
        1,
        now,
      );
    }
    const limit = { customer, instance: 'srv-1', role: 'server', control: 'restore_test', object: 'job' };
    yield line('object:maintenance_control_limit_seconds:effective', limit, 40 * 86_400, now);
    // Tested on 1 October: the proof is good until 10 November.
    if (now >= at('2026-10-01T00:00'))
      yield line('object:maintenance_control_age_seconds:last', limit, now - at('2026-10-01T00:00'), now);
    // The contract ends with 30 November in UTC, which is an hour into December in Madrid.
    const contract = { customer, instance: 'srv-1', role: 'server', control: 'licence', object: 'Suite' };
    const ends = Date.UTC(2026, 11, 1) / 1000;
    yield line('object:maintenance_control_left_seconds:last', contract, ends - now, now);
    for (const [requirement, september, october] of [
      ['2.2', 1, 1],
      ['3.2', 0, 1],
      ['3.4', 0.5, 0.5],
      ['3.5', 0, 0],
    ] as const) {
      const value = now < at('2026-10-01T00:00') ? september : october;
      const labels = { customer, framework: 'nis2', requirement };
      yield line('customer:maintenance_requirement_verdict:last', labels, value, now);
    }
  }
  yield '# EOF';
}

beforeAll(async () => {
  const data = join(directory, 'data');
  mkdirSync(data);
  const file = join(directory, 'history.om');
  writeFileSync(
    file,
    `${[...history()]
      .toSorted()
      .filter((text) => text !== '# EOF')
      .join('\n')}\n# EOF\n`,
  );
  await loadFile(file, data);
  server = await startHistory(directory, hour);
  const policy = { ...parsePolicy(policyText), evaluation_interval: hour };
  snapshot = await measure(
    { policy, policyText, customer: 'acme', month: '2026-10' },
    prometheusAt(server.url),
  );
}, 300_000);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

test('readiness counts the verdicts at the end of the month; what has none is not assessed', () => {
  const [nis2] = snapshot.facts.readiness?.frameworks ?? [];
  if (nis2 === undefined) throw new Error('no framework');
  const all = nis2.requirements.length;
  const counts = { met: 2, partly: 1, not_met: 1, not_assessed: all - 4, not_applicable: 0, in_scope: all };
  expect(readinessCounts([nis2])).toEqual(counts);
  expect(nis2.before).toEqual({ met: 1, inScope: all });
  expect(snapshot.indicators.find(({ id }) => id === 'compliance_readiness')).toMatchObject({
    value: 2 / all,
    numerator: 2,
    denominator: all,
    coverage: { objects: 4 / all },
    target: null,
  });
});

test('the baseline is measured on its own days', () => {
  expect(snapshot.facts.plan).toMatchObject({
    start: '2026-09-15',
    baseline: { from: '2026-09-01', to: '2026-09-14' },
    rows: [{ indicator: 'backup', baseline: 0.25, targets: [0.6, null, 0.95] }],
  });
});

test('hosts that come and go, another kernel and another target are changes, what was there is none', () => {
  expect(
    snapshot.facts.changes?.changes.map(({ day, kind, instances, control, from, to }) => [
      day,
      kind,
      ...instances,
      control,
      from,
      to,
    ]),
  ).toEqual([
    ['2026-10-07', 'host_added', 'srv-2', '', null, null],
    ['2026-10-09', 'target_changed', 'backup', 0.9, 0.99],
    ['2026-10-14', 'kernel_changed', 'srv-1', '', '6.1', '6.2'],
    ['2026-10-20', 'host_removed', 'srv-3', '', null, null],
  ]);
});

test('what comes: windows by the wall clock, and the days a proof and a licence end', () => {
  expect(snapshot.facts.ahead).toMatchObject({
    windows: [{ name: 'Servers', from: '2026-11-01T02:00', to: '2026-11-01T06:00', more: 4 }],
    deadlines: [
      { kind: 'restore_test', day: '2026-11-10', objects: [{ instance: 'srv-1', object: 'job' }] },
      { kind: 'licence', day: '2026-11-30', objects: [{ instance: 'srv-1', object: 'Suite' }] },
    ],
  });
  const told = snapshot.facts.agreements?.exceptions.map(({ control, state }) => [control, state]);
  expect(told).toEqual([
    ['reboot', 'ended'],
    ['backup', 'live'],
  ]);
});

test('every requirement has its Spanish', () => {
  const abouts = frameworks.flatMap(({ requirements }) => requirements.map(({ about }) => about));
  expect(abouts.filter((about) => requirementsEs[about] === undefined)).toEqual([]);
});
