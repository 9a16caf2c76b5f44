import { scaleLinear } from 'd3-scale';
import type { Item, Measure, Scene } from '../scene.ts';
import { colour } from '../tokens.ts';
import { dot, straight, text } from './shapes.ts';

export interface Pair {
  readonly label: string;
  readonly now: number;
  /** Null where it is not known. */
  readonly before: number | null;
}

/** Room of the two numbers at the right. */
const numbers = 46;

/** Counts of this month (dot) against the month before (ring), a row each. */
export function pairs({
  rows,
  format,
  signed,
  measure,
  width,
  rowHeight,
  alt,
}: {
  readonly rows: readonly Pair[];
  readonly format: (value: number) => string;
  readonly signed: (value: number) => string;
  readonly measure: Measure;
  readonly width: number;
  readonly rowHeight: number;
  readonly alt: string;
}): Scene {
  const left = Math.max(0, ...rows.map(({ label }) => measure(label, 'note'))) + 10;
  const most = Math.max(1, ...rows.flatMap(({ now, before }) => [now, before ?? 0]));
  const x = scaleLinear([0, most], [left + 3, width - numbers - 6]);
  return {
    width,
    height: rows.length * rowHeight,
    alt,
    items: rows.flatMap(({ label, now, before }, index): readonly Item[] => {
      const y = (index + 0.5) * rowHeight;
      return [
        straight([left, y], [width - numbers, y], colour.grid),
        text(0, y + 2.8, label, 'note', 'start', colour.ink),
        ...(before === null
          ? []
          : [straight([x(before), y], [x(now), y], colour.data2, 1.5), ...ring(x(before), y, 2.4)]),
        dot(x(now), y, 2.9, colour.data),
        text(width - 24, y + 2.8, format(now), 'noteStrong', 'end'),
        ...(before === null ? [] : [text(width, y + 2.8, signed(now - before), 'note', 'end')]),
      ];
    }),
  };
}

function ring(x: number, y: number, r: number): readonly Item[] {
  const outline = dot(x, y, r, colour.paper);
  return outline.kind === 'path' ? [{ ...outline, stroke: colour.data2, weight: 1.1 }] : [outline];
}
