import { Agent, createServer, request, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, test } from 'vitest';
import { z } from 'zod';
import { defineCollector } from '../collector.ts';
import { createExporter } from '../exporter.ts';
import { createLog } from '../log.ts';
import { sample } from '../metrics.ts';
import { createApp } from './app.ts';

// One host's worth of series: what a scrape costs beside the cheapest server that sends the same bytes.
const samples = Array.from({ length: 250 }, (_, index) =>
  sample(
    'maintenance_disk_attribute_raw',
    { disk: 'wwn-1', attribute_id: String(index), attribute_name: 'x' },
    index,
  ),
);
const collector = defineCollector({
  name: 'bench',
  summary: '250 series',
  tools: [],
  rights: '',
  metrics: [],
  example: {},
  byDefault: false,
  interval: 3600,
  timeout: 60,
  settings: z.strictObject({}),
  detect: async () => undefined,
  collect: async () => ({ samples, problems: [] }),
});
const silent = createLog('error', 'logfmt', () => undefined);
const exporter = createExporter(
  {
    listenAddresses: [],
    telemetryPath: '/metrics',
    webConfigFile: undefined,
    stateDirectory: tmpdir(),
    logLevel: 'error',
    logFormat: 'logfmt',
    compat: { smartctl_exporter: false },
    jobs: [{ collector, settings: {}, interval: 3600, timeout: 60 }],
  },
  '0',
  silent,
);
const app = createApp({
  exporter,
  telemetryPath: '/metrics',
  version: '0',
  reload: async () => undefined,
  log: silent,
});
const bytes: RequestListener = (_, response) => {
  const plain = exporter.exposition()?.text.plain ?? Buffer.alloc(0);
  response.writeHead(200, { 'Content-Length': plain.length }).end(plain);
};
const perScrape: RequestListener = (_, response) => {
  void exporter.select(['bench']).then(({ text }) => response.end(text.plain));
};
const servers = [createServer(bytes), createServer(app), createServer(perScrape)] as const;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  exporter.start();
  await exporter.runAll();
  await Promise.all(
    servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))),
  );
});
afterAll(() => {
  exporter.stop();
  agent.destroy();
  servers.forEach((server) => server.close());
});

test('a scrape of 250 series', async ({ bench }) => {
  await bench.compare(
    bench('node:http sending the same bytes', () => scrape(servers[0])),
    bench('the exporter', () => scrape(servers[1])),
    bench('rendering on every scrape instead', () => scrape(servers[2])),
  );
});

function scrape(server: Server): Promise<void> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/metrics', agent }, (response) => {
      response.on('end', resolve).resume();
    })
      .on('error', reject)
      .end();
  });
}
