import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { day, monthAt } from '../simulator/calendar.ts';
import { writeOpenMetrics } from '../simulator/openmetrics.ts';
import { servicesRecorded } from '../simulator/series.ts';
import { playServices } from '../simulator/services.ts';
import { serviceTruth } from '../simulator/truth-services.ts';
import type { ServicesFacts } from './facts/services.ts';
import { monthPeriod } from './period.ts';
import { prometheusAt } from './prometheus.ts';
import { readServices } from './readers/services.ts';

/*
 * Two months of services in a real Prometheus: what the report tells of them must be what happened, to the second.
 */

const policy = readPolicy('alerts/policy.yaml');
const end = Date.parse('2026-11-21T12:00:00Z') / 1000;
/** The second half of September to the first of November: October has 745 hours in Madrid. */
const stretch = {
  from: Date.parse('2026-09-28T00:00:00Z') / 1000,
  to: Date.parse('2026-11-02T00:00:00Z') / 1000,
};
const services = playServices(policy, 1, stretch.from - 370 * day, end);
/** Prometheus was down in the night the clocks changed. */
const unseen = [
  { from: Date.parse('2026-10-24T23:00:00Z') / 1000, to: Date.parse('2026-10-25T02:00:00Z') / 1000 },
];
const world = { start: stretch.from, end, lives: [], services, outages: unseen };
const directory = mkdtempSync(join(tmpdir(), 'services-truth-'));
let server: Prometheus;

beforeAll(async () => {
  const file = join(directory, 'services.om');
  const lines = servicesRecorded(world, stretch, { interval: 300, step: 7200 }, policy);
  await writeOpenMetrics(file, lines);
  const data = join(directory, 'data');
  mkdirSync(data);
  await loadFile(file, data);
  server = await startHistory(directory, 7200);
}, 300_000);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

async function read(customer: string, month: string): Promise<ServicesFacts> {
  const { zone } = policy.customers[customer] ?? { zone: 'UTC' };
  const found = await readServices({
    prometheus: prometheusAt(server.url),
    policy,
    customer,
    month: { period: monthPeriod(month, zone) },
  });
  if (found === undefined) throw new Error(`${customer} has no services`);
  return found;
}

describe.each(Object.entries(policy.customers))('%s', (customer, { zone }) => {
  const own = services.filter(({ service }) => service.customer === customer);
  const october = monthAt(zone, Date.parse('2026-10-15T00:00:00Z') / 1000);

  test.each(own.map((life) => [life.id, life] as const))('%s is told as it was', async (id, life) => {
    const { services: told } = await read(customer, '2026-10');
    const found = told.find((one) => one.id === id);
    const truth = serviceTruth(life, october, unseen);
    const agreed = truth.seconds - truth.planned;
    const best = truth.agreed_up + agreed - truth.agreed_known;
    expect(found).toMatchObject({
      name: life.service.name,
      slo: truth.slo,
      seconds: truth.seconds,
      planned: truth.planned,
      away: truth.agreed_known - truth.agreed_up,
      unknown: agreed - truth.agreed_known,
      awayPlanned: truth.known - truth.up - (truth.agreed_known - truth.agreed_up),
      agreed: { worst: truth.agreed_up / agreed, best: best / agreed },
      raw: {
        worst: truth.up / truth.seconds,
        best: (truth.up + truth.seconds - truth.known) / truth.seconds,
      },
      outages: truth.outages.map(({ from, to, planned, counted }) => ({
        start: from,
        end: to,
        planned,
        counted,
      })),
    });
    const promised = truth.slo;
    expect(found?.verdict).toBe(
      truth.agreed_up / agreed >= promised ? 'met' : best / agreed < promised ? 'missed' : 'unknown',
    );
    expect(found?.credit && { due: found.credit.due, possible: found.credit.possible }).toEqual(truth.credit);
    const unknown = found?.gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0);
    expect(unknown).toBe(truth.seconds - truth.known);
    if (truth.answer_seconds === null) expect(found?.speed).toBeNull();
    else expect(found?.speed?.level).toBeCloseTo(truth.answer_seconds, 9);
  });

  test('something of every kind happened', async () => {
    const { services: told, clocks } = await read(customer, '2026-10');
    expect(told.some(({ awayPlanned, away }) => awayPlanned > 0 || away > 0)).toBe(true);
    expect(told.some(({ gaps }) => gaps.length > 1)).toBe(true);
    // New York changes its clocks in November.
    expect(clocks.length).toBe(customer === 'acme' ? 2 : 1);
  });

  test('of a month before the first evaluation nothing is known, and nothing is in order', async () => {
    const { services: told, availability, credits } = await read(customer, '2026-07');
    expect(told).toHaveLength(own.length);
    for (const { verdict, agreed, credit } of told) {
      expect(verdict).toBe('none');
      expect(agreed).toEqual({ worst: 0, best: 1 });
      expect(credit?.due ?? 0).toBe(0);
    }
    expect(availability).toBeNull();
    expect(credits.possible).toBeGreaterThan(0);
  });
});
