import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { freePort, type Running, startServer, untilReady } from './process.ts';

export interface Victoria extends Running {
  readonly url: string;
  /** Loads an OpenMetrics file with timestamps. @throws Error with what VictoriaMetrics said. */
  readonly load: (path: string) => Promise<void>;
}

/** Starts VictoriaMetrics on loopback with its data in the directory and waits until it answers. It forgets nothing. */
export async function startVictoria(directory: string, flags: readonly string[] = []): Promise<Victoria> {
  const address = `127.0.0.1:${await freePort(0)}`;
  const running = await startServer(
    'VictoriaMetrics',
    [
      'victoria-metrics',
      `-httpListenAddr=${address}`,
      `-storageDataPath=${join(directory, 'victoria')}`,
      '-retentionPeriod=100y',
      '-search.latencyOffset=0s',
      ...flags,
    ],
    join(directory, 'victoria.log'),
  );
  const url = `http://${address}`;
  await untilReady(running, `${url}/health`);
  return { ...running, url, load: (path) => load(url, path) };
}

async function load(url: string, path: string): Promise<void> {
  // Prometheus text has its times in milliseconds, OpenMetrics in seconds.
  const body = (await (await openAsBlob(path)).text()).replaceAll(/ (\d{10})$/gm, ' $1000');
  const imported = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body });
  if (!imported.ok) throw new Error(`VictoriaMetrics did not take ${path}: ${await imported.text()}`);
  await fetch(`${url}/internal/force_flush`);
}
