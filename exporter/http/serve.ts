import { createServer, type RequestListener, type Server } from 'node:http';
import type { Log } from '../log.ts';
import { createBcrypt } from './bcrypt.ts';
import { followConnections } from './connections.ts';
import { createGate } from './gate.ts';
import { explainListenError, parseListenAddress, urlOf } from './listen-address.ts';
import { createSecureServer } from './secure-server.ts';
import { noWebConfigFile, openWebConfigFile } from './web-config-file.ts';

export interface ListenOptions {
  /** `host:port`, `:port` for every address of the machine, `[::1]:port`; port 0 picks a free one. */
  readonly addresses: readonly string[];
  /** Path of an exporter-toolkit web configuration; without it plain HTTP for everybody. */
  readonly webConfigFile?: string | undefined;
  readonly log: Log;
  /** Told once at the start and after every change of the web configuration whether the file as it is now is in use. */
  readonly onReload?: ((successful: boolean) => void) | undefined;
  /** Milliseconds `close` waits for requests in progress; 10 s unless told. */
  readonly grace?: number;
}

export interface Listening {
  /** Where it answers, as `http://127.0.0.1:10847`, in the order of the addresses. */
  readonly urls: readonly string[];
  /** Accepts nothing new, lets requests in progress finish, ends idle connections. */
  readonly close: () => Promise<void>;
  /** Reads the web configuration again now. @throws Error when it is not valid; the one in use stays. */
  readonly reload: () => Promise<void>;
}

/**
 * Starts one server per address, all behind one web configuration.
 * @throws Error when the web configuration or an address cannot be used; nothing listens then.
 */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const { addresses, webConfigFile, log, onReload = () => undefined, grace = 10_000 } = options;
  if (addresses.length === 0) throw new Error('no listen address; give one like 127.0.0.1:10847');
  const targets = addresses.map((address) => ({ address, ...parseListenAddress(address) }));
  const file = webConfigFile
    ? openWebConfigFile(webConfigFile, { log, onReload, now: Date.now })
    : noWebConfigFile;
  const bcrypt = createBcrypt();
  const gate = createGate(app, { config: file.current, compare: bcrypt.compare, log, now: seconds });
  const started: { readonly url: string; readonly close: (grace: number) => Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(started.map((server) => server.close(grace)));
    await bcrypt.close();
  };
  try {
    const secure = file.current().tls !== undefined;
    for (const { address, host, port } of targets) {
      const server = secure ? createSecureServer(gate, { config: file.current, log }) : createServer(gate);
      const closeServer = followConnections(server);
      await listening(server, host, port).catch((error: unknown) => {
        throw explainListenError(address, error);
      });
      const at = server.address();
      if (at === null || typeof at === 'string')
        throw new Error(`cannot listen on ${address}: it has no port`);
      started.push({ url: urlOf(secure ? 'https' : 'http', at), close: closeServer });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    urls: started.map(({ url }) => url),
    close,
    reload: async () => file.reload(),
  };
}

function listening(server: Server, host: string | undefined, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(host === undefined ? { port } : { host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function seconds(): number {
  return performance.now() / 1000;
}
