import { verdictMark } from '../marks.ts';
import type { Item, Scene } from '../scene.ts';
import type { Verdict } from '../snapshot.ts';
import { type Colour, colour, stroke } from '../tokens.ts';
import { note, unread } from './reading.ts';
import type { Sheet } from './sheet.ts';
import { artifact, leaf } from './structure.ts';
import { put } from './text.ts';

/** A picture with its alternative text; texts inside stay selectable. Belongs on the page it is drawn on. Returns its bottom. */
export function figure(sheet: Sheet, scene: Scene, x: number, y: number): number {
  const alt = scene.alt.trim();
  if (alt === '')
    throw new Error('a figure needs an alternative text; use decoration() for a picture that says nothing');
  const [right, bottom] = [x + scene.width, y + scene.height];
  const draw = (): void => {
    note(sheet, { kind: 'picture', scene, said: true });
    unread(sheet, () => drawScene(sheet, scene, x, y));
  };
  leaf(sheet, 'Figure', draw, {
    alt: alt.endsWith('.') ? `${alt} ` : `${alt}. `,
    bbox: [x, y, right, bottom],
  });
  return bottom;
}

/** A picture beside a text that says the same. */
export function decoration(sheet: Sheet, scene: Scene, x: number, y: number): void {
  note(sheet, { kind: 'picture', scene, said: false });
  artifact(sheet, () => drawScene(sheet, scene, x, y));
}

/** The outline of a verdict around a centre; the word stands beside it. */
export function mark(sheet: Sheet, verdict: Verdict, cx: number, cy: number, r = 3.6): void {
  if (verdict === 'plain') return;
  note(sheet, { kind: 'mark', verdict });
  artifact(sheet, () => drawItems(sheet, verdictMark(verdict, cx, cy, r)));
}

/** A horizontal line centred on y. */
export function rule(
  sheet: Sheet,
  x: number,
  y: number,
  w: number,
  weight: number = stroke.hair,
  fill: Colour = colour.rule,
): void {
  box(sheet, x, y - weight / 2, w, weight, fill);
}

export function box(sheet: Sheet, x: number, y: number, w: number, h: number, fill: Colour): void {
  artifact(sheet, () => drawItems(sheet, [{ kind: 'rect', x, y, width: w, height: h, fill }]));
}

function drawScene(sheet: Sheet, scene: Scene, x: number, y: number): void {
  if (sheet.measuring) return;
  sheet.document.save().translate(x, y);
  drawItems(sheet, scene.items);
  sheet.document.restore();
}

function drawItems(sheet: Sheet, items: readonly Item[]): void {
  if (sheet.measuring) return;
  const { document } = sheet;
  for (const item of items) {
    if (item.kind === 'text') {
      const { text, x, y, style, kind: _, ...options } = item;
      put(sheet, text, x, y, style, options);
      continue;
    }
    const { fill, stroke: line } = item;
    if (fill === undefined && line === undefined) continue;
    document.save();
    if (item.kind === 'rect') document.rect(item.x, item.y, item.width, item.height);
    else document.path(item.path);
    if (line !== undefined) {
      document
        .lineWidth(item.weight ?? stroke.hair)
        .lineJoin('round')
        .lineCap('butt')
        .strokeColor(line);
      if (item.kind === 'path' && item.dash) document.dash(item.dash[0], { space: item.dash[1] });
    }
    if (fill !== undefined) document.fillColor(fill);
    if (fill === undefined) document.stroke();
    else if (line === undefined) document.fill();
    else document.fillAndStroke();
    document.restore();
  }
}
