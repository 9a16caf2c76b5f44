import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { hatch } from '../marks.ts';
import type { Item, Measure, Scene } from '../scene.ts';
import { colour, stroke } from '../tokens.ts';
import { gapsOf, seriesLine, straight, targetDash, text, type Value } from './shapes.ts';

export interface TrendOptions {
  readonly values: readonly Value[];
  /** Labels under some of the months, the last one included. */
  readonly months: readonly { readonly short: string; readonly year: string; readonly january: boolean }[];
  readonly target: Value;
  readonly targetLabel: string;
  readonly format: (value: number) => string;
  readonly axisFormat: (value: number) => string;
  /** Where the axis must begin or end; from the values where they are left out. */
  readonly lowest?: number;
  readonly highest?: number;
  /** Axis labels stand on multiples of this; 1 unless told. A duration has days or hours. */
  readonly unit?: number;
  /** Stands on a hatched gap that is wide enough. */
  readonly noData: string;
  /** Months from one label to the next; 3 unless told. */
  readonly every?: number;
  readonly measure: Measure;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

const top = 8;

/** A series over months with its target. Missing months are hatched; the last value and the target are named at the right. */
export function trend(options: TrendOptions): Scene {
  const { values, target, targetLabel, format, axisFormat, measure, width, height, alt } = options;
  const known = values.filter((value) => value !== null);
  const last = values.at(-1) ?? null;
  const lastText = last === null ? '' : format(last);
  const right = width - Math.max(measure(lastText, 'axisStrong'), measure(targetLabel, 'axis')) - 8;
  const bottom = height - 24;
  const [least = 0, most = 1] = extent([...known, ...(target === null ? [] : [target])]);
  const low = options.lowest ?? least;
  const high = options.highest ?? most;
  const { unit = 1 } = options;
  const inUnits = scaleLinear()
    .domain([low / unit, high === low ? low / unit + 1 : high / unit])
    .nice(3);
  const [from = 0, to = 1] = inUnits.domain();
  const y = scaleLinear([from * unit, to * unit], [bottom, top]);
  const ticks = inUnits.ticks(3).map((tick) => tick * unit);
  const left = Math.max(...ticks.map((tick) => measure(axisFormat(tick), 'axis'))) + 6;
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [left + 4, right - 4]);
  return {
    width,
    height,
    alt,
    items: [
      ...ticks.flatMap((tick) => [
        straight([left, y(tick)], [right, y(tick)], colour.grid),
        text(left - 5, y(tick) + 2.6, axisFormat(tick), 'axis', 'end'),
      ]),
      ...gapItems(options, x, left, right, bottom),
      ...monthAxis(options, x, bottom),
      ...(target === null
        ? []
        : [straight([left, y(target)], [right, y(target)], colour.ink, stroke.rule, targetDash)]),
      ...seriesLine(values, x, y, stroke.line),
      ...(last === null
        ? []
        : [
            text(
              right + 5,
              labelAt(y(last), target === null ? undefined : y(target)) + 2.6,
              lastText,
              'axisStrong',
              'start',
            ),
          ]),
      ...(target === null
        ? []
        : [text(right + 5, y(target) + 2.6, targetLabel, 'axis', 'start', colour.ink2)]),
    ],
  };
}

/** The value's label keeps clear of the target's. */
function labelAt(value: number, target: number | undefined): number {
  const clear = 9.5;
  if (target === undefined || Math.abs(value - target) >= clear) return value;
  return value >= target ? target + clear : target - clear;
}

function gapItems(
  { values, noData, measure }: TrendOptions,
  x: (index: number) => number,
  left: number,
  right: number,
  bottom: number,
): readonly Item[] {
  const half = (x(1) - x(0)) / 2;
  const label = measure(noData, 'axis') + 8;
  return gapsOf(values).flatMap(([first, last]) => {
    const from = Math.max(left, x(first) - half);
    const to = Math.min(right, x(last) + half);
    const middle = (from + to) / 2;
    const height = (top + bottom) / 2;
    return [
      ...hatch(from, top, to - from, bottom - top, { gap: 5, framed: false }),
      ...(to - from < label
        ? []
        : [
            {
              kind: 'rect',
              x: middle - label / 2,
              y: height - 6,
              width: label,
              height: 12,
              fill: colour.paper,
            } as const,
            text(middle, height + 2.6, noData, 'axis', 'middle', colour.ink2),
          ]),
    ];
  });
}

function monthAxis(
  { months, every = 3 }: TrendOptions,
  x: (index: number) => number,
  y: number,
): readonly Item[] {
  return months.flatMap(({ short, year, january }, index) => {
    const labelled = (months.length - 1 - index) % every === 0;
    const tick = straight([x(index), y], [x(index), y + (labelled ? 3 : 1.8)], colour.ink3);
    if (!labelled) return [tick];
    const withYear = january || index < every;
    return [
      tick,
      text(x(index), y + 11, short, 'axis', 'middle', colour.ink2),
      ...(withYear ? [text(x(index), y + 20, year, 'axis', 'middle')] : []),
    ];
  });
}
