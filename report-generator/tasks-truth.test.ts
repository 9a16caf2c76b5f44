import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { playedPolicy } from '../simulator/played.ts';
import { simulate } from '../simulator/simulate.ts';
import { type Story, twoCustomers } from '../simulator/story.ts';
import { measure } from './measure.ts';
import { monthTasks } from './month-tasks.ts';
import { monthPeriod } from './period.ts';
import { prometheusAt } from './prometheus.ts';
import { taskCounts } from './task-counts.ts';

/*
 * Simulated tasks of people in a real Prometheus: how each ended must be what happened.
 */

const policyText = `${readFileSync('alerts/policy.yaml', 'utf8')}
tasks:
  alert_review: { title: Alerts of the week, category: perfective, every: week, on: mon, owner: operations }
  log_review: { title: Logs, category: preventive, every: week, owner: operations, grace: 3d }
  backup_review: { title: Backup plan, category: preventive, every: month, on: 15, owner: backups, customers: acme }
  access_review: { title: Access, category: preventive, every: month, owner: security, grace: 5d }
  inventory_review: { title: Inventory, category: adaptive, every: quarter, on: 5, owner: operations }
`;
const policy = playedPolicy(parsePolicy(policyText));
const stepSeconds = 7200;
/** Three months of four hosts: the tasks of a customer are on its first. */
const fewHosts: Story = (known, seed, end) => {
  const plot = twoCustomers(known, seed, end);
  const hosts = plot.hosts.filter(({ instance }) => /-(?:db|app)-1$/.test(instance));
  const names = hosts.map(({ instance }) => instance);
  const start = Date.UTC(2026, 7, 1) / 1000;
  const faults = plot.faults.filter(({ instance, to }) => names.includes(instance) && to > start);
  return { ...plot, start, hosts, faults, outages: [] };
};
const simulation = simulate({
  seed: 3,
  end: Date.parse('2026-11-21T12:00:00Z') / 1000,
  stepSeconds,
  policy,
  story: fewHosts,
});
const directory = mkdtempSync(join(tmpdir(), 'maintenance-tasks-'));
let server: Prometheus;

beforeAll(async () => {
  const data = join(directory, 'data');
  mkdirSync(data);
  for (const part of simulation.parts)
    await loadFile((await simulation.writePart(part, directory)).path, data);
  server = await startHistory(directory, stepSeconds);
}, 300_000);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const subjects = Object.keys(policy.customers).flatMap((customer) =>
  ['2026-09', '2026-10'].map((month) => ({ customer, month })),
);

test.each(subjects)('the tasks of $customer in $month ended as they did', async ({ customer, month }) => {
  const zone = policy.customers[customer]?.zone ?? '';
  const asking = { prometheus: prometheusAt(server.url), policy, customer };
  const { planned, ...counts } = taskCounts(await monthTasks(asking, monthPeriod(month, zone)));
  const truth = simulation.truth.customers[customer]?.months[month]?.tasks;
  expect(counts).toEqual(truth);
  expect(planned).toBeGreaterThan(7);
});

test('every way to end happens', () => {
  const all = subjects.map(
    ({ customer, month }) => simulation.truth.customers[customer]?.months[month]?.tasks,
  );
  for (const outcome of ['on_time', 'late', 'missed', 'unconfirmed', 'running'] as const)
    expect(
      all.map((truth) => truth?.[outcome] ?? 0).some((count) => count > 0),
      outcome,
    ).toBe(true);
});

test('maintenance on time is the share of the planned, and what nobody could tell is not known', async () => {
  const subject = { policy, policyText, customer: 'birch', month: '2026-10' };
  const { indicators, facts } = await measure(subject, prometheusAt(server.url));
  const found = indicators.find(({ id }) => id === 'maintenance_on_time');
  const truth = simulation.truth.customers['birch']?.months['2026-10']?.tasks;
  if (found === undefined || truth === undefined) throw new Error('no indicator or no truth');
  const planned = truth.on_time + truth.late + truth.missed + truth.unconfirmed;
  expect(found).toMatchObject({
    value: truth.on_time / planned,
    numerator: truth.on_time,
    denominator: planned,
    target: 0.95,
    verdict: 'missed',
    coverage: { objects: (planned - truth.unconfirmed) / planned, time: 1 },
  });
  expect(found.trend.slice(0, 9).map(({ value }) => value)).toEqual(Array(9).fill(null));
  expect(found.trend.at(-1)).toEqual({
    month: '2026-10',
    value: truth.on_time / planned,
    time: (planned - truth.unconfirmed) / planned,
  });
  expect(facts.tasks?.tasks.map(({ name }) => name)).not.toContain('backup_review');
});
