import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import type { Fault } from '../simulator/faults.ts';
import { playedPolicy } from '../simulator/played.ts';
import { simulate } from '../simulator/simulate.ts';
import { type Story, twoCustomers } from '../simulator/story.ts';
import type { MonthTruth } from '../simulator/truth.ts';
import { parseAcknowledgements } from './acknowledgements/file.ts';
import { measure } from './measure.ts';
import { prometheusAt } from './prometheus.ts';
import type { Indicator, Snapshot } from './snapshot.ts';

/*
 * A few hosts for some months, in a real Prometheus: what the report says of incidents and answers is what happened, in the
 * month in which clocks change and in the one in which Prometheus was down.
 */

const policy = playedPolicy(readPolicy('alerts/policy.yaml'));
const names = ['app-2', 'mail-1', 'db-1', 'file-1', 'pc-2'];

const at = (text: string): number => Date.parse(text) / 1000;

const yearEnd = at('2026-11-21T12:00:00Z');
const start = at('2026-01-20T00:00:00Z');
const end = at('2026-06-03T00:00:00Z');

/** One is over while Prometheus is down, the others wait for an answer when the month ends. */
const more: readonly Fault[] = [
  {
    kind: 'exporter_down',
    instance: 'acme-mail-1',
    from: at('2026-05-17T05:00:00Z'),
    to: at('2026-05-17T12:00:00Z'),
  },
  {
    kind: 'antivirus_stopped',
    instance: 'acme-app-2',
    from: at('2026-05-31T20:00:00Z'),
    to: at('2026-06-02T20:00:00Z'),
  },
  {
    kind: 'antivirus_stopped',
    instance: 'birch-db-1',
    from: at('2026-06-01T02:00:00Z'),
    to: at('2026-06-02T20:00:00Z'),
  },
];

/** Part of the year that the shipped story tells, and a little more. */
const spring: Story = (told, seed) => {
  const year = twoCustomers(told, seed, yearEnd);
  const hosts = year.hosts.filter(({ customer, instance }) =>
    names.some((name) => instance === `${customer}-${name}`),
  );
  return { ...year, start, hosts, faults: [...year.faults, ...more] };
};
const simulation = simulate({ seed: 1, end, stepSeconds: 7200, policy, story: spring });
const acknowledgements = parseAcknowledgements(simulation.acknowledgements, 'acknowledgements.yaml');

const directory = mkdtempSync(join(tmpdir(), 'maintenance-incidents-'));
let server: Prometheus;
beforeAll(async () => {
  mkdirSync(join(directory, 'data'));
  const { path } = await simulation.writePart({ name: 'spring', from: start, to: end }, directory);
  await loadFile(path, join(directory, 'data'));
  server = await startHistory(directory, 7200);
}, 600_000);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

function truthOf(customer: string, month: string): MonthTruth {
  const found = simulation.truth.customers[customer]?.months[month];
  if (found === undefined) throw new Error(`the truth has no ${month} of ${customer}`);
  return found;
}

const subjects = ['acme', 'birch'].flatMap((customer) =>
  ['2026-03', '2026-05'].map((month) => ({ customer, month })),
);
const classes = ['urgent', 'standard'] as const;

test('the history has answers of every kind, and an end that nobody saw', () => {
  const all = Object.values(simulation.truth.customers).flatMap(({ months }) => Object.values(months));
  const kinds = all.flatMap(({ responses }) => responses.map(({ verdict, basis }) => `${verdict} ${basis}`));
  expect([...new Set(kinds)].toSorted()).toEqual([
    'breached answered',
    'met answered',
    'met resolved_first',
    'running null',
    'unknown null',
  ]);
  expect(all.some(({ incidents }) => incidents.ended_unseen > 0)).toBe(true);
});

describe.each(subjects)('$customer in $month', ({ customer, month }) => {
  let snapshot: Snapshot;
  let truth: MonthTruth;
  beforeAll(async () => {
    const subject = { policy, policyText: '', customer, month, inputs: { acknowledgements } };
    snapshot = await measure(subject, prometheusAt(server.url));
    truth = truthOf(customer, month);
  }, 300_000);

  function facts(): NonNullable<Snapshot['facts']['incidents']> {
    const { incidents } = snapshot.facts;
    if (incidents === undefined) throw new Error('the month has no facts of incidents');
    return incidents;
  }
  function indicator(id: string): Indicator {
    const found = snapshot.indicators.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no indicator ${id}`);
    return found;
  }

  test('the register is every incident, each with its answer', () => {
    const { list } = facts();
    expect(list.map(({ number }) => number)).toEqual(list.map((_, index) => `INC-${index + 1}`));
    expect(truth.responses.length).toBeGreaterThan(2);
    expect(list).toHaveLength(truth.responses.length);
    for (const one of truth.responses) {
      const name = (key: string): string => one.labels[key] ?? '';
      const [entry, ...others] = list.filter(
        ({ alertname, from, labels }) =>
          alertname === name('alertname') &&
          from === one.from &&
          ['instance', 'object', 'collector'].every((key) => (labels[key] ?? '') === name(key)),
      );
      expect(others).toEqual([]);
      expect(entry?.slaClass).toBe(name('sla_class'));
      expect(entry?.severity).toBe(name('severity'));
      expect(entry?.control ?? '').toBe(name('control'));
      const { earliest = null, to = null } = entry ?? {};
      if (earliest === null) expect(to).toBe(one.to);
      else {
        expect(one.to).toBeGreaterThan(earliest);
        expect(one.to).toBeLessThanOrEqual(to ?? 0);
      }
      expect(entry?.response).toMatchObject({
        verdict: one.verdict,
        basis: one.basis,
        deadline: one.deadline,
        counts: one.counts,
      });
      expect(entry?.response?.answer?.at ?? null).toBe(one.answered_at);
      expect(entry?.response?.answer?.seconds ?? null).toBe(one.answered_after);
    }
    expect(list.filter(({ earliest }) => earliest !== null)).toHaveLength(truth.incidents.ended_unseen);
  });

  test('the answers are counted by class, and all together', () => {
    const counts = (of: (one: MonthTruth['classes']['urgent']) => number): number =>
      classes.reduce((sum, name) => sum + of(truth.classes[name]), 0);
    for (const { slaClass, ...found } of facts().classes) {
      const { answered, resolved_first, breached, unknown, running } = truth.classes[slaClass];
      expect(found).toMatchObject({ answered, resolvedFirst: resolved_first, breached, unknown, running });
    }
    expect(facts().all).toMatchObject({
      answered: counts(({ answered }) => answered),
      resolvedFirst: counts(({ resolved_first }) => resolved_first),
      breached: counts(({ breached }) => breached),
      unknown: counts(({ unknown }) => unknown),
      running: counts(({ running }) => running),
    });
    const { categories, works } = facts();
    for (const parts of [categories, works])
      expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(truth.incidents.opened);
  });

  test.each(classes)('the indicators of the class %s are the truth', (slaClass) => {
    const { answered, resolved_first, breached, unknown, ...means } = truth.classes[slaClass];
    const resolve = indicator(`time_to_resolve_${slaClass}`);
    expect(resolve.denominator ?? 0).toBe(means.resolved);
    // Of an end that nobody saw the later bound counts: at most two evaluations after it.
    const late =
      (truth.incidents.ended_unseen * 2 * simulation.truth.alerts_interval_seconds) / means.resolved;
    expect(resolve.value ?? 0).toBeGreaterThanOrEqual((means.mean_seconds_to_resolve ?? 0) - 1e-6);
    expect(resolve.value ?? 0).toBeLessThanOrEqual((means.mean_seconds_to_resolve ?? 0) + (late || 0) + 1e-6);
    expect(indicator(`time_to_respond_${slaClass}`).value).toBe(means.mean_seconds_to_respond);
    const met = answered + resolved_first;
    const decided = met + breached + unknown;
    expect(indicator(`response_${slaClass}`)).toMatchObject({
      value: decided === 0 ? null : met / decided,
      numerator: decided === 0 ? null : met,
      denominator: decided === 0 ? null : decided,
      target: 0.95,
    });
  });

  test('the trends are the truth of each month', () => {
    for (const [name, then] of Object.entries(simulation.truth.customers[customer]?.months ?? {})) {
      if (name > month) continue;
      const value = (id: string) => indicator(id).trend.find((point) => point.month === name)?.value;
      for (const slaClass of classes) {
        const { answered, resolved_first, breached, unknown, mean_seconds_to_respond } =
          then.classes[slaClass];
        const decided = answered + resolved_first + breached + unknown;
        expect(value(`response_${slaClass}`), name).toBe(
          decided === 0 ? null : (answered + resolved_first) / decided,
        );
        expect(value(`time_to_respond_${slaClass}`), name).toBe(mean_seconds_to_respond);
      }
      expect(value('incidents_opened'), name).toBe(then.incidents.opened);
    }
  });
});
