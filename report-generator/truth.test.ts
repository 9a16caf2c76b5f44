import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlNames, readPolicy } from '../alerts/policy.ts';
import { loadHistory } from '../deploy/local/history.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import type { MonthTruth, Truth } from '../simulator/truth.ts';
import { measure } from './measure.ts';
import { prometheusAt } from './prometheus.ts';
import type { Indicator, Snapshot } from './snapshot.ts';

/*
 * A simulated year in a real Prometheus: what the report measures must be what happened.
 */

const policyFile = 'alerts/policy.yaml';
const policy = readPolicy(policyFile);
const policyText = readFileSync(policyFile, 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'maintenance-report-'));
let server: Prometheus;
let truth: Truth;

beforeAll(async () => {
  const loaded = await loadHistory(join(directory, 'data'), { end: new Date('2026-11-21T12:00:00Z'), policy });
  truth = loaded.truth;
  server = await startHistory(directory, loaded.stepSeconds);
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const subjects = Object.keys(policy.customers).flatMap((customer) =>
  // The last full month, and the one in which Prometheus itself was down.
  ['2026-10', '2026-05'].map((month) => ({ customer, month })),
);

const snapshots = new Map<string, Promise<Snapshot>>();
/** Measured once for all tests. */
function measured(customer: string, month: string): Promise<Snapshot> {
  const key = `${customer} ${month}`;
  const known = snapshots.get(key) ?? measure({ policy, policyText, customer, month }, prometheusAt(server.url));
  snapshots.set(key, known);
  return known;
}

function truthOf(customer: string, month: string): MonthTruth {
  const found = truth.customers[customer]?.months[month];
  if (found === undefined) throw new Error(`the truth has no ${month} of ${customer}`);
  return found;
}

function indicator({ indicators }: Snapshot, id: string): Indicator {
  const found = indicators.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no indicator ${id}`);
  return found;
}

test.each(subjects)('the controls of $customer in $month are the truth, to the last object', async (subject) => {
  const snapshot = await measured(subject.customer, subject.month);
  const { controls, at_end } = truthOf(subject.customer, subject.month);
  for (const control of controlNames) {
    const { value, numerator, denominator, coverage, atEnd, target, reason } = indicator(snapshot, control);
    const { compliant = 0, known = 0, expected = 0 } = controls[control] ?? {};
    expect(expected, control).toBeGreaterThan(0);
    expect({ numerator, denominator, reason, atEnd }, control).toEqual({
      numerator: compliant,
      denominator: expected,
      reason: null,
      atEnd: at_end[control],
    });
    expect(value, control).toBe(compliant / expected);
    expect(coverage.objects, control).toBe(known / expected);
    expect(target, control).toBe(policy.controls[control].target);
  }
});

test.each(subjects)('the trend of $customer up to $month is the truth of each month', async (subject) => {
  const snapshot = await measured(subject.customer, subject.month);
  for (const control of controlNames) {
    const { trend, value } = indicator(snapshot, control);
    expect(trend).toHaveLength(13);
    expect(trend.at(-1)?.value).toBe(value);
    for (const point of trend) {
      const counts = truth.customers[subject.customer]?.months[point.month]?.controls[control];
      if (counts !== undefined) expect(point.value, `${control} ${point.month}`).toBe(counts.compliant / counts.expected);
    }
  }
  const opened = indicator(snapshot, 'incidents_opened').trend;
  for (const point of opened) {
    const month = truth.customers[subject.customer]?.months[point.month];
    if (month !== undefined) expect(point.value, point.month).toBe(month.incidents.opened);
  }
});

test.each(subjects)('the hosts of $customer at the end of $month are the truth, worst first', async (subject) => {
  const { hosts } = await measured(subject.customer, subject.month);
  const expected = truthOf(subject.customer, subject.month).hosts.map(({ instance, role, controls }) => ({
    instance,
    role,
    controls: Object.fromEntries(
      controlNames.map((control) => {
        const cell = controls[control];
        if (cell === undefined) return [control, null];
        if (cell.known === 0) return [control, 'unknown'];
        return [control, cell.compliant === 1 ? 'met' : 'missed'];
      }),
    ),
  }));
  const byName = (one: { readonly instance: string }, other: { readonly instance: string }) =>
    one.instance.localeCompare(other.instance);
  expect(hosts.toSorted(byName)).toEqual(expected.toSorted(byName));
  const missed = hosts.map(({ controls }) => Object.values(controls).filter((cell) => cell === 'missed').length);
  expect(missed).toEqual(missed.toSorted((one, other) => other - one));
});

test.each(subjects)('the incidents of $customer in $month are the truth', async (subject) => {
  const snapshot = await measured(subject.customer, subject.month);
  const { incidents } = truthOf(subject.customer, subject.month);
  expect(incidents.opened).toBeGreaterThan(0);
  expect(indicator(snapshot, 'incidents_opened').value).toBe(incidents.opened);
  const { value, denominator } = indicator(snapshot, 'time_to_resolve');
  expect(denominator).toBe(incidents.resolved);
  if (incidents.ended_unseen === 0) expect(value).toBe(incidents.mean_seconds_to_resolve);
  else console.log(subject, incidents, value, denominator);
});

test.each(subjects)('the evaluations of $customer in $month are counted', async (subject) => {
  const { evaluation } = await measured(subject.customer, subject.month);
  const { evaluations, evaluations_expected } = truthOf(subject.customer, subject.month);
  const [controls] = evaluation;
  expect(controls).toMatchObject({ ruleGroup: 'maintenance-controls', interval: 7200, evaluations });
  expect(Math.abs((controls?.expected ?? 0) - evaluations_expected)).toBeLessThanOrEqual(1);
});
