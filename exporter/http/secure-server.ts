import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../log.ts';
import { asksForCertificate, refusal } from './client-certificate.ts';
import type { LoadedWebConfig } from './web-config-file.ts';

/**
 * An HTTPS server for which every new connection takes certificates, client CA, versions and ciphers from the
 * configuration as it is then. Whether clients are asked for a certificate is settled here once: Node has no way to
 * change it later.
 * @param config serves TLS now and later.
 */
export function createSecureServer(
  handler: RequestListener,
  { config, log }: { readonly config: () => LoadedWebConfig; readonly log: Log },
): Server {
  const { tls, secureContext } = config();
  if (tls === undefined || secureContext === undefined) throw new Error('the web configuration has no TLS');
  let applied = secureContext;
  const admitted = new WeakSet<Socket>();

  // Clients are judged below, so that RequestClientCert and its like can be told apart; Node would only know all or none.
  const options = { ...secureContext, requestCert: asksForCertificate(tls), rejectUnauthorized: false };
  const server = createServer(options, (request, response) => {
    if (admitted.has(request.socket)) handler(request, response);
    else request.socket.destroy();
  });
  server.prependListener('connection', () => {
    const latest = config().secureContext;
    if (latest === undefined || latest === applied) return;
    server.setSecureContext(latest);
    applied = latest;
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const why = refusal(config().tls ?? tls, {
      certificate: socket.getPeerX509Certificate(),
      verifyError: socket.authorized ? undefined : String(socket.authorizationError),
    });
    if (why === undefined) return void admitted.add(socket);
    log.warn('client refused', { client: socket.remoteAddress, error: why });
    return socket.destroy();
  });
  server.on('tlsClientError', ({ message }: Error, socket: TLSSocket) => {
    log.debug('TLS handshake failed', { client: socket.remoteAddress, error: message });
  });
  return server;
}
