/** A fact over time: each value holds from its instant (unix seconds) until the next one. Sorted, never empty of meaning before its first step. */
export type Track<T> = readonly { readonly from: number; readonly value: T }[];

export interface Span {
  /** Included, unix seconds. */
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** The step that holds at an instant; undefined before the first. */
export function stepAt<T>(
  track: Track<T>,
  instant: number,
): { readonly from: number; readonly value: T } | undefined {
  let [low, high] = [0, track.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((track[middle]?.from ?? Infinity) <= instant) low = middle + 1;
    else high = middle;
  }
  return track[low - 1];
}

/** The value that holds at an instant; undefined before the first step. */
export function valueAt<T>(track: Track<T>, instant: number): T | undefined {
  return stepAt(track, instant)?.value;
}

/** Follows `read` over every instant at which it may change; equal neighbours (by `same`) become one step. */
export function trackOf<T>(
  changes: Iterable<number>,
  read: (instant: number) => T,
  same: (a: T, b: T) => boolean = Object.is,
): Track<T> {
  const track: { from: number; value: T }[] = [];
  for (const from of [...new Set(changes)].toSorted((a, b) => a - b)) {
    const value = read(from);
    const last = track.at(-1);
    if (last === undefined || !same(last.value, value)) track.push({ from, value });
  }
  return track;
}

/** The instants at which a track takes another value. */
export function starts<T>(track: Track<T>): readonly number[] {
  return track.map(({ from }) => from);
}

/** Every instant at which one of the spans begins or ends. */
export function edges(spans: readonly Span[]): readonly number[] {
  return spans.flatMap(({ from, to }) => [from, to]);
}

/** The first span that holds at an instant. */
export function spanAt<S extends Span>(spans: readonly S[], instant: number): S | undefined {
  return spans.find(({ from, to }) => from <= instant && instant < to);
}
