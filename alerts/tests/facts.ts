import { type Labels, type MetricName, vector } from '../../exporter/metrics.ts';

/** Series of a promtool test: the key is the series, the value its samples on the grid, in promtool's notation. */
export type Series = Readonly<Record<string, string>>;

/** Labels Prometheus adds to the target; a host without a role has none. */
export interface Target {
  readonly customer: string;
  readonly instance: string;
  readonly role?: string;
}

export const server: Target = { customer: 'acme', instance: 'app-1', role: 'server' };

/** Seconds between samples and between evaluations; days fit in a second of testing, and every window is a multiple of it. */
export const step = 900;
/** Samples enough for every test: five days. */
export const always = 480;

export const minutes = 60;
export const hours = 3600;
export const days = 86_400;

/** A fact that keeps its value, from the start of the test and for so many samples, then is gone; or samples in promtool's notation. */
export function fact<N extends MetricName>(
  name: N,
  labels: Labels<N>,
  value: number | string,
  { on = server, samples = always, from = 0 }: Lasting = {},
): Series {
  return {
    [vector(name, { job: 'maintenance', ...on, ...labels })]:
      typeof value === 'string' ? value : lasting(value, samples, from),
  };
}

/** The exporter of a host answers for so many samples, then does not. */
export function scraped({ on = server, samples = always }: Lasting = {}): Series {
  const series = `up${vector('maintenance_host_cpus', { job: 'maintenance', ...on }).slice('maintenance_host_cpus'.length)}`;
  const down = samples < always ? ` 0x${always - samples}` : '';
  return { [series]: `1x${samples - 1}${down}` };
}

export interface Lasting {
  readonly on?: Target;
  /** How many samples there are. */
  readonly samples?: number;
  /** After how many steps the first one comes. */
  readonly from?: number;
}

/** `stale` is what Prometheus writes when a series is missing from a scrape. */
function lasting(value: number, samples: number, from: number): string {
  const wait = from > 0 ? `_x${from} ` : '';
  const end = from + samples < always ? ' stale' : '';
  return `${wait}${value}x${samples - 1}${end}`;
}
