import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { freePort, startServer, untilReady } from '../deploy/local/process.ts';
import { startPrometheus } from '../deploy/local/prometheus.ts';
import { startVictoria } from '../deploy/local/victoria.ts';
import { writeOpenMetrics } from '../simulator/openmetrics.ts';
import { scraped } from '../simulator/series.ts';
import { play } from '../simulator/world.ts';
import { generate } from './generate.ts';
import { readPolicy } from './policy.ts';

/*
 * The generated rules in VictoriaMetrics: the same facts, the same rules, the same verdicts and alerts as in Prometheus. What
 * differs is named in docs/compatibility.md.
 */

const policy = readPolicy('alerts/policy.yaml');
const files = Object.entries(generate(policy)).filter(([, text]) => text.startsWith('groups:'));
const directory = mkdtempSync(join(tmpdir(), 'maintenance-victoria-'));
const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(endings.map((end) => end()));
  rmSync(directory, { recursive: true });
});

/** vmalert knows keep_firing_for from 1.92 on (VictoriaMetrics issue 4529); Debian has 1.79. */
const forOldVmalert = (text: string) => text.replaceAll(/^ +keep_firing_for: .+\n/gm, '');
const hurried = (text: string) => text.replaceAll(/^( +interval: ).+$/gm, '$15s');
/** The facts are written once and stay: their look-back covers the test. */
const lookBack = '3h';

function written(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

test.each(files)('vmalert loads %s', (name, text) => {
  const path = written(`dry-${name}`, forOldVmalert(text));
  execFileSync('vmalert', ['-dryRun', `-rule=${path}`], { stdio: 'pipe' });
});

test('vmalert refuses what it cannot load', () => {
  const path = written(
    'refused.yaml',
    hurried(forOldVmalert(files[0]?.[1] ?? '')).replace('expr: ', 'expr: ('),
  );
  expect(() => execFileSync('vmalert', ['-dryRun', `-rule=${path}`], { stdio: 'pipe' })).toThrow('vmalert');
});

let prometheus = '';
let victoria = '';
let vmalert = '';

beforeAll(async () => {
  const end = Math.floor(Date.now() / 900_000) * 900;
  const played = play(policy, 1, end);
  // Every fourth host: servers and workstations of both customers.
  const world = { ...played, outages: [], lives: played.lives.filter((_, index) => index % 4 === 0) };
  const history = join(directory, 'history.om');
  await writeOpenMetrics(history, scraped(world, { from: end - 7200, to: end + 1 }, 900));
  const rules = files
    .filter(([name]) => name === 'records.yaml' || name === 'alerts.yaml')
    .map(([name, text]) => written(name, hurried(forOldVmalert(text))));
  prometheus = await prometheusWith(history, rules);
  victoria = await victoriaWith(history);
  vmalert = await vmalertWith(rules);
}, 180_000);

async function prometheusWith(history: string, ruleFiles: readonly string[]): Promise<string> {
  const data = join(directory, 'data');
  mkdirSync(data);
  const create = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=744h'];
  execFileSync('promtool', [...create, history, data], { stdio: 'pipe' });
  const flags = [`--query.lookback-delta=${lookBack}`, '--storage.tsdb.retention.time=10y'];
  const { url, stop } = await startPrometheus({ name: 'Prometheus', directory, port: 0, ruleFiles, flags });
  endings.push(stop);
  return url;
}

async function victoriaWith(history: string): Promise<string> {
  const { url, stop, load } = await startVictoria(directory);
  endings.push(stop);
  await load(history);
  return url;
}

async function vmalertWith(rules: readonly string[]): Promise<string> {
  const address = `127.0.0.1:${await freePort(0)}`;
  const server = await startServer(
    'vmalert',
    [
      'vmalert',
      ...rules.map((file) => `-rule=${file}`),
      `-httpListenAddr=${address}`,
      `-datasource.url=${victoria}`,
      `-remoteWrite.url=${victoria}`,
      `-datasource.queryStep=${lookBack}`,
      '-remoteWrite.flushInterval=100ms',
      // Nobody listens there: the alerts are asked for, not sent.
      '-notifier.url=http://127.0.0.1:9',
    ],
    join(directory, 'vmalert.log'),
  );
  endings.push(server.stop);
  await untilReady(server, `http://${address}/health`);
  return `http://${address}`;
}

const labels = z.record(z.string(), z.string());
const queryAnswer = z.object({
  data: z.object({ result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })) }),
});
const alertsAnswer = z.object({ data: z.object({ alerts: z.array(z.object({ labels })) }) });

function labelsText(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .filter(([name]) => name !== 'alertgroup')
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join(' ');
}

async function ask(url: string, query: string, time: number): Promise<readonly string[]> {
  const body = new URLSearchParams({ query, time: String(time), step: lookBack });
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
  const { result } = queryAnswer.parse(await response.json()).data;
  return result.map(({ metric, value }) => `${labelsText(metric)} ${Number(value[1])}`).toSorted();
}

async function active(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/v1/alerts`);
  return alertsAnswer
    .parse(await response.json())
    .data.alerts.map((alert) => labelsText(alert.labels))
    .toSorted();
}

test.each([
  'object:maintenance_control_compliant:bool',
  'object:maintenance_control_known:bool',
  'object:maintenance_control_expected:bool',
  'object:maintenance_control_limit_seconds:effective',
  'object:maintenance_control_state:last',
  'instance:maintenance_control_compliant:min',
  'customer:maintenance_control_expected:sum',
  'customer:maintenance_control_known:ratio',
  'customer:maintenance_control_compliant:ratio',
  'maintenance:control_target:ratio',
  'disk:maintenance_disk_errors:last',
])(
  '%s is what it is in Prometheus',
  async (record) => {
    await vi.waitFor(
      async () => {
        const now = Date.now() / 1000;
        const [ours, theirs] = await Promise.all([ask(prometheus, record, now), ask(victoria, record, now)]);
        expect(ours.length).toBeGreaterThan(0);
        expect(theirs).toEqual(ours);
      },
      { timeout: 180_000, interval: 1000 },
    );
  },
  190_000,
);

test('the same alerts are active', async () => {
  await vi.waitFor(
    async () => {
      const [ours, theirs] = await Promise.all([active(prometheus), active(vmalert)]);
      expect(ours.length).toBeGreaterThan(1);
      expect(theirs).toEqual(ours);
    },
    { timeout: 180_000, interval: 1000 },
  );
}, 190_000);
