import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readPolicy } from '../alerts/policy.ts';
import { serviceRecords } from '../alerts/service-records.ts';
import { freePort, type Running, startServer, untilReady } from '../deploy/local/process.ts';
import { ledgerOf, readFound } from './outages.ts';
import { prometheusAt } from './prometheus.ts';
import { readServiceMonth } from './service-months.ts';

/*
 * A real web server that goes away, the real blackbox_exporter and the real rules: the ledger has the outage, and only it.
 */

vi.setConfig({ testTimeout: 180_000 });

const directory = mkdtempSync(join(tmpdir(), 'services-live-'));
const started: Running[] = [];
let page: Server | undefined;
let port = 0;
let address = '';

const policy = readPolicy('alerts/policy.yaml');
const [shop] = Object.values(policy.services);

beforeAll(async () => {
  if (shop === undefined) throw new Error('the policy has no service');
  port = await freePort(18_080);
  page = await listening(port);
  const blackbox = await freePort(19_115);
  const prober = await startServer(
    'blackbox_exporter',
    [
      'prometheus-blackbox-exporter',
      `--config.file=${resolve('deploy/blackbox/blackbox.yml')}`,
      `--web.listen-address=127.0.0.1:${blackbox}`,
    ],
    join(directory, 'blackbox.log'),
  );
  started.push(prober);
  await untilReady(prober, `http://127.0.0.1:${blackbox}/-/healthy`);
  const instance = `http://127.0.0.1:${port}/`;
  const probe = { job: 'blackbox', instance, module: 'http_2xx' };
  const rules = serviceRecords({
    ...policy,
    evaluation_interval: 1,
    services: { shop: { ...shop, customer: 'acme', probe } },
  });
  const records = join(directory, 'records.yaml');
  writeFileSync(records, dump({ groups: [rules] }, { lineWidth: -1, noRefs: true }));
  const config = join(directory, 'prometheus.yml');
  writeFileSync(config, dump(configOf(records, blackbox, instance)));
  const own = await freePort(19_090);
  const prometheus = await startServer(
    'Prometheus',
    [
      'prometheus',
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${own}`,
      '--log.level=warn',
    ],
    join(directory, 'prometheus.log'),
  );
  started.push(prometheus);
  address = `http://127.0.0.1:${own}`;
  await untilReady(prometheus, `${address}/-/ready`);
});
afterAll(async () => {
  page?.close();
  for (const running of started) await running.stop();
  rmSync(directory, { recursive: true });
});

function configOf(records: string, blackbox: number, instance: string): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [records],
    scrape_configs: [
      {
        job_name: 'blackbox',
        metrics_path: '/probe',
        params: { module: ['http_2xx'] },
        static_configs: [{ targets: [instance] }],
        relabel_configs: [
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__address__'], target_label: 'instance' },
          { target_label: '__address__', replacement: `127.0.0.1:${blackbox}` },
        ],
      },
    ],
  };
}

function listening(on: number): Promise<Server> {
  const server = createServer((_, response) => response.end('here\n'));
  return new Promise((done) => {
    server.listen(on, '127.0.0.1', () => done(server));
  });
}

/** Waits until so many evaluations in a row found this, and gives the instant of the first, unix seconds. */
async function found(value: 0 | 1, since: number): Promise<number> {
  for (;;) {
    const stored = await prometheusAt(address).samples(
      'object:maintenance_service_up:bool{object="shop"}[5m]',
      Date.now() / 1000,
    );
    const samples = stored.flatMap(({ instants, values }) =>
      instants.map((at, index) => ({ at, value: values[index] })),
    );
    const own = samples.filter((sample) => sample.at > since && sample.value === value);
    const [first] = own;
    if (first !== undefined && own.length >= 4) return first.at;
    await new Promise((next) => {
      setTimeout(next, 500);
    });
  }
}

test('an outage is recorded, and stands in the ledger with its length', async () => {
  const begin = await found(1, 0);
  page?.closeAllConnections();
  await new Promise((done) => page?.close(done));
  const away = await found(0, begin);
  page = await listening(port);
  const back = await found(1, away);
  const period = {
    month: '2026-11',
    start: Math.floor(begin),
    end: Math.ceil(back) + 3,
    offset: 0,
    zoneName: 'UTC',
  };
  const prometheus = prometheusAt(address);
  const { services, interval } = await readServiceMonth(prometheus, 'acme', period);
  expect(interval).toBe(1);
  const month = services.get('shop');
  const ledger = ledgerOf(
    await readFound(prometheus, { customer: 'acme', object: 'shop' }, period, true),
    period.start,
    period.end,
    1,
  );
  expect(ledger.outages.map(({ start, planned }) => ({ start, planned }))).toEqual([
    { start: away, planned: 0 },
  ]);
  const [outage] = ledger.outages;
  expect(outage?.end).toBeCloseTo(back, 1);
  expect(outage?.counted).toBe((month?.agreedKnown ?? 0) - (month?.agreedUp ?? 0));
  expect(month?.known).toBe(month?.agreedKnown);
  expect(outage?.counted).toBeGreaterThanOrEqual(4);
});
