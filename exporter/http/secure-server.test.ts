import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as getPlain, type RequestListener } from 'node:http';
import { Agent, get, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket, type SecureVersion } from 'node:tls';
import { hashSync } from 'bcryptjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseSubjectAltName } from './client-certificate.ts';
import { cipherSuites } from './go-tls-names.ts';
import { listen, type Listening } from './serve.ts';

let certificates: string;
let directory: string;
let open: Listening[];
let served: number;
let logged: string[];
let reloads: boolean[];

beforeAll(() => {
  certificates = mkdtempSync(join(tmpdir(), 'certificates-'));
  authority('ca');
  authority('foreign-ca');
  issue('server', 'ca', 'DNS:localhost,IP:127.0.0.1,IP:::1');
  issue('server-new', 'ca', 'DNS:localhost,IP:127.0.0.1,IP:::1');
  issue('server-rsa', 'ca', 'DNS:localhost,IP:127.0.0.1', 'serverAuth', 'rsa:2048');
  issue(
    'trusted',
    'ca',
    'DNS:prometheus.example,IP:10.0.0.1,IP:fd00::1,email:ops@example.org,URI:spiffe://example/prometheus',
  );
  issue('nameless', 'ca', undefined);
  issue('foreign', 'foreign-ca', 'DNS:prometheus.example');
  issue('not-a-client', 'ca', 'DNS:prometheus.example', 'serverAuth');
});
afterAll(() => rmSync(certificates, { recursive: true }));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'secure-server-'));
  [open, served, logged, reloads] = [[], 0, [], []];
  for (const name of ['ca.pem', 'server.pem', 'server.key', 'server-rsa.pem', 'server-rsa.key'])
    copyFileSync(join(certificates, name), join(directory, name));
});
afterEach(async () => {
  await Promise.all(open.map((listening) => listening.close()));
  rmSync(directory, { recursive: true });
});

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: certificates, stdio: 'pipe' });
}

function authority(name: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  openssl('req', '-x509', ...key, '-out', `${name}.pem`, '-subj', `/CN=${name}`, '-days', '2');
}

function issue(
  name: string,
  by: string,
  names: string | undefined,
  use = name.startsWith('server') ? 'serverAuth' : 'clientAuth',
  kind = 'ec',
): void {
  const key = ['-newkey', kind, ...(kind === 'ec' ? ['-pkeyopt', 'ec_paramgen_curve:P-256'] : []), '-nodes'];
  openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  const extensions = [`extendedKeyUsage=${use}`, ...(names === undefined ? [] : [`subjectAltName=${names}`])];
  writeFileSync(join(certificates, `${name}.ext`), extensions.join('\n'));
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${by}.pem`,
    '-CAkey',
    `${by}.key`,
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  );
}

const pem = (file: string) => readFileSync(join(certificates, file), 'utf8');
const as = (client: string | undefined): RequestOptions =>
  client === undefined ? {} : { cert: pem(`${client}.pem`), key: pem(`${client}.key`) };

const write =
  (level: string) =>
  (message: string, fields: { readonly error?: unknown } = {}) =>
    void logged.push(
      `${level} ${message}: ${typeof fields.error === 'string' ? fields.error : ''}`.replaceAll(
        directory,
        'DIR',
      ),
    );
const log = { debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') };
const hello: RequestListener = (_, response) => {
  served += 1;
  response.end('hello');
};

function configure(more: string, rest = '', server = 'server'): void {
  const yaml = `tls_server_config: {cert_file: ${server}.pem, key_file: ${server}.key, ${more}}\n${rest}`;
  writeFileSync(join(directory, 'web.yml'), yaml);
}

async function start(more = '', rest = '', server = 'server'): Promise<string> {
  configure(more, rest, server);
  const listening = await listen(hello, {
    addresses: ['127.0.0.1:0', '[::1]:0'],
    webConfigFile: join(directory, 'web.yml'),
    log,
    onReload: (successful) => reloads.push(successful),
  });
  open.push(listening);
  return listening.urls[0] ?? '';
}

interface Handshake {
  readonly status: number | undefined;
  readonly server: string;
  readonly protocol: string | null;
  readonly cipher: string;
  readonly curve: string | undefined;
  readonly session: Buffer | undefined;
  readonly resumed: boolean;
  readonly sameConnection: boolean;
}

type Options = RequestOptions & { readonly session?: Buffer };

/** Connects anew, unless told otherwise by an agent, and asks. */
function ask(url: string, options: Options = {}): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    let session: Buffer | undefined;
    const request = get(url, { agent: false, ca: pem('ca.pem'), ...options }, (response) => {
      const { socket } = response;
      if (!(socket instanceof TLSSocket)) return reject(new Error('no TLS'));
      const key = socket.getEphemeralKeyInfo();
      const handshake = {
        status: response.statusCode,
        server: String(socket.getPeerX509Certificate()?.subject),
        protocol: socket.getProtocol(),
        cipher: socket.getCipher().name,
        curve: key !== null && 'name' in key ? key.name : undefined,
        resumed: socket.isSessionReused(),
        sameConnection: request.reusedSocket,
      };
      response.resume();
      return response.on('end', () => resolve({ ...handshake, session: session ?? socket.getSession() }));
    });
    request.on('socket', (socket) => socket.on('session', (ticket: Buffer) => (session = ticket)));
    request.on('error', reject);
  });
}
const answered = (url: string, options?: Options): Promise<string> =>
  ask(url, options).then(
    ({ status }) => String(status),
    () => 'refused',
  );

const protocols = ['TLSv1.2', 'TLSv1.3'] as const;

describe.each(protocols)('clients over %s', (version) => {
  const only = { minVersion: version, maxVersion: version };
  test.each([
    ['NoClientCert', '', ['200', '200', '200', '200']],
    ['RequestClientCert', 'client_auth_type: RequestClientCert', ['200', '200', '200', '200']],
    ['RequireAnyClientCert', 'client_auth_type: RequireAnyClientCert', ['refused', '200', '200', '200']],
    ['RequireClientCert', 'client_auth_type: RequireClientCert', ['refused', '200', '200', '200']],
    [
      'VerifyClientCertIfGiven',
      'client_auth_type: VerifyClientCertIfGiven, client_ca_file: ca.pem',
      ['200', 'refused', 'refused', '200'],
    ],
    [
      'RequireAndVerifyClientCert',
      'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem',
      ['refused', 'refused', 'refused', '200'],
    ],
  ])('with %s: none, a foreign one, one for servers, a trusted one', async (_, yaml, verdicts) => {
    const url = await start(yaml);
    const clients = [undefined, 'foreign', 'not-a-client', 'trusted'];
    expect(await Promise.all(clients.map((client) => answered(url, { ...as(client), ...only })))).toEqual(
      verdicts,
    );
    expect(served).toBe(verdicts.filter((verdict) => verdict === '200').length);
  });
});

describe('clients', () => {
  test('that are refused are logged with the reason', async () => {
    const url = await start(
      'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem, client_allowed_sans: [alice, bob]',
    );
    for (const client of [undefined, 'foreign', 'trusted', 'nameless']) await answered(url, as(client));
    expect(logged).toEqual([
      'warn client refused: sent no certificate, RequireAndVerifyClientCert wants one',
      'warn client refused: sent a certificate that no client CA vouches for (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
      'warn client refused: sent a certificate for prometheus.example, 10.0.0.1, fd00::1, ops@example.org, spiffe://example/prometheus, which client_allowed_sans does not list',
      'warn client refused: sent a certificate for no name, which client_allowed_sans does not list',
    ]);
    expect(served).toBe(0);
  });

  test.each([
    ['prometheus.example', '200'],
    ['10.0.0.1', '200'],
    ['fd00::1', '200'],
    ['FD00:0:0:0:0:0:0:1', '200'],
    ['ops@example.org', '200'],
    ['spiffe://example/prometheus', '200'],
    ['example', 'refused'],
    ['.example', 'refused'],
    ['*.example', 'refused'],
    ['PROMETHEUS.example', 'refused'],
    ['trusted', 'refused'],
    ['DNS:prometheus.example', 'refused'],
  ])('named in client_allowed_sans as %s get %s', async (name, verdict) => {
    const url = await start(
      `client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem, client_allowed_sans: [nobody, '${name}']`,
    );
    expect(await answered(url, as('trusted'))).toBe(verdict);
    expect(await answered(url, as('nameless'))).toBe('refused');
    expect(await answered(url, as('foreign'))).toBe('refused');
  });

  test('need a password as well where both are configured, on IPv6 too', async () => {
    await start(
      'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem',
      `basic_auth_users: {dave: ${hashSync('x', 4)}}`,
    );
    for (const url of open[0]?.urls ?? []) {
      expect(await answered(url, as('trusted'))).toBe('401');
      expect(await answered(url, { ...as('trusted'), auth: 'dave:x' })).toBe('200');
      expect(await answered(url, { auth: 'dave:x' })).toBe('refused');
    }
  });

  test('that speak plain HTTP get nothing, and the server goes on', async () => {
    const url = await start();
    const plain = new Promise((resolve, reject) =>
      getPlain(url.replace('https', 'http'), resolve).on('error', reject),
    );
    await expect(plain).rejects.toThrow();
    expect(await answered(url)).toBe('200');
    expect(served).toBe(1);
  });

  test.each([
    ['DNS:a, IP Address:10.0.0.1, URI:spiffe://x/y, email:a@b', ['a', '10.0.0.1', 'spiffe://x/y', 'a@b']],
    ['IP Address:FD00:0:0:0:0:0:0:1', ['fd00::1']],
    [String.raw`DNS:"a, DNS:admin", DNS:b`, ['a, DNS:admin', 'b']],
    [String.raw`DNS:"quote \" DNS:admin", URI:x`, ['quote " DNS:admin', 'x']],
    ['othername:<unsupported>, DirName:CN = admin, DNS:a', ['a']],
    ['othername: DNS:admin', []],
    ['', []],
  ])('names in %o are %o', (text, names) => {
    expect(parseSubjectAltName(text)).toEqual(names);
  });
});

describe('versions, suites and curves', () => {
  test.each<[string, SecureVersion, string]>([
    ['', 'TLSv1.3', 'TLSv1.3'],
    ['', 'TLSv1.2', 'TLSv1.2'],
    ['', 'TLSv1.1', 'refused'],
    ['min_version: TLS13', 'TLSv1.2', 'refused'],
    ['max_version: TLS12', 'TLSv1.3', 'refused'],
    ['min_version: TLS10', 'TLSv1', 'TLSv1'],
    ['min_version: TLS11, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]', 'TLSv1.1', 'TLSv1.1'],
    ['min_version: TLS11', 'TLSv1', 'refused'],
    ['min_version: TLS10', 'TLSv1.3', 'TLSv1.3'],
  ])('%o and a client of %s make %s', async (yaml, version, verdict) => {
    const url = await start(yaml);
    const client = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
    expect(
      await ask(url, client).then(
        ({ protocol }) => protocol,
        () => 'refused',
      ),
    ).toBe(verdict);
  });

  test.each([...cipherSuites].filter(([name]) => /_(ECDSA|RSA)_/.test(name)))(
    '%s is %s on the wire',
    async (name, cipher) => {
      const server = name.includes('ECDSA') ? 'server' : 'server-rsa';
      const url = await start(`cipher_suites: [${name}]`, '', server);
      expect(await ask(url, { maxVersion: 'TLSv1.2', ciphers: 'ALL' })).toMatchObject({ cipher });
      expect(await ask(url)).toMatchObject({ protocol: 'TLSv1.3' });
    },
  );

  test('a suite of TLS 1.3 leaves TLS 1.2 out and, as in Go, the other suites of TLS 1.3 in', async () => {
    const url = await start('cipher_suites: [TLS_AES_128_GCM_SHA256]');
    expect(await answered(url, { maxVersion: 'TLSv1.2' })).toBe('refused');
    expect(await ask(url, { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' })).toMatchObject({ status: 200 });
  });

  test.each([
    ['true', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['false', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ])('prefer_server_cipher_suites %s picks %s', async (prefer, cipher) => {
    const suites = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
    const url = await start(`prefer_server_cipher_suites: ${prefer}, cipher_suites: [${suites}]`);
    const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384';
    expect(await ask(url, { maxVersion: 'TLSv1.2', ciphers })).toMatchObject({ cipher });
  });

  test.each([
    ['CurveP256', 'prime256v1'],
    ['CurveP384', 'secp384r1'],
    ['CurveP521', 'secp521r1'],
    ['X25519', 'X25519'],
  ])('%s is %s on the wire', async (curve, name) => {
    const url = await start(`curve_preferences: [${curve}]`);
    const ecdhCurve = 'X25519:P-256:P-384:P-521';
    expect(await ask(url, { maxVersion: 'TLSv1.2', ecdhCurve })).toMatchObject({ curve: name });
  });
});

function replaceOne(name: string, by: string): void {
  copyFileSync(join(certificates, by), join(directory, name));
}

function replace(name: string, by: string): void {
  for (const end of ['pem', 'key']) replaceOne(`${name}.${end}`, `${by}.${end}`);
}

describe('without a restart', () => {
  test('a new certificate serves the next connection, and open ones go on', async () => {
    const url = await start();
    const agent = new Agent({ keepAlive: true, ca: pem('ca.pem') });
    expect(await ask(url, { agent })).toMatchObject({ server: 'CN=server' });
    replace('server', 'server-new');
    expect(await ask(url)).toMatchObject({ status: 200, server: 'CN=server-new' });
    expect(await ask(url, { agent })).toMatchObject({ status: 200, sameConnection: true });
    agent.destroy();
    expect(await Promise.all((open[0]?.urls ?? []).map((each) => ask(each)))).toMatchObject([
      { server: 'CN=server-new' },
      { server: 'CN=server-new' },
    ]);
    expect(reloads).toEqual([true, true]);
  });

  test.each([
    [
      'a key that does not fit',
      () => replaceOne('server.key', 'server-new.key'),
      'tls_server_config.key_file: DIR/server.key: does not belong to the certificate in cert_file; use the key the certificate was made for',
    ],
    [
      'half a certificate',
      () => writeFileSync(join(directory, 'server.pem'), pem('server.pem').slice(0, 200)),
      'tls_server_config.cert_file: DIR/server.pem: holds no certificate; expected PEM text with BEGIN CERTIFICATE',
    ],
    [
      'no certificate',
      () => rmSync(join(directory, 'server.pem')),
      'tls_server_config.cert_file: DIR/server.pem: no such file; check the path, relative ones start from the directory of the web configuration',
    ],
    [
      'an emptied file',
      () => writeFileSync(join(directory, 'web.yml'), ''),
      'tls_server_config: TLS is on until a restart, restart to change it',
    ],
    [
      'no question for client certificates',
      () => configure(''),
      'tls_server_config.client_auth_type: clients are asked for a certificate until a restart, restart to change it',
    ],
  ])('%s changes nothing, until it is right again', async (_, breakIt, reason) => {
    const yaml = 'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem';
    const url = await start(yaml);
    breakIt();
    for (let n = 0; n < 2; n += 1) {
      expect(await ask(url, as('trusted'))).toMatchObject({ status: 200, server: 'CN=server' });
      expect(await answered(url, as('foreign'))).toBe('refused');
      expect(await answered(url)).toBe('refused');
    }
    expect(reloads).toEqual([true, false]);
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([
      `error web configuration not usable; the last good one stays in use: web configuration DIR/web.yml: ${reason}`,
    ]);
    replace('server', 'server-new');
    configure(yaml);
    expect(await ask(url, as('trusted'))).toMatchObject({ status: 200, server: 'CN=server-new' });
    expect(reloads.at(-1)).toBe(true);
  });

  test('a new client CA, policy and version count for the next connection', async () => {
    const url = await start('client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem');
    const verdicts = () => Promise.all(['trusted', 'foreign'].map((client) => answered(url, as(client))));
    expect(await verdicts()).toEqual(['200', 'refused']);
    replaceOne('ca.pem', 'foreign-ca.pem');
    expect(await verdicts()).toEqual(['refused', '200']);
    configure('client_auth_type: RequestClientCert');
    expect(await verdicts()).toEqual(['200', '200']);
    configure('client_auth_type: RequestClientCert, min_version: TLS13');
    expect(await answered(url, { maxVersion: 'TLSv1.2' })).toBe('refused');
    configure('client_auth_type: RequestClientCert');
    expect(await answered(url, { maxVersion: 'TLSv1.2' })).toBe('200');
  });

  test.each(protocols)(
    'a client of the old CA cannot come back with an old session of %s',
    async (version) => {
      const url = await start('client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem');
      const client = { ...as('trusted'), minVersion: version, maxVersion: version };
      const { session } = await ask(url, client);
      if (session === undefined) throw new Error('no session to resume');
      expect(await ask(url, { ...client, session })).toMatchObject({ status: 200, resumed: true });
      replaceOne('ca.pem', 'foreign-ca.pem');
      expect(await answered(url, { ...client, session })).toBe('refused');
    },
  );
});
