import { scaleLinear } from 'd3-scale';
import type { Item, Measure, Scene } from '../scene.ts';
import { colour } from '../tokens.ts';
import { straight, text } from './shapes.ts';

export interface Bucket {
  readonly label: string;
  readonly count: number;
  /** Inside the limit, or past it. */
  readonly kind: 'ok' | 'bad';
}

/** Counts by age as bars from 0, the number at their end. */
export function buckets({
  rows,
  width,
  rowHeight = 14,
  measure,
  alt,
}: {
  readonly rows: readonly Bucket[];
  readonly width: number;
  readonly rowHeight?: number;
  readonly measure: Measure;
  readonly alt: string;
}): Scene {
  const left = Math.max(0, ...rows.map(({ label }) => measure(label, 'note'))) + 8;
  const room = Math.max(0, ...rows.map(({ count }) => measure(String(count), 'noteStrong'))) + 8;
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const x = scaleLinear([0, most], [left, width - room]);
  return {
    width,
    height: rows.length * rowHeight,
    alt,
    items: [
      ...rows.flatMap(({ label, count, kind }, index): readonly Item[] => {
        const middle = index * rowHeight + rowHeight / 2;
        return [
          text(0, middle + 2.8, label, 'note', 'start', colour.ink),
          ...(count === 0
            ? []
            : [
                {
                  kind: 'rect',
                  x: left,
                  y: middle - 4.2,
                  width: x(count) - left,
                  height: 8.4,
                  fill: colour[kind],
                } as const,
              ]),
          text(
            x(count) + 4,
            middle + 2.8,
            String(count),
            count > 0 ? 'noteStrong' : 'note',
            'start',
            colour.ink,
          ),
        ];
      }),
      straight([left, 0], [left, rows.length * rowHeight], colour.ink3),
    ],
  };
}
