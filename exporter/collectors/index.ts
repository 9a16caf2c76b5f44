import type { Collector } from '../collector.ts';

/** Every collector, in the order of the docs. A new one is its own file and one line here. */
export const collectors: readonly Collector[] = [];
