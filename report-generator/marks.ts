import type { Item, Scene } from './scene.ts';
import type { Verdict } from './snapshot.ts';
import { type Colour, colour } from './tokens.ts';

/** Each verdict has an outline of its own, so it survives greyscale, fax and colour blindness. */
export function verdictMark(verdict: Verdict, x: number, y: number, r = 3.6): readonly Item[] {
  switch (verdict) {
    case 'met':
      return [
        { kind: 'path', path: circle(x, y, r), fill: colour.met },
        line(
          `M${x - r * 0.48} ${y + r * 0.04}l${r * 0.34} ${r * 0.38}l${r * 0.62} ${-r * 0.74}`,
          colour.paper,
          r * 0.3,
        ),
      ];
    case 'risk':
      return [
        {
          kind: 'path',
          path: `M${x} ${y - r * 1.05}L${x + r * 1.1} ${y + r * 0.9}L${x - r * 1.1} ${y + r * 0.9}Z`,
          fill: colour.risk,
        },
        line(`M${x} ${y - r * 0.42}v${r * 0.66}m0 ${r * 0.24}v${r * 0.2}`, colour.paper, r * 0.28),
      ];
    case 'running':
      return [
        line(circle(x, y, r - 0.45), colour.accent, 0.9),
        {
          kind: 'path',
          path: `M${x} ${y - r + 0.45}a${r - 0.45} ${r - 0.45} 0 0 0 0 ${2 * (r - 0.45)}Z`,
          fill: colour.accent,
        },
      ];
    case 'missed':
      return [
        {
          kind: 'rect',
          x: x - r * 0.94,
          y: y - r * 0.94,
          width: r * 1.88,
          height: r * 1.88,
          fill: colour.missed,
        },
        line(
          `M${x - r * 0.42} ${y - r * 0.42}l${r * 0.84} ${r * 0.84}m0 ${-r * 0.84}l${-r * 0.84} ${r * 0.84}`,
          colour.paper,
          r * 0.3,
        ),
      ];
    case 'unknown':
      return [
        line(
          `M${x} ${y - r * 1.15}L${x + r * 1.15} ${y}L${x} ${y + r * 1.15}L${x - r * 1.15} ${y}Z`,
          colour.ink2,
          0.9,
        ),
        line(
          `M${x - r * 0.33} ${y - r * 0.2}a${r * 0.33} ${r * 0.33} 0 1 1 ${r * 0.36} ${r * 0.36}v${r * 0.16}M${x} ${y + r * 0.5}v${r * 0.2}`,
          colour.ink2,
          0.75,
        ),
      ];
    case 'none':
      return [
        line(circle(x, y, r - 0.45), colour.none, 0.9),
        line(`M${x - r * 0.45} ${y}h${r * 0.9}`, colour.none, 0.9),
      ];
    case 'plain':
      return [];
  }
}

/**
 * Whatever is not known is hatched, everywhere in the report, and nothing else is.
 * @param style framed for a part of a whole; plain and quiet behind a line, where it is a time without data.
 */
export function hatch(
  x: number,
  y: number,
  width: number,
  height: number,
  { gap = 3.2, framed = true }: { readonly gap?: number; readonly framed?: boolean } = {},
): readonly Item[] {
  if (width <= 0 || height <= 0) return [];
  const strokes: string[] = [];
  for (let s = gap; s < width + height; s += gap) {
    const from = [x + Math.min(s, width), y + Math.max(0, s - width)];
    const to = [x + Math.max(0, s - height), y + Math.min(s, height)];
    strokes.push(`M${from.map(round).join(' ')}L${to.map(round).join(' ')}`);
  }
  const lines = line(strokes.join(''), framed ? colour.ink3 : colour.rule, 0.5);
  if (!framed) return [lines];
  return [
    { kind: 'rect', x, y, width, height, fill: colour.paper },
    lines,
    {
      kind: 'rect',
      x: x + 0.25,
      y: y + 0.25,
      width: width - 0.5,
      height: height - 0.5,
      stroke: colour.ink3,
      weight: 0.5,
    },
  ];
}

/** A part of a whole in a strip; unknown is hatched. */
export type Swatch = 'ok' | 'ok2' | 'bad' | 'unknown';

/** Room of a swatch before its word. */
export const swatchIndent = 8;

/** A sample of a part of a whole, centred on the line of a table's head. */
export function swatch(part: Swatch): Scene {
  const [width, height] = [6, 6];
  return {
    width,
    height,
    alt: '',
    items:
      part === 'unknown'
        ? hatch(0, 0, width, height, { gap: 2.2 })
        : [{ kind: 'rect', x: 0, y: 0, width, height, fill: colour[part] }],
  };
}

function line(path: string, stroke: Colour, weight: number): Item {
  return { kind: 'path', path, stroke, weight };
}

function circle(x: number, y: number, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
