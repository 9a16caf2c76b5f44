import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { hatch } from '../marks.ts';
import type { Scene } from '../scene.ts';
import { colour } from '../tokens.ts';
import { gapsOf, seriesLine, straight, targetDash, type Value } from './shapes.ts';

/** Thirteen months in the corner of a tile: on its own scale, so it compares with nothing but itself. */
export function spark({
  values,
  target,
  alt,
  width = 62,
  height = 20,
}: {
  readonly values: readonly Value[];
  readonly target: Value;
  readonly alt: string;
  readonly width?: number;
  readonly height?: number;
}): Scene {
  const known = values.filter((value) => value !== null);
  const [low, high] = extent([...known, ...(target === null ? [] : [target])]);
  if (known.length === 0 || low === undefined || high === undefined)
    return { width, height, alt, items: hatch(0, 2, width, height - 4, { gap: 4, framed: false }) };
  const room = low === high ? 1 : 0;
  const y = scaleLinear([low - room, high + room], [height - 3, 3]);
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [2, width - 3]);
  const half = (x(1) - x(0)) / 2;
  const hatches = gapsOf(values).flatMap(([first, last]) => {
    const from = Math.max(0, x(first) - half);
    return hatch(from, 2, Math.min(width, x(last) + half) - from - 1.5, height - 4, {
      gap: 4,
      framed: false,
    });
  });
  return {
    width,
    height,
    alt,
    items: [
      ...hatches,
      ...(target === null
        ? []
        : [straight([0, y(target)], [width, y(target)], colour.ink3, 0.6, targetDash)]),
      ...seriesLine(values, x, y, 1.2),
    ],
  };
}
