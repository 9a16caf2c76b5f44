import { scaleLinear } from 'd3-scale';
import type { ServiceFacts } from '../facts/services.ts';
import type { Formats } from '../format.ts';
import { hatch } from '../marks.ts';
import type { Item, Scene } from '../scene.ts';
import { colour, stroke } from '../tokens.ts';
import { dot, round, straight, text } from './shapes.ts';

/** The scale all services of a page share, from some per cent to all of them. */
export interface AvailabilityScale {
  readonly x: (percent: number) => number;
  readonly ticks: readonly number[];
  readonly width: number;
}

/** From a round number below the worst of values and targets; a service nobody knows anything of does not stretch it. */
export function availabilityScale(services: readonly ServiceFacts[], width: number): AvailabilityScale {
  const values = services.flatMap(({ slo, verdict, agreed, raw }) =>
    verdict === 'none' ? [slo] : [slo, agreed.worst, ...(isRange(agreed) ? [] : [raw.best])],
  );
  const lowest = Math.min(99.5, ...values.map((value) => value * 100));
  const step = lowest < 60 ? 20 : lowest < 90 ? 5 : lowest < 95 ? 2 : lowest < 98 ? 1 : 0.5;
  const from = Math.max(0, Math.floor(lowest / step) * step);
  return {
    x: scaleLinear([from, 100], [6, width - 8]),
    ticks: scaleLinear([from, 100], [0, 1]).ticks(3),
    width,
  };
}

/** The axis, once in the head of the table. */
export function availabilityHead({ x, ticks, width }: AvailabilityScale, { number }: Formats): Scene {
  return {
    width,
    height: 11,
    alt: '',
    items: ticks.map((tick) =>
      text(x(tick), 6, number(tick, tick % 1 === 0 ? 0 : 1), 'axis', 'middle', colour.ink2),
    ),
  };
}

/** One service: a dot in agreed time, a ring in all time, a bar at the target; hatched is what may be true. */
export function availabilityRow(
  service: ServiceFacts,
  { x, ticks, width }: AvailabilityScale,
  height: number,
  alt: string,
): Scene {
  const { slo, agreed, raw, verdict } = service;
  const middle = height / 2;
  const target = x(slo * 100);
  const grid = ticks.map((tick) => straight([x(tick), 0], [x(tick), height], colour.grid, stroke.hair));
  const marks = isRange(agreed)
    ? rangeMarks(x(ticks[0] ?? 0), x(agreed.worst * 100), x(agreed.best * 100), middle)
    : dotMarks(x(agreed.best * 100), x(raw.best * 100), target, middle, verdict === 'missed');
  const bar = straight([target, middle - 5.5], [target, middle + 5.5], colour.ink, 1.3);
  return { width, height, alt, items: [...grid, ...marks, bar] };
}

function isRange({ worst, best }: ServiceFacts['agreed']): boolean {
  return best - worst > 0.000_05;
}

function rangeMarks(left: number, worst: number, best: number, middle: number): readonly Item[] {
  const from = Math.max(left, worst);
  return hatch(from, middle - 3.2, Math.max(3, best - from), 6.4, { gap: 2.6 });
}

function dotMarks(
  agreed: number,
  raw: number,
  target: number,
  middle: number,
  missed: boolean,
): readonly Item[] {
  const fill = missed ? colour.missed : colour.data;
  return [
    ...(missed ? [straight([agreed, middle], [target, middle], colour.missed, 1.6)] : []),
    ...(Math.abs(raw - agreed) > 0.5 ? [ring(raw, middle, 2.1)] : []),
    dot(agreed, middle, 3, fill),
  ];
}

function ring(x: number, y: number, r: number): Item {
  const path = `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  return { kind: 'path', path, stroke: colour.data2, weight: 1 };
}
