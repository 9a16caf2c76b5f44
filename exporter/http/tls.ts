import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';

/** `min_version` and `max_version` as exporter-toolkit names them, in Node's names, oldest first. */
export const tlsVersions: ReadonlyMap<string, SecureVersion> = new Map([
  ['TLS10', 'TLSv1'],
  ['TLS11', 'TLSv1.1'],
  ['TLS12', 'TLSv1.2'],
  ['TLS13', 'TLSv1.3'],
]);

/** Curves exporter-toolkit knows, in OpenSSL's names. */
export const curves: ReadonlyMap<string, string> = new Map([
  ['CurveP256', 'P-256'],
  ['CurveP384', 'P-384'],
  ['CurveP521', 'P-521'],
  ['X25519', 'X25519'],
]);

/** TLS 1.3 suites, which carry the same name in Go and OpenSSL. Always on: Go does not let a configuration choose them. */
const tls13Suites = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
] as const;

/** Cipher suites of Go's `tls.CipherSuites()` (Go 1.19, as in promtool 2.42), in OpenSSL's names. */
export const cipherSuites: ReadonlyMap<string, string> = new Map([
  ...tls13Suites.map((name): [string, string] => [name, name]),
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
  ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256'],
  ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384'],
  ['TLS_RSA_WITH_AES_128_CBC_SHA', 'AES128-SHA'],
  ['TLS_RSA_WITH_AES_256_CBC_SHA', 'AES256-SHA'],
]);

/** Go's ClientAuthType; `RequireClientCert` is exporter-toolkit's old name of `RequireAnyClientCert`. */
export const clientAuthTypes = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'RequireClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuthType = (typeof clientAuthTypes)[number];

/** A PEM text: in a file of its own, or in the configuration itself. `key` is its path there, for messages. */
export type PemSource = { readonly key: string } & ({ readonly file: string } | { readonly pem: string });

/** `tls_server_config` of a configuration that serves TLS. Versions, suites and curves by their Go names. */
export interface TlsConfig {
  readonly certificate: PemSource;
  readonly privateKey: PemSource;
  readonly clientCa: PemSource | undefined;
  readonly clientAuth: ClientAuthType;
  /** Undefined: any name. */
  readonly clientAllowedSans: readonly string[] | undefined;
  readonly minVersion: string;
  readonly maxVersion: string;
  /** Empty: the defaults. */
  readonly cipherSuites: readonly string[];
  /** Empty: the defaults. */
  readonly curves: readonly string[];
  readonly preferServerCipherSuites: boolean;
}

/** Every file a TLS configuration is made of. */
export function pemFiles(tls: TlsConfig): readonly string[] {
  return [tls.certificate, tls.privateKey, tls.clientCa]
    .filter((source) => source !== undefined)
    .flatMap((source) => ('file' in source ? [source.file] : []));
}

/**
 * Node's options for a TLS configuration, checked: the certificate and key are readable and belong together, and
 * OpenSSL accepts them.
 * @throws Error with the key of the configuration that is wrong, why, and what to do.
 */
export function secureContextOptions(tls: TlsConfig, read: (file: string) => string): SecureContextOptions {
  const cert = pemOf(tls.certificate, read);
  const key = pemOf(tls.privateKey, read);
  const ca = tls.clientCa === undefined ? undefined : pemOf(tls.clientCa, read);
  const [leaf] = certificatesIn(cert, tls.certificate);
  if (ca !== undefined) certificatesIn(ca, tls.clientCa);
  if (leaf?.checkPrivateKey(privateKeyIn(key, tls.privateKey)) !== true)
    throw new Error(
      `${at(tls.privateKey)}: does not belong to the certificate in ${tls.certificate.key}; use the key the certificate was made for`,
    );
  const minVersion = tlsVersions.get(tls.minVersion);
  const maxVersion = tlsVersions.get(tls.maxVersion);
  const options: SecureContextOptions = {
    cert,
    key,
    honorCipherOrder: tls.preferServerCipherSuites,
    ...(ca === undefined ? {} : { ca }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...ciphersOption(tls),
    ...(tls.curves.length === 0
      ? {}
      : { ecdhCurve: tls.curves.map((name) => curves.get(name) ?? name).join(':') }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new Error(`tls_server_config: OpenSSL refuses it: ${reasonOf(error)}`, { cause: error });
  }
  return options;
}

/** OpenSSL 3 speaks TLS 1.0 and 1.1 only at security level 0; who asks for them gets them, as in Go. */
function ciphersOption(tls: TlsConfig): Pick<SecureContextOptions, 'ciphers'> {
  const old = tls.minVersion === 'TLS10' || tls.minVersion === 'TLS11';
  if (tls.cipherSuites.length === 0) return old ? { ciphers: 'DEFAULT:@SECLEVEL=0' } : {};
  const chosen = tls.cipherSuites.map((name) => cipherSuites.get(name) ?? name);
  return { ciphers: [...new Set([...tls13Suites, ...chosen]), ...(old ? ['@SECLEVEL=0'] : [])].join(':') };
}

function pemOf(source: PemSource, read: (file: string) => string): string {
  if ('pem' in source) return source.pem;
  try {
    return read(source.file);
  } catch (error) {
    throw new Error(
      `${at(source)}: cannot be read (${reasonOf(error)}); check the path and that the service user may read it`,
      { cause: error },
    );
  }
}

/** Node ignores a CA text without certificates, and Go does too: nobody could connect and nothing would say why. */
function certificatesIn(pem: string, source: PemSource | undefined): readonly X509Certificate[] {
  const where = source === undefined ? 'tls_server_config' : at(source);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new Error(`${where}: holds no certificate; expected PEM text with BEGIN CERTIFICATE`);
  return blocks.map((block) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw new Error(`${where}: holds a damaged certificate (${reasonOf(error)}); copy it again`, {
        cause: error,
      });
    }
  });
}

function privateKeyIn(pem: string, source: PemSource): KeyObject {
  if (pem.includes('ENCRYPTED'))
    throw new Error(
      `${at(source)}: is protected by a passphrase; write it without one (openssl pkey) and restrict who may read the file`,
    );
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${at(source)}: holds no private key; expected PEM text with BEGIN PRIVATE KEY`, {
      cause: error,
    });
  }
}

function at(source: PemSource): string {
  return `tls_server_config.${source.key}${'file' in source ? `: ${source.file}` : ''}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}
