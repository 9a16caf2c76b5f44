import type { ArtifactOptions, Element, ElementOptions } from './document.ts';
import { fillReading, noteElement, reserveReading, unread } from './reading.ts';
import type { Sheet } from './sheet.ts';

/** An element made of other elements. What is drawn in it needs a leaf or an artifact of its own. */
export function group<T>(sheet: Sheet, tag: string, draw: () => T, options: ElementOptions = {}): T {
  if (sheet.measuring) return draw();
  const { document, open } = sheet;
  const element = document.struct(tag, options);
  open.at(-1)?.add(element);
  open.push(element);
  try {
    return noteElement(sheet, tag, options, draw);
  } finally {
    open.pop();
    element.end();
  }
}

/**
 * An element with text or a picture. Leaves do not nest: pdfkit would close the outer one silently.
 * @param drawn is told the element before it ends.
 */
export function leaf<T>(
  sheet: Sheet,
  tag: string,
  draw: () => T,
  options: ElementOptions = {},
  drawn: (element: Element) => void = () => {},
): T {
  const { document, open } = sheet;
  if (sheet.measuring) return marked(sheet, tag, draw);
  const element = document.struct(tag, options);
  open.at(-1)?.add(element);
  return marked(sheet, tag, () => {
    const content = document.markStructureContent(tag);
    try {
      return noteElement(sheet, tag, options, draw);
    } finally {
      document.endMarkedContent();
      element.add(content);
      drawn(element);
      element.end();
    }
  });
}

/** A place in the reading order for what is only known later; `fillIn` draws it. */
export function reserve(sheet: Sheet, tag: string): Element {
  const element = sheet.document.struct(tag);
  sheet.open.at(-1)?.add(element);
  reserveReading(sheet, element, tag);
  return element;
}

/** Draws what was reserved on a page, counted from 1. */
export function fillIn(sheet: Sheet, element: Element, page: number, draw: () => void): void {
  sheet.document.switchToPage(page - 1);
  sheet.open.push(element);
  try {
    fillReading(sheet, element, draw);
  } finally {
    sheet.open.pop();
    element.end();
  }
}

/** What is not read aloud: lines, backgrounds, what is said elsewhere. Inside a leaf it belongs to the leaf. */
export function artifact<T>(sheet: Sheet, draw: () => T, options: ArtifactOptions = { type: 'Layout' }): T {
  if (sheet.marked !== undefined) return unread(sheet, draw);
  if (sheet.measuring) return marked(sheet, 'Artifact', draw);
  return marked(sheet, 'Artifact', () => {
    sheet.document.markContent('Artifact', options);
    try {
      return unread(sheet, draw);
    } finally {
      sheet.document.endMarkedContent();
    }
  });
}

/** Computes what `draw` would return, and draws nothing. */
export function measureOnly<T>(sheet: Sheet, draw: () => T): T {
  const before = sheet.measuring;
  sheet.measuring = true;
  try {
    return draw();
  } finally {
    sheet.measuring = before;
  }
}

function marked<T>(sheet: Sheet, tag: string, draw: () => T): T {
  if (sheet.marked !== undefined) throw new Error(`${tag} inside ${sheet.marked}: leaves do not nest`);
  sheet.marked = tag;
  try {
    return draw();
  } finally {
    sheet.marked = undefined;
  }
}
