import { headline, para } from '../pdf/blocks.ts';
import { destination } from '../pdf/links.ts';
import { addPage, bookmark } from '../pdf/sheet.ts';
import { group, leaf } from '../pdf/structure.ts';
import { put } from '../pdf/text.ts';
import { grid } from '../tokens.ts';
import type { AnnexLetter, Words } from '../words/words.ts';
import { annexDestination, type AnnexPlace } from './contents.ts';
import type { Drawing } from './drawing.ts';

/** One annex: a file in pages/ and a line in annexes.ts. */
export interface Annex {
  readonly letter: AnnexLetter;
  /** The paragraph below the title; empty for none. */
  readonly lede: (words: Words) => string;
  /** Whether the month has anything to list; an annex that has not is left out. */
  readonly isPresent?: (drawing: Drawing) => boolean;
  /** Draws from `y` on and over as many pages as it takes. */
  readonly draw: (drawing: Drawing, y: number, newPage: () => number) => void;
}

/** Sets the annex on pages of its own; returns where it begins. */
export function setAnnex(drawing: Drawing, { letter, lede, draw }: Annex): AnnexPlace {
  const { sheet, words } = drawing;
  const title = words.annexes[letter];
  const name = words.annex(letter);
  addPage(sheet, name);
  const place = { letter, page: sheet.sections.length };
  bookmark(sheet, `${name}: ${title}`);
  destination(sheet, annexDestination(letter), 74);
  group(sheet, 'Sect', () => {
    leaf(sheet, 'P', () => put(sheet, name, grid.left, 74, 'kicker'));
    const top = headline(sheet, title, grid.left, 79, grid.width, 'title', 17) + 4;
    const text = lede(words);
    const y = text === '' ? top : para(sheet, text, grid.left, top, grid.width, 'body') + 6;
    draw(drawing, y, () => addPage(sheet, words.sections.continued(name)));
  });
  return place;
}
