import { z } from 'zod';
import { cipherSuites, clientAuthTypes, curves, tlsVersions } from './go-tls-names.ts';
import { boolean, didYouMean, list, mistakes, oneOf, section, text, useOneOf } from './web-config-values.ts';

const tlsShape = {
  cert: text,
  key: text,
  client_ca: text,
  cert_file: text,
  key_file: text,
  client_ca_file: text,
  client_auth_type: oneOf('client auth type', ['', ...clientAuthTypes], didYouMean).nullish(),
  client_allowed_sans: list(z.string('expected text')),
  min_version: oneOf('TLS version', tlsVersions.keys(), useOneOf).nullish(),
  max_version: oneOf('TLS version', tlsVersions.keys(), useOneOf).nullish(),
  cipher_suites: list(oneOf('cipher suite', cipherSuites.keys(), didYouMean)),
  curve_preferences: list(oneOf('curve', curves.keys(), useOneOf)),
  prefer_server_cipher_suites: boolean,
};

/** `tls_server_config` as written. */
export type TlsSection = z.infer<typeof tlsSchema>;

const tlsSchema = section(tlsShape);

export const tlsSection = tlsSchema.superRefine(checkTls);

/** What exporter-toolkit checks, and what it lets through although it cannot work. */
function checkTls(tls: TlsSection, context: z.core.$RefinementCtx): void {
  const add = mistakes(context);
  const versions = [...tlsVersions.keys()];
  const min = tls.min_version ?? 'TLS12';
  const max = tls.max_version ?? 'TLS13';
  if (versions.indexOf(min) > versions.indexOf(max))
    add('min_version', `${min} is newer than max_version ${max}, so nobody could connect; exchange them`);
  const type = tls.client_auth_type || 'NoClientCert';
  const hasCa = Boolean(tls.client_ca_file || tls.client_ca);
  const mentioned = [tls.cert, tls.cert_file, tls.key, tls.key_file].some((value) => value !== undefined);
  const on = mentioned || hasCa || Boolean(tls.client_auth_type) || Boolean(tls.client_allowed_sans);
  if (!on) return;
  if (!tls.cert_file && !tls.cert) add('cert_file', 'missing; TLS needs a certificate: name its file here');
  if (!tls.key_file && !tls.key)
    add('key_file', 'missing; TLS needs the private key of the certificate: name its file here');
  if (hasCa && type === 'NoClientCert')
    add(
      tls.client_ca_file ? 'client_ca_file' : 'client_ca',
      'has no effect without client_auth_type; add client_auth_type: RequireAndVerifyClientCert',
    );
  if (!hasCa && (type === 'RequireAndVerifyClientCert' || type === 'VerifyClientCertIfGiven'))
    add('client_ca_file', `missing; ${type} needs the CA that signs the client certificates`);
  if (tls.client_allowed_sans && !type.startsWith('Require'))
    add(
      'client_allowed_sans',
      `${type} lets clients in without a certificate, and so without a name; use client_auth_type: RequireAndVerifyClientCert`,
    );
  if (tls.client_allowed_sans?.length === 0)
    add('client_allowed_sans', 'lists nobody, so nobody could connect; list names or remove it');
}
