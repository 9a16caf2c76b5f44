import { day } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { SimulatedHost } from './fleet.ts';
import type { Pending } from './patches.ts';
import { type Span, starts, type Track, trackOf, valueAt } from './track.ts';

/** The release a host runs. */
export interface Release {
  readonly version: string;
  readonly codename: string;
  readonly kernel: string;
  /** When its vendor stops making updates, unix seconds. */
  readonly supportEnd: number;
}

/** Long enough after the history that nothing ends by itself. */
const supportAfterEnd = { debian: 600 * day, ubuntu: 900 * day } as const;

const current = {
  debian: { version: '12', codename: 'bookworm', kernel: '6.1.0-37-amd64' },
  ubuntu: { version: '24.04', codename: 'noble', kernel: '6.8.0-64-generic' },
} as const;

const older = {
  debian: { version: '11', codename: 'bullseye', kernel: '5.10.0-35-amd64' },
  ubuntu: { version: '22.04', codename: 'jammy', kernel: '5.15.0-143-generic' },
} as const;

/** The release over time: where support ends, the host runs the older one, until it is upgraded at the end of the fault. */
export function releases(
  { os }: SimulatedHost,
  faults: readonly Fault[],
  start: number,
  end: number,
): Track<Release> {
  const ended = unsupported(faults).toSorted((a, b) => a.from - b.from);
  const lasting: Release = {
    ...current[os],
    supportEnd: Math.floor(end / day) * day + supportAfterEnd[os],
  };
  return trackOf([start, ...ended.map(({ to }) => to)], (instant) => {
    const next = ended.find(({ to }) => instant < to);
    return next === undefined ? lasting : { ...older[os], supportEnd: next.from };
  });
}

/** When the vendor made no updates for what the host ran. */
export function unsupported(faults: readonly Fault[]): readonly Span[] {
  return faults.filter(({ kind }) => kind === 'support_ended');
}

/** Whether the vendor makes updates for what the host runs. */
export function isSupported(release: Track<Release>, instant: number): boolean {
  return instant < (valueAt(release, instant)?.supportEnd ?? Infinity);
}

/** When that may change. */
export function supportChanges(release: Track<Release>): readonly number[] {
  return release.flatMap(({ from, value }) => [from, value.supportEnd]);
}

/** Whether the package manager can tell how old the oldest update is: nothing pending tells nothing once support has ended. */
export function pendingTold(
  pending: Track<Pending>,
  release: Track<Release>,
  exposed: Readonly<Record<'apt' | 'os_support', Track<boolean>>>,
): Track<boolean> {
  const { apt, os_support: support } = exposed;
  return trackOf(
    [...starts(apt), ...starts(support), ...starts(pending), ...supportChanges(release)],
    (instant) => {
      const worthless = valueAt(support, instant) === true && !isSupported(release, instant);
      return valueAt(apt, instant) === true && !(worthless && valueAt(pending, instant)?.count === 0);
    },
  );
}
