import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Connection } from './prometheus-connection.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Seconds the server asks to be left alone. */
  readonly retryAfter?: number;
  /** Where it sends us instead. */
  readonly location?: string;
}

export interface Question {
  /** Of the API, `/api/v1/query`. */
  readonly path: string;
  /** Posted as a form; without it the page is read. */
  readonly form?: URLSearchParams;
}

export type Exchange = (question: Question) => Promise<Answer>;

/** Of text, after it was unpacked: the ALERTS of a week of ten thousand hosts are a tenth of it. */
const mostBytes = 512 * 1024 * 1024;

export class TooMuch extends Error {}
export class TooSlow extends Error {}

/**
 * One question and its answer, once: node:https and not fetch, which knows no client certificates.
 * @param patience milliseconds until the whole answer must be there.
 * @throws TooSlow, TooMuch, or the error of the system.
 */
export function exchangeOver(connection: Connection, patience: number): Exchange {
  const { base, headers } = connection;
  const secure = base.startsWith('https:');
  const agent = agentOf(connection);
  return ({ path, form }) =>
    new Promise((resolve, reject) => {
      const body = form?.toString();
      const options = {
        agent,
        method: body === undefined ? 'GET' : 'POST',
        signal: AbortSignal.timeout(patience),
        headers: {
          accept: 'application/json',
          'accept-encoding': 'gzip',
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
      };
      const receive = (response: IncomingMessage): void => {
        readText(response).then(
          (text) =>
            resolve({
              status: response.statusCode ?? 0,
              text,
              ...retryAfter(response),
              ...(response.headers.location === undefined ? {} : { location: response.headers.location }),
            }),
          (error: unknown) => reject(slowOr(error)),
        );
      };
      const url = `${base}${path}`;
      const sent = secure ? requestHttps(url, options, receive) : requestHttp(url, options, receive);
      sent.on('error', (error) => reject(slowOr(error)));
      sent.end(body);
    });
}

/** By what is shown to the server: its sockets are kept open. */
const agents = new WeakMap<Connection['tls'], HttpAgent>();

/**
 * One for all customers of a run: with sockets of their own, left open, 128 of them would take all the connections Prometheus
 * allows (--web.max-connections, 512), and the next one no answer. How many are used at a time is the caller's matter.
 */
function agentOf({ base, tls }: Pick<Connection, 'base' | 'tls'>): HttpAgent {
  const secure = base.startsWith('https:');
  const agent =
    agents.get(tls) ??
    (secure ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true }));
  agents.set(tls, agent);
  return agent;
}

function slowOr(error: unknown): unknown {
  const slow = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  return slow ? new TooSlow('no answer in time', { cause: error }) : error;
}

async function readText(response: IncomingMessage): Promise<string> {
  const packed = response.headers['content-encoding'] === 'gzip';
  const plain: Readable = packed ? pipeline(response, createGunzip(), () => {}) : response;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of plain) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > mostBytes) throw new TooMuch(`more than ${mostBytes / 1024 / 1024} MiB`);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A date, which the header may hold as well, is not worth reading: proxies send seconds. */
function retryAfter({ headers }: IncomingMessage): { readonly retryAfter?: number } {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfter: seconds } : {};
}
