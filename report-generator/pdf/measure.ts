import { capHeight, type Face, type Style, type StyleName, styles } from '../tokens.ts';
import { hasGlyph } from './document.ts';
import type { Sheet } from './sheet.ts';

export function styleOf(style: StyleName | Style): Style {
  return typeof style === 'string' ? styles[style] : style;
}

/**
 * The text as it can be drawn: a character the face lacks becomes `[U+1F600]` and is noted in `missingGlyphs`, since
 * pdfkit would leave it out silently. Line breaks and tabs become spaces: pdfkit would start a line of its own.
 */
export function drawable(sheet: Sheet, text: string, face: Face): string {
  if (/^[\x20-\x7E]*$/.test(text)) return text;
  let drawn = '';
  for (const character of text) {
    const key = `${face} ${character}` as const;
    let glyph = sheet.glyphs.get(key);
    if (glyph === undefined) {
      glyph = glyphFor(sheet, character, face);
      sheet.glyphs.set(key, glyph);
    }
    drawn += glyph;
  }
  return drawn;
}

function glyphFor(sheet: Sheet, character: string, face: Face): string {
  if (/[\t\n\v\f\r\u0085\u2028\u2029]/.test(character)) return ' ';
  const codePoint = character.codePointAt(0) ?? 0;
  if (!/\p{C}/u.test(character) && hasGlyph(sheet.document, face, codePoint)) return character;
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  sheet.missingGlyphs.add(name);
  return `[${name}]`;
}

/** Width in points, as the page will set it. */
export function width(sheet: Sheet, text: string, style: StyleName | Style): number {
  const { face, size } = styleOf(style);
  const drawn = drawable(sheet, text, face);
  const key = `${face} ${drawn}`;
  let unit = sheet.widths.get(key);
  if (unit === undefined) {
    unit = sheet.document.font(face).fontSize(100).widthOfString(drawn) / 100;
    sheet.widths.set(key, unit);
  }
  return unit * size;
}

/** The text, or as much of it as fits with an ellipsis; never less than one character. */
export function fit(sheet: Sheet, text: string, style: StyleName | Style, room: number): string {
  const drawn = drawable(sheet, text, styleOf(style).face);
  if (width(sheet, drawn, style) <= room) return drawn;
  const cut = (length: number): string => `${prefix(drawn, length).trimEnd()}…`;
  return cut(longest(drawn.length - 1, (length) => width(sheet, cut(length), style) <= room));
}

/** The greatest length from 1 to `most` that fits; 1 when none does. */
export function longest(most: number, fits: (length: number) => boolean): number {
  let [low, high] = [1, Math.max(1, most)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first `length` code units, one more where a character of two would be torn apart. */
export function prefix(text: string, length: number): string {
  return /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? text.slice(0, length + 1) : text.slice(0, length);
}

/** From the top of a line to its baseline: capitals stand in the optical middle of the line. */
export function baseline(style: StyleName | Style): number {
  const { face, size, lead } = styleOf(style);
  return lead / 2 + (capHeight[face] * size) / 2;
}
