import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readPolicy } from '../../alerts/policy.ts';
import { freePort, type Running, startServer, untilReady } from '../local/process.ts';

/** As docker-compose.yml mounts it. */
const directory = mkdtempSync(join(tmpdir(), 'maintenance-prometheus-'));
const config = join(directory, 'prometheus.yml');
let server: Running;
let url: string;

const hosts = [
  { targets: ['127.0.0.1'], labels: { customer: 'acme', role: 'server' } },
  { targets: ['127.0.0.2:9999'], labels: { customer: 'acme', role: 'server' } },
  { targets: ['[::1]'], labels: { customer: 'acme' } },
  { targets: ['[::1]:9999'], labels: { customer: 'acme' } },
  { targets: ['127.0.0.3:9999'], labels: { customer: 'birch', instance: 'front-desk' } },
  { targets: ['127.0.0.4'], labels: {} },
  { targets: ['127.0.0.5'], labels: { customer: 'ACME Ltd' } },
];

/** An exporter that says it belongs to another customer. */
const liarServer = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/plain; version=0.0.4');
  response.end('maintenance_host_cpus{customer="birch",instance="other",role="server",job="other"} 4\n');
});

async function startLiar() {
  const port = await freePort(0);
  await new Promise<void>((resolve) => void liarServer.listen(port, '127.0.0.9', resolve));
  return { targets: [`127.0.0.9:${port}`], labels: { customer: 'acme', role: 'workstation' } };
}

beforeAll(async () => {
  cpSync('deploy/prometheus', directory, { recursive: true });
  cpSync('alerts/generated', join(directory, 'rules'), { recursive: true });
  const liar = await startLiar();
  writeFileSync(join(directory, 'targets', 'test.yml'), dump([...hosts, liar]));
  writeFileSync(config, readFileSync(config, 'utf8').replace('scrape_interval: 1m', 'scrape_interval: 1s'));
  mkdirSync(join(directory, 'data'));
  const port = await freePort(0);
  url = `http://127.0.0.1:${port}`;
  server = await startServer(
    'Prometheus',
    [
      'prometheus',
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    join(directory, 'prometheus.log'),
  );
  await untilReady(server, `${url}/-/ready`);
});

afterAll(async () => {
  await server.stop();
  liarServer.close();
  rmSync(directory, { recursive: true });
});

test.each(['prometheus.yml', 'history.yml'])(
  'promtool accepts %s with its rules and target files',
  (file) => {
    expect(
      execFileSync('promtool', ['check', 'config', join(directory, file)], { encoding: 'utf8' }),
    ).toContain('SUCCESS');
  },
);

const targetFile = z.array(
  z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()) }),
);

test('the hosts of the target files belong to customers of the policy', () => {
  const customers = Object.keys(readPolicy('alerts/policy.yaml').customers);
  const groups = targetFile.parse(load(readFileSync('deploy/prometheus/targets/acme.yml', 'utf8')));
  expect(
    groups.map(({ labels }) => labels['customer']).filter((name = '') => !customers.includes(name)),
  ).toEqual([]);
});

const targetsAnswer = z.object({
  data: z.object({
    activeTargets: z.array(z.object({ scrapeUrl: z.string(), labels: z.record(z.string(), z.string()) })),
    droppedTargets: z.array(z.object({ discoveredLabels: z.record(z.string(), z.string()) })),
  }),
});

/** Prometheus hands over discovered targets every five seconds. */
async function targetsOnceFound() {
  for (const deadline = Date.now() + 30_000; ;) {
    const { data } = targetsAnswer.parse(await (await fetch(`${url}/api/v1/targets`)).json());
    const activeTargets = data.activeTargets.filter(({ labels }) => labels['job'] !== 'prometheus');
    if (activeTargets.length > 0 || Date.now() > deadline) return { ...data, activeTargets };
    await setTimeout(100);
  }
}

test('hosts get a port, a name without it and their customer; a host without a customer is not scraped', async () => {
  const { activeTargets, droppedTargets } = await targetsOnceFound();
  const scraped = activeTargets
    .filter(({ labels }) => labels['instance'] !== '127.0.0.9' && labels['job'] === 'maintenance')
    .map(({ scrapeUrl, labels }) => [scrapeUrl, labels['customer'], labels['instance']]);
  expect(new Set(scraped)).toEqual(
    new Set([
      ['http://127.0.0.1:10847/metrics', 'acme', '127.0.0.1'],
      ['http://127.0.0.2:9999/metrics', 'acme', '127.0.0.2'],
      ['http://[::1]:10847/metrics', 'acme', '::1'],
      ['http://[::1]:9999/metrics', 'acme', '::1'],
      ['http://127.0.0.3:9999/metrics', 'birch', 'front-desk'],
      ['http://exporter:10847/metrics', 'acme', 'exporter'],
    ]),
  );
  const jobs = new Set(activeTargets.map(({ labels }) => labels['job']));
  // Services of the policy are probed, and their probes have a job of their own.
  expect(jobs).toEqual(new Set(['blackbox', 'maintenance']));
  expect(new Set(droppedTargets.map(({ discoveredLabels }) => discoveredLabels['__address__']))).toEqual(
    new Set(['127.0.0.4', '127.0.0.5']),
  );
});

const queryAnswer = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
});

test('a host cannot name its customer: what it says is kept apart', async () => {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`${url}/api/v1/query?query=maintenance_host_cpus`);
    const { data } = queryAnswer.parse(await answer.json());
    if (data.result.length === 0 && Date.now() < deadline) {
      await setTimeout(100);
      continue;
    }
    expect(data.result.map(({ metric }) => metric)).toEqual([
      {
        __name__: 'maintenance_host_cpus',
        job: 'maintenance',
        customer: 'acme',
        instance: '127.0.0.9',
        role: 'workstation',
        exported_job: 'other',
        exported_customer: 'birch',
        exported_instance: 'other',
        exported_role: 'server',
      },
    ]);
    return;
  }
});
