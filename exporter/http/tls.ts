import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { errorCode } from '../error-code.ts';
import { cipherSuites, curves, tls13Suites, tlsVersions, type ClientAuthType } from './go-tls-names.ts';

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
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'no such file; check the path, relative ones start from the directory of the web configuration',
      EACCES: 'not permitted to read it; let the service user read it',
    };
    throw new Error(`${at(source)}: ${reasons[errorCode(error) ?? ''] ?? reasonOf(error)}`, { cause: error });
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
      throw new Error(`${where}: holds a damaged certificate; copy it again`, {
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
