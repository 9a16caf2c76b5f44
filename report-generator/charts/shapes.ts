import { line as d3Line } from 'd3-shape';
import type { Item } from '../scene.ts';
import { type Colour, colour, stroke, type StyleName } from '../tokens.ts';

/** A month's value in a series; null where nothing was measured. */
export type Value = number | null;

interface Point {
  readonly value: Value;
  readonly x: number;
  readonly y: number;
}

export const targetDash = [2.2, 1.8] as const;

export function text(
  x: number,
  y: number,
  content: string,
  style: StyleName,
  align: 'start' | 'middle' | 'end',
  fill?: Colour,
): Item {
  return {
    kind: 'text',
    x: round(x),
    y: round(y),
    text: content,
    style,
    align,
    ...(fill === undefined ? {} : { fill }),
  };
}

export function straight(
  from: readonly [number, number],
  to: readonly [number, number],
  fill: Colour,
  weight: number = stroke.hair,
  dash?: readonly [number, number],
): Item {
  const path = `M${from.map(round).join(' ')}L${to.map(round).join(' ')}`;
  return { kind: 'path', path, stroke: fill, weight, ...(dash === undefined ? {} : { dash }) };
}

export function dot(x: number, y: number, r: number, fill: Colour): Item {
  const path = `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  return { kind: 'path', path, fill };
}

/**
 * The line through a series: it is interrupted where a month is missing, a month between two missing ones is a dot,
 * and the large dot is always the last month, so it is left out when that is missing.
 */
export function seriesLine(
  values: readonly Value[],
  x: (index: number) => number,
  y: (value: number) => number,
  weight: number,
): readonly Item[] {
  const points = values.map((value, index): Point => ({
    value,
    x: x(index),
    y: value === null ? 0 : y(value),
  }));
  const path = d3Line<Point>()
    .x((point) => point.x)
    .y((point) => point.y)
    .defined((point) => point.value !== null)
    .digits(2)(points);
  const last = points.at(-1);
  return [
    ...(path === null ? [] : [{ kind: 'path', path, stroke: colour.data, weight } as const]),
    ...points
      .filter(
        (point, index) =>
          point.value !== null && isMissing(values, index - 1) && isMissing(values, index + 1),
      )
      .map((point) => dot(point.x, point.y, weight, colour.data)),
    ...(last === undefined || last.value === null ? [] : [dot(last.x, last.y, weight * 1.66, colour.data)]),
  ];
}

/** Runs of missing months, as first and last index. */
export function gapsOf(values: readonly Value[]): readonly (readonly [number, number])[] {
  const starts = values.flatMap((value, index) =>
    value === null && !isNull(values[index - 1]) ? [index] : [],
  );
  return starts.map((start) => {
    const length = values.slice(start).findIndex((value) => value !== null);
    return [start, length === -1 ? values.length - 1 : start + length - 1];
  });
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function isMissing(values: readonly Value[], index: number): boolean {
  return (values[index] ?? null) === null;
}

function isNull(value: Value | undefined): boolean {
  return value === null;
}
