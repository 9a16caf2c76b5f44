import { isAbsolute, join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { FAILSAFE_SCHEMA, loadAll, mergeTag, nullCoreTag, YAMLException } from 'js-yaml';
import type { z } from 'zod';
import type { RateLimit } from './rate-limit.ts';
import { clientAuthTypes } from './go-tls-names.ts';
import type { TlsSection } from './tls-section.ts';
import type { PemSource, TlsConfig } from './tls.ts';
import { keysAt, webConfigSchema } from './web-config-schema.ts';

/** A web configuration file as read: what exporter-toolkit calls `--web.config.file`. */
export interface WebConfig {
  /** Undefined: plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** Set on every response. */
  readonly headers: ReadonlyMap<string, string>;
  /** User name to bcrypt hash. Empty: no authentication. */
  readonly users: ReadonlyMap<string, string>;
  /** Undefined: no limit. */
  readonly rateLimit: RateLimit | undefined;
}

/**
 * Reads a web configuration.
 * @param directory that relative paths in it start from: where the file lies.
 * @throws Error that lists every mistake with its path, the reason and what to write instead.
 */
export function parseWebConfig(yaml: string, directory: string): WebConfig {
  const result = webConfigSchema.safeParse(documentIn(yaml));
  if (!result.success)
    throw new Error(result.error.issues.flatMap(explain).join('\n'), { cause: result.error });
  const file = result.data;
  const { interval, burst } = file.rate_limit ?? {};
  return {
    tls: tlsConfig(file.tls_server_config ?? {}, directory),
    headers: file.http_server_config?.headers ?? new Map(),
    users: file.basic_auth_users ?? new Map(),
    rateLimit: interval && burst ? { interval, burst } : undefined,
  };
}

/** Scalars stay text as written: a header value `0` is no number, a user `yes` is no boolean. */
const yamlSchema = FAILSAFE_SCHEMA.withTags(nullCoreTag, mergeTag);

function documentIn(yaml: string): unknown {
  const [first, ...others] = documentsIn(yaml);
  if (others.some((document) => document !== null))
    throw new Error('more than one YAML document; put everything before the first ---');
  return first ?? {};
}

function documentsIn(yaml: string): readonly unknown[] {
  let mistake: string;
  try {
    return loadAll(yaml, { schema: yamlSchema });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    mistake = describe(error, yaml);
  }
  // Without a cause: the parser's error quotes the lines around the mistake, which may hold a key.
  throw new Error(mistake);
}

function describe({ mark, reason }: YAMLException, yaml: string): string {
  const place = mark === undefined ? '' : `line ${mark.line + 1}, column ${mark.column + 1}: `;
  const hint = /^ *\t/m.test(yaml) ? '; indent with spaces, not with tabs' : '';
  return `${place}${reason}${hint}`;
}

function explain(issue: z.core.$ZodIssue): readonly string[] {
  const at = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return [at === '' ? issue.message : `${at}: ${issue.message}`];
  return issue.keys.map((key) => {
    const hint = closest(key, [...(keysAt[at] ?? [])]);
    return `${at === '' ? key : `${at}.${key}`}: unknown key; did you mean ${hint}?`;
  });
}

/** Undefined where nothing switches TLS on: versions, suites and curves alone do not. */
function tlsConfig(section: TlsSection, directory: string): TlsConfig | undefined {
  const source = (key: 'cert' | 'key' | 'client_ca'): PemSource | undefined => {
    const file = section[`${key}_file`];
    if (file) return { key: `${key}_file`, file: isAbsolute(file) ? file : join(directory, file) };
    const pem = section[key];
    return pem ? { key, pem } : undefined;
  };
  const certificate = source('cert');
  const privateKey = source('key');
  if (certificate === undefined || privateKey === undefined) return undefined;
  return {
    certificate,
    privateKey,
    clientCa: source('client_ca'),
    clientAuth: clientAuthTypes.find((type) => type === section.client_auth_type) ?? 'NoClientCert',
    clientAllowedSans: section.client_allowed_sans ?? undefined,
    minVersion: section.min_version ?? 'TLS12',
    maxVersion: section.max_version ?? 'TLS13',
    cipherSuites: section.cipher_suites ?? [],
    curves: section.curve_preferences ?? [],
    preferServerCipherSuites: section.prefer_server_cipher_suites ?? true,
  };
}
