import { hatch, type Swatch } from '../marks.ts';
import type { Item, Scene } from '../scene.ts';
import { colour } from '../tokens.ts';
import { straight } from './shapes.ts';

export interface StripPart {
  readonly kind: Swatch;
  readonly count: number;
}

/** A part that is there is seen, however small; taken from the largest. */
const least = 2;
const seam = 0.8;

/**
 * The whole as one bar: its parts in the order given, what is not known hatched. Nothing is drawn of nothing.
 * @param target a share of the whole, 0 to 1: a tick across the bar.
 */
export function strip({
  parts,
  target = null,
  width,
  height = 9,
  alt = '',
}: {
  readonly parts: readonly StripPart[];
  readonly target?: number | null;
  readonly width: number;
  readonly height?: number;
  readonly alt?: string;
}): Scene {
  const present = parts.filter(({ count }) => count > 0);
  const total = present.reduce((sum, { count }) => sum + count, 0);
  const natural = present.map(({ count }) => (width * count) / total);
  const lack = natural.reduce((sum, each) => sum + Math.max(0, least - each), 0);
  const largest = natural.indexOf(Math.max(...natural));
  let x = 0;
  const items = present.flatMap(({ kind }, index): readonly Item[] => {
    const own = natural[index] ?? 0;
    const share = index === largest ? own - lack : Math.max(least, own);
    const drawn = share - (index === present.length - 1 ? 0 : seam);
    const at = x;
    x += share;
    return kind === 'unknown'
      ? hatch(at, 0, drawn, height, { gap: 2.6 })
      : [{ kind: 'rect', x: at, y: 0, width: drawn, height, fill: colour[kind] }];
  });
  const tick =
    target === null
      ? []
      : [straight([width * target, -2.5], [width * target, height + 2.5], colour.ink, 1.1)];
  return { width, height, alt, items: [...items, ...(total === 0 ? [] : tick)] };
}
