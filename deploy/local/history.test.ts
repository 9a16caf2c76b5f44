import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readPolicy } from '../../alerts/policy.ts';
import { playedControls } from '../../simulator/played.ts';
import { monthAt } from '../../simulator/calendar.ts';
import { simulate } from '../../simulator/simulate.ts';
import { loadFile } from './history.ts';
import type { Prometheus } from './prometheus.ts';
import { startHistory } from './stack.ts';

/*
 * A month of the simulated history in a real Prometheus: what the report will ask must give what really happened.
 */

const stepSeconds = 7200;
const policy = readPolicy('alerts/policy.yaml');
const simulation = simulate({ seed: 1, end: Date.UTC(2026, 10, 21, 12) / 1000, stepSeconds, policy });
const outageMonth = '2026-05';
const months = Object.entries(policy.customers).map(([customer, { zone }]) => ({
  customer,
  ...monthAt(zone, Date.UTC(2026, 4, 15) / 1000),
}));

const directory = mkdtempSync(join(tmpdir(), 'history-'));
let prometheus: Prometheus | undefined;
beforeAll(async () => {
  const data = join(directory, 'data');
  const from = Math.min(...months.map((month) => month.from));
  const to = Math.max(...months.map((month) => month.to));
  const { path } = await simulation.writePart({ name: 'month', from, to }, directory);
  await loadFile(path, data);
  prometheus = await startHistory(directory, stepSeconds);
});
afterAll(async () => {
  await prometheus?.stop();
  rmSync(directory, { recursive: true });
});

test.each(months)('the sums Prometheus finds for $customer are the truth', async ({ customer, from, to }) => {
  const truth = simulation.truth.customers[customer]?.months[outageMonth];
  for (const part of ['compliant', 'known', 'expected'] as const) {
    const sums = await query(
      `sum_over_time(customer:maintenance_control_${part}:sum{customer="${customer}"}[${(to - from) * 1000}ms])`,
      to,
    );
    const found = Object.fromEntries(sums.map(({ metric, value }) => [metric['control'], value]));
    const expected = Object.entries(truth?.controls ?? {}).map(([control, counts]) => [
      control,
      counts[part],
    ]);
    expect(expected).toHaveLength(playedControls.length);
    expect(found).toEqual(Object.fromEntries(expected));
  }
});

test.each(months)('an outage costs $customer the evaluations it lasted', async ({ customer, from, to }) => {
  const truth = simulation.truth.customers[customer]?.months[outageMonth];
  const [count] = await query(
    `count_over_time(maintenance:evaluation_timestamp_seconds{rule_group="maintenance-controls"}[${(to - from) * 1000}ms])`,
    to,
  );
  expect(count?.value).toBe(truth?.evaluations);
  // Seven hours on a grid of two.
  expect((truth?.evaluations_expected ?? 0) - (truth?.evaluations ?? 0)).toBeOneOf([3, 4]);
});

test.each(months)(
  'every verdict on a host of $customer at the end of the month is the truth',
  async (month) => {
    const truth = simulation.truth.customers[month.customer]?.months[outageMonth];
    const last = `last_over_time(instance:maintenance_control_compliant:min{customer="${month.customer}"}[${stepSeconds}s])`;
    const found = await query(last, month.to);
    expect(found).toHaveLength(truth?.hosts.flatMap(({ controls }) => Object.keys(controls)).length ?? 0);
    for (const { metric, value } of found) {
      const host = truth?.hosts.find(({ instance }) => instance === metric['instance']);
      const control = z.enum(playedControls).parse(metric['control']);
      expect(value, `${host?.instance} ${control}`).toBe(host?.controls[control]?.compliant);
    }
  },
);

test('promtool says what is wrong with a file it cannot load', async () => {
  const path = join(directory, 'broken.om');
  writeFileSync(path, 'up 1');
  await expect(loadFile(path, join(directory, 'broken'))).rejects.toThrow(/broken\.om/);
});

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string().transform(Number)]).transform(([, value]) => value),
      }),
    ),
  }),
});

/** An instant query, a millisecond before the month is over: its first instant in, its last out. */
async function query(expression: string, monthEnd: number) {
  const url = new URL('/api/v1/query', prometheus?.url);
  url.searchParams.set('query', expression);
  url.searchParams.set('time', String(monthEnd - 0.001));
  const response = await fetch(url);
  return answer.parse(await response.json()).data.result;
}
