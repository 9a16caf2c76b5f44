import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cipherSuites } from './go-tls-names.ts';
import { openWebConfigFile } from './web-config-file.ts';
import { parseWebConfig } from './web-config.ts';

const hash = '$2b$10$yb1s6iAFHSOowqoEuRy7EOeiUykvO0nKZQToG2CdH2eTSA.GCn0pO';
const notBcrypt = `not a bcrypt hash; make one with: htpasswd -nBC 10 "" | tr -d ':\\n'`;
const tls = (more = '') => `tls_server_config: {cert_file: cert.pem, key_file: key.pem, ${more}}`;
const headers = (more: string) => `http_server_config: {headers: {${more}}}`;

interface Case {
  readonly yaml: string;
  /** Our message, without the name of the file; undefined where we accept. */
  readonly mistake?: string;
  /** What exporter-toolkit says, where it is not what we say: the reason we differ. */
  readonly differs?: string;
  /** promtool 2.42 does not know this key yet; the verdict was read in exporter-toolkit's source. */
  readonly newer?: true;
}

const cases: readonly Case[] = [
  // Nothing in it.
  { yaml: '' },
  { yaml: '# nothing yet\n' },
  { yaml: '~' },
  { yaml: '{}' },
  { yaml: 'tls_server_config:' },
  { yaml: 'tls_server_config: {}' },
  { yaml: 'basic_auth_users: {}' },
  { yaml: 'http_server_config:\nbasic_auth_users:\n' },
  { yaml: `\ufeffbasic_auth_users: {prometheus: ${hash}}` },
  { yaml: `basic_auth_users: {prometheus: ${hash}}\n---\n` },
  {
    yaml: `http_server_config: {http2: true}\n---\nbasic_auth_users: {prometheus: ${hash}}\n`,
    mistake: 'more than one YAML document; put everything before the first ---',
    differs: 'it ignores later documents: their users and certificates would be missing in silence',
  },
  // Shape.
  { yaml: '- tls_server_config', mistake: 'expected a mapping of keys to values' },
  { yaml: 'tls', mistake: 'expected a mapping of keys to values' },
  {
    yaml: 'tls_server_config:\n\tcert_file: cert.pem',
    mistake:
      'line 2, column 1: tab characters must not be used in indentation; indent with spaces, not with tabs',
  },
  {
    yaml: 'tls_server_config: "',
    mistake: 'line 1, column 21: unexpected end of the stream within a double quoted scalar',
  },
  { yaml: 'basic_auth_user: {}', mistake: 'basic_auth_user: unknown key; did you mean basic_auth_users?' },
  {
    yaml: tls('min_versoin: TLS12'),
    mistake: 'tls_server_config.min_versoin: unknown key; did you mean min_version?',
  },
  {
    yaml: 'http_server_config: {http: true}',
    mistake: 'http_server_config.http: unknown key; did you mean http2?',
  },
  {
    yaml: 'x: &all {prometheus: a}\nbasic_auth_users: *all',
    mistake: `basic_auth_users.prometheus: ${notBcrypt}\nx: unknown key; did you mean rate_limit?`,
  },
  { yaml: '__proto__: {a: b}', mistake: '__proto__: unknown key; did you mean rate_limit?' },
  {
    yaml: `basic_auth_users:\n  a: ${hash}\n  a: ${hash}`,
    mistake: 'line 3, column 3: duplicated mapping key',
  },
  { yaml: 'tls_server_config: yes', mistake: 'tls_server_config: expected a mapping of keys to values' },
  {
    yaml: 'basic_auth_users: [prometheus]',
    mistake: 'basic_auth_users: expected a mapping of user names to bcrypt hashes',
  },
  { yaml: '<<: {http_server_config: {http2: true}}' },
  // Certificate and key.
  { yaml: tls() },
  {
    yaml: 'tls_server_config: {cert_file: cert.pem}',
    mistake:
      'tls_server_config.key_file: missing; TLS needs the private key of the certificate: name its file here',
  },
  {
    yaml: 'tls_server_config: {key_file: key.pem}',
    mistake: 'tls_server_config.cert_file: missing; TLS needs a certificate: name its file here',
  },
  {
    yaml: 'tls_server_config: {cert_file: "", key_file: key.pem}',
    mistake: 'tls_server_config.cert_file: missing; TLS needs a certificate: name its file here',
  },
  {
    yaml: 'tls_server_config: {cert_file: , key_file: }',
    mistake:
      'tls_server_config.cert_file: missing; TLS needs a certificate: name its file here\ntls_server_config.key_file: missing; TLS needs the private key of the certificate: name its file here',
    differs: 'it serves plain HTTP: an empty template variable would switch TLS off in silence',
  },
  { yaml: tls('cert: "", key: ""'), newer: true },
  { yaml: tls('cert: not used, key: not used'), newer: true },
  {
    yaml: 'tls_server_config: {cert: no PEM, key_file: key.pem}',
    mistake: 'tls_server_config.cert: holds no certificate; expected PEM text with BEGIN CERTIFICATE',
    newer: true,
  },
  {
    yaml: 'tls_server_config: {cert_file: nowhere.pem, key_file: key.pem}',
    mistake:
      'tls_server_config.cert_file: DIR/nowhere.pem: no such file; check the path, relative ones start from the directory of the web configuration',
  },
  {
    yaml: 'tls_server_config: {cert_file: /nowhere.pem, key_file: key.pem}',
    mistake:
      'tls_server_config.cert_file: /nowhere.pem: no such file; check the path, relative ones start from the directory of the web configuration',
  },
  {
    yaml: 'tls_server_config: {cert_file: key.pem, key_file: key.pem}',
    mistake:
      'tls_server_config.cert_file: DIR/key.pem: holds no certificate; expected PEM text with BEGIN CERTIFICATE',
  },
  {
    yaml: 'tls_server_config: {cert_file: damaged.pem, key_file: key.pem}',
    mistake: 'tls_server_config.cert_file: DIR/damaged.pem: holds a damaged certificate; copy it again',
  },
  {
    yaml: 'tls_server_config: {cert_file: cert.pem, key_file: cert.pem}',
    mistake:
      'tls_server_config.key_file: DIR/cert.pem: holds no private key; expected PEM text with BEGIN PRIVATE KEY',
  },
  {
    yaml: 'tls_server_config: {cert_file: cert.pem, key_file: other-key.pem}',
    mistake:
      'tls_server_config.key_file: DIR/other-key.pem: does not belong to the certificate in cert_file; use the key the certificate was made for',
  },
  {
    yaml: 'tls_server_config: {cert_file: cert.pem, key_file: rsa-key.pem}',
    mistake:
      'tls_server_config.key_file: DIR/rsa-key.pem: does not belong to the certificate in cert_file; use the key the certificate was made for',
  },
  {
    yaml: 'tls_server_config: {cert_file: cert.pem, key_file: locked-key.pem}',
    mistake:
      'tls_server_config.key_file: DIR/locked-key.pem: is protected by a passphrase; write it without one (openssl pkey) and restrict who may read the file',
  },
  // Clients.
  { yaml: tls('client_auth_type: RequestClientCert') },
  { yaml: tls('client_auth_type: RequireAnyClientCert') },
  { yaml: tls('client_auth_type: RequireClientCert') },
  { yaml: tls('client_auth_type: NoClientCert') },
  { yaml: tls('client_auth_type: ""') },
  { yaml: tls('client_auth_type: VerifyClientCertIfGiven, client_ca_file: cert.pem') },
  { yaml: tls('client_auth_type: RequireAndVerifyClientCert, client_ca_file: cert.pem') },
  {
    yaml: tls('client_auth_type: requireandverifyclientcert, client_ca_file: cert.pem'),
    mistake:
      'tls_server_config.client_auth_type: unknown client auth type "requireandverifyclientcert"; did you mean RequireAndVerifyClientCert?',
  },
  {
    yaml: tls('client_auth_type: none'),
    mistake:
      'tls_server_config.client_auth_type: unknown client auth type "none"; did you mean NoClientCert?',
  },
  {
    yaml: 'tls_server_config: {client_auth_type: RequestClientCert}',
    mistake:
      'tls_server_config.cert_file: missing; TLS needs a certificate: name its file here\ntls_server_config.key_file: missing; TLS needs the private key of the certificate: name its file here',
  },
  {
    yaml: tls('client_ca_file: cert.pem'),
    mistake:
      'tls_server_config.client_ca_file: has no effect without client_auth_type; add client_auth_type: RequireAndVerifyClientCert',
  },
  {
    yaml: tls('client_auth_type: NoClientCert, client_ca_file: cert.pem'),
    mistake:
      'tls_server_config.client_ca_file: has no effect without client_auth_type; add client_auth_type: RequireAndVerifyClientCert',
  },
  {
    yaml: tls('client_auth_type: RequestClientCert, client_ca_file: nowhere.pem'),
    mistake:
      'tls_server_config.client_ca_file: DIR/nowhere.pem: no such file; check the path, relative ones start from the directory of the web configuration',
  },
  {
    yaml: tls('client_auth_type: RequireAndVerifyClientCert, client_ca_file: key.pem'),
    mistake:
      'tls_server_config.client_ca_file: DIR/key.pem: holds no certificate; expected PEM text with BEGIN CERTIFICATE',
    differs: 'it goes on with no CA: no client could connect and nothing would say why',
  },
  {
    yaml: tls('client_auth_type: RequireAndVerifyClientCert'),
    mistake:
      'tls_server_config.client_ca_file: missing; RequireAndVerifyClientCert needs the CA that signs the client certificates',
    differs: 'it trusts every public CA: anybody who can buy a certificate could connect',
  },
  {
    yaml: tls('client_auth_type: VerifyClientCertIfGiven'),
    mistake:
      'tls_server_config.client_ca_file: missing; VerifyClientCertIfGiven needs the CA that signs the client certificates',
    differs: 'it trusts every public CA',
  },
  {
    yaml: tls(
      'client_auth_type: RequireAndVerifyClientCert, client_ca_file: cert.pem, client_allowed_sans: [prometheus]',
    ),
    newer: true,
  },
  {
    yaml: tls('client_auth_type: RequestClientCert, client_allowed_sans: [prometheus]'),
    mistake:
      'tls_server_config.client_allowed_sans: RequestClientCert lets clients in without a certificate, and so without a name; use client_auth_type: RequireAndVerifyClientCert',
    newer: true,
  },
  {
    yaml: tls('client_auth_type: RequireAnyClientCert, client_allowed_sans: prometheus'),
    mistake: 'tls_server_config.client_allowed_sans: expected a list',
    newer: true,
  },
  {
    yaml: tls('cipher_suites: TLS_AES_128_GCM_SHA256'),
    mistake: 'tls_server_config.cipher_suites: expected a list',
  },
  { yaml: tls('cipher_suites: {a: b}'), mistake: 'tls_server_config.cipher_suites: expected a list' },
  {
    yaml: tls('client_auth_type: RequireAnyClientCert, client_allowed_sans: []'),
    mistake:
      'tls_server_config.client_allowed_sans: lists nobody, so nobody could connect; list names or remove it',
    newer: true,
    differs: 'it refuses every client',
  },
  {
    yaml: 'tls_server_config: {client_allowed_sans: [prometheus]}',
    mistake:
      'tls_server_config.cert_file: missing; TLS needs a certificate: name its file here\ntls_server_config.key_file: missing; TLS needs the private key of the certificate: name its file here\ntls_server_config.client_allowed_sans: NoClientCert lets clients in without a certificate, and so without a name; use client_auth_type: RequireAndVerifyClientCert',
    newer: true,
    differs: 'it serves plain HTTP to everybody',
  },
  // Versions, suites, curves.
  { yaml: 'tls_server_config: {min_version: TLS13}' },
  { yaml: 'tls_server_config: {min_version: }' },
  { yaml: tls('min_version: TLS10, max_version: TLS12') },
  {
    yaml: tls('min_version: 1.2'),
    mistake: 'tls_server_config.min_version: unknown TLS version "1.2"; use TLS10, TLS11, TLS12 or TLS13',
  },
  {
    yaml: tls('max_version: TLS111'),
    mistake: 'tls_server_config.max_version: unknown TLS version "TLS111"; use TLS10, TLS11, TLS12 or TLS13',
  },
  {
    yaml: tls('min_version: ""'),
    mistake: 'tls_server_config.min_version: unknown TLS version ""; use TLS10, TLS11, TLS12 or TLS13',
  },
  {
    yaml: tls('min_version: TLS13, max_version: TLS12'),
    mistake:
      'tls_server_config.min_version: TLS13 is newer than max_version TLS12, so nobody could connect; exchange them',
    differs: 'it refuses every handshake',
  },
  { yaml: tls(`cipher_suites: [${[...cipherSuites.keys()].join(', ')}]`) },
  { yaml: tls('cipher_suites: []') },
  { yaml: 'tls_server_config: {cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]}' },
  {
    yaml: tls('cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]'),
    mistake:
      'tls_server_config.cipher_suites.0: unknown cipher suite "TLS_RSA_WITH_RC4_128_SHA"; did you mean TLS_RSA_WITH_AES_128_CBC_SHA?',
  },
  {
    yaml: tls('cipher_suites: [TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305]'),
    mistake:
      'tls_server_config.cipher_suites.0: unknown cipher suite "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305"; did you mean TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256?',
  },
  { yaml: tls('curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]') },
  {
    yaml: tls('curve_preferences: [x25519]'),
    mistake:
      'tls_server_config.curve_preferences.0: unknown curve "x25519"; use CurveP256, CurveP384, CurveP521 or X25519',
  },
  {
    yaml: tls('curve_preferences: [CurveP256, X25519MLKEM768]'),
    mistake:
      'tls_server_config.curve_preferences.1: unknown curve "X25519MLKEM768"; use CurveP256, CurveP384, CurveP521 or X25519',
  },
  { yaml: tls('prefer_server_cipher_suites: false') },
  // Booleans.
  { yaml: 'http_server_config: {http2: false}' },
  { yaml: 'http_server_config: {http2: yes}' },
  { yaml: 'http_server_config: {http2: On}' },
  {
    yaml: 'http_server_config: {http2: maybe}',
    mistake: 'http_server_config.http2: expected true or false, got "maybe"',
  },
  {
    yaml: 'http_server_config: {http2: 1}',
    mistake: 'http_server_config.http2: expected true or false, got "1"',
  },
  { yaml: "http_server_config: {http2: 'true'}", differs: 'it refuses the quotes' },
  // Headers.
  {
    yaml: headers(
      "X-Frame-Options: deny, X-Content-Type-Options: nosniff, X-XSS-Protection: 0, Strict-Transport-Security: max-age=31536000, Content-Security-Policy: default-src 'self'",
    ),
  },
  { yaml: headers('X-XSS-Protection: ') },
  {
    yaml: headers('Server: apache'),
    mistake:
      'http_server_config.headers.Server: this header cannot be configured; use Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options or X-XSS-Protection, spelled like this',
  },
  {
    yaml: headers('x-frame-options: deny'),
    mistake:
      'http_server_config.headers.x-frame-options: this header cannot be configured; use Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options or X-XSS-Protection, spelled like this',
  },
  {
    yaml: headers('X-Frame-Options: DENY'),
    mistake:
      'http_server_config.headers.X-Frame-Options: unknown value "DENY"; use deny or sameorigin, in small letters',
  },
  {
    yaml: headers('X-Frame-Options: '),
    mistake:
      'http_server_config.headers.X-Frame-Options: unknown value ""; use deny or sameorigin, in small letters',
  },
  {
    yaml: headers('X-Content-Type-Options: sniff'),
    mistake:
      'http_server_config.headers.X-Content-Type-Options: unknown value "sniff"; use nosniff, in small letters',
  },
  {
    yaml: headers(String.raw`Content-Security-Policy: "a\r\nSet-Cookie: b"`),
    mistake:
      'http_server_config.headers.Content-Security-Policy: holds a character a header cannot carry; write it on one line',
    differs: 'it replaces the line feed',
  },
  // Users.
  {
    yaml: `basic_auth_users: {a: ${hash}, b: ${hash.replace('2b', '2a')}, yes: ${hash.replace('2b', '2y')}}`,
  },
  { yaml: `basic_auth_users: {a: ${hash.replace('$10', '$04')}, b: ${hash.replace('$10', '$31')}}` },
  { yaml: 'basic_auth_users: {a: secret}', mistake: `basic_auth_users.a: ${notBcrypt}` },
  { yaml: 'basic_auth_users: {a: }', mistake: `basic_auth_users.a: ${notBcrypt}` },
  {
    yaml: 'basic_auth_users: {a: $6$rounds=5000$usesomesillystringforsalt$KqJWpanXZHKq2BOB43TSaYhEWsQ1Lr5QNyPCDH/Tp}',
    mistake: `basic_auth_users.a: ${notBcrypt}`,
  },
  {
    yaml: `basic_auth_users: {a: ${hash.replace('$10', '$03')}}`,
    mistake: `basic_auth_users.a: ${notBcrypt}`,
  },
  {
    yaml: `basic_auth_users: {a: ${hash.replace('$10', '$32')}}`,
    mistake: `basic_auth_users.a: ${notBcrypt}`,
  },
  {
    yaml: `basic_auth_users: {a: ${hash.slice(0, -1)}}`,
    mistake: `basic_auth_users.a: ${notBcrypt}`,
    differs: 'it lets a cut hash through: no password would ever fit',
  },
  {
    yaml: `basic_auth_users: {a: ${hash.replace('2b', '2x')}}`,
    mistake: `basic_auth_users.a: ${notBcrypt}`,
    differs: 'it reads 2x, a version of bcrypt with a broken key schedule',
  },
  {
    yaml: `basic_auth_users: {"a:b": ${hash}}`,
    mistake: 'basic_auth_users.a:b: a user name cannot hold a colon: basic authentication cannot send it',
    differs: 'it accepts a user who can never log in',
  },
  { yaml: `basic_auth_users: {__proto__: ${hash}}` },
  // Rate limit.
  { yaml: 'rate_limit: {interval: 1s, burst: 1}', newer: true },
  { yaml: 'rate_limit: {interval: 1m30.5s, burst: 100}', newer: true },
  { yaml: 'rate_limit: {interval: 0, burst: 1}', newer: true },
  { yaml: 'rate_limit:', newer: true },
  {
    yaml: 'rate_limit: {interval: 1s, burst: 0}',
    mistake: 'rate_limit.burst: expected at least 1; with none nobody gets an answer',
    newer: true,
    differs: 'it refuses every request',
  },
  {
    yaml: 'rate_limit: {interval: 1s}',
    mistake: 'rate_limit.burst: expected at least 1; with none nobody gets an answer',
    newer: true,
    differs: 'it refuses every request',
  },
  {
    yaml: 'rate_limit: {burst: 10}',
    mistake: 'rate_limit.interval: missing; add one like 1s, or 0 for no limit',
    newer: true,
    differs: 'it sets no limit',
  },
  {
    yaml: 'rate_limit: {interval: 5, burst: 10}',
    mistake: 'rate_limit.interval: expected a duration with a unit like 1s or 500ms, got "5"',
    newer: true,
    differs: 'it reads nanoseconds',
  },
  {
    yaml: 'rate_limit: {interval: -1s, burst: 10}',
    mistake: 'rate_limit.interval: expected a duration with a unit like 1s or 500ms, got "-1s"',
    newer: true,
    differs: 'it sets no limit',
  },
  {
    yaml: 'rate_limit: {interval: 1s, burst: many}',
    mistake: 'rate_limit.burst: expected a whole number like 10',
    newer: true,
  },
];

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'web-config-'));
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const curve = ['-pkeyopt', 'ec_paramgen_curve:P-256'];
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    ...curve,
    '-nodes',
    '-keyout',
    'key.pem',
    '-out',
    'cert.pem',
    '-subj',
    '/CN=a',
  );
  openssl('genpkey', '-algorithm', 'EC', ...curve, '-out', 'other-key.pem');
  openssl('genpkey', '-algorithm', 'RSA', '-out', 'rsa-key.pem');
  openssl('pkey', '-in', 'key.pem', '-aes256', '-passout', 'pass:secret', '-out', 'locked-key.pem');
  writeFileSync(
    join(directory, 'damaged.pem'),
    '-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n',
  );
  cases.forEach(({ yaml }, index) => writeFileSync(join(directory, `${index}.yml`), yaml));
});
afterAll(() => rmSync(directory, { recursive: true }));

function mistakeIn(path: string): string | undefined {
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  try {
    openWebConfigFile(path, { log, onReload: () => {}, now: () => 0 });
    return undefined;
  } catch (error) {
    return String(error).replace(`Error: web configuration ${path}: `, '').replaceAll(directory, 'DIR');
  }
}

describe('a web configuration', () => {
  test.each(cases.map((row, index) => ({ ...row, index })))('$yaml', ({ index, mistake }) => {
    expect(mistakeIn(join(directory, `${index}.yml`))).toBe(mistake);
  });

  test('that is not there is a mistake that names the flag', () => {
    expect(mistakeIn('/nowhere/web.yml')).toBe('no such file; check the path given to --web.config.file');
  });

  test('gets the same verdict from promtool, but for the differences we chose', () => {
    const rows = cases.map((row, index) => ({ ...row, file: `${index}.yml` })).filter(({ newer }) => !newer);
    const args = ['check', 'web-config', ...rows.map(({ file }) => file)];
    const { stdout, stderr } = spawnSync('promtool', args, { cwd: directory, encoding: 'utf8' });
    const verdicts = new Map(
      [...`${stdout}\n${stderr}`.matchAll(/^(\d+\.yml) (SUCCESS|FAILED)/gm)].map(([, file, verdict]) => [
        file,
        verdict,
      ]),
    );
    const ours = rows.map(({ yaml, mistake, differs }) => [
      yaml,
      (mistake === undefined) === (differs === undefined) ? 'SUCCESS' : 'FAILED',
    ]);
    expect(rows.map(({ yaml, file }) => [yaml, verdicts.get(file)])).toEqual(ours);
  });

  test('never quotes a key or a password in a mistake', () => {
    for (const yaml of [
      'tls_server_config: {key: [SECRET]}',
      'basic_auth_users:\n  a: SECRET\n b: c',
      'basic_auth_users: {a: SECRET}',
      'tls_server_config: {key: SECRET, cert: x, y: SECRET}',
    ]) {
      let thrown: unknown;
      try {
        parseWebConfig(yaml, '.');
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(Error);
      expect(thrown instanceof Error && `${thrown.stack} ${JSON.stringify(thrown.cause)}`).not.toContain(
        'SECRET',
      );
    }
  });
});

describe('what is read', () => {
  test('is the example of the documentation', () => {
    const page = readFileSync(new URL('../../docs/web-config.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n(tls_server_config[^]*?)```/.exec(page) ?? [];
    expect(() => parseWebConfig(example, '/etc')).toThrow(
      new Error(`basic_auth_users.prometheus: ${notBcrypt}`),
    );
    const filled = example.replace('$2y$10$...', () => hash);
    const { tls: read, users, headers: set, rateLimit } = parseWebConfig(filled, '/etc');
    expect(read).toMatchObject({
      certificate: { file: '/etc/exporter.pem' },
      clientAuth: 'RequireAndVerifyClientCert',
      clientAllowedSans: ['prometheus.example.org'],
    });
    expect([[...users.keys()], [...set], rateLimit]).toEqual([
      ['prometheus'],
      [['Strict-Transport-Security', 'max-age=31536000']],
      { interval: 0.1, burst: 20 },
    ]);
  });

  test('keeps a user called __proto__, who would otherwise leave the door open', () => {
    expect(parseWebConfig(`basic_auth_users: {__proto__: ${hash}}`, '.').users).toEqual(
      new Map([['__proto__', hash]]),
    );
  });

  test('keeps every value as written, with the defaults of exporter-toolkit', () => {
    const yaml = `
tls_server_config: {cert_file: a.pem, key_file: /k/b.pem, client_ca: PEM, client_auth_type: RequestClientCert}
http_server_config: {headers: {X-XSS-Protection: 0, Strict-Transport-Security: }}
basic_auth_users: {1.0: ${hash}, yes: ${hash}}
rate_limit: {interval: 1m0.5s, burst: 20}`;
    expect(parseWebConfig(yaml, 'conf')).toEqual({
      tls: {
        certificate: { key: 'cert_file', file: join('conf', 'a.pem') },
        privateKey: { key: 'key_file', file: '/k/b.pem' },
        clientCa: { key: 'client_ca', pem: 'PEM' },
        clientAuth: 'RequestClientCert',
        clientAllowedSans: undefined,
        minVersion: 'TLS12',
        maxVersion: 'TLS13',
        cipherSuites: [],
        curves: [],
        preferServerCipherSuites: true,
      },
      headers: new Map([['X-XSS-Protection', '0']]),
      users: new Map([
        ['1.0', hash],
        ['yes', hash],
      ]),
      rateLimit: { interval: 60.5, burst: 20 },
    });
  });

  test('is the file where both a file and a text are given', () => {
    const yaml = 'tls_server_config: {cert: x, cert_file: a.pem, key: y, key_file: b.pem}';
    expect(parseWebConfig(yaml, '/c').tls).toMatchObject({
      certificate: { key: 'cert_file', file: '/c/a.pem' },
      privateKey: { key: 'key_file', file: '/c/b.pem' },
    });
  });
});
