import type { Element } from './document.ts';
import { leadsTo, note } from './reading.ts';
import type { Sheet } from './sheet.ts';
import { leaf } from './structure.ts';

/** Where a link leads: the place gets the name. */
export function destination(sheet: Sheet, name: string, y: number): void {
  if (sheet.measuring) return;
  sheet.document.addNamedDestination(name, 'XYZ', 0, Math.max(0, y - 12), null);
  note(sheet, { kind: 'place', name });
}

export interface LinkArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A text that leads to a place in the report. `describe` is read aloud; the element belongs into a P or an LBody. */
export function link(
  sheet: Sheet,
  { to, describe }: { readonly to: string; readonly describe: string },
  area: LinkArea,
  draw: () => void,
): void {
  const drawLink = (): void => {
    leadsTo(sheet, to);
    draw();
  };
  leaf(sheet, 'Link', drawLink, {}, (element) => annotate(sheet, element, to, describe, area));
}

function annotate(
  { document }: Sheet,
  element: Element,
  to: string,
  describe: string,
  { x, y, width, height }: LinkArea,
): void {
  document.goTo(x, y, width, height, to, { structParent: element, Contents: textString(describe) });
}

/** A text as PDF writes it: UTF-16 with its mark (ISO 32000-1, 7.9.2.2). pdfkit writes a plain string as a name. */
function textString(text: string): Buffer {
  return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
}
