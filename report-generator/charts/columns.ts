import { scaleBand, scaleLinear } from 'd3-scale';
import { hatch } from '../marks.ts';
import type { Item, Measure, Scene } from '../scene.ts';
import { colour, stroke } from '../tokens.ts';
import { straight, targetDash, text, type Value } from './shapes.ts';

const top = 12;

export interface ColumnsOptions {
  readonly values: readonly Value[];
  /** Of each month: too little of it was watched for its count to be all. */
  readonly partly?: readonly boolean[];
  readonly months: readonly { readonly letter: string; readonly year: string; readonly january: boolean }[];
  readonly format: (value: number) => string;
  /** Drawn beside the last column. */
  readonly target?: { readonly value: number; readonly label: string } | undefined;
  readonly measure: Measure;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

/** Counts of months, this one last and dark. A month without a count is hatched, above what was counted where that is not all. */
export function columns({
  values,
  partly = [],
  months,
  format,
  target,
  measure,
  width,
  height,
  alt,
}: ColumnsOptions): Scene {
  const bottom = height - 24;
  const right = width - (target === undefined ? 0 : measure(target.label, 'axis') + 6);
  const known = values.filter((value) => value !== null);
  const band = scaleBand<number>()
    .domain(values.map((_, index) => index))
    .range([0, right])
    .paddingInner(0.28);
  const y = scaleLinear([0, Math.max(1, target?.value ?? 0, ...known)], [bottom, top]);
  const wide = band.bandwidth();
  const at = (index: number): number => band(index) ?? 0;
  const last = values.length - 1;
  return {
    width,
    height,
    alt,
    items: [
      ...values.flatMap((value, index): readonly Item[] => {
        const x = at(index);
        if (value === null) return hatch(x, top, wide, bottom - top, { gap: 4, framed: false });
        const isLast = index === last;
        // The line of the target would go through the number.
        const meets = isLast && target !== undefined && covers(y(target.value), y(value));
        const label = (meets ? y(target.value) : y(value)) - 3;
        const open = label - 9 - top;
        return [
          ...(partly[index] === true ? hatch(x, top, wide, open, { gap: 4, framed: false }) : []),
          {
            kind: 'rect',
            x,
            y: y(value),
            width: wide,
            height: bottom - y(value),
            fill: isLast ? colour.data : colour.data3,
          },
          text(
            x + wide / 2,
            label,
            format(value),
            isLast ? 'axisStrong' : 'axis',
            'middle',
            isLast ? colour.ink : colour.ink2,
          ),
        ];
      }),
      straight([0, bottom], [right, bottom], colour.ink3),
      ...(target === undefined
        ? []
        : [
            straight(
              [at(last) - 3, y(target.value)],
              [right + 2, y(target.value)],
              colour.ink,
              stroke.rule,
              targetDash,
            ),
            text(right + 5, y(target.value) + 2.6, target.label, 'axis', 'start', colour.ink2),
          ]),
      ...months.flatMap(({ letter, year, january }, index) => [
        text(at(index) + wide / 2, bottom + 10, letter, index === last ? 'axisStrong' : 'axis', 'middle'),
        ...(index === 0 || january ? [text(at(index), bottom + 20, year, 'axis', 'start')] : []),
      ]),
    ],
  };
}

function covers(line: number, column: number): boolean {
  return line > column - 9.5 && line < column - 1;
}
