import {
  CollectorError,
  type Host,
  type HttpAnswer,
  type Reason,
  type RequestOptions,
} from '../../collector.ts';
import type { BackupServer } from './server.ts';

/** Milliseconds one question may take: a page of a long list included. */
const patience = 60_000;
/** Of one answer. */
const largestAnswer = 64 * 1024 * 1024;

/** Puts questions to one server, all of them before a moment in time. */
export interface Rest {
  /** @param path from the root of the API, with what stands behind the question mark. @throws CollectorError as `Host.request`. */
  readonly ask: (path: string, options?: RequestOptions) => Promise<HttpAnswer>;
}

/** @param until unix seconds after which nothing is asked any more. */
export function restOf(
  host: Host,
  { url, ca_file: caFile, fingerprint }: Pick<BackupServer, 'url' | 'ca_file' | 'fingerprint'>,
  until: number,
): Rest {
  const base = url.replace(/\/+$/, '');
  return {
    ask: async (path, options = {}) => {
      const left = (until - host.now()) * 1000;
      if (left <= 0)
        throw new CollectorError(
          'timeout',
          `${base} was too slow: not everything could be asked in the time there is; raise the timeout of the collector if that is normal here`,
        );
      return host.request(`${base}${path}`, {
        timeout: Math.min(patience, left),
        maxBytes: largestAnswer,
        ...options,
        ...(caFile === undefined ? {} : { caFile }),
        ...(fingerprint === undefined ? {} : { fingerprint }),
      });
    },
  };
}

/**
 * Seconds each of some servers may take, so that all get their turn before the collector is given up: one that hangs must not
 * cost the facts of the others.
 */
export function shareOfTime({ timeLimit }: Host, servers: number, atOnce: number): number {
  return Math.max(timeLimit - 10, timeLimit * 0.8) / Math.ceil(servers / atOnce);
}

const reasonOf: Readonly<Record<number, readonly [Reason, string]>> = {
  401: ['authentication_failed', 'check the user and the file of its password or token'],
  403: [
    'permission_denied',
    'this user may not read it; see the page of the collector for the rights it needs',
  ],
  404: ['unsupported', 'this version of the server does not know it, or the address is another one'],
};

/** What went wrong with an answer that is not a success; undefined when it is one. */
export function refusal(answer: HttpAnswer, what: string): CollectorError | undefined {
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300) return undefined;
  const said = excerpt(body);
  const [reason, todo]: readonly [Reason, string] =
    reasonOf[status] ??
    (status >= 300 && status < 400
      ? [
          'unexpected_output',
          `it points to ${headers['location'] ?? 'another address'}, which is not followed; configure the address of the API itself`,
        ]
      : ['tool_failed', 'see the log of the server']);
  return new CollectorError(
    reason,
    `${what} was answered with ${status}${said === '' ? '' : ` (${said})`}; ${todo}`,
  );
}

/**
 * The document in an answer.
 * @throws CollectorError authentication_failed (401), permission_denied (403), unsupported (404), tool_failed;
 *   unexpected_output when it is no JSON, or cut off.
 */
export function readJson(answer: HttpAnswer, what: string): unknown {
  const refused = refusal(answer, what);
  if (refused !== undefined) throw refused;
  const text = answer.body.replace(/^\uFEFF/, '').trim();
  const unexpected = (got: string, cause?: unknown) =>
    new CollectorError('unexpected_output', `${what} was answered with ${got}`, { cause });
  if (text === '') throw unexpected('nothing');
  if (text.startsWith('<'))
    throw unexpected(
      'a web page or XML instead of JSON; check that the address is the one of the API, and no proxy or login page stands before it',
    );
  try {
    const document: unknown = JSON.parse(text);
    return document;
  } catch (error) {
    throw unexpected(`JSON that is damaged or cut off (${text.length} characters)`, error);
  }
}

/** The beginning of what a server said, in one line. */
function excerpt(body: string): string {
  const line = body
    .replaceAll(/<(?:style|script)[\s\S]*?<\/(?:style|script)>|<[^>]*>/gi, ' ')
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim();
  return line.length > 160 ? `${line.slice(0, 160)}...` : line;
}

/** Does something with each of a list, no more than some at the same time, and keeps the order. One that is slow does not hold up the rest. */
export async function eachOf<T, R>(
  list: readonly T[],
  atOnce: number,
  act: (one: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = list.entries();
  const place = async () => {
    // oxlint-disable-next-line no-await-in-loop -- few at once is the point
    for (const [at, one] of waiting) results[at] = await act(one);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, place));
  return results;
}
