import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dump } from 'js-yaml';
import { freePort, type Running, startServer, untilReady } from './process.ts';

/** A host to scrape, with the labels only the server side may set. */
export interface Target {
  /** host:port */
  readonly address: string;
  readonly labels?: { readonly customer: string; readonly role: string; readonly instance: string };
}

export interface PrometheusOptions {
  readonly name: string;
  /** Configuration, data and log go here; data stay between starts. */
  readonly directory: string;
  readonly port: number;
  readonly targets?: readonly Target[];
  /** The job of the targets, `maintenance` where it is not given. */
  readonly job?: string;
  /** Whether the labels the targets give win over those of the scrape. */
  readonly honorLabels?: boolean;
  readonly ruleFiles?: readonly string[];
  /** host:port */
  readonly alertmanager?: string;
  /** `15s`, `1m`. */
  readonly scrapeInterval?: string;
  readonly flags?: readonly string[];
}

export interface Prometheus extends Running {
  readonly url: string;
}

/** Starts Prometheus on loopback and waits until it answers queries. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { name, directory, targets = [], flags = [] } = options;
  const data = join(directory, 'data');
  mkdirSync(data, { recursive: true });
  const config = join(directory, 'prometheus.yml');
  writeFileSync(config, dump(configOf(options)));
  writeFileSync(
    join(directory, 'targets.json'),
    JSON.stringify(
      targets.map(({ address, labels = {} }) => ({ targets: [address], labels })),
      undefined,
      2,
    ),
  );
  const port = await freePort(options.port);
  const url = `http://127.0.0.1:${port}`;
  const running = await startServer(
    name,
    [
      'prometheus',
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
      ...flags,
    ],
    join(directory, 'prometheus.log'),
  );
  await untilReady(running, `${url}/-/ready`);
  return { ...running, url };
}

function configOf({
  directory,
  ruleFiles = [],
  alertmanager,
  scrapeInterval = '15s',
  job = 'maintenance',
  honorLabels = false,
}: PrometheusOptions): unknown {
  return {
    global: { scrape_interval: scrapeInterval, evaluation_interval: scrapeInterval },
    rule_files: ruleFiles.map((file) => resolve(file)),
    ...(alertmanager === undefined
      ? {}
      : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
    scrape_configs: [
      {
        job_name: job,
        ...(honorLabels ? { honor_labels: true } : {}),
        file_sd_configs: [{ files: [resolve(directory, 'targets.json')] }],
      },
    ],
  };
}
