import { colour, type Face, grid, page, stroke } from '../tokens.ts';
import { type About, addBookmark, createDocument, type Document, type Element } from './document.ts';
import { newRecorded, note, type Recorded } from './reading.ts';
import { artifact } from './structure.ts';
import { put } from './text.ts';

/** What stands on every page; page 1 has no running head. */
export interface Running {
  readonly customer: string;
  readonly title: string;
  readonly footer: string;
  readonly page: (n: number, of: number) => string;
}

/** A report being drawn. Places are points from the top left corner of the page. */
export interface Sheet {
  readonly document: Document;
  readonly running: Running;
  /** Characters no font of the report has, as `U+1F600`; each is drawn as `[U+1F600]`. */
  readonly missingGlyphs: Set<string>;
  /** Elements that are not ended, the root first. */
  readonly open: Element[];
  /** Section of each page, for its running head. */
  readonly sections: string[];
  /** Width of a text at size 1, by face and text. */
  readonly widths: Map<string, number>;
  /** What is drawn for a character, by face and character. */
  readonly glyphs: Map<`${Face} ${string}`, string>;
  /** The report as it is read, without its pages. */
  readonly reading: Recorded;
  /** The element whose content is being drawn: text outside one is an error. */
  marked: string | undefined;
  /** True while something is measured: everything is computed, nothing is drawn. */
  measuring: boolean;
}

/** A report without a page. Same input, same bytes. */
export function createSheet({ running, ...about }: About & { readonly running: Running }): Sheet {
  const document = createDocument(about);
  const root = document.struct('Document');
  document.addStructure(root);
  return {
    document,
    running,
    missingGlyphs: new Set(),
    open: [root],
    sections: [],
    widths: new Map(),
    glyphs: new Map(),
    reading: newRecorded(),
    marked: undefined,
    measuring: false,
  };
}

/** Starts a page and returns where its content begins. */
export function addPage(sheet: Sheet, section: string): number {
  if (sheet.measuring) return page.top;
  sheet.document.addPage();
  sheet.sections.push(section);
  return page.top;
}

/** A bookmark to the current page. */
export function bookmark(sheet: Sheet, title: string): void {
  if (sheet.measuring) return;
  addBookmark(sheet.document, title);
  note(sheet, { kind: 'bookmark', title });
}

/** Sets head and foot of every page and closes the file. The sheet cannot be used after. */
export async function finish(sheet: Sheet): Promise<Buffer> {
  const { document, open, sections } = sheet;
  const [root, inner] = open;
  if (root === undefined || inner !== undefined) throw new Error('finish() inside an open group');
  for (const [index, section] of sections.entries()) {
    document.switchToPage(index);
    if (index > 0) runningHead(sheet, section);
    artifact(sheet, () => footer(sheet, index + 1), { type: 'Pagination', attached: ['Bottom'] });
  }
  root.end();
  return await new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    document.on('data', (part) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.on('error', reject);
    document.end();
  });
}

function runningHead(sheet: Sheet, section: string): void {
  const { customer, title } = sheet.running;
  const baseline = page.header + 8;
  artifact(
    sheet,
    () => {
      const width = put(sheet, customer, grid.left, baseline, 'runningStrong');
      put(sheet, title, grid.left + width + 6, baseline, 'running');
      put(sheet, section, grid.left + grid.width, baseline, 'running', { align: 'end' });
      sheet.document
        .rect(grid.left, page.header + 15, grid.width, stroke.hair)
        .fillColor(colour.rule)
        .fill();
    },
    { type: 'Pagination', attached: ['Top'] },
  );
}

function footer(sheet: Sheet, n: number): void {
  const baseline = page.footer + 8;
  put(sheet, sheet.running.footer, grid.left, baseline, 'running');
  const right = { align: 'end' } as const;
  put(
    sheet,
    sheet.running.page(n, sheet.sections.length),
    grid.left + grid.width,
    baseline,
    'running',
    right,
  );
}
