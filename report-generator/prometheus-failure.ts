import { reasonOf } from './file-error.ts';
import type { Connection } from './prometheus-connection.ts';
import { type Answer, TooMuch, TooSlow } from './prometheus-http.ts';

const unknownAuthority =
  'its certificate is of an authority this machine does not know. Give the certificate of that authority with --ca-file';
const wantsCertificate = 'it wants a client certificate. Give one it knows with --cert-file and --key-file';
const noTls = 'it does not speak TLS. Write http:// in --prometheus';

/** Why no connection came about, by the code of the system or of OpenSSL, and what to do. */
const advice: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known. Check --prometheus',
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  CERT_HAS_EXPIRED: 'its certificate has expired. Renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet. Check the clocks of both machines',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another name. Write that name in --prometheus',
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  EPROTO: noTls,
};

/** Of every version of TLS, as OpenSSL names them: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED. */
const refusedCertificate =
  /^ERR_SSL_.*ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|HANDSHAKE_FAILURE)$/;

function adviceOn(reason: string): string {
  if (refusedCertificate.test(reason)) return wantsCertificate;
  return advice[reason] ?? 'check --prometheus and that it runs';
}

/** What a question failed of before there was an answer. */
export function failureOf(error: unknown, { base }: Connection, patience: number): Error {
  const { origin } = new URL(base);
  if (error instanceof TooSlow)
    return new Error(
      `Prometheus at ${origin} did not answer within ${patience / 1000} s. See whether it is overloaded, or wait longer with --timeout.`,
      { cause: error },
    );
  if (error instanceof TooMuch)
    return new Error(`${origin} answered with ${error.message}. Check what --prometheus leads to.`, {
      cause: error,
    });
  const reason = reasonOf(error);
  return new Error(`Prometheus at ${origin} cannot be reached (${reason}): ${adviceOn(reason)}.`, {
    cause: error,
  });
}

/** Says why an answer is none of a query API; undefined where its content must tell. */
export function refusalOf(
  { status, text, location }: Answer,
  { base, authorized }: Connection,
): Error | undefined {
  const because = (reason: string): Error => new Error(`${base} answered HTTP ${status}: ${reason}.`);
  if (/no org id/i.test(text)) return because("it wants a tenant. Add --header 'X-Scope-OrgID: TENANT'");
  if (/HTTP request to an HTTPS server/i.test(text))
    return because('it speaks TLS only. Write https:// in --prometheus');
  if (status === 401 || status === 403)
    return because(
      authorized
        ? 'it does not accept the name and password or the token it was given. Check them, and what they may read'
        : 'it asks who we are. Add --user and --password-file, or --token-file',
    );
  if (status >= 300 && status < 400)
    return because(`it is elsewhere${elsewhere(location)}. Write that in --prometheus`);
  if (status === 404) return because('no query API there. Check the path in --prometheus');
  if (status === 429)
    return because('it has too many questions. Make the report at another time, or raise its limit');
  return undefined;
}

/** Without what may be a secret. */
function elsewhere(location: string | undefined): string {
  if (location === undefined || !URL.canParse(location)) return '';
  return `, at ${new URL(location).origin}`;
}
