import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Prometheus, startPrometheus } from '../deploy/local/prometheus.ts';
import { labelText, line, writeOpenMetrics } from '../simulator/openmetrics.ts';
import { alertRules } from './alert-rules.ts';
import { yaml } from './generate.ts';
import { readPolicy } from './policy.ts';
import { recordRules } from './record-rules.ts';

/*
 * An incident lasts from the active time of its alert. Prometheus takes that up again after a restart, for alerts that wait at
 * least ten minutes (rules/group.go, RestoreForState); the others begin anew, and one incident becomes two.
 */

const directory = mkdtempSync(join(tmpdir(), 'maintenance-restart-'));
let running: Prometheus | undefined;
afterAll(async () => {
  await running?.stop();
  rmSync(directory, { recursive: true });
});

const name = 'MaintenanceExporterAbsent';
const rule = alertRules(readPolicy('alerts/policy.yaml'))
  .groups.flatMap(({ rules }) => rules)
  .flatMap((one) => ('alert' in one && one.alert === name ? [one] : []));
const now = Math.floor(Date.now() / 60_000) * 60;
const since = now - 1800;

const answer = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        state: z.string(),
        activeAt: z.iso.datetime({ offset: true }),
      }),
    ),
  }),
});

/** Starts Prometheus over what it had. @returns since when its alerts are active, unix seconds, once the first one fires. */
async function activeTimes(): Promise<Readonly<Record<string, number>>> {
  running = await startPrometheus({
    name: 'Prometheus',
    directory,
    port: 0,
    ruleFiles: [join(directory, 'rules.yaml')],
  });
  const { url } = running;
  const alerts = await vi.waitUntil(
    async () => {
      const response = await fetch(`${url}/api/v1/alerts`);
      const told = answer.parse(await response.json()).data.alerts;
      return told.some(({ labels, state }) => labels['alertname'] === name && state === 'firing') && told;
    },
    { timeout: 45_000, interval: 200 },
  );
  return Object.fromEntries(
    alerts.map(({ labels, activeAt }) => [labels['alertname'], Date.parse(activeAt) / 1000]),
  );
}

test('an alert keeps its active time when Prometheus is restarted', { timeout: 120_000 }, async () => {
  expect(rule.map((one) => one.for)).toEqual(['15m']);
  const hasty = rule.map((one) => ({ ...one, alert: 'Hasty', for: '5m' }));
  const groups = [{ name: 'restart', interval: '1s', rules: [...rule, ...hasty] }];
  writeFileSync(join(directory, 'rules.yaml'), yaml({ groups }));
  // What a Prometheus that was stopped a minute ago left behind.
  const history = join(directory, 'history.om');
  const own = rule[0]?.labels ?? {};
  await writeOpenMetrics(
    history,
    [name, 'Hasty'].flatMap((alertname) =>
      Array.from({ length: 30 }, (_, minute) =>
        line(
          'ALERTS_FOR_STATE',
          labelText({ alertname, job: 'maintenance', ...own }),
          since,
          since + minute * 60,
        ),
      ),
    ),
  );
  const data = join(directory, 'data');
  mkdirSync(data);
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', history, data]);

  const first = await activeTimes();
  expect(first[name]).toBe(since);
  expect(first['Hasty']).toBeGreaterThan(now - 60);
  await running?.stop();

  const second = await activeTimes();
  expect(second[name]).toBe(since);
  expect(second['Hasty']).toBeGreaterThan(first['Hasty'] ?? Infinity);
});

const found = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

test(
  'what was known before hours without Prometheus is remembered after them',
  { timeout: 120_000 },
  async () => {
    await running?.stop();
    const own = join(directory, 'memory');
    mkdirSync(join(own, 'data'), { recursive: true });
    const groups = recordRules(readPolicy('alerts/policy.yaml')).groups.map((group) => ({
      ...group,
      interval: '1s',
    }));
    writeFileSync(join(own, 'rules.yaml'), yaml({ groups }));
    // Neither host is there any more. One was last seen three hours ago, the other 25.
    const hosts = { late: 3, gone: 25 };
    const history = join(own, 'history.om');
    const lines = [...Array(30).keys()].flatMap((minute) =>
      Object.entries(hosts).flatMap(([instance, hours]) => {
        const labels = labelText({
          customer: 'acme',
          instance,
          role: 'server',
          control: 'backup',
          object: 'files',
        });
        const at = now - hours * 3600 - (29 - minute) * 60;
        return [
          line('object:maintenance_control_seen:bool', labels, 1, at),
          line('object:maintenance_control_since_timestamp_seconds:now', labels, now - 90_000, at),
        ];
      }),
    );
    await writeOpenMetrics(history, lines.toSorted());
    execFileSync('promtool', [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      '--quiet',
      history,
      join(own, 'data'),
    ]);
    running = await startPrometheus({
      name: 'Prometheus',
      directory: own,
      port: 0,
      ruleFiles: [join(own, 'rules.yaml')],
    });
    const { url } = running;
    const ask = async (query: string) => {
      const response = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query }),
      });
      return found
        .parse(await response.json())
        .data.result.map(({ metric, value: [, value] }) => [metric['instance'], Number(value)]);
    };
    const of = '{instance=~"late|gone"}';
    const told = await vi.waitUntil(
      async () => {
        const answered = await ask(`object:maintenance_control_compliant:bool${of}`);
        return answered.length > 0 && answered;
      },
      { timeout: 45_000, interval: 200 },
    );
    expect(told).toEqual([['late', 0]]);
    expect(await ask(`object:maintenance_control_known:bool${of}`)).toEqual([['late', 0]]);
    const age = `object:maintenance_control_age_seconds:last${of}`;
    expect(await ask(`round(timestamp(${age}) - ${age})`)).toEqual([['late', now - 90_000]]);
  },
);
