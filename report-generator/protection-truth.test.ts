import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { playedPolicy } from '../simulator/played.ts';
import { onlyFor, withCustomerOf } from '../simulator/scenarios/policy.ts';
import { endOf, type Scenario, storyOf } from '../simulator/scenarios/scenario.ts';
import { simulate } from '../simulator/simulate.ts';
import type { ProtectionTruth } from '../simulator/truth-protection.ts';
import { measure } from './measure.ts';
import { prometheusAt } from './prometheus.ts';
import { lateBuckets, overdueHosts } from './protection.ts';
import type { Snapshot } from './snapshot.ts';

/*
 * Simulated months in a real Prometheus: what the report says of updates, backups, restores and vulnerabilities must be
 * what happened, and what nobody could see must be unknown.
 */

const hosts: Scenario['hosts'] = [
  ...['db-1', 'db-2', 'app-1', 'app-2', 'file-1', 'erp-1'].map((name) => ({ name, role: 'server' as const })),
  ...['pc-1', 'pc-2'].map((name) => ({ name, role: 'workstation' as const })),
];

const scenarios: readonly Scenario[] = [
  {
    name: 'blind',
    about: 'collectors that cannot tell, in a month of 745 hours',
    zone: 'Europe/Madrid',
    month: '2026-10',
    hosts,
    troubles: [
      ['db-1', 4, 3, { kind: 'backup_failing', job: 'database' }],
      ['file-1', 30.2, 3, { kind: 'backup_failing', job: 'nightly' }],
      ['erp-1', 9, 3, { kind: 'collector_blind', collector: 'restic', reason: 'authentication_failed' }],
      ['app-1', 28, 6, { kind: 'exporter_down' }],
      ['app-2', 29, 6, { kind: 'collector_blind', collector: 'trivy', reason: 'unexpected_output' }],
      ['app-2', 2, 40, { kind: 'patching_paused', classes: ['security'] }],
      ['db-2', 18, 20, { kind: 'patching_paused', classes: ['security'] }],
      ['pc-1', 25, 20, { kind: 'collector_blind', collector: 'apt', reason: 'metadata_stale' }],
      ['db-2', -400, 500, { kind: 'restore_tests_put_off', job: 'nightly' }],
      ['db-1', -3, 100, { kind: 'restore_tests_failing', job: 'nightly' }],
    ],
  },
  {
    name: 'outage',
    about: 'Prometheus away for two days',
    zone: 'America/New_York',
    month: '2026-09',
    hosts,
    outages: [[10.3, 2]],
    troubles: [
      ['app-1', 20, 2, { kind: 'backup_failing', job: 'nightly' }],
      ['erp-1', 22, 30, { kind: 'patching_paused', classes: ['security'] }],
    ],
  },
];

const stepSeconds = 3600;
const directory = mkdtempSync(join(tmpdir(), 'protection-truth-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe.each(scenarios)('$name: $about', (scenario) => {
  let server: Prometheus;
  let snapshot: Snapshot;
  let truth: ProtectionTruth;

  beforeAll(async () => {
    const policyText = withCustomerOf(scenario, readFileSync('alerts/policy.yaml', 'utf8'));
    const policy = onlyFor([scenario.name], playedPolicy(parsePolicy(policyText)));
    const simulation = simulate({
      seed: 3,
      end: endOf(scenario),
      stepSeconds,
      policy,
      story: storyOf(scenario),
    });
    const folder = join(directory, scenario.name);
    mkdirSync(join(folder, 'data'), { recursive: true });
    for (const part of simulation.parts)
      await loadFile((await simulation.writePart(part, folder)).path, join(folder, 'data'));
    server = await startHistory(folder, stepSeconds);
    const { name: customer, month } = scenario;
    snapshot = await measure({ policy, policyText, customer, month }, prometheusAt(server.url));
    const found = simulation.truth.customers[customer]?.months[month]?.protection;
    if (found === undefined) throw new Error(`the truth has no ${month}`);
    truth = found;
  }, 300_000);
  afterAll(() => server.stop());

  const keyOf = ({ instance, job }: { readonly instance: string; readonly job: string }): string =>
    `${instance} ${job}`;

  test('the runs of every job are those that were due, and those that were seen succeeded', () => {
    const jobs = snapshot.facts.backups?.jobs ?? [];
    for (const run of truth.backup_runs) {
      const found = jobs.find((job) => keyOf(job) === keyOf(run))?.runs;
      // A job of a host that is silent at the end has no row; the sum below has its runs.
      if (found === undefined || found === null) continue;
      const { succeeded, missed, unknown } = found;
      expect(succeeded + missed + unknown, keyOf(run)).toBe(run.due);
      // A look sees what was stored up to two steps before it, so more than at the looks alone, and never more than happened.
      expect(succeeded, keyOf(run)).toBeGreaterThanOrEqual(run.seen);
      expect(succeeded, keyOf(run)).toBeLessThanOrEqual(run.succeeded);
      expect(missed, keyOf(run)).toBeLessThanOrEqual(run.due - run.succeeded);
    }
    const { succeeded = 0, missed = 0, unknown = 0 } = snapshot.facts.backups?.month ?? {};
    const sum = (part: 'due' | 'succeeded' | 'seen'): number =>
      truth.backup_runs.reduce((total, run) => total + run[part], 0);
    expect(succeeded + missed + unknown).toBe(sum('due'));
    expect(succeeded).toBeGreaterThanOrEqual(sum('seen'));
    expect(succeeded).toBeLessThanOrEqual(sum('succeeded'));
    expect(sum('succeeded')).toBeLessThan(sum('due'));
    // What nobody saw may have succeeded, and is not said to have failed.
    expect(succeeded + unknown).toBeGreaterThanOrEqual(sum('succeeded'));
    const indicator = snapshot.indicators.find(({ id }) => id === 'backup_runs');
    expect(indicator).toMatchObject({ value: succeeded / sum('due'), numerator: succeeded });
  });

  test('the verified restores are those that happened', () => {
    const jobs = (snapshot.facts.backups?.jobs ?? []).filter(({ job }) => job !== '');
    const found = jobs.map((job) => ({
      instance: job.instance,
      job: job.job,
      known: job.restore?.verdict !== 'unknown',
      verified: job.restore?.verified ?? null,
    }));
    const sorted = (list: typeof found) =>
      list.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
    expect(sorted(found)).toEqual(sorted([...truth.restores]));
    expect(found.length).toBeGreaterThan(5);
  });

  test('critical vulnerabilities are counted on the hosts that could be told of', () => {
    const indicator = snapshot.indicators.find(({ id }) => id === 'vulnerabilities_critical_open');
    expect(indicator).toMatchObject({
      value: truth.critical.open,
      coverage: { objects: truth.critical.told / hosts.length },
    });
  });

  test('overdue hosts are in their buckets, and those that are not known in none', () => {
    const { updates } = snapshot.facts;
    if (updates === undefined) throw new Error('nothing is said of updates');
    const { buckets, unknown, inOrder } = overdueHosts(updates);
    const { in_order, unknown: notKnown, ...expected } = truth.overdue;
    expect({ buckets, unknown, inOrder }).toEqual({
      buckets: expected,
      unknown: notKnown,
      inOrder: in_order,
    });
    expect(lateBuckets.reduce((sum, bucket) => sum + expected[bucket], 0)).toBeGreaterThan(0);
  });
});
