import { day, hour } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { SimulatedHost } from './fleet.ts';
import { between, random } from './random.ts';
import { edges, spanAt, type Track, trackOf } from './track.ts';

/** What the firmware service would install on a workstation. */
export interface Firmware {
  readonly count: number;
  /** When the vendor released the oldest of them, unix seconds; undefined when there is none. */
  readonly oldest: number | undefined;
}

/**
 * Plays the firmware of a workstation from `start` (with a year of run-up) to `end`: its vendor releases something every
 * two or three months, and its user installs it within weeks.
 */
export function firmware(
  host: SimulatedHost,
  faults: readonly Fault[],
  seed: number,
  start: number,
  end: number,
): Track<Firmware> {
  if (host.role !== 'workstation') return [];
  const put = faults.filter(({ kind }) => kind === 'firmware_put_off');
  const vendor = random(seed, host.hardware.model, 'firmware');
  const user = random(seed, host.instance, 'firmware');
  const offers: { from: number; to: number }[] = [];
  for (let from = start - 365 * day; from < end; from += between(vendor, 55, 95) * day) {
    const installed = from + between(user, 3, 35) * day + 9 * hour;
    offers.push({ from, to: spanAt(put, installed)?.to ?? installed });
  }
  return trackOf(
    [start, ...edges(offers).filter((instant) => instant > start)],
    (instant) => {
      const open = offers.filter(({ from, to }) => from <= instant && instant < to);
      return { count: open.length, oldest: open[0]?.from };
    },
    (a, b) => a.count === b.count && a.oldest === b.oldest,
  );
}
