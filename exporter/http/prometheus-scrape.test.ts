import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashSync } from 'bcryptjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { listen, type Listening } from './serve.ts';

const queryReply = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.object({ job: z.string() }), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

let directory: string;
let exporter: Listening | undefined;
let prometheus: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'prometheus-scrape-'));
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca');
  for (const [name, extension] of [
    ['exporter', 'subjectAltName=IP:127.0.0.1'],
    ['prometheus', 'extendedKeyUsage=clientAuth\nsubjectAltName=DNS:prometheus'],
  ] as const) {
    writeFileSync(join(directory, `${name}.ext`), extension);
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const by = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
    ];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
  }
});
afterEach(async () => {
  const ended = new Promise((resolve) => prometheus?.on('exit', resolve) ?? resolve(undefined));
  prometheus?.kill();
  await ended;
  await exporter?.close();
  rmSync(directory, { recursive: true });
});

test('Prometheus scrapes with a client certificate and a password, and not without (needs prometheus)', async () => {
  const webConfigFile = join(directory, 'web.yml');
  const tls = 'cert_file: exporter.pem, key_file: exporter.key, client_ca_file: ca.pem';
  const clients = 'client_auth_type: RequireAndVerifyClientCert, client_allowed_sans: [prometheus]';
  writeFileSync(
    webConfigFile,
    `tls_server_config: {${tls}, ${clients}}\nbasic_auth_users: {prometheus: ${hashSync('secret', 10)}}\n`,
  );
  exporter = await listen(
    (_, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end('answer 42\n');
    },
    { addresses: ['127.0.0.1:0'], webConfigFile, log: createLog('error', 'logfmt', () => undefined) },
  );
  const target = new URL(exporter.urls[0] ?? '').host;
  const certificate = '{ca_file: ca.pem, cert_file: prometheus.pem, key_file: prometheus.key}';
  const job = (name: string, tlsConfig: string, password: string) => `
  - {job_name: ${name}, scheme: https, scrape_interval: 1s, scrape_timeout: 1s, tls_config: ${tlsConfig}, basic_auth: {username: prometheus, password: ${password}}, static_configs: [{targets: ['${target}']}]}`;
  writeFileSync(
    join(directory, 'prometheus.yml'),
    `scrape_configs:${job('right', certificate, 'secret')}${job('wrong', certificate, 'wrong')}${job('bare', '{ca_file: ca.pem}', 'secret')}\n`,
  );
  const port = await freePort();
  const flags = [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=data',
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  prometheus = spawn('prometheus', flags, { cwd: directory, stdio: 'ignore' });
  const query = encodeURIComponent('sum by (job) (max_over_time(up[1m])) and on () (count(up) == 3)');
  const answer = await until(async () => {
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${query}`);
    const { result } = queryReply.parse(await reply.json()).data;
    const up = new Map(result.map(({ metric, value }) => [metric.job, value[1]]));
    return up.get('right') === '1' ? up : undefined;
  });
  expect(answer).toEqual(
    new Map([
      ['right', '1'],
      ['wrong', '0'],
      ['bare', '0'],
    ]),
  );
});

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const at = server.address();
      server.close(() => resolve(typeof at === 'object' && at !== null ? at.port : 0));
    }),
  );
}

/** Asks until there is an answer, or fails after 30 s. */
async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await attempt().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('did not happen within 30 s');
    await sleep(50);
  }
}
