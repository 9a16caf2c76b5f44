import type { X509Certificate } from 'node:crypto';
import { isIP, SocketAddress } from 'node:net';
import type { TlsConfig } from './tls.ts';

/** Whether the handshake asks the client for a certificate. */
export function asksForCertificate(tls: TlsConfig): boolean {
  return tls.clientAuth !== 'NoClientCert';
}

/** What a handshake told about a client. */
export interface Client {
  /** Undefined: the client sent none. */
  readonly certificate: X509Certificate | undefined;
  /** Why the certificate is not signed by a client CA; undefined when it is. */
  readonly verifyError: string | undefined;
}

/** Why a client may not connect, after Go's ClientAuthType; undefined when it may. */
export function refusal(tls: TlsConfig, { certificate, verifyError }: Client): string | undefined {
  const { clientAuth, clientAllowedSans } = tls;
  const required = clientAuth.startsWith('Require');
  const verified = clientAuth === 'VerifyClientCertIfGiven' || clientAuth === 'RequireAndVerifyClientCert';
  if (certificate === undefined) return required ? `sent no certificate, ${clientAuth} wants one` : undefined;
  if (verified && verifyError !== undefined)
    return `sent a certificate that no client CA vouches for (${verifyError})`;
  if (clientAllowedSans === undefined) return undefined;
  const names = parseSubjectAltName(certificate.subjectAltName ?? '');
  const allowed = new Set(clientAllowedSans.map(canonical));
  if (names.some((name) => allowed.has(name))) return undefined;
  return `sent a certificate for ${names.join(', ') || 'no name'}, which client_allowed_sans does not list`;
}

/**
 * The DNS, IP, e-mail and URI names in the text Node makes of a certificate's subject alternative name; addresses
 * in their short form, as Go prints them. Node writes a name with special characters as a JSON string, so that
 * a comma inside a name cannot pass as a second name (CVE-2021-44532).
 */
export function parseSubjectAltName(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|, )(DNS|IP Address|email|URI):("(?:[^"\\]|\\.)*"|[^,]*)/g)].flatMap(
    ([, , value = '']) => {
      const name: unknown = value.startsWith('"') ? JSON.parse(value) : value;
      return typeof name === 'string' && name !== '' ? [canonical(name)] : [];
    },
  );
}

function canonical(name: string): string {
  return isIP(name) === 6 ? new SocketAddress({ address: name, family: 'ipv6' }).address : name;
}
