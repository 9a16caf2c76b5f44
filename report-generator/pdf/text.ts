import type { Colour, Style, StyleName } from '../tokens.ts';
import { baseline, drawable, styleOf, width } from './measure.ts';
import { type Lines, type Run, runsWidth } from './paragraph.ts';
import { note } from './reading.ts';
import type { Sheet } from './sheet.ts';

export { baseline, fit, width } from './measure.ts';
export { type Lines, paragraph } from './paragraph.ts';

type Align = 'start' | 'middle' | 'end';

/** Sets one line on its baseline and returns its width. Throws on text outside a leaf or an artifact. */
export function put(
  sheet: Sheet,
  text: string,
  x: number,
  y: number,
  style: StyleName | Style,
  { align = 'start', fill }: { readonly align?: Align; readonly fill?: Colour } = {},
): number {
  if (sheet.marked === undefined) throw new Error(`untagged text: ${text}`);
  const { face, size, fill: own } = styleOf(style);
  const drawn = drawable(sheet, text, face);
  if (drawn === '') return 0;
  const measured = width(sheet, drawn, style);
  if (sheet.measuring) return measured;
  note(sheet, { kind: 'text', text, style });
  // A run ends in a space, or it would be read in one word with the next.
  sheet.document
    .font(face)
    .fontSize(size)
    .fillColor(fill ?? own)
    .text(`${drawn} `, x - measured * before[align], y, { lineBreak: false, baseline: 'alphabetic' });
  return measured;
}

const before: Readonly<Record<Align, number>> = { start: 0, middle: 0.5, end: 1 };

/** Sets a broken paragraph from its top and returns its bottom. `width` is the room to align in. */
export function setLines(
  sheet: Sheet,
  lines: Lines,
  x: number,
  top: number,
  style: StyleName | Style,
  options: { readonly align?: Align; readonly fill?: Colour; readonly width?: number } = {},
): number {
  const { align = 'start', fill, width: room = 0 } = options;
  const { lead } = styleOf(style);
  for (const [index, line] of lines.entries()) {
    let at = x + (align === 'start' ? 0 : (room - runsWidth(sheet, line)) * before[align]);
    const y = top + index * lead + baseline(style);
    for (const run of joined(line)) {
      put(sheet, run.text.trimEnd(), at, y, run.style, fill === undefined ? {} : { fill });
      at += width(sheet, run.text, run.style);
    }
  }
  return top + lines.length * lead;
}

/** Neighbours of one weight are one run, so that the spaces between them stay inside. */
function joined(line: readonly Run[]): readonly Run[] {
  const runs: Run[] = [];
  for (const run of line) {
    const last = runs.at(-1);
    if (last?.style.face === run.style.face) runs[runs.length - 1] = { ...last, text: last.text + run.text };
    else runs.push(run);
  }
  return runs;
}
