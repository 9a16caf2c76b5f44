import { validateHeaderValue } from 'node:http';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { parseGoDuration } from './rate-limit.ts';
import { cipherSuites, clientAuthTypes, curves, tlsVersions } from './tls.ts';

/* Every scalar arrives as text or null: see the YAML schema in web-config.ts. */

const text = z.string('expected text').nullish();
const list = <T extends z.ZodType>(item: T) => z.array(item, 'expected a list').nullish();

/** Text that names a row of a table. */
function oneOf(what: string, table: Iterable<string>, hint: (name: string, names: string[]) => string) {
  const names = [...table];
  return z.string('expected text').superRefine((name, context) => {
    if (!names.includes(name))
      context.addIssue(`unknown ${what} ${JSON.stringify(name)}; ${hint(name, names)}`);
  });
}
const useOneOf = (_: string, names: readonly string[]) =>
  `use ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
const didYouMean = (name: string, names: string[]) => `did you mean ${closest(name, names)}?`;

/** exporter-toolkit reads YAML 1.1, where `yes` and `on` are booleans too. */
const boolean = z
  .string('expected true or false')
  .transform((word, context) => {
    if (/^(true|yes|on|y)$/i.test(word)) return true;
    if (/^(false|no|off|n)$/i.test(word)) return false;
    context.addIssue(`expected true or false, got ${JSON.stringify(word)}`);
    return z.NEVER;
  })
  .nullish();

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
/** The headers exporter-toolkit allows, with their only values where it knows them. */
const headerValues: ReadonlyMap<string, readonly string[]> = new Map([
  ['Content-Security-Policy', []],
  ['Strict-Transport-Security', []],
  ['X-Content-Type-Options', ['nosniff']],
  ['X-Frame-Options', ['deny', 'sameorigin']],
  ['X-XSS-Protection', []],
]);

const headers = z
  .record(z.string(), text, 'expected a mapping of header names to values')
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given)) {
      const message = headerMistake(name, value ?? '');
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .nullish();

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

const users = z
  .record(z.string(), text, 'expected a mapping of user names to bcrypt hashes')
  .superRefine((given, context) => {
    for (const [name, hash] of Object.entries(given)) {
      const add = (message: string) => context.addIssue({ code: 'custom', path: [name], message });
      if (name.includes(':')) add('a user name cannot hold a colon: basic authentication cannot send it');
      if (!bcryptHash.test(hash ?? ''))
        add(`not a bcrypt hash; make one with: htpasswd -nBC 10 "" | tr -d ':\\n'`);
    }
  })
  .nullish();

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

const httpShape = { http2: boolean, headers };

export type TlsSection = z.infer<z.ZodObject<typeof tlsShape>>;

/** The whole file. */
export const webConfigSchema = section({
  tls_server_config: section(tlsShape).superRefine(checkTls).nullish(),
  http_server_config: section(httpShape).nullish(),
  basic_auth_users: users,
  rate_limit: section(rateLimitShape).superRefine(checkRateLimit).nullish(),
});

/** The keys each section understands, for hints. */
export const keysAt: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(webConfigSchema.shape),
  tls_server_config: Object.keys(tlsShape),
  http_server_config: Object.keys(httpShape),
  rate_limit: Object.keys(rateLimitShape),
};

function section<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, 'expected a mapping of keys to values');
}

type Context = z.core.$RefinementCtx;

function checkRateLimit(
  { interval, burst }: z.infer<z.ZodObject<typeof rateLimitShape>>,
  context: Context,
): void {
  const add = mistakes(context);
  if (interval && !burst) add('burst', 'expected at least 1; with none nobody gets an answer');
  if (burst && (interval ?? undefined) === undefined)
    add('interval', 'missing; add one like 1s, or 0 for no limit');
}

/** What exporter-toolkit checks, and what it lets through although it cannot work. */
function checkTls(tls: TlsSection, context: Context): void {
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

function mistakes(context: Context): (key: string, message: string) => void {
  return (key, message) => context.addIssue({ code: 'custom', path: [key], message });
}
