import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Collector, CollectorError, defineCollector } from '../collector.ts';
import type { Config } from '../config.ts';
import { createExporter } from '../exporter.ts';
import { createLog } from '../log.ts';
import { sample } from '../metrics.ts';
import { createApp } from './app.ts';

const silent = createLog('error', 'logfmt', () => undefined);
const base = {
  tools: [],
  rights: '',
  metrics: [],
  example: {},
  byDefault: false,
  interval: 3600,
  timeout: 60,
  settings: z.strictObject({}),
  detect: async () => undefined,
};
const good = defineCollector({
  ...base,
  name: 'good',
  summary: 'always answers',
  collect: async () => ({ samples: [sample('maintenance_host_cpus', {}, 2)], problems: [] }),
});
const bad = defineCollector({
  ...base,
  name: 'bad',
  summary: 'never <answers>',
  collect: async () => {
    throw new CollectorError('tool_missing', 'no <tool> here');
  },
});
const hanging = defineCollector({
  ...base,
  name: 'hanging',
  summary: 'never comes back',
  collect: () => new Promise<never>(() => undefined),
});

const config = (collectors: readonly Collector[]): Config => ({
  listenAddresses: [],
  telemetryPath: '/metrics',
  webConfigFile: undefined,
  stateDirectory: tmpdir(),
  logLevel: 'error',
  logFormat: 'logfmt',
  compat: { smartctl_exporter: false },
  jobs: collectors.map((collector) => ({ collector, settings: {}, interval: 3600, timeout: 60 })),
});

const exporter = createExporter(config([good, bad]), '1.2.3', silent);
const reload = vi.fn(async () => {
  exporter.apply(config([good, bad]));
  exporter.noteRead('configuration', true);
});
const app = createApp({ exporter, telemetryPath: '/metrics', version: '1.2.3', reload, log: silent });
const server = createServer(app);

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  exporter.start();
  await vi.waitUntil(async () => (await get('/-/ready')).status === 200, { timeout: 10_000 });
  await vi.waitUntil(async () =>
    (await get('/metrics')).body.includes('maintenance_collector_success{collector="bad"} 0'),
  );
});
afterAll(() => {
  exporter.stop();
  server.close();
});

test('the text format is served by default, with its length', async () => {
  const { status, headers, body } = await get('/metrics');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
  expect(body).toContain('\nmaintenance_host_cpus 2\n');
  expect(body).toContain('maintenance_collector_error_info{collector="bad",reason="tool_missing"} 1');
});

test('OpenMetrics is served to who accepts it', async () => {
  const accept = 'application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5';
  const { headers, body } = await get('/metrics', { accept });
  expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(body.endsWith('# EOF\n')).toBe(true);
});

test('gzip is served to who accepts it, and not to who refuses it', async () => {
  const gzipped = await get('/metrics', { 'accept-encoding': 'deflate, gzip;q=0.8' });
  expect(gzipped.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(gzipped.bytes).toString()).toContain('maintenance_host_cpus 2');
  expect(
    (await get('/metrics', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding'],
  ).toBeUndefined();
});

test('collect[] selects collectors; an unknown one is refused by name', async () => {
  const { body } = await get('/metrics?collect[]=good');
  expect(body).toContain('maintenance_host_cpus 2');
  expect(body).not.toContain('collector="bad"');
  expect(await get('/metrics?collect[]=good&collect[]=goood')).toMatchObject({
    status: 400,
    body: 'no such collector here: goood; enabled are good, bad\n',
  });
});

test('the start page shows each collector, why it failed, and lets no label become markup', async () => {
  const { status, body } = await get('/');
  expect(status).toBe(200);
  expect(body).toContain('✓ Answered');
  expect(body).toContain('✗ tool_missing');
  expect(body).toContain('no &lt;tool&gt; here');
  expect(body).not.toContain('<answers>');
});

test('health and unknown places', async () => {
  expect(await get('/-/healthy')).toMatchObject({ status: 200, body: 'Healthy.\n' });
  expect((await get('/nowhere')).status).toBe(404);
});

test('reload is a POST; a configuration that is not valid keeps the old one and says so in the metrics', async () => {
  expect((await get('/-/reload')).status).toBe(405);
  expect(reload).not.toHaveBeenCalled();
  reload.mockImplementationOnce(async () => {
    exporter.noteRead('configuration', false);
    throw new Error('collectors.apt.intervall: unknown key');
  });
  expect(await get('/-/reload', {}, 'POST')).toMatchObject({
    status: 500,
    body: 'Configuration kept as it was. collectors.apt.intervall: unknown key\n',
  });
  await vi.waitUntil(async () =>
    (await get('/metrics')).body.includes('\nmaintenance_exporter_config_last_reload_successful 0\n'),
  );
  expect(await get('/-/reload', {}, 'POST')).toMatchObject({ status: 200 });
  await vi.waitUntil(async () =>
    (await get('/metrics')).body.includes('\nmaintenance_exporter_config_last_reload_successful 1\n'),
  );
  expect((await get('/metrics')).body).toContain('\nmaintenance_host_cpus 2\n');
});

test('a collector that hangs keeps the exporter from ready, and from nothing else', async () => {
  const waiting = createExporter(config([hanging, good]), '1.2.3', silent);
  const other = createServer(
    createApp({
      exporter: waiting,
      telemetryPath: '/metrics',
      version: '1',
      reload: async () => undefined,
      log: silent,
    }),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  waiting.start();
  const at = portOf(other);
  await vi.waitUntil(async () =>
    (await get('/metrics', {}, 'GET', at)).body.includes('maintenance_host_cpus 2'),
  );
  expect(await get('/-/ready', {}, 'GET', at)).toMatchObject({
    status: 503,
    body: 'Waiting for the first run of hanging.\n',
  });
  waiting.stop();
  other.close();
});

test('scrapes are answered while one collector hangs, one throws and one floods', async () => {
  const flood = { goesOn: true, times: 0 };
  const floodingCollector = defineCollector({
    ...base,
    name: 'flooding',
    summary: 'prints without end',
    collect: async (host) => {
      while (flood.goesOn) {
        // oxlint-disable-next-line no-await-in-loop -- one flood after the other
        await host.run('yes', []).catch(() => undefined);
        flood.times += 1;
      }
      throw new CollectorError('output_too_large', 'played: it never stopped printing');
    },
  });
  const busy = createExporter(config([good, bad, floodingCollector, hanging]), '1.2.3', silent);
  const other = createServer(
    createApp({
      exporter: busy,
      telemetryPath: '/metrics',
      version: '1',
      reload: async () => undefined,
      log: silent,
    }),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  busy.start();
  const at = portOf(other);
  const scrape = () => get('/metrics', {}, 'GET', at);
  await vi.waitUntil(
    async () => flood.times > 0 && (await scrape()).body.includes('maintenance_host_cpus 2'),
    {
      timeout: 30_000,
    },
  );
  const enough = flood.times + 3;
  let scrapes = 0;
  while (flood.times < enough) {
    // oxlint-disable-next-line no-await-in-loop -- one scrape after the other
    const { status, body } = await scrape();
    expect(status).toBe(200);
    expect(body).toContain('maintenance_collector_success{collector="bad"} 0');
    scrapes += 1;
  }
  expect(scrapes).toBeGreaterThan(3);
  flood.goesOn = false;
  busy.stop();
  other.close();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly body: string;
}

function portOf(listening: ReturnType<typeof createServer>): number {
  const address = listening.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function get(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  port = portOf(server),
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode, headers: response.headers, bytes, body: bytes.toString() });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
