import { STATUS_CODES, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { BusyError, createAuthenticator, parseAuthorization } from './basic-auth.ts';
import type { Bcrypt } from './bcrypt.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
import type { WebConfig } from './web-config.ts';

export interface GateOptions {
  readonly config: () => WebConfig;
  readonly compare: Bcrypt['compare'];
  readonly log: Log;
  /** Seconds of a steady clock. */
  readonly now: () => number;
}

/**
 * Stands before every path, in exporter-toolkit's order: configuration, rate limit, headers, user and password, and
 * only then the application.
 */
export function createGate(
  app: RequestListener,
  { config, compare, log, now }: GateOptions,
): RequestListener {
  const authenticate = createAuthenticator(compare);
  const within = createLimit(now);

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { rateLimit, headers, users } = config();
    if (!within(rateLimit)) return answer(response, 429);
    for (const [name, value] of headers) response.setHeader(name, value);
    if (users.size > 0) {
      const credentials = parseAuthorization(request.headers.authorization);
      if (credentials === undefined || !(await authenticate(users, credentials))) {
        response.setHeader('WWW-Authenticate', 'Basic');
        return answer(response, 401);
      }
    }
    return app(request, response);
  };

  return (request, response) => {
    pass(request, response).catch((error: unknown) => {
      if (error instanceof BusyError) return answer(response, 503);
      log.error('request failed', { error: error instanceof Error ? error.message : String(error) });
      return response.headersSent ? void response.destroy() : answer(response, 500);
    });
  };
}

/** One bucket for all addresses; a new one when the configured limit changes. */
function createLimit(now: () => number): (limit: RateLimit | undefined) => boolean {
  let applied: RateLimit | undefined;
  let allow: (() => boolean) | undefined;
  return (limit) => {
    if (limit?.interval !== applied?.interval || limit?.burst !== applied?.burst) {
      applied = limit;
      allow = limit === undefined ? undefined : createRateLimiter(limit, now);
    }
    return allow?.() ?? true;
  };
}

function answer(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.end(`${STATUS_CODES[status]}\n`);
}
