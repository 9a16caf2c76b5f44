import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import pdfkit from 'pdfkit';
import { type Face, fonts, page } from '../tokens.ts';
import { type About, metadataOf, producer } from './metadata.ts';

export type { About };

export interface ElementOptions {
  /** Read instead of a picture. */
  readonly alt?: string;
  /** Read instead of what is drawn. */
  readonly actual?: string;
  /** Left, top, right, bottom in points from the top left corner of the current page. */
  readonly bbox?: readonly [number, number, number, number];
  /** Of a table head. */
  readonly scope?: 'Column' | 'Row';
}

export interface ArtifactOptions {
  readonly type: 'Layout' | 'Pagination' | 'Page';
  readonly attached?: readonly ('Top' | 'Bottom' | 'Left' | 'Right')[];
}

/** Text and shapes of one element on one page. */
export type Content = Readonly<Record<'refs', readonly object[]>>;

/** A node of the structure tree. Each one has to be ended: the file is not written before. */
export interface Element {
  add(child: Element | Content): Element;
  end(): void;
}

interface OutlineOptions {
  readonly expanded?: boolean;
  readonly left?: number;
}

interface Outline {
  options: OutlineOptions;
  addItem(title: string, options: OutlineOptions): Outline;
}

/** What the report uses of pdfkit 0.20. */
export interface Document {
  readonly outline: Outline;
  /** The current font; a whole TTF here, never one of the built-in fonts. */
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
  registerFont(name: string, source: Buffer): this;
  font(name: string): this;
  fontSize(size: number): this;
  widthOfString(text: string): number;
  text(text: string, x: number, y: number, options: { lineBreak: false; baseline: 'alphabetic' }): this;
  addPage(): this;
  bufferedPageRange(): { readonly start: number; readonly count: number };
  switchToPage(index: number): unknown;
  struct(tag: string, options?: ElementOptions): Element;
  addStructure(element: Element): this;
  markContent(tag: 'Artifact', options: ArtifactOptions): this;
  markStructureContent(tag: string): Content;
  endMarkedContent(): this;
  addNamedDestination(name: string, fit: 'XYZ', x: number, y: number, zoom: null): this;
  goTo(
    x: number,
    y: number,
    width: number,
    height: number,
    name: string,
    options: { readonly structParent: Element; readonly Contents: Buffer },
  ): this;
  save(): this;
  restore(): this;
  translate(x: number, y: number): this;
  rect(x: number, y: number, width: number, height: number): this;
  path(data: string): this;
  fillColor(colour: string): this;
  strokeColor(colour: string): this;
  lineWidth(width: number): this;
  lineJoin(join: 'round'): this;
  lineCap(cap: 'butt'): this;
  dash(length: number, options: { readonly space: number }): this;
  fill(): this;
  stroke(): this;
  fillAndStroke(): this;
  on(event: 'data', listener: (part: Buffer) => void): this;
  on(event: 'end', listener: () => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  appendXML(xml: string): void;
  file(content: Buffer, options: AttachmentOptions): unknown;
  end(): void;
}

interface AttachmentOptions {
  readonly name: string;
  readonly type: string;
  /** What it is to the report, by ISO 32000-2. */
  readonly relationship: 'Data';
  readonly description: string;
  readonly creationDate: Date;
  readonly modifiedDate: Date;
}

interface DocumentOptions {
  readonly size: readonly [number, number];
  readonly margins: Readonly<Record<'top' | 'bottom' | 'left' | 'right', number>>;
  readonly pdfVersion: '1.7';
  readonly subset: 'PDF/A-3a';
  readonly tagged: true;
  readonly displayTitle: true;
  readonly lang: string;
  readonly bufferPages: true;
  readonly autoFirstPage: false;
  readonly info: Readonly<Record<'Title' | 'Author' | 'Subject' | 'Creator' | 'Producer', string>> &
    Readonly<Record<'CreationDate' | 'ModDate', Date>>;
}

// @types/pdfkit 0.17 knows neither bbox and scope of an element, nor the outline's options.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one door: the tests write real files through it
const Pdf = pdfkit as unknown as new (options: DocumentOptions) => Document;

/** An empty tagged A4 document (PDF/A-3a and PDF/UA-1) with the report's fonts and no page. */
export function createDocument(about: About): Document {
  const document = new Pdf({
    size: [page.width, page.height],
    // No margin: pdfkit would add a page of its own below one.
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    displayTitle: true,
    lang: about.language,
    bufferPages: true,
    autoFirstPage: false,
    info: {
      Title: about.title,
      Author: about.author,
      Subject: about.subject,
      Creator: producer,
      Producer: producer,
      CreationDate: about.date,
      ModDate: about.date,
    },
  });
  // Ours, since that of pdfkit breaks on & and leaves out what PDF/A asks for.
  Object.assign(document, { _addInfo: () => document.appendXML(metadataOf(about)) });
  const { resolve } = createRequire(import.meta.url);
  for (const [face, file] of Object.entries(fonts)) document.registerFont(face, readFileSync(resolve(file)));
  // A copy: pdfkit shares one object between all outlines of the process.
  document.outline.options = { ...document.outline.options, expanded: true };
  return document;
}

/** Whether a face has a glyph of its own for a character. */
export function hasGlyph(document: Document, face: Face, codePoint: number): boolean {
  const { _font: current } = document.font(face);
  return current.font.hasGlyphForCodePoint(codePoint);
}

/** Puts a file into the document; whoever reads the PDF with the right tool has the numbers it was made from. */
export function attach(
  document: Document,
  { name, content, type, description, date }: Attachment & { readonly date: Date },
): void {
  const dates = { creationDate: date, modifiedDate: date };
  document.file(Buffer.from(content), { name, type, description, relationship: 'Data', ...dates });
}

export interface Attachment {
  readonly name: string;
  readonly content: string;
  /** MIME type. */
  readonly type: string;
  readonly description: string;
}

/** A bookmark at the top of the current page. */
export function addBookmark(document: Document, title: string): void {
  // pdfkit measures `left` from the right edge (0.20.2, PDFOutline), so this is 0.
  document.outline.addItem(title, { left: page.width });
}
