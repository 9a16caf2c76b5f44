import type { CollectorName } from './faults.ts';
import { lastSeen, type Life } from './world.ts';

/** What a control sees of one object. */
export interface Finding {
  readonly object: string;
  readonly known: boolean;
  /** Seconds; of controls judged by age. */
  readonly age?: number | undefined;
  /** Of controls judged by a state: whether it is in order. */
  readonly state?: boolean;
}

/** What a collector shows, or showed last within a day. */
export function seen(
  life: Life,
  collector: CollectorName,
  instant: number,
  read: (at: number) => readonly Omit<Finding, 'known'>[],
): Finding[] {
  const at = lastSeen(life.exposed[collector], instant);
  return at === undefined ? [] : read(at).map((finding) => ({ ...finding, known: at === instant }));
}
