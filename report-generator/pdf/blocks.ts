import { type Colour, colour, stroke, type Style, type StyleName } from '../tokens.ts';
import { box, decoration, mark, rule } from './items.ts';
import { baseline, styleOf, width } from './measure.ts';
import { breakLines } from './paragraph.ts';
import { told } from './reading.ts';
import type { Sheet } from './sheet.ts';
import { leaf } from './structure.ts';
import { paragraph, put, setLines } from './text.ts';

export interface ParaOptions {
  readonly tag?: string;
  readonly maxLines?: number;
  readonly fill?: Colour;
  readonly align?: 'start' | 'middle' | 'end';
}

/** A paragraph; returns its bottom. */
export function para(
  sheet: Sheet,
  text: string,
  x: number,
  top: number,
  w: number,
  style: StyleName | Style,
  { tag = 'P', maxLines, ...options }: ParaOptions = {},
): number {
  const lines = paragraph(sheet, text, style, w, maxLines);
  return leaf(sheet, tag, () =>
    told(sheet, text, style, () => setLines(sheet, lines, x, top, style, { ...options, width: w })),
  );
}

/**
 * The page's finding as H1: on one line if a size down to `smallest` does it, else on up to three lines of even length.
 * Returns its bottom.
 */
export function headline(
  sheet: Sheet,
  text: string,
  x: number,
  top: number,
  w: number,
  style: StyleName | Style,
  smallest: number,
): number {
  const full = styleOf(style);
  for (let { size } = full; size >= smallest; size -= 0.5) {
    const smaller = { ...full, size, lead: (full.lead * size) / full.size };
    if (width(sheet, text, smaller) <= w) return para(sheet, text, x, top, w, smaller, { tag: 'H1' });
  }
  const count = breakLines(sheet, text, full, w).length;
  let even = w / 2;
  while (even < w && breakLines(sheet, text, full, even).length > count) even += 4;
  return para(sheet, text, x, top, Math.min(w, even), full, { tag: 'H1', maxLines: 3 });
}

/**
 * A heading under a rule, with a quiet word at its right end; returns where the content begins.
 * @param ruled length of the rule where it is longer than the heading may be.
 */
export function heading(
  sheet: Sheet,
  text: string,
  x: number,
  y: number,
  w: number,
  {
    tag = 'H2',
    aside = '',
    ruled = w,
  }: { readonly tag?: string; readonly aside?: string; readonly ruled?: number } = {},
): number {
  rule(sheet, x, y, ruled, stroke.rule, colour.ink);
  const room = aside === '' ? w : w - width(sheet, aside, 'note') - 12;
  const bottom = para(sheet, text, x, y + 5, room, 'h2', { tag });
  if (aside !== '') {
    leaf(sheet, 'P', () => put(sheet, aside, x + w, y + 5 + baseline('h2'), 'note', { align: 'end' }));
  }
  return bottom + 2;
}

/** What is to be done, by whom and until when, behind an arrow; at most one per section. Returns its bottom. */
export function action(sheet: Sheet, text: string, x: number, y: number, w: number): number {
  const arrow = {
    kind: 'path',
    path: 'M0 3.5h7m-3 -3l3 3l-3 3',
    stroke: colour.accent,
    weight: 1.1,
  } as const;
  decoration(sheet, { width: 7, height: 7, alt: '', items: [arrow] }, x, y + 3);
  return para(sheet, text, x + 14, y, w - 14, 'body');
}

/** What is missing and what that means, on a tint behind the mark for no data. Returns its bottom. */
export function callout(
  sheet: Sheet,
  { title, text }: { readonly title: string; readonly text: string },
  x: number,
  y: number,
  w: number,
): number {
  const pad = 8;
  const room = w - 2 * pad - 14;
  const lines = paragraph(sheet, text, 'note', room);
  const { lead } = styleOf('note');
  const height = 2 * pad + lead * (lines.length + 1);
  box(sheet, x, y, w, height, colour.tint);
  mark(sheet, 'none', x + pad + 4, y + pad + 5.2);
  para(sheet, title, x + pad + 14, y + pad, room, 'noteStrong', { maxLines: 1 });
  leaf(sheet, 'P', () => setLines(sheet, lines, x + pad + 14, y + pad + lead, 'note', { fill: colour.ink }));
  return y + height;
}

/** What a person wrote, on a tint, so that nobody takes it for computed. Returns its bottom. */
export function signedNote(
  sheet: Sheet,
  { title, paragraphs }: { readonly title: string; readonly paragraphs: readonly string[] },
  x: number,
  y: number,
  w: number,
): number {
  const pad = 8;
  const broken = paragraphs.map((text) => paragraph(sheet, text, 'note', w - 2 * pad));
  const { lead } = styleOf('note');
  const lines = broken.reduce((sum, one) => sum + one.length, 0);
  const height = 2 * pad + lead * (lines + 1) + 3 * (broken.length - 1);
  box(sheet, x, y, w, height, colour.tint);
  let at = para(sheet, title, x + pad, y + pad, w - 2 * pad, 'noteStrong', { maxLines: 1 });
  for (const one of broken)
    at = leaf(sheet, 'P', () => setLines(sheet, one, x + pad, at, 'note', { fill: colour.ink })) + 3;
  return y + height;
}
