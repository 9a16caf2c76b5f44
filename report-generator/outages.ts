import { recorded } from '../alerts/records.ts';
import type { ServiceFacts } from './facts/services.ts';
import type { Period } from './period.ts';
import type { Prometheus, Samples } from './prometheus.ts';

type Outage = ServiceFacts['outages'][number];
type Gap = ServiceFacts['gaps'][number];

/** What the evaluations of a month found of a service: instants in unix seconds, oldest first. */
export interface Found {
  readonly instants: readonly number[];
  /** 1 while it was there. */
  readonly values: readonly number[];
  /** Instants at which a maintenance window was open. */
  readonly planned: ReadonlySet<number>;
}

/**
 * The stretches for which a service was away, and those of which nothing is known. Each evaluation stands for the
 * interval after it. A gap ends an outage: whether it went on in it nobody knows.
 * @param from where the promise began.
 */
export function ledgerOf(
  { instants, values, planned }: Found,
  from: number,
  end: number,
  interval: number,
): { readonly outages: readonly Outage[]; readonly gaps: readonly Gap[] } {
  const outages: Outage[] = [];
  const gaps: Gap[] = [];
  const gap = (start: number, until: number): void => {
    if (until - start >= interval) gaps.push({ start, end: until });
  };
  let covered = from;
  for (const [index, at] of instants.entries()) {
    gap(covered, at);
    covered = Math.max(covered, at + interval);
    if (values[index] === 1) continue;
    const seconds = planned.has(at) ? { planned: interval, counted: 0 } : { planned: 0, counted: interval };
    const last = outages.at(-1);
    if (last !== undefined && Math.abs(last.end - at) < interval / 2)
      outages.splice(-1, 1, {
        start: last.start,
        end: at + interval,
        planned: last.planned + seconds.planned,
        counted: last.counted + seconds.counted,
      });
    else outages.push({ start: at, end: at + interval, ...seconds });
  }
  gap(covered, end);
  return { outages, gaps };
}

/** One answer holds at most so much time, in seconds. */
const atATime = 10 * 86_400;

/** The stored evaluations of a service in a month. @param windows whether any was open in it. */
export async function readFound(
  prometheus: Prometheus,
  labels: { readonly customer: string; readonly object: string },
  period: Period,
  windows: boolean,
): Promise<Found> {
  const up = await readMonth(prometheus, recorded('object:maintenance_service_up:bool', labels), period);
  const open = windows
    ? await readMonth(prometheus, recorded('object:maintenance_service_planned:bool', labels), period)
    : [];
  const sorted = up
    .flatMap(({ instants, values }) => instants.map((at, index) => ({ at, value: values[index] ?? 0 })))
    .toSorted((one, other) => one.at - other.at);
  return {
    instants: sorted.map(({ at }) => at),
    values: sorted.map(({ value }) => value),
    planned: new Set(
      open.flatMap(({ instants, values }) => instants.filter((_, index) => values[index] === 1)),
    ),
  };
}

async function readMonth(
  prometheus: Prometheus,
  selector: string,
  { start, end }: Period,
): Promise<readonly Samples[]> {
  const pieces: Promise<readonly Samples[]>[] = [];
  for (let from = start; from < end; from += atATime) {
    const to = Math.min(end, from + atATime);
    pieces.push(prometheus.samples(`${selector}[${Math.round((to - from) * 1000)}ms]`, to - 0.001));
  }
  return (await Promise.all(pieces)).flat();
}
