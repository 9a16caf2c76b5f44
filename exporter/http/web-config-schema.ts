import { validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { parseGoDuration } from './rate-limit.ts';
import { tlsSection } from './tls-section.ts';
import { boolean, mistakes, namesTo, section, useOneOf } from './web-config-values.ts';

/** The headers exporter-toolkit allows, with their only values where it knows them. */
const headerValues: ReadonlyMap<string, readonly string[]> = new Map([
  ['Content-Security-Policy', []],
  ['Strict-Transport-Security', []],
  ['X-Content-Type-Options', ['nosniff']],
  ['X-Frame-Options', ['deny', 'sameorigin']],
  ['X-XSS-Protection', []],
]);

function headerMistake(name: string, value: string): string | undefined {
  const allowed = headerValues.get(name);
  const names = [...headerValues.keys()];
  if (allowed === undefined)
    return `this header cannot be configured; ${useOneOf(name, names)}, spelled like this`;
  if (allowed.length > 0 && !allowed.includes(value))
    return `unknown value ${JSON.stringify(value)}; use ${allowed.join(' or ')}, in small letters`;
  try {
    validateHeaderValue(name, value);
    return undefined;
  } catch {
    return 'holds a character a header cannot carry; write it on one line';
  }
}

/** Cost 4 to 31 and 53 characters of salt and hash, as bcrypt's reference implementation writes them. */
const bcryptHash = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

function userMistake(name: string, hash: string): string | undefined {
  if (name.includes(':')) return 'a user name cannot hold a colon: basic authentication cannot send it';
  if (!bcryptHash.test(hash)) return `not a bcrypt hash; make one with: htpasswd -nBC 10 "" | tr -d ':\\n'`;
  return undefined;
}

const rateLimitShape = {
  interval: z
    .string('expected a duration')
    .transform((value, context) => {
      const seconds = parseGoDuration(value);
      if (seconds !== undefined) return seconds;
      context.addIssue(`expected a duration with a unit like 1s or 500ms, got ${JSON.stringify(value)}`);
      return z.NEVER;
    })
    .nullish(),
  burst: z
    .string('expected a whole number')
    .regex(/^\d{1,9}$/, 'expected a whole number like 10')
    .transform(Number)
    .nullish(),
};

const httpShape = { http2: boolean, headers: namesTo('header names to values', headerMistake) };

/** The whole file. */
export const webConfigSchema = section({
  tls_server_config: tlsSection.nullish(),
  http_server_config: section(httpShape).nullish(),
  basic_auth_users: namesTo('user names to bcrypt hashes', userMistake),
  rate_limit: section(rateLimitShape).superRefine(checkRateLimit).nullish(),
});

/** The keys each section understands, for hints. */
export const keysAt: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(webConfigSchema.shape),
  tls_server_config: Object.keys(tlsSection.shape),
  http_server_config: Object.keys(httpShape),
  rate_limit: Object.keys(rateLimitShape),
};

function checkRateLimit(
  { interval, burst }: z.infer<z.ZodObject<typeof rateLimitShape>>,
  context: z.core.$RefinementCtx,
): void {
  const add = mistakes(context);
  if (interval && !burst) add('burst', 'expected at least 1; with none nobody gets an answer');
  if (burst && (interval ?? undefined) === undefined)
    add('interval', 'missing; add one like 1s, or 0 for no limit');
}
