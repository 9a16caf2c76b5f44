import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { CollectorError, type HttpAnswer, type Reason, type RequestOptions } from './collector.ts';
import { errorCode } from './error-code.ts';

const MiB = 1024 * 1024;

/**
 * Asks an HTTP server once. Any status is an answer, a redirect too: it is never followed, so that credentials stay with
 * the server they are meant for.
 * @param signal gives the question up.
 * @throws CollectorError timeout, not_running, certificate_untrusted, output_too_large, tool_failed; source_missing and
 *   permission_denied of `caFile`. No message holds a header, a body or what stands behind the `?` of the address.
 */
export async function request(
  address: string,
  options: RequestOptions = {},
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const url = new URL(address);
  const { timeout = 30_000, method = 'GET' } = options;
  const what = `${method} ${url.origin}${url.pathname}`;
  const limit = AbortSignal.timeout(Math.ceil(timeout));
  const end = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  try {
    const send =
      url.protocol === 'https:'
        ? await overTls(url, options, end)
        : (settings: Settings, answered: Answered) =>
            requestHttp(url, { ...settings, agent: false }, answered);
    return await exchange(what, send, { ...options, method }, end);
  } catch (error) {
    if (error instanceof CollectorError) throw error;
    if (limit.aborted)
      throw new CollectorError(
        'timeout',
        `${what} was not answered in ${Math.ceil(timeout) / 1000} s; see whether the server is overloaded, or a firewall drops the connection`,
        { cause: error },
      );
    if (end.aborted)
      throw new CollectorError('timeout', `${what} was given up with its collector`, { cause: error });
    throw failure(what, url, error);
  }
}

interface Settings {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}
type Answered = (response: IncomingMessage) => void;
type Send = (settings: Settings, answered: Answered) => ReturnType<typeof requestHttp>;

/** The connection is made, and its certificate judged, before any byte of the question is sent. */
async function overTls(url: URL, options: RequestOptions, end: AbortSignal): Promise<Send> {
  const socket = await handshake(url, options, end);
  return (settings, answered) => requestHttps(url, { ...settings, createConnection: () => socket }, answered);
}

async function handshake(
  url: URL,
  { caFile, fingerprint }: RequestOptions,
  end: AbortSignal,
): Promise<TLSSocket> {
  const ca = caFile === undefined ? undefined : await readCertificates(caFile);
  // The host of an IPv6 address stands in brackets.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  end.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host,
      port: url.port === '' ? 443 : Number(url.port),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
      // Pinned: this very certificate, whoever signed it and whatever name stands in it.
      rejectUnauthorized: fingerprint === undefined,
    });
    const giveUp = () => socket.destroy(new Error('given up'));
    end.addEventListener('abort', giveUp, { once: true });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      end.removeEventListener('abort', giveUp);
      socket.removeListener('error', reject);
      const shown = socket.getPeerCertificate().fingerprint256 ?? '';
      if (fingerprint !== undefined && plain(shown) !== plain(fingerprint)) {
        socket.destroy();
        reject(
          new CollectorError(
            'certificate_untrusted',
            `${url.origin} shows the certificate ${shown.toLowerCase()}, not the one whose fingerprint is configured; if it was renewed on purpose, configure the new fingerprint`,
          ),
        );
      } else resolve(socket);
    });
  });
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    throw new CollectorError(
      code === 'EACCES' || code === 'EPERM' ? 'permission_denied' : 'source_missing',
      `could not read ca_file ${path} (${code ?? 'unknown error'})`,
      { cause: error },
    );
  }
}

function exchange(
  what: string,
  send: Send,
  { method, headers = {}, body, maxBytes = 32 * MiB }: RequestOptions & { readonly method: string },
  end: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const asked = send({ method, headers: { ...headers, ...sent }, signal: end }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxBytes) return chunks.push(chunk);
        reject(
          new CollectorError('output_too_large', `${what} was answered with more than ${maxBytes} bytes`),
        );
        return asked.destroy();
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
          ),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Nobody is there, or nobody can be reached. */
const unreachable: readonly string[] = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
];
/** What OpenSSL and Node.js say of a certificate they do not accept; see x509_verify_cert_error_string(3). */
const untrusted =
  /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY|DECRYPT)|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH/;

function failure(what: string, url: URL, error: unknown): CollectorError {
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const fail = (reason: Reason, text: string) =>
    new CollectorError(reason, `${what}: ${text}`, { cause: error });
  if (code === undefined) return fail('tool_failed', message);
  if (unreachable.includes(code))
    return fail('not_running', `nobody answers there (${code}); check the address and that the service runs`);
  if (untrusted.test(code))
    return fail(
      'certificate_untrusted',
      `its certificate is not accepted (${code}: ${message}); give the certificate of who signed it as ca_file, or pin it with fingerprint`,
    );
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return fail('tool_failed', `the connection was cut off before the answer was complete (${code})`);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return fail(
      'tool_failed',
      `no TLS could be agreed on with ${url.host} (${code}); check that this port speaks https`,
    );
  return fail('tool_failed', `${message} (${code})`);
}
