import { appendFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname } from 'node:path';

/** One message of Alertmanager's webhook (version 4), as far as it is shown; unknown fields are kept in the file. */
export interface Notification {
  /** The path it was sent to: which receiver of the policy. */
  readonly receiver: string;
  readonly body: unknown;
}

export interface NotificationLog {
  readonly url: string;
  readonly received: () => readonly Notification[];
  readonly close: () => Promise<void>;
}

/**
 * Stands in for the on-call system on one machine: takes Alertmanager's webhooks and appends each as one line of JSON.
 * @throws Error when the port is taken.
 */
export async function logNotifications(file: string, port: number): Promise<NotificationLog> {
  mkdirSync(dirname(file), { recursive: true });
  const received: Notification[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const notification = {
        receiver: request.url ?? '/',
        body: parse(Buffer.concat(chunks).toString('utf8')),
      };
      received.push(notification);
      appendFileSync(file, `${JSON.stringify(notification)}\n`);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(`the receiver of notifications could not listen on 127.0.0.1:${port}: ${error.message}`, {
          cause: error,
        }),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${actual}`,
    received: () => received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
