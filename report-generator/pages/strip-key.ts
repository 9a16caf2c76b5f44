import { text } from '../charts/shapes.ts';
import { hatch, type Swatch } from '../marks.ts';
import type { Item, Scene } from '../scene.ts';
import { colour } from '../tokens.ts';
import { type Drawing, measureOn } from './drawing.ts';

const sample = { side: 6, indent: 8 } as const;

const gaps = [9, 6, 4] as const;

/** What the parts of the bars below mean, in their order. */
export function stripKey(drawing: Drawing, width: number): Scene {
  const entries = entriesOf(drawing);
  const gap = gaps.find((each) => lengthOf(entries, each) <= width) ?? gaps[2];
  let x = 0;
  const items = entries.flatMap(({ kind, label, room }): readonly Item[] => {
    const left = x;
    x += room + gap;
    return [...sampleOf(kind, left, 1.5), text(left + sample.indent, 7, label, 'head', 'start')];
  });
  return { width, height: 10.5, alt: '', items };
}

/** The least width of a column with the key as its head. */
export function stripKeyWidth(drawing: Drawing): number {
  return lengthOf(entriesOf(drawing), gaps[2]);
}

interface Entry {
  readonly kind: Swatch;
  readonly label: string;
  readonly room: number;
}

function entriesOf({ sheet, words }: Drawing): readonly Entry[] {
  const measure = measureOn(sheet);
  return (['ok', 'ok2', 'bad', 'unknown'] as const).map((kind) => {
    const label = words.protection.estate.key[kind];
    return { kind, label, room: sample.indent + measure(label, 'head') };
  });
}

function lengthOf(entries: readonly Entry[], gap: number): number {
  return entries.reduce((sum, { room }) => sum + room + gap, -gap);
}

function sampleOf(kind: Swatch, x: number, y: number): readonly Item[] {
  const { side } = sample;
  if (kind === 'unknown') return hatch(x, y, side, side, { gap: 2.2 });
  return [{ kind: 'rect', x, y, width: side, height: side, fill: colour[kind] }];
}
