import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertGroups } from '../alerts/alert-rules.ts';
import { readPolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import { freePort } from '../deploy/local/process.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { measure } from './measure.ts';
import { monthPeriod } from './period.ts';
import { prometheusAt } from './prometheus.ts';
import type { Indicator, Snapshot } from './snapshot.ts';

/*
 * Histories made by hand, in a real Prometheus: what a report must not take for green. One evaluation per hour; every
 * case is a customer of its own in October 2026, the cases about the rules themselves are months of their own.
 */

const hour = 3600;
const customers = ['steady', 'moved', 'doubled', 'lost', 'laptops', 'torn', 'blank', 'late'];
const base = readPolicy('alerts/policy.yaml');
const acme = base.customers['acme'];
if (acme === undefined) throw new Error('the shipped policy has a customer acme');
const policy = {
  ...base,
  evaluation_interval: hour,
  customers: Object.fromEntries(customers.map((id) => [id, { ...acme, name: id, zone: 'UTC' }])),
};
const october = monthPeriod('2026-10', 'UTC');
const september = monthPeriod('2026-09', 'UTC');
const august = monthPeriod('2026-08', 'UTC');

function* hours(from: number, to: number): Generator<number> {
  for (let instant = from; instant < to; instant += hour) yield instant;
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: number, at: number): string {
  const text = Object.entries(labels).map(([label, content]) => `${label}="${content}"`);
  return `${name}{${text.join(',')}} ${value} ${at}`;
}

/** Two objects of a control, in order and known as told. */
function sums(
  labels: Readonly<Record<string, string>>,
  at: number,
  { compliant = 2, known = 2, expected = 2 } = {},
): readonly string[] {
  return Object.entries({ compliant, known, expected }).map(([part, value]) =>
    sample(`customer:maintenance_control_${part}:sum`, labels, value, at),
  );
}

function host(
  customer: string,
  instance: string,
  role: string,
  at: number,
  compliant = 1,
): readonly string[] {
  const labels = { customer, instance, role };
  return [
    sample('instance:maintenance_host_expected:bool', labels, 1, at),
    sample('instance:maintenance_control_compliant:min', { ...labels, control: 'reboot' }, compliant, at),
    sample('instance:maintenance_control_known:min', { ...labels, control: 'reboot' }, 1, at),
  ];
}

function rules(at: number, interval: number): readonly string[] {
  return [
    ...['maintenance-controls', ...alertGroups].flatMap((rule_group) => [
      sample('maintenance:evaluation_timestamp_seconds', { rule_group }, at, at),
      sample('maintenance:evaluation_interval_seconds', { rule_group }, interval, at),
    ]),
    ...['reboot', 'backup', 'patch_security'].map((control) =>
      sample('maintenance:control_target:ratio', { control }, 0.95, at),
    ),
  ];
}

function* history(): Generator<string> {
  // August: Prometheus was switched off on the 25th and came back in September.
  const off = august.start + 24 * 24 * hour;
  for (const at of hours(august.start, off)) {
    yield* rules(at, hour);
    yield* sums({ customer: 'steady', control: 'reboot' }, at);
    yield* host('steady', 'srv-1', 'server', at);
  }
  // September: evaluated every half hour in the first half, every hour in the second, of which nothing is left.
  const middle = september.start + 15 * 24 * hour;
  for (const at of hours(september.start, middle)) {
    for (const each of [at, at + hour / 2]) {
      yield* rules(each, hour / 2);
      yield* sums({ customer: 'steady', control: 'reboot' }, each);
    }
  }
  yield* rules(middle, hour);
  yield* sums({ customer: 'steady', control: 'reboot' }, middle);

  for (const at of hours(october.start, october.end)) {
    const last = at === october.end - hour;
    yield* rules(at, hour);
    yield* sums({ customer: 'steady', control: 'reboot' }, at);
    yield* host('steady', 'srv-1', 'server', at);
    // A host of another role since the last evaluation, and one that left then.
    yield* host('moved', 'pc-1', last ? 'server' : 'workstation', at);
    if (!last) yield* host('moved', 'pc-2', 'workstation', at);
    yield* sums({ customer: 'moved', control: 'reboot' }, at);
    for (const replica of ['a', 'b']) yield* sums({ customer: 'doubled', control: 'reboot', replica }, at);
    // A server must have backups; nothing was recorded of them.
    yield* sums({ customer: 'lost', control: 'reboot' }, at);
    yield* host('lost', 'srv-2', 'server', at, 0);
    yield* sums({ customer: 'laptops', control: 'reboot' }, at);
    yield* host('laptops', 'pc-9', 'workstation', at);
    // A role nobody named is of the default kind.
    yield* host('laptops', 'pc-10', 'constructor', at);
    // The rule for the whole failed in the second half of the month.
    const half = at >= october.start + 15.5 * 24 * hour;
    const parts = sums({ customer: 'torn', control: 'reboot' }, at, { compliant: 1 });
    yield* half ? parts.filter((line) => !line.includes('expected')) : parts;
    if (half) yield* sums({ customer: 'late', control: 'reboot' }, at);
  }
}

const directory = mkdtempSync(join(tmpdir(), 'maintenance-measure-'));
let server: Prometheus;
beforeAll(async () => {
  const file = join(directory, 'history.om');
  mkdirSync(join(directory, 'data'));
  writeFileSync(file, `${[...history()].join('\n')}\n# EOF\n`);
  await loadFile(file, join(directory, 'data'));
  server = await startHistory(directory, hour);
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

function ask(customer: string, month = '2026-10'): Promise<Snapshot> {
  return measure({ policy, policyText: '', customer, month }, prometheusAt(server.url));
}

function indicator({ indicators }: Snapshot, id: string): Indicator {
  const found = indicators.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no indicator ${id}`);
  return found;
}

test('a whole month in order is met, and a month without incidents has none', async () => {
  const snapshot = await ask('steady');
  expect(indicator(snapshot, 'reboot')).toMatchObject({
    value: 1,
    numerator: 2 * 744,
    denominator: 2 * 744,
    target: 0.95,
    verdict: 'met',
    coverage: { objects: 1, time: 1 },
    atEnd: { compliant: 2, known: 2, expected: 2 },
  });
  expect(snapshot.evaluation).toEqual([
    { ruleGroup: 'maintenance-controls', interval: hour, evaluations: 744, expected: 744 },
    ...alertGroups.map((ruleGroup) => ({ ruleGroup, interval: hour, evaluations: 744, expected: 744 })),
  ]);
  expect(indicator(snapshot, 'incidents_opened')).toMatchObject({ value: 0, reason: null, verdict: 'plain' });
  expect(indicator(snapshot, 'time_to_resolve')).toMatchObject({
    value: null,
    reason: 'nothing_happened',
    numerator: null,
    denominator: null,
    verdict: 'plain',
  });
  expect(snapshot.prometheus.version).toMatch(/^\d+\.\d+\.\d+/);
});

test('the trend has the months that were watched, by how much, and nothing for the others', async () => {
  const { trend } = indicator(await ask('steady'), 'reboot');
  expect(trend.slice(0, 10).every(({ value, time }) => value === null && time === 0)).toBe(true);
  expect(trend.slice(10)).toEqual([
    { month: '2026-08', value: 1, time: expect.closeTo(24 / 31, 10) },
    { month: '2026-09', value: 1, time: expect.closeTo(0.5, 2) },
    { month: '2026-10', value: 1, time: 1 },
  ]);
});

test('when Prometheus was off for the last week of a month, nothing is known of its end and no target is met', async () => {
  const snapshot = await ask('steady', '2026-08');
  expect(indicator(snapshot, 'reboot')).toMatchObject({
    value: 1,
    verdict: 'unknown',
    atEnd: { compliant: 0, known: 0, expected: 2 },
  });
  expect(snapshot.hosts).toMatchObject([
    { instance: 'srv-1', controls: { reboot: 'unknown', backup: null } },
  ]);
  expect(indicator(snapshot, 'incidents_opened')).toMatchObject({ value: 0, verdict: 'unknown' });
});

test('an interval that was changed in the month does not pass for a month that was watched', async () => {
  const { coverage, verdict } = indicator(await ask('steady', '2026-09'), 'reboot');
  expect(coverage.time).toBeCloseTo(0.5, 2);
  expect(verdict).toBe('unknown');
});

test('a month without any evaluation has no data', async () => {
  const snapshot = await ask('steady', '2026-07');
  for (const { id, value, reason, verdict, atEnd } of snapshot.indicators)
    expect({ value, reason, verdict, atEnd }, id).toEqual({
      value: null,
      reason: 'no_evaluations',
      verdict: 'none',
      atEnd: null,
    });
  expect(snapshot.hosts).toEqual([]);
  expect(snapshot.evaluation).toHaveLength(1 + alertGroups.length);
  for (const group of snapshot.evaluation)
    expect(group).toMatchObject({ interval: null, evaluations: 0, expected: 744 });
});

test('a host that left or changed its role between the last two evaluations is shown as it was at the last', async () => {
  const { hosts } = await ask('moved');
  expect(hosts.map(({ instance, role }) => ({ instance, role }))).toEqual([
    { instance: 'pc-1', role: 'server' },
  ]);
});

test('what two replicas recorded is refused, not added up', async () => {
  await expect(ask('doubled')).rejects.toThrow(
    /has more than one series with control="reboot"\. Ask one Prometheus, or a querier that removes duplicates\./,
  );
});

test('a control that a role asks for and nobody recorded is no data; one that no role asks for is not expected', async () => {
  const lost = await ask('lost');
  expect(indicator(lost, 'backup')).toMatchObject({ value: null, reason: 'no_series', verdict: 'none' });
  expect(lost.hosts).toMatchObject([{ instance: 'srv-2', controls: { reboot: 'missed', backup: null } }]);
  const laptops = await ask('laptops');
  expect(indicator(laptops, 'backup')).toMatchObject({
    value: null,
    reason: 'nothing_expected',
    verdict: 'plain',
  });
  expect(indicator(laptops, 'patch_security')).toMatchObject({
    value: null,
    reason: 'no_series',
    verdict: 'none',
  });
});

test('a customer of whom nothing was recorded has no data, though the rules ran', async () => {
  const snapshot = await ask('blank');
  for (const { id, value, reason, verdict } of snapshot.indicators)
    expect({ value, reason, verdict }, id).toEqual({ value: null, reason: 'no_series', verdict: 'none' });
});

test('evaluations in which the rule for the whole failed count as not watched', async () => {
  const { value, coverage, verdict } = indicator(await ask('torn'), 'reboot');
  // One of two in order, over 15.5 days; the other half of the month has parts without their whole.
  expect(coverage.time).toBeCloseTo(0.5, 2);
  expect((value ?? 0) * coverage.time).toBeLessThanOrEqual(0.5);
  expect(verdict).not.toBe('met');
});

test('half a month without hosts among the targets is not watched: half a month in order meets no target', async () => {
  expect(indicator(await ask('late'), 'reboot')).toMatchObject({
    value: 1,
    denominator: 744,
    coverage: { objects: 1, time: expect.closeTo(0.5, 2) },
    verdict: 'unknown',
  });
  expect(indicator(await ask('late'), 'incidents_opened')).toMatchObject({
    value: 0,
    coverage: { objects: null, time: expect.closeTo(0.5, 2) },
    verdict: 'unknown',
  });
});

describe('refusals', () => {
  test('a Prometheus that is not there', async () => {
    const port = await freePort(0);
    const asked = measure(
      { policy, policyText: '', customer: 'steady', month: '2026-10' },
      prometheusAt(`http://127.0.0.1:${port}`),
    );
    await expect(asked).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/);
  });

  test('a customer the policy does not have', async () => {
    await expect(ask('nobody')).rejects.toThrow('The policy has no customer nobody.');
  });
});
