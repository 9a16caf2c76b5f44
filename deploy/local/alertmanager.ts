import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, type Running, startServer, untilReady } from './process.ts';

export interface Alertmanager extends Running {
  readonly url: string;
  /** host:port, as Prometheus wants it. */
  readonly address: string;
}

/** Starts Alertmanager on loopback, without a cluster, and waits until it answers. */
export async function startAlertmanager(options: {
  readonly directory: string;
  readonly configFile: string;
  readonly port: number;
}): Promise<Alertmanager> {
  const data = join(options.directory, 'data');
  mkdirSync(data, { recursive: true });
  const port = await freePort(options.port);
  const address = `127.0.0.1:${port}`;
  const running = await startServer(
    'Alertmanager',
    [
      'prometheus-alertmanager',
      `--config.file=${resolve(options.configFile)}`,
      `--storage.path=${data}`,
      `--web.listen-address=${address}`,
      // What links in messages begin with.
      `--web.external-url=http://${address}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    join(options.directory, 'alertmanager.log'),
  );
  await untilReady(running, `http://${address}/-/ready`);
  return { ...running, url: `http://${address}`, address };
}
