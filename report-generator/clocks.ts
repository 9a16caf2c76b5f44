import { clockChanges, offsetAt } from '../alerts/zone.ts';
import type { Zone } from './format.ts';

/** The clocks of a customer over a time: minutes ahead of UTC, from when on, unix seconds. Never empty. */
export type Clocks = readonly { readonly from: number; readonly offset: number }[];

export function clocksOf(zone: string, from: number, to: number): Clocks {
  return [
    { from, offset: offsetAt(zone, from) / 60 },
    ...clockChanges(zone, from, to).map(({ at, after }) => ({ from: at, offset: after / 60 })),
  ];
}

/** What the clocks show at an instant; before the first of them as after it. */
export function zoneAt(clocks: Clocks, instant: number): Zone {
  const shown = clocks.findLast(({ from }) => from <= instant) ?? clocks[0];
  return { offset: shown?.offset ?? 0, zoneName: '' };
}
