import { verdictMark } from '../marks.ts';
import type { Item, Measure, Scene } from '../scene.ts';
import type { Verdict } from '../snapshot.ts';
import { stroke, styles } from '../tokens.ts';
import { escaped } from './escape.ts';

/** A picture that is read as its alternative text, or not at all beside a text that says the same. */
export function svgOf({ width, height, alt, items }: Scene, measure: Measure, said: boolean): string {
  const read = said ? `role="img" aria-label="${escaped(alt)}"` : 'aria-hidden="true"';
  const size = `width="${short(width * points)}" height="${short(height * points)}"`;
  const shapes = items.map((item) => shape(item, measure)).join('');
  return `<svg ${read} ${size} viewBox="0 0 ${short(width)} ${short(height)}">${shapes}</svg>`;
}

/** The outline of a verdict; the word stands beside it. */
export function markOf(verdict: Verdict, measure: Measure): string {
  const [size, r] = [8, 3.6];
  const scene = { width: size, height: size, alt: '', items: verdictMark(verdict, size / 2, size / 2, r) };
  return svgOf(scene, measure, false).replace('<svg ', '<svg class="mark" ');
}

/** CSS pixels in a point. */
const points = 4 / 3;

function shape(item: Item, measure: Measure): string {
  if (item.kind === 'text') return textOf(item, measure);
  const place =
    item.kind === 'rect'
      ? `<rect x="${short(item.x)}" y="${short(item.y)}" width="${short(item.width)}" height="${short(item.height)}"`
      : `<path d="${escaped(item.path)}"`;
  const line =
    item.stroke === undefined
      ? ''
      : ` stroke="${item.stroke}" stroke-width="${short(item.weight ?? stroke.hair)}" stroke-linejoin="round"`;
  const dash =
    item.kind === 'path' && item.dash !== undefined ? ` stroke-dasharray="${item.dash.join(' ')}"` : '';
  return `${place} fill="${item.fill ?? 'none'}"${line}${dash}/>`;
}

/** As long as the page sets it, whatever font the reader has: nothing runs into its neighbour. */
function textOf(item: Extract<Item, { kind: 'text' }>, measure: Measure): string {
  const { face, size, fill } = styles[item.style];
  const weight = face === 'sansBold' || face === 'serifBold' ? ' font-weight="600"' : '';
  const length = `textLength="${short(measure(item.text, item.style))}" lengthAdjust="spacingAndGlyphs"`;
  return `<text x="${short(item.x)}" y="${short(item.y)}" font-size="${size}"${weight} text-anchor="${item.align ?? 'start'}" fill="${item.fill ?? fill}" ${length}>${escaped(item.text)}</text>`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
