import type { Face, Style, StyleName } from '../tokens.ts';
import { drawable, fit, longest, prefix, styleOf, width } from './measure.ts';
import type { Sheet } from './sheet.ts';

/** Text of one weight. */
export interface Run {
  readonly text: string;
  readonly style: Style;
}

/** A paragraph broken into lines, each a row of runs. */
export type Lines = readonly (readonly Run[])[];

interface Line {
  readonly runs: readonly Run[];
  /** Whether the line ended at a space, and not inside a word. */
  readonly spaced: boolean;
}

const strongFace: Readonly<Record<Face, Face>> = {
  sans: 'sansBold',
  sansBold: 'sansBold',
  serif: 'serifBold',
  serifBold: 'serifBold',
};

/**
 * Breaks a text with `**strong**` runs into lines of at most `room` points; the last of `maxLines` ends in an ellipsis
 * if there is more. A last line of one short word is avoided by setting the paragraph a little narrower.
 */
export function paragraph(
  sheet: Sheet,
  text: string,
  style: StyleName | Style,
  room: number,
  maxLines = Infinity,
): Lines {
  const best = breakLines(sheet, text, style, room, maxLines);
  if (best.length < 2 || lastWidth(sheet, best) > room * 0.18) return best;
  for (let narrower = room - 6; narrower > room * 0.8; narrower -= 6) {
    const lines = breakLines(sheet, text, style, narrower, maxLines);
    if (lines.length > best.length) break;
    if (lastWidth(sheet, lines) > room * 0.22) return lines;
  }
  return best;
}

/** As `paragraph`, but always with full lines. */
export function breakLines(
  sheet: Sheet,
  text: string,
  style: StyleName | Style,
  room: number,
  maxLines = Infinity,
): Lines {
  const lines: Line[] = [];
  let runs: Run[] = [];
  let used = 0;
  const flush = (spaced: boolean): void => {
    lines.push({ runs, spaced });
    runs = [];
    used = 0;
  };
  for (const word of words(sheet, text, styleOf(style))) {
    const space = runs.at(-1);
    const gap = space === undefined ? 0 : width(sheet, ' ', space.style);
    let rest = word;
    if (space !== undefined && used + gap + runsWidth(sheet, word) > room + 0.01) flush(true);
    else if (space !== undefined) {
      runs.push({ text: ' ', style: space.style });
      used += gap;
    }
    while (runsWidth(sheet, rest) > room + 0.01) {
      const [start, end] = tear(sheet, rest, room);
      if (end.length === 0) break;
      runs.push(...start);
      flush(false);
      rest = end;
    }
    runs.push(...rest);
    used += runsWidth(sheet, rest);
  }
  if (runs.length > 0) flush(true);
  if (lines.length <= maxLines) return lines.map((line) => line.runs);
  const kept = lines.slice(0, maxLines - 1).map((line) => line.runs);
  const more = lines.slice(maxLines - 1);
  const rest = more.map((line) => textOf(line.runs) + (line.spaced ? ' ' : '')).join('');
  const last = more[0]?.runs[0]?.style ?? styleOf(style);
  return [...kept, [{ text: fit(sheet, rest.trimEnd(), last, room), style: last }]];
}

/** Width of a line. */
export function runsWidth(sheet: Sheet, runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + width(sheet, run.text, run.style), 0);
}

function lastWidth(sheet: Sheet, lines: Lines): number {
  return runsWidth(sheet, lines.at(-1) ?? []);
}

function textOf(runs: readonly Run[]): string {
  return runs.map((run) => run.text).join('');
}

/** Everything up to the next space is one word, even when the weight changes inside it. */
function words(sheet: Sheet, text: string, style: Style): readonly (readonly Run[])[] {
  const strong = { ...style, face: strongFace[style.face] };
  const all: Run[][] = [[]];
  for (const [index, part] of glue(text)
    .split(/\*\*(.+?)\*\*/)
    .entries()) {
    const face = index % 2 === 1 ? strong : style;
    for (const [position, word] of drawable(sheet, part, face.face).split(' ').entries()) {
      if (position > 0) all.push([]);
      if (word !== '') all.at(-1)?.push({ text: word, style: face });
    }
  }
  return all.filter((word) => word.length > 0);
}

/** A number stays with its noun and with a short word before it: "to 7", "200 hosts", "14 de noviembre". */
function glue(text: string): string {
  return text
    .replace(/(^|[\s(*])(\d+(?:[.,]\d+)*) (?=\p{L})/gu, '$1$2\u00A0')
    .replace(/(^|\s)(\p{L}{1,2}|día|page|página) (?=\d)/gu, '$1$2\u00A0')
    .replace(/(\d)[ \u00A0]de (?=\p{L})/gu, '$1\u00A0de\u00A0');
}

/** Tears a word that is wider than a line: at a glued space, after a joint (`_ : / . -`) if one is near, or anywhere. */
function tear(sheet: Sheet, word: readonly Run[], room: number): readonly [readonly Run[], readonly Run[]] {
  const text = textOf(word);
  const most = longest(text.length - 1, (length) => runsWidth(sheet, split(word, length)[0]) <= room);
  const glued = text.lastIndexOf('\u00A0', most);
  if (glued > 0) return split(word, glued + 1);
  let length = most;
  while (length > most * 0.6 && !'_:/.-'.includes(text.charAt(length - 1))) length -= 1;
  return split(word, length > most * 0.6 ? length : most);
}

function split(word: readonly Run[], length: number): readonly [readonly Run[], readonly Run[]] {
  const start: Run[] = [];
  const end: Run[] = [];
  let left = length;
  for (const run of word) {
    const head = left > 0 ? prefix(run.text, left) : '';
    const tail = run.text.slice(head.length);
    if (head !== '') start.push({ ...run, text: head });
    if (tail !== '') end.push({ ...run, text: tail });
    left -= head.length;
  }
  return [start, end];
}
