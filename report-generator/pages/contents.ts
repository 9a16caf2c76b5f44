import { rule } from '../pdf/items.ts';
import { link } from '../pdf/links.ts';
import type { Sheet } from '../pdf/sheet.ts';
import { group, leaf } from '../pdf/structure.ts';
import { put, width } from '../pdf/text.ts';
import { grid } from '../tokens.ts';
import type { AnnexLetter } from '../words/words.ts';
import type { Drawing } from './drawing.ts';

/** The list of annexes stands at the foot of page 1, below what its rows may take. */
export const contentsTop = 778;

/** An annex and the page it begins on, counted from 1. */
export interface AnnexPlace {
  readonly letter: AnnexLetter;
  readonly page: number;
}

export function annexDestination(letter: AnnexLetter): string {
  return `annex-${letter}`;
}

/** Each annex with its page, leading there; on as many lines as it takes, upwards from the foot of the page. */
export function drawContents({ sheet, words }: Drawing, annexes: readonly AnnexPlace[]): void {
  const entries = annexes.map(({ letter, page }) => ({ letter, text: words.annexOnPage(letter, page) }));
  const lead = width(sheet, words.annexList, 'noteStrong') + 8;
  const lines = linesOf(sheet, entries, grid.width - lead);
  let y = contentsTop + 10 - (lines.length - 1) * 10.5;
  rule(sheet, grid.left, y - 11, grid.width);
  leaf(sheet, 'P', () => put(sheet, words.annexList, grid.left, y, 'noteStrong'));
  group(sheet, 'L', () => {
    for (const line of lines) {
      let x = grid.left + lead;
      for (const { letter, text } of line) {
        const room = width(sheet, text, 'note');
        const to = annexDestination(letter);
        const describe = `${words.annex(letter)}: ${words.annexes[letter]}`;
        const area = { x, y: y - 8, width: room, height: 10.5 };
        group(sheet, 'LI', () =>
          group(sheet, 'LBody', () =>
            link(sheet, { to, describe }, area, () => put(sheet, text, area.x, y, 'note')),
          ),
        );
        x += room + 12;
      }
      y += 10.5;
    }
  });
}

interface Entry {
  readonly letter: AnnexLetter;
  readonly text: string;
}

function linesOf(sheet: Sheet, entries: readonly Entry[], room: number): readonly (readonly Entry[])[] {
  const lines: Entry[][] = [[]];
  let used = 0;
  for (const entry of entries) {
    const needed = width(sheet, entry.text, 'note') + 12;
    if (used + needed - 12 > room && used > 0) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(entry);
    used += needed;
  }
  return lines;
}
