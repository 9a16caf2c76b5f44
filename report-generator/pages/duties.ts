import { heading } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Column, table } from '../pdf/table.ts';
import type { Density } from '../tokens.ts';
import type { Drawing } from './drawing.ts';

/** Who does what, as the policy says. */
export function drawDuties(
  { sheet, snapshot, words }: Drawing,
  x: number,
  y: number,
  width: number,
  { rowHeight, air }: Density,
): number {
  const say = words.governance.duties;
  const names = {
    provider: snapshot.provider,
    customer: snapshot.customer.name,
    shared: say.shared,
  } as const;
  const duties = snapshot.facts.agreements?.responsibilities ?? [];
  const columns: readonly Column[] = [
    { key: 'what', head: say.heads.what, style: 'noteStrong', grow: 1.2, min: 70, lines: 3 },
    { key: 'who', head: say.heads.who, style: 'note', max: 76, wrap: true },
    ...(duties.some(({ note }) => note !== '')
      ? [{ key: 'note', head: say.heads.note, style: 'note', grow: 1, min: 60, lines: 4 } as const]
      : []),
  ];
  return group(sheet, 'Sect', () =>
    table(sheet, {
      columns,
      rows: duties.map(({ what, who, note }) => ({ what, who: names[who], note: note === '' ? '–' : note })),
      x,
      y: heading(sheet, say.title, x, y, width) - 2,
      width,
      rowHeight: rowHeight - 2,
      air: air - 1,
    }),
  );
}
