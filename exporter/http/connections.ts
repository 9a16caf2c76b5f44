import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Follows the connections of a server from its start, so that it can end without cutting an answer off: `Server.close`
 * alone waits for connections that never sent a request, and on TLS for handshakes that never end.
 * @returns what closes the server: nothing new is accepted, idle connections end at once, requests in progress get
 * `grace` milliseconds.
 */
export function followConnections(server: Server): (grace: number) => Promise<void> {
  // By the client's address, which the TLS socket shares with the TCP socket it takes over.
  const open = new Map<string, Socket>();
  const busy = new Map<Socket, number>();
  let closing = false;

  const add = (socket: Socket) => {
    const client = `${socket.remoteAddress} ${socket.remotePort}`;
    open.set(client, socket);
    socket.once('close', () => {
      if (open.get(client) === socket) open.delete(client);
    });
  };
  server.on('connection', add);
  server.on('secureConnection', add);
  server.prependListener('request', ({ socket }, response) => {
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (busy.get(socket) ?? 1) - 1;
      if (left > 0) busy.set(socket, left);
      else busy.delete(socket);
      if (left === 0 && closing) socket.destroySoon();
    });
  });

  return (grace) =>
    new Promise((resolve) => {
      closing = true;
      const destroyAll = () => open.forEach((socket) => socket.destroy());
      const timer = setTimeout(destroyAll, grace);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      open.forEach((socket) => !busy.has(socket) && socket.destroy());
    });
}
