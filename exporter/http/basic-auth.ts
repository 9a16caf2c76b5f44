import { createHmac, randomBytes } from 'node:crypto';
import type { Bcrypt } from './bcrypt.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Salt and hash, all zero, that an unknown user's password is compared with. */
const nobody = '.'.repeat(53);

/** Results remembered, and at the same time the most passwords that may wait for bcrypt. */
const cacheSize = 100;

/** The user and password of an `Authorization` header (RFC 7617, UTF-8); undefined when it holds none. */
export function parseAuthorization(header: string | undefined): Credentials | undefined {
  const [, token] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '') ?? [];
  if (token === undefined) return undefined;
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(token, 'base64'),
    );
    const colon = decoded.indexOf(':');
    return colon < 0 ? undefined : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  } catch {
    return undefined;
  }
}

/** Too many passwords wait for bcrypt. */
export class BusyError extends Error {
  override name = 'BusyError';
}

interface Remembered {
  readonly allowed: Promise<boolean>;
  state: 'waiting' | 'allowed' | 'refused';
}

/**
 * Makes the check of user and password against a table of bcrypt hashes. Each triple of user, hash and password is
 * computed once and remembered, so a scrape costs bcrypt only the first time. An unknown user costs as much as the
 * dearest known one, so time does not tell who exists.
 * @throws BusyError, or Error when bcrypt fails; neither is remembered.
 */
export function createAuthenticator(
  compare: Bcrypt['compare'],
): (users: ReadonlyMap<string, string>, credentials: Credentials) => Promise<boolean> {
  const results = new Map<string, Remembered>();
  const secret = randomBytes(32);

  return async (users, { user, password }) => {
    const known = users.get(user);
    const hash = known ?? `$2y$${dearestCost(users)}$${nobody}`;
    const key = keyOf(secret, [user, hash, password]);
    const found = results.get(key);
    if (found !== undefined) {
      results.delete(key);
      results.set(key, found);
      return found.allowed;
    }
    makeRoom(results);
    const allowed = compare(password, hash).then((equal) => equal && known !== undefined);
    const remembered: Remembered = { allowed, state: 'waiting' };
    results.set(key, remembered);
    allowed.then(
      (yes) => (remembered.state = yes ? 'allowed' : 'refused'),
      () => results.delete(key),
    );
    return allowed;
  };
}

/** Forgets a refused password first, so that guessing does not push out who may come in. */
function makeRoom(results: Map<string, Remembered>): void {
  if (results.size < cacheSize) return;
  const oldest = (state: Remembered['state']) =>
    [...results].find(([, remembered]) => remembered.state === state)?.[0];
  const key = oldest('refused') ?? oldest('allowed');
  if (key === undefined) throw new BusyError('too many passwords wait to be checked');
  results.delete(key);
}

function dearestCost(users: ReadonlyMap<string, string>): string {
  return [...users.values()].map((hash) => hash.slice(4, 6)).reduce((a, b) => (a > b ? a : b), '04');
}

/** Keyed, so that memory holds no password and looking up a key tells nothing about one. */
function keyOf(secret: Buffer, parts: readonly string[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64');
}
