import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { unreadable } from './file-error.ts';

/** Where the Prometheus is and what it wants to see. */
export interface Connection {
  /** `https://prometheus.example.org/prefix`, without a name and password. */
  readonly base: string;
  /** Sent with every question; they hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Readonly<{ ca?: Buffer; cert?: Buffer; key?: Buffer }>;
  /** Whether it is told who asks: a refusal then means another thing. */
  readonly authorized: boolean;
}

/** What an operator says about it; secrets are in files. */
export interface ConnectionOptions {
  /** `http[s]://[name:password@]host:port[/path]` */
  readonly prometheus: string;
  /** `X-Scope-OrgID: acme` */
  readonly header?: readonly string[];
  readonly user?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** @throws Error that says what to write instead. No message holds a header's value, a password or a token. */
export async function readConnection(options: ConnectionOptions): Promise<Connection> {
  const { base, authorization } = parseAddress(options.prometheus);
  const ways = [authorization, options.user, options.tokenFile].filter((way) => way !== undefined);
  if (ways.length > 1)
    throw new Error('name Prometheus one way to know who asks: in its address, --user or --token-file.');
  const own = authorization ?? (await authorizationOf(options));
  const headers = Object.fromEntries((options.header ?? []).map(parseHeader));
  return {
    base,
    headers: own === undefined ? headers : { ...headers, authorization: own },
    tls: await readTls(options),
    authorized: own !== undefined || 'authorization' in headers,
  };
}

/** @throws Error when it is no address of a Prometheus. */
export function parseAddress(address: string): { readonly base: string; readonly authorization?: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new Error(
      // What is no address may hold a password nevertheless.
      `${JSON.stringify(address.replace(/^.*@/, '…@'))} is no address of a Prometheus. Write it like http://127.0.0.1:9090.`,
    );
  const { username, password } = url;
  if (url.search !== '' || url.hash !== '')
    throw new Error(`the address of Prometheus ends before ? and #. Write it like http://127.0.0.1:9090.`);
  return {
    base: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    ...(username === ''
      ? {}
      : { authorization: basic(decodeURIComponent(username), decodeURIComponent(password)) }),
  };
}

async function authorizationOf({
  user,
  passwordFile,
  tokenFile,
}: ConnectionOptions): Promise<string | undefined> {
  if ((user === undefined) !== (passwordFile === undefined))
    throw new Error('--user and --password-file go together.');
  if (user !== undefined && passwordFile !== undefined) return basic(user, await readSecret(passwordFile));
  return tokenFile === undefined ? undefined : `Bearer ${await readSecret(tokenFile)}`;
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function parseHeader(text: string, index: number): readonly [string, string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*([\t\x20-\x7e]+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new Error(`--header ${index + 1} is no header. Write it like 'X-Scope-OrgID: acme'.`);
  return [name.toLowerCase(), value.trim()];
}

/** A secret is one line; editors end it. */
async function readSecret(path: string): Promise<string> {
  const secret = (await readBytes(path)).toString('utf8').trim();
  if (/^[\x20-\x7e]+$/.test(secret)) return secret;
  throw new Error(`${path} must hold one line, the secret.`);
}

async function readTls({ caFile, certFile, keyFile }: ConnectionOptions): Promise<Connection['tls']> {
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new Error('--cert-file and --key-file go together.');
  const [ca, cert, key] = await Promise.all(
    [caFile, certFile, keyFile].map(async (path) => (path === undefined ? undefined : readBytes(path))),
  );
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  try {
    createSecureContext(tls);
  } catch (error) {
    const files = [caFile, certFile, keyFile].filter((path) => path !== undefined);
    throw new Error(
      `${files.join(', ')}: not PEM certificates, or a key of another certificate (${error instanceof Error ? error.message : String(error)}).`,
      { cause: error },
    );
  }
  return tls;
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(error, path);
  }
}
