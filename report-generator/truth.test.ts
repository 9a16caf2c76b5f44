import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlNames, readPolicy } from '../alerts/policy.ts';
import { playedControls, playedPolicy } from '../simulator/played.ts';
import { loadFile, loadHistory } from '../deploy/local/history.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { simulate } from '../simulator/simulate.ts';
import type { MonthTruth, Truth } from '../simulator/truth.ts';
import { parseAcknowledgements } from './acknowledgements/file.ts';
import type { Inputs } from './inputs.ts';
import { readIncidents } from './incidents.ts';
import { measure } from './measure.ts';
import { monthPeriod } from './period.ts';
import { prometheusAt } from './prometheus.ts';
import { type Indicator, type Snapshot, snapshotText } from './snapshot.ts';

/*
 * A simulated year in a real Prometheus: what the report measures must be what happened.
 */

const policyFile = 'alerts/policy.yaml';
// Nobody asks for what the fleet does not play.
const policy = playedPolicy(readPolicy(policyFile));
const policyText = readFileSync(policyFile, 'utf8');
const historyEnd = new Date('2026-11-21T12:00:00Z');
const directory = mkdtempSync(join(tmpdir(), 'maintenance-report-'));
let server: Prometheus;
let truth: Truth;
let inputs: Inputs;

beforeAll(async () => {
  const loaded = await loadHistory(join(directory, 'data'), { end: historyEnd, policy });
  truth = loaded.truth;
  inputs = { acknowledgements: parseAcknowledgements(loaded.acknowledgements, 'acknowledgements.yaml') };
  server = await startHistory(directory, loaded.stepSeconds);
  // Two minutes of work for a processor.
}, 600_000);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const subjects = Object.keys(policy.customers).flatMap((customer) =>
  // The last full month, and the one in which Prometheus itself was down.
  ['2026-10', '2026-05'].map((month) => ({ customer, month })),
);

/** Of which the unknown is counted in services. */
const ofServices = ['services_in_sla', 'service_speed'];

const snapshots = new Map<string, Promise<Snapshot>>();
/** Measured once for all tests. */
function measured(customer: string, month: string): Promise<Snapshot> {
  const key = `${customer} ${month}`;
  const known =
    snapshots.get(key) ?? measure({ policy, policyText, customer, month, inputs }, prometheusAt(server.url));
  snapshots.set(key, known);
  return known;
}

function byName(one: { readonly instance: string }, other: { readonly instance: string }): number {
  return one.instance.localeCompare(other.instance);
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

test.each(subjects)(
  'the controls of $customer in $month are the truth, to the last object',
  async (subject) => {
    const snapshot = await measured(subject.customer, subject.month);
    const { controls, at_end } = truthOf(subject.customer, subject.month);
    for (const control of playedControls) {
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
  },
);

test.each(subjects)('the trend of $customer up to $month is the truth of each month', async (subject) => {
  const snapshot = await measured(subject.customer, subject.month);
  for (const control of playedControls) {
    const { trend, value } = indicator(snapshot, control);
    expect(trend).toHaveLength(13);
    expect(trend.at(-1)?.value).toBe(value);
    for (const point of trend) {
      const counts = truth.customers[subject.customer]?.months[point.month]?.controls[control];
      if (counts !== undefined)
        expect(point.value, `${control} ${point.month}`).toBe(counts.compliant / counts.expected);
    }
  }
  const opened = indicator(snapshot, 'incidents_opened').trend;
  for (const point of opened) {
    const month = truth.customers[subject.customer]?.months[point.month];
    if (month !== undefined) expect(point.value, point.month).toBe(month.incidents.opened);
  }
});

test.each(subjects)(
  'the hosts of $customer at the end of $month are the truth, worst first',
  async (subject) => {
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
    expect(hosts.toSorted(byName)).toEqual(expected.toSorted(byName));
    const missed = hosts.map(
      ({ controls }) => Object.values(controls).filter((cell) => cell === 'missed').length,
    );
    expect(missed).toEqual(missed.toSorted((one, other) => other - one));
  },
);

test.each(subjects)('the incidents of $customer in $month are the truth', async (subject) => {
  const snapshot = await measured(subject.customer, subject.month);
  const { incidents } = truthOf(subject.customer, subject.month);
  expect(incidents.opened).toBeGreaterThan(0);
  const opened = indicator(snapshot, 'incidents_opened');
  expect(opened).toMatchObject({ value: incidents.opened, numerator: incidents.opened, verdict: 'plain' });
  const { value, numerator, denominator } = indicator(snapshot, 'time_to_resolve');
  expect(denominator).toBe(incidents.resolved);
  expect(value).toBe((numerator ?? 0) / incidents.resolved);
});

test.each(Object.entries(policy.customers))(
  'the incidents of every month of %s are the truth: opened, resolved, open and how long they took',
  async (customer, { zone }) => {
    const months = Object.entries(truth.customers[customer]?.months ?? {});
    expect(months).toHaveLength(13);
    const found = await readIncidents(
      prometheusAt(server.url),
      policy,
      customer,
      months.map(([month]) => monthPeriod(month, zone)),
      truth.alerts_interval_seconds,
    );
    for (const [index, [month, { incidents }]] of months.entries()) {
      const { opened, resolved, openAtEnd, secondsToResolve } = found[index] ?? {};
      expect({ opened, resolved, openAtEnd }, month).toEqual({
        opened: incidents.opened,
        resolved: incidents.resolved,
        openAtEnd: incidents.open_at_end,
      });
      // Of an incident that ended while Prometheus was down only bounds are known: the later one counts.
      const late = incidents.ended_unseen * 2 * truth.alerts_interval_seconds;
      const total = (incidents.mean_seconds_to_resolve ?? 0) * incidents.resolved;
      expect(secondsToResolve, month).toBeGreaterThanOrEqual(total - 1e-6);
      expect(secondsToResolve, month).toBeLessThanOrEqual(total + late + 1e-6);
    }
  },
);

test.each(subjects)('the services of $customer in $month kept what they kept', async (subject) => {
  const snapshot = await measured(subject.customer, subject.month);
  const { services } = truthOf(subject.customer, subject.month);
  const kept = Object.values(services).filter(
    ({ slo, seconds, planned, agreed_up }) => agreed_up / (seconds - planned) >= slo,
  );
  expect(indicator(snapshot, 'services_in_sla')).toMatchObject({
    numerator: kept.length,
    denominator: Object.keys(services).length,
    target: policy.controls.service_slo.target,
  });
  const [up, known] = (['agreed_up', 'agreed_known'] as const).map((part) =>
    Object.values(services).reduce((sum, each) => sum + each[part], 0),
  );
  expect(indicator(snapshot, 'availability')).toMatchObject({ numerator: up, denominator: known });
  const due = Object.values(services).reduce((sum, { credit }) => sum + (credit?.due ?? 0), 0);
  expect(snapshot.facts.services?.credits.due).toBe(due);
});

test.each(subjects)('the evaluations of $customer in $month are counted', async (subject) => {
  const { evaluation } = await measured(subject.customer, subject.month);
  const { evaluations, evaluations_expected } = truthOf(subject.customer, subject.month);
  const [controls] = evaluation;
  expect(controls).toMatchObject({ ruleGroup: 'maintenance-controls', interval: 7200, evaluations });
  expect(Math.abs((controls?.expected ?? 0) - evaluations_expected)).toBeLessThanOrEqual(1);
});

test('the same month asked again is the same snapshot, byte for byte', async () => {
  const again = await measure(
    { policy, policyText, customer: 'birch', month: '2026-10', inputs },
    prometheusAt(server.url),
  );
  expect(snapshotText(again)).toBe(snapshotText(await measured('birch', '2026-10')));
});

describe('a Prometheus that kept only the second half of the month', () => {
  let forgetful: Prometheus;
  let snapshot: Snapshot;
  const { start, end } = monthPeriod('2026-10', policy.customers['acme']?.zone ?? 'UTC');
  const middle = (start + end) / 2;
  /** What they say is of one instant, which was kept. */
  const countedAtEnd: ReadonlySet<string> = new Set(['vulnerabilities_critical_open']);

  beforeAll(async () => {
    const folder = join(directory, 'forgetful');
    mkdirSync(folder);
    const simulation = simulate({
      seed: 1,
      end: historyEnd.getTime() / 1000,
      stepSeconds: truth.interval_seconds,
      policy,
    });
    const { path } = await simulation.writePart({ name: 'half', from: middle, to: end }, folder);
    await loadFile(path, join(folder, 'data'));
    forgetful = await startHistory(folder, truth.interval_seconds);
    snapshot = await measure(
      { policy, policyText, customer: 'acme', month: '2026-10', inputs },
      prometheusAt(forgetful.url),
    );
  });
  afterAll(() => forgetful.stop());

  test('says that half of the month was watched', () => {
    // What is not known of a service is counted against it, and is not told apart as time.
    const others = snapshot.indicators.filter(({ id }) => !ofServices.includes(id));
    for (const { id, coverage } of others)
      if (!countedAtEnd.has(id)) expect(coverage.time, id).toBeCloseTo(0.5, 2);
    expect(indicator(snapshot, 'services_in_sla')).toMatchObject({ value: 0, coverage: { objects: 0 } });
    expect(indicator(snapshot, 'service_speed')).toMatchObject({ value: null, verdict: 'none' });
    for (const { ruleGroup, evaluations, expected } of snapshot.evaluation)
      expect(evaluations / expected, ruleGroup).toBeCloseTo(0.5, 2);
  });

  test('meets no target, though most of what it kept would', () => {
    const played: readonly string[] = playedControls;
    const controls = snapshot.indicators.filter(({ id, target }) => target !== null && played.includes(id));
    expect(controls).toHaveLength(playedControls.length);
    expect(controls.filter(({ value, target }) => (value ?? 0) >= (target ?? 1)).length).toBeGreaterThan(3);
    for (const { id, verdict } of snapshot.indicators)
      if (id !== 'service_speed') expect(verdict, id).toBeOneOf(['unknown', 'missed']);
  });

  test('has no values for the months it forgot', () => {
    for (const { id, trend } of snapshot.indicators) {
      expect(
        trend.slice(0, 12).map(({ value, time }) => ({ value, time })),
        id,
      ).toEqual(Array.from({ length: 12 }, () => ({ value: null, time: 0 })));
    }
  });

  test('dates what already fired when its memory begins back to when it began', async () => {
    const half = { ...monthPeriod('2026-10', 'Europe/Madrid'), start: middle };
    const [kept, whole] = await Promise.all(
      [forgetful, server].map(({ url }) =>
        readIncidents(prometheusAt(url), policy, 'acme', [half], truth.alerts_interval_seconds),
      ),
    );
    const counts = (months: typeof kept) =>
      months?.map(({ opened, resolved, openAtEnd, secondsToResolve }) => ({
        opened,
        resolved,
        openAtEnd,
        secondsToResolve,
      }));
    expect(counts(kept)).toEqual(counts(whole));
    expect(kept?.[0]?.resolved).toBeGreaterThan(3);
    expect(kept?.[0]?.secondsToResolve).toBeGreaterThan(4 * 86_400);
  });
});
