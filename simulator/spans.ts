import type { Span } from './track.ts';

/** The seconds of spans that do not overlap. */
export function secondsOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** What lies in one of the spans and in one of the others. */
export function within(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  return spans
    .flatMap((one) =>
      others.map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })),
    )
    .filter(({ from, to }) => from < to)
    .toSorted((one, other) => one.from - other.from);
}

/** What lies in one of the spans and in none of the others. */
export function outside(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  return others.reduce<readonly Span[]>(
    (left, { from, to }) =>
      left.flatMap((one) =>
        [
          { from: one.from, to: Math.min(one.to, from) },
          { from: Math.max(one.from, to), to: one.to },
        ].filter((rest) => rest.from < rest.to),
      ),
    spans,
  );
}

/** The spans without overlaps and without seams. */
export function united(spans: readonly Span[]): readonly Span[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    const last = found.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}
