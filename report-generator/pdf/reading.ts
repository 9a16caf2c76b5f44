import type { Scene } from '../scene.ts';
import type { Verdict } from '../snapshot.ts';
import type { Style, StyleName } from '../tokens.ts';
import type { ElementOptions } from './document.ts';
import type { Sheet } from './sheet.ts';

/** What is read aloud, in the order it is read: the report without its pages. Its HTML is made of it. */
export type Reading =
  | ReadElement
  /** A text as it was meant: whole, unbroken, with its `**strong**` runs. */
  | { readonly kind: 'text'; readonly text: string; readonly style: StyleName | Style }
  /** `said` when the picture is read; else a text beside it says the same. */
  | { readonly kind: 'picture'; readonly scene: Scene; readonly said: boolean }
  | { readonly kind: 'mark'; readonly verdict: Verdict }
  | { readonly kind: 'bookmark'; readonly title: string }
  /** Where links with this name lead. */
  | { readonly kind: 'place'; readonly name: string };

export interface ReadElement {
  readonly kind: 'element';
  /** Of the PDF structure: H1, P, Table. */
  readonly tag: string;
  readonly options: ElementOptions;
  readonly children: Reading[];
  /** Of the text in a cell. */
  align?: 'start' | 'middle' | 'end';
  /** The place a link leads to. */
  to?: string;
}

/** What was read so far. */
export interface Recorded {
  /** Elements that are not ended, the root first. */
  readonly open: ReadElement[];
  /** What is filled in later, by its element of the PDF. */
  readonly reserved: Map<object, ReadElement>;
  /** How many reasons there are now to record nothing. */
  silent: number;
}

export function newRecorded(): Recorded {
  return {
    open: [{ kind: 'element', tag: 'Document', options: {}, children: [] }],
    reserved: new Map(),
    silent: 0,
  };
}

/** Notes what is read here, unless nothing is drawn or it is not read. */
export function note(sheet: Sheet, reading: Reading): void {
  if (isRecording(sheet)) sheet.reading.open.at(-1)?.children.push(reading);
}

/** Notes what belongs to the element that ended last: a picture into its cell. */
export function noteInLast(sheet: Sheet, reading: Reading): void {
  const last = sheet.reading.open.at(-1)?.children.at(-1);
  if (isRecording(sheet) && last?.kind === 'element') last.children.push(reading);
}

/** Everything noted while drawing is inside of an element. */
export function noteElement<T>(sheet: Sheet, tag: string, options: ElementOptions, draw: () => T): T {
  if (!isRecording(sheet)) return draw();
  const element: ReadElement = { kind: 'element', tag, options, children: [] };
  note(sheet, element);
  sheet.reading.open.push(element);
  try {
    return draw();
  } finally {
    sheet.reading.open.pop();
  }
}

/** A place in the reading order that is filled in later. */
export function reserveReading(sheet: Sheet, key: object, tag: string): void {
  const element: ReadElement = { kind: 'element', tag, options: {}, children: [] };
  note(sheet, element);
  sheet.reading.reserved.set(key, element);
}

/** Everything noted while drawing is inside of what was reserved. */
export function fillReading(sheet: Sheet, key: object, draw: () => void): void {
  const element = sheet.reading.reserved.get(key);
  if (element === undefined) return draw();
  sheet.reading.open.push(element);
  try {
    return draw();
  } finally {
    sheet.reading.open.pop();
  }
}

/** Says where the link leads that is being drawn. */
export function leadsTo(sheet: Sheet, to: string): void {
  const element = sheet.reading.open.at(-1);
  if (isRecording(sheet) && element?.tag === 'Link') element.to = to;
}

/** A text that is drawn in pieces, or cut to its room, is read as it was meant. */
export function told<T>(
  sheet: Sheet,
  text: string,
  style: StyleName | Style,
  draw: () => T,
  align: ReadElement['align'] = 'start',
): T {
  if (text !== '') note(sheet, { kind: 'text', text, style });
  const element = sheet.reading.open.at(-1);
  if (isRecording(sheet) && element !== undefined && align !== 'start') element.align = align;
  return unread(sheet, draw);
}

/** Draws what is not read, or was noted already. */
export function unread<T>(sheet: Sheet, draw: () => T): T {
  sheet.reading.silent += 1;
  try {
    return draw();
  } finally {
    sheet.reading.silent -= 1;
  }
}

function isRecording({ measuring, reading }: Sheet): boolean {
  return !measuring && reading.silent === 0;
}
