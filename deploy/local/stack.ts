import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Alertmanager, startAlertmanager } from './alertmanager.ts';
import { logNotifications, type NotificationLog } from './notifications.ts';
import { freePort, type Running, startServer, untilReady } from './process.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

export interface Exporter extends Running {
  readonly url: string;
  /** host:port, as Prometheus scrapes it. */
  readonly address: string;
}

/** Starts the exporter on this very host, with the collectors its tools allow, and waits for its first answers. */
export async function startExporter(directory: string): Promise<Exporter> {
  const config = join(directory, 'config.yaml');
  const init = await startServer(
    'maintenance-exporter init',
    [process.execPath, 'exporter/main.ts', 'init', '--force', '--output', config],
    join(directory, 'init.log'),
  );
  const how = await init.ended;
  if (how !== 'exit 0') throw new Error(`maintenance-exporter init ended with ${how}; see ${init.logFile}`);
  const port = await freePort(10_847);
  const address = `127.0.0.1:${port}`;
  const running = await startServer(
    'maintenance-exporter',
    [
      process.execPath,
      'exporter/main.ts',
      `--config.file=${config}`,
      `--web.listen-address=${address}`,
      `--state.directory=${join(directory, 'state')}`,
    ],
    join(directory, 'exporter.log'),
  );
  await untilReady(running, `http://${address}/-/ready`, 150);
  return { ...running, url: `http://${address}`, address };
}

/** Alertmanager with the generated configuration, and something that takes its messages where the policy sends them. */
export async function startAlerting(directory: string): Promise<{
  readonly alertmanager: Alertmanager;
  readonly notifications: NotificationLog;
  readonly file: string;
}> {
  const file = join(directory, 'notifications.jsonl');
  // The address in alerts/policy.yaml.
  const notifications = await logNotifications(file, 9095);
  const alertmanager = await startAlertmanager({
    directory,
    configFile: 'alerts/generated/alertmanager.yaml',
    port: 9093,
  });
  return { alertmanager, notifications, file };
}

/** Prometheus with the generated rules, scraping this host as a server of the first customer. */
export function startLive(
  directory: string,
  exporter: Exporter,
  alertmanager: Alertmanager,
  customer: string,
): Promise<Prometheus> {
  return startPrometheus({
    name: 'Prometheus',
    directory,
    port: 9090,
    targets: [{ address: exporter.address, labels: { customer, role: 'server', instance: hostname() } }],
    ruleFiles: ['alerts/generated/records.yaml', 'alerts/generated/alerts.yaml'],
    alertmanager: alertmanager.address,
  });
}

/**
 * Prometheus over the simulated history. Its samples lie `stepSeconds` apart, so an instant must look back further
 * than the usual five minutes, and nothing may expire.
 */
export function startHistory(directory: string, stepSeconds: number): Promise<Prometheus> {
  return startPrometheus({
    name: 'Prometheus with the simulated history',
    directory,
    port: 9091,
    flags: ['--storage.tsdb.retention.time=10y', `--query.lookback-delta=${stepSeconds + 60}s`],
  });
}
