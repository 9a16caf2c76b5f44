import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import { Counter, Gauge, type OpenMetricsContentType, Registry, type RegistryContentType } from 'prom-client';
import { foreignMetrics, type ForeignSample } from './foreign.ts';
import { metrics, type MetricSpec, type Sample } from './metrics.ts';
import { self } from './self.ts';
import type { CollectorStatus } from './scheduler.ts';

const gzip = promisify(gzipCallback);

const catalogue: readonly (readonly [string, MetricSpec])[] = [
  ...Object.entries(metrics),
  ...Object.entries(foreignMetrics),
];

/** prom-client wants a help text; a blank is read as none. */
const noHelp = ' ';

/** One rendering in every form a scraper may ask for. */
export interface Exposition {
  readonly text: Body;
  readonly openMetrics: Body;
}

export interface Body {
  readonly contentType: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** What the exporter says of itself beside its collectors. */
export interface ExporterFacts {
  readonly version: string;
  readonly nodeVersion: string;
  /** Whether the last attempt to read the configuration succeeded. */
  readonly reloadSuccessful: boolean;
  /** Unix seconds. */
  readonly reloaded: number;
}

/**
 * Every sample of every collector, each series once: of two equal ones the first stays and the second is counted.
 * One duplicate must not cost the scrape (smartctl_exporter #298, trivy-operator #1380).
 */
export function samplesOf(statuses: readonly CollectorStatus[], facts: ExporterFacts): readonly Sample[] {
  const seen = new Set<string>();
  const duplicates = new Map<string, number>();
  const collected = statuses.flatMap(({ job, last }) =>
    (last?.samples ?? []).filter((sample) => {
      const key = seriesKey(sample);
      if (!seen.has(key)) return seen.add(key);
      duplicates.set(job.collector.name, (duplicates.get(job.collector.name) ?? 0) + 1);
      return false;
    }),
  );
  return [...collected, ...self(statuses, duplicates, facts)];
}

/** What the collectors say under the names of other exporters. */
export function foreignSamplesOf(statuses: readonly CollectorStatus[]): readonly ForeignSample[] {
  return statuses.flatMap(({ last }) => last?.foreign ?? []);
}

/** Renders samples as the Prometheus text format, in catalogue order, foreign names last. */
export async function renderText(samples: readonly (Sample | ForeignSample)[]): Promise<string> {
  return fill(new Registry(), samples, (name) => name).metrics();
}

/**
 * Renders samples in both formats, plain and gzipped, so that a scrape only copies bytes. For OpenMetrics a counter
 * is declared without `_total`: prom-client adds the suffix there itself (lib/registry.js). A foreign counter without
 * that suffix is a gauge there: OpenMetrics would rename it.
 */
export async function render(samples: readonly (Sample | ForeignSample)[]): Promise<Exposition> {
  const openMetrics = new Registry<OpenMetricsContentType>();
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const [text, open] = await Promise.all([
    renderText(samples),
    fill(openMetrics, samples, (name) =>
      name.endsWith('_total') ? name.slice(0, -'_total'.length) : undefined,
    ).metrics(),
  ]);
  return {
    text: await body(Registry.PROMETHEUS_CONTENT_TYPE, text),
    openMetrics: await body(Registry.OPENMETRICS_CONTENT_TYPE, open),
  };
}

async function body(contentType: string, text: string): Promise<Body> {
  const plain = Buffer.from(text);
  return { contentType, plain, gzipped: await gzip(plain) };
}

/**
 * Puts the samples and nothing else into an empty registry: prom-client exports 0 for a gauge that was never set
 * (lib/gauge.js) and keeps label sets until removed, so no registry may live longer than one rendering.
 * @param counterName what a counter is declared as; undefined where it must be a gauge.
 */
function fill<R extends Registry<RegistryContentType>>(
  registry: R,
  samples: readonly (Sample | ForeignSample)[],
  counterName: (name: string) => string | undefined,
): R {
  const groups = Map.groupBy<string, Sample | ForeignSample>(samples, (sample) => sample.name);
  for (const [name, { type, help, labels }] of catalogue) {
    const group = groups.get(name);
    if (group === undefined) continue;
    const declared = { help: help === '' ? noHelp : help, labelNames: [...labels], registers: [] };
    const counted = type === 'counter' ? counterName(name) : undefined;
    if (counted !== undefined) {
      const counter = new Counter({ ...declared, name: counted });
      group.forEach((sample) => counter.inc(sample.labels, sample.value));
      registry.registerMetric(counter);
    } else {
      const gauge = new Gauge({ ...declared, name });
      group.forEach((sample) => gauge.set(sample.labels, sample.value));
      registry.registerMetric(gauge);
    }
  }
  return registry;
}

function seriesKey({ name, labels }: Sample): string {
  return JSON.stringify([name, ...metrics[name].labels.map((label) => labels[label] ?? '')]);
}
