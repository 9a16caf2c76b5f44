import { scaleLinear } from 'd3-scale';
import { hatch } from '../marks.ts';
import type { Scene } from '../scene.ts';
import { colour } from '../tokens.ts';
import { dot, straight, text } from './shapes.ts';

/** The baseline is 0 and the target of day 90 is 1 on every track: so different indicators share one scale. */
const [low, high] = [-0.1, 1.3];
const inset = 3.5;

/** The two ends of the tracks, in the head of their column. */
export function planHead(width: number, from: string, to: string): Scene {
  const x = scaleLinear([low, high], [inset, width - inset]);
  const y = 7;
  const items = [
    text(x(0), y, from, 'axis', 'start', colour.ink2),
    text(x(1), y, to, 'axis', 'middle', colour.ink2),
  ];
  return { width, height: 8, alt: '', items };
}

/** How far on the way from the baseline to the target of day 90: null where there is no baseline or no value. */
export function planTrack({
  now,
  stages,
  isBehind,
  width,
  height,
}: {
  readonly now: number | null;
  /** Targets on the way. */
  readonly stages: readonly number[];
  readonly isBehind: boolean;
  readonly width: number;
  readonly height: number;
}): Scene {
  const x = scaleLinear([low, high], [inset, width - inset]).clamp(true);
  const middle = height / 2;
  const target = straight([x(1), middle - 5], [x(1), middle + 5], colour.ink, 1.3);
  const fill = isBehind ? colour.missed : colour.data;
  const way =
    now === null
      ? hatch(x(0), middle - 3, x(1) - x(0), 6, { gap: 2.8 })
      : [
          straight([x(0), middle], [x(1), middle], colour.rule, 3),
          ...stages.map((stage) =>
            straight([x(stage), middle - 3.4], [x(stage), middle + 3.4], colour.ink3, 0.6),
          ),
          straight([x(0), middle], [x(now), middle], fill, 3),
          dot(x(0), middle, 2.7, colour.data2),
          dot(x(0), middle, 1.6, colour.paper),
          dot(x(now), middle, 3.2, fill),
        ];
  return { width, height, alt: '', items: [...way, target] };
}
