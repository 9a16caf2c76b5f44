import type { Gap, Judged } from '../facts/judged.ts';
import type { Cell, TableOptions } from '../pdf/table.ts';
import type { Drawing } from './drawing.ts';

/** How tables of annexes are set. */
export const annexRows = { rowHeight: 14, air: 3 } as const satisfies Partial<TableOptions>;

/** What is in order is quiet; what is not, or not known, has its mark before the text. */
export function judgedCell({ words }: Pick<Drawing, 'words'>, verdict: Judged | null, text: string): Cell {
  if (verdict === null) return words.protectionAnnex.none;
  if (verdict === 'met') return text;
  const label = words.hostTable.key[verdict];
  if (verdict === 'unknown') return { text: words.protectionAnnex.unknown, verdict, label };
  return { text, verdict, label, style: 'cellStrong' };
}

/** The host, and below it why something of it is not known. */
export function hostCell({ words }: Pick<Drawing, 'words'>, instance: string, gap: Gap | null): Cell {
  return gap === null ? instance : { text: instance, note: words.protectionAnnex.gap[gap] };
}

/** 2026-10-14 */
export function dayText({ snapshot, words }: Drawing, instant: number | null): string {
  return instant === null
    ? words.protectionAnnex.none
    : words.format.stamp(instant, snapshot.period).slice(0, 10);
}

/** 10-14 09:12 */
export function momentText({ snapshot, words }: Drawing, instant: number | null): string {
  return instant === null
    ? words.protectionAnnex.none
    : words.format.stamp(instant, snapshot.period).slice(5);
}

/** A number with its unit, or a dash where there is none. */
export function countText(
  { words }: Pick<Drawing, 'words'>,
  value: number | null,
  text: (value: number) => string = (known) => words.format.number(known),
): string {
  return value === null ? words.protectionAnnex.none : text(value);
}
