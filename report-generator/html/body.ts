import type { Measure } from '../scene.ts';
import type { ReadElement, Reading } from '../pdf/reading.ts';
import { escaped, marked } from './escape.ts';
import { markOf, svgOf } from './svg.ts';

/** Where in the report something is: headings of the first page are one level higher than those of the others. */
interface Place {
  readonly measure: Measure;
  /** Bookmarks so far; each is an anchor. */
  bookmarks: number;
}

/** The content of a report as HTML, in the order it is read. */
export function bodyOf(root: ReadElement, measure: Measure): string {
  return rendered(root.children, { measure, bookmarks: 0 });
}

/** Titles of the parts, in order: the n-th leads to `#part-n`. */
export function bookmarksOf(root: ReadElement): readonly string[] {
  return root.children.flatMap((child) => {
    if (child.kind === 'bookmark') return [child.title];
    return child.kind === 'element' ? bookmarksOf(child) : [];
  });
}

function rendered(children: readonly Reading[], place: Place): string {
  return children.map((child) => one(child, place)).join('');
}

function one(reading: Reading, place: Place): string {
  switch (reading.kind) {
    case 'text':
      return textOf(reading);
    case 'picture':
      return svgOf(reading.scene, place.measure, reading.said);
    case 'mark':
      return markOf(reading.verdict, place.measure);
    case 'bookmark':
      place.bookmarks += 1;
      return `<a id="part-${place.bookmarks}"></a>\n`;
    case 'place':
      return `<a id="${idOf(reading.name)}"></a>`;
    case 'element':
      return elementOf(reading, place);
  }
}

/** Texts of one element are told apart by a space. */
function textOf({ text, style }: Extract<Reading, { kind: 'text' }>): string {
  const name = typeof style === 'string' ? (classes[style] ?? '') : '';
  return name === '' ? `${marked(text)} ` : `<span class="${name}">${marked(text)}</span> `;
}

const classes: Readonly<Record<string, string>> = {
  kicker: 'kicker',
  note: 'note',
  noteStrong: 'strong',
  label: 'strong',
  figure: 'figure',
  cellStrong: 'strong',
};

/** Names of places are titles, too; an id has no spaces. */
function idOf(name: string): string {
  return `to-${name.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}`;
}

const tags: Readonly<Record<string, string>> = {
  Sect: 'section',
  P: 'p',
  Table: 'table',
  THead: 'thead',
  TBody: 'tbody',
  TR: 'tr',
  TH: 'th',
  TD: 'td',
  L: 'ul',
  LI: 'li',
  LBody: 'div',
  Figure: 'figure',
  Div: 'div',
  Span: 'span',
  Link: 'a',
};
/** Of elements that stand in a line. */
const inline = new Set(['Span', 'LBody', 'Link']);

function elementOf(element: ReadElement, place: Place): string {
  const { tag, options, children } = element;
  const name = headingOf(tag, place) ?? tags[tag] ?? 'div';
  const content = `${rendered(children, place).trimEnd()}${heard(element)}`;
  return `<${name}${attributes(element)}>${content}</${name}>${inline.has(tag) && options.actual === undefined ? ' ' : '\n'}`;
}

/** The mark of a cell is read as its word. */
function heard({ options: { actual } }: ReadElement): string {
  return actual === undefined ? '' : `<span class="heard">${escaped(actual.trim())}</span>`;
}

function headingOf(tag: string, { bookmarks }: Place): string | undefined {
  const [, level] = /^H([1-6])$/.exec(tag) ?? [];
  if (level === undefined) return undefined;
  return `h${Math.min(6, Number(level) + (bookmarks > 1 ? 1 : 0))}`;
}

function attributes({ tag, options, children, align, to }: ReadElement): string {
  const aligned =
    align ?? children.flatMap((child) => (child.kind === 'element' ? (child.align ?? []) : []))[0];
  const names = [
    ...(tag === 'Div' ? ['tile'] : []),
    ...(children.some((child) => child.kind === 'element' && child.tag === 'Div') ? ['tiles'] : []),
    ...(aligned !== undefined && (tag === 'TH' || tag === 'TD') ? [aligned] : []),
  ];
  return [
    ...(options.scope === undefined ? [] : [` scope="${options.scope === 'Column' ? 'col' : 'row'}"`]),
    ...(to === undefined ? [] : [` href="#${idOf(to)}"`]),
    ...(names.length === 0 ? [] : [` class="${names.join(' ')}"`]),
  ].join('');
}
