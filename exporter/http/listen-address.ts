import { isIPv6, type AddressInfo } from 'node:net';
import { errorCode } from '../error-code.ts';

export interface ListenAddress {
  /** Undefined: every address of the machine. */
  readonly host: string | undefined;
  /** 0: any free port. */
  readonly port: number;
}

/** Reads `127.0.0.1:10847`, `:10847` or `[::1]:10847`. @throws Error with the reason and what to write. */
export function parseListenAddress(text: string): ListenAddress {
  const [, ipv6, name, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined) {
    const hint = /^[\da-f:.]*:[\da-f:.]*:/i.test(text)
      ? '[::1]:10847'
      : '127.0.0.1:10847, or :10847 for every address';
    throw new Error(`listen address ${JSON.stringify(text)}: expected host:port; write it like ${hint}`);
  }
  if (ipv6 !== undefined && !isIPv6(ipv6))
    throw new Error(
      `listen address ${JSON.stringify(text)}: ${JSON.stringify(ipv6)} is no IPv6 address; brackets are for IPv6 only`,
    );
  const port = Number(digits);
  if (port > 65_535)
    throw new Error(
      `listen address ${JSON.stringify(text)}: ports end at 65535; write it like 127.0.0.1:10847`,
    );
  return { host: ipv6 ?? (name || undefined), port };
}

/** The URL of a server that listens. */
export function urlOf(scheme: 'http' | 'https', { address, family, port }: AddressInfo): string {
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Why an address cannot be listened on, in words and with the next step. */
export function explainListenError(address: string, error: unknown): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another process listens there; stop it or choose another port with --web.listen-address',
    EACCES: 'not permitted; ports below 1024 need CAP_NET_BIND_SERVICE, choose a higher one',
    EADDRNOTAVAIL: 'this machine has no such address; use one of its own, or :port for all',
    ENOTFOUND: 'no such host name; use an address of this machine',
  };
  const reason = reasons[errorCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
  return new Error(`cannot listen on ${address}: ${reason}`, { cause: error });
}
