import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, startServer, untilReady } from '../deploy/local/process.ts';
import { startPrometheus } from '../deploy/local/prometheus.ts';
import { type ConnectionOptions, readConnection } from './prometheus-connection.ts';
import { type Asking, prometheusAt, usualTimeout } from './prometheus.ts';

/*
 * The real servers, with what stands between them and a report: passwords, TLS, client certificates, limits.
 */

const directory = mkdtempSync(join(tmpdir(), 'maintenance-connection-'));
const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(endings.map((end) => end()));
  rmSync(directory, { recursive: true });
});

const impatient: Asking = {
  timeout: usualTimeout,
  patience: { attempts: 1, pause: () => Promise.resolve(), random: () => 1 },
};
const untilThere: Asking = {
  timeout: usualTimeout,
  patience: { attempts: 200, pause: () => later(50), random: () => 1 },
};
const file = (name: string, content?: string): string => {
  if (content !== undefined) writeFileSync(join(directory, name), content);
  return join(directory, name);
};

async function one(options: ConnectionOptions, asking = impatient): Promise<number | undefined> {
  const prometheus = prometheusAt(await readConnection(options), asking);
  return (await prometheus.values('vector(1)', 1_700_000_000))[0]?.value;
}

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
};
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function authority(name: string): void {
  openssl('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`);
}

function certificate(name: string, by: string, { address = 'IP:127.0.0.1', dates = '' } = {}): void {
  openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  file(
    `${name}.conf`,
    `[ca]\ndefault_ca = own\n[own]\nnew_certs_dir = .\ndatabase = ${name}.index\nrand_serial = yes\ndefault_md = sha256\n` +
      `policy = any\nx509_extensions = alternative\n[any]\ncommonName = supplied\n[alternative]\nsubjectAltName = ${address}\n`,
  );
  file(`${name}.index`, '');
  const until = dates === '' ? ['-days', '2'] : ['-startdate', '200101000000Z', '-enddate', dates];
  const signing = ['ca', '-batch', '-notext', '-config', `${name}.conf`, '-cert', `${by}.pem`];
  openssl(...signing, '-keyfile', `${by}.key`, ...until, '-in', `${name}.csr`, '-out', `${name}.pem`);
}

/** bcrypt of "correct horse", cost 4. */
let hash = '';

beforeAll(async () => {
  authority('ours');
  authority('theirs');
  certificate('server', 'ours');
  certificate('other', 'ours', { address: 'DNS:other.example' });
  certificate('expired', 'ours', { dates: '210101000000Z' });
  certificate('client', 'ours');
  certificate('stranger', 'theirs');
  const { hashSync } = await import('bcryptjs');
  hash = hashSync('correct horse', 4);
});

/** Prometheus behind a web configuration. */
async function protectedPrometheus(
  name: string,
  web: unknown,
  flags: readonly string[] = [],
): Promise<{ readonly port: number; readonly there: (options: ConnectionOptions) => Promise<unknown> }> {
  const port = await freePort(0);
  const running = await startServer(
    name,
    [
      'prometheus',
      `--config.file=${file(`${name}.yml`, '')}`,
      `--storage.tsdb.path=${file(name)}`,
      `--web.config.file=${file(`${name}-web.yml`, dump(web))}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    file(`${name}.log`),
  );
  endings.push(running.stop);
  return { port, there: (options) => one(options, untilThere) };
}

const tls = (name: string) => ({ cert_file: `${name}.pem`, key_file: `${name}.key` });
const users = () => ({ basic_auth_users: { report: hash } });

describe('a Prometheus behind TLS and a password', () => {
  let port = 0;
  const asked = (rest: Partial<ConnectionOptions> = {}) => ({
    prometheus: `https://127.0.0.1:${port}`,
    caFile: file('ours.pem'),
    ...rest,
  });

  beforeAll(async () => {
    const started = await protectedPrometheus('secured', { tls_server_config: tls('server'), ...users() });
    ({ port } = started);
    file('password', 'correct horse\n');
    file('wrong', 'battery staple\n');
    await started.there(asked({ user: 'report', passwordFile: file('password') }));
  });

  test('answers whoever shows both', async () => {
    expect(await one(asked({ user: 'report', passwordFile: file('password') }))).toBe(1);
    const inAddress = `https://report:correct%20horse@127.0.0.1:${port}`;
    expect(await one(asked({ prometheus: inAddress }))).toBe(1);
    const basic = `Authorization: Basic ${Buffer.from('report:correct horse').toString('base64')}`;
    expect(await one(asked({ header: ['X-Scope-OrgID: acme', basic] }))).toBe(1);
  });

  test.each([
    ['no password', {}, /answered HTTP 401: it asks who we are\. Add --user and --password-file/],
    [
      'a wrong password',
      { user: 'report', passwordFile: file('wrong') },
      /HTTP 401: it does not accept the name and password or the token it was given/,
    ],
    ['a token', { tokenFile: file('wrong') }, /HTTP 401: it does not accept/],
    ['no authority', { caFile: '' }, /authority this machine does not know.*--ca-file/],
    ['another authority', { caFile: file('theirs.pem') }, /authority this machine does not know.*--ca-file/],
  ] as const)('%s is told apart', async (_, rest, message) => {
    const { caFile, ...others } = asked(rest);
    const failed = one({ ...others, ...(caFile === '' ? {} : { caFile }) });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow(/battery|horse/);
  });

  test('http to it is told apart', async () => {
    await expect(one(asked({ prometheus: `http://127.0.0.1:${port}` }))).rejects.toThrow(
      /it speaks TLS only\. Write https:/,
    );
  });
});

test.each([
  ['expired', /its certificate has expired\. Renew it\./],
  ['other', /its certificate is of another name/],
])('a certificate that is %s is told apart', async (name, message) => {
  const { port } = await protectedPrometheus(name, { tls_server_config: tls(name) });
  const options = { prometheus: `https://127.0.0.1:${port}`, caFile: file('ours.pem') };
  await expect(one(options, untilThere)).rejects.toThrow(message);
});

test('a client certificate is shown; without one, or with that of a stranger, the message says so', async () => {
  const web = {
    tls_server_config: {
      ...tls('server'),
      client_auth_type: 'RequireAndVerifyClientCert',
      client_ca_file: 'ours.pem',
    },
  };
  const { port, there } = await protectedPrometheus('mutual', web);
  const options = { prometheus: `https://127.0.0.1:${port}`, caFile: file('ours.pem') };
  const showing = (name: string) => ({
    ...options,
    certFile: file(`${name}.pem`),
    keyFile: file(`${name}.key`),
  });
  await there(showing('client'));
  expect(await one(showing('client'))).toBe(1);
  await expect(one(options)).rejects.toThrow(/it wants a client certificate.*--cert-file and --key-file/);
  await expect(one(showing('stranger'))).rejects.toThrow(/it wants a client certificate/);
  await expect(one({ ...showing('client'), keyFile: file('stranger.key') })).rejects.toThrow(
    /not PEM certificates, or a key of another certificate/,
  );
});

test('limits of Prometheus are named with what to raise, and https to it is told apart', async () => {
  const { url, stop } = await startPrometheus({
    name: 'Prometheus',
    directory: file('limited'),
    port: 0,
    flags: ['--query.max-samples=3'],
  });
  endings.push(stop);
  const prometheus = prometheusAt(url, impatient);
  await expect(prometheus.values('sum_over_time(vector(1)[10m:1m])', 1_700_000_000)).rejects.toThrow(
    /too many samples.*Raise the limit of that server: --query\.max-samples/,
  );
  await expect(prometheus.values('sum(', 1_700_000_000)).rejects.toThrow(
    /cannot answer sum\(: .*parse error/,
  );
  await expect(prometheusAt(`${url}/nowhere`, impatient).values('vector(1)', 1)).rejects.toThrow(
    /answered HTTP 404: no query API there\. Check the path/,
  );
  await expect(one({ prometheus: url.replace('http:', 'https:') })).rejects.toThrow(
    /it does not speak TLS\. Write http:/,
  );
  expect(await prometheus.retention()).toBe('15d');
});

test('VictoriaMetrics answers as well, and keeps its retention to itself', async () => {
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}`;
  const running = await startServer(
    'VictoriaMetrics',
    [
      'victoria-metrics',
      `-storageDataPath=${file('victoria')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=100y',
    ],
    file('victoria.log'),
  );
  endings.push(running.stop);
  await untilReady(running, `${url}/health`);
  const lines = [1, 2, 3].map(
    (value) => `beat{customer="acme"} ${value} ${1_700_000_000_000 + value * 60_000}`,
  );
  await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: lines.join('\n') });
  await fetch(`${url}/internal/force_flush`);
  const prometheus = prometheusAt(url, impatient);
  const end = 1_700_000_300;
  expect(await prometheus.values('sum_over_time(beat[300000ms])', end)).toEqual([
    { labels: { customer: 'acme' }, value: 6 },
  ]);
  expect(await prometheus.samples('beat[300000ms]', end)).toEqual([
    {
      labels: { __name__: 'beat', customer: 'acme' },
      instants: [1_700_000_060, 1_700_000_120, 1_700_000_180],
      values: [1, 2, 3],
    },
  ]);
  expect(await prometheus.retention()).toBe(undefined);
  expect(await prometheus.version()).toMatch(/^\d|^unknown$/);
  await expect(prometheus.values('sum(', end)).rejects.toThrow(/cannot answer sum\(/);
});
