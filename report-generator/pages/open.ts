import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Cell, type Column, table } from '../pdf/table.ts';
import { knownId } from '../objects.ts';
import { type Density, grid } from '../tokens.ts';
import type { Drawing } from './drawing.ts';

/** What was not in order or not known at the end of the month, by host: the worst, at most as many as the density allows. */
export function drawOpen(drawing: Drawing, y: number, density: Density): number {
  const { sheet, snapshot, words } = drawing;
  if (snapshot.hosts.length === 0) return y;
  const hosts = snapshot.hosts.filter(({ controls }) => Object.values(controls).some(isOpen));
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, words.sections.open, grid.left, y, grid.width);
    if (hosts.length === 0) return para(sheet, words.open.nothing, grid.left, top + 2, grid.width, 'note');
    const columns: readonly Column[] = [
      { key: 'host', head: words.hostTable.host, style: 'cellStrong', max: 150 },
      { key: 'missed', head: words.open.missed, grow: 1, lines: 1 },
      { key: 'unknown', head: words.open.unknown, grow: 1, lines: 1 },
    ];
    const shown = hosts.slice(0, density.details ? 6 : 3);
    const bottom = table(sheet, {
      columns,
      rows: shown.map((host) => rowOf(drawing, host)),
      y: top,
      rowHeight: density.rowHeight - 2,
      air: 3,
    });
    const more = hosts.length - shown.length;
    return more > 0 ? para(sheet, words.open.more(more), grid.left, bottom + 3, grid.width, 'note') : bottom;
  });
}

function rowOf(
  { snapshot, words }: Drawing,
  { instance, controls }: Drawing['snapshot']['hosts'][number],
): Readonly<Record<string, Cell>> {
  const named = (verdict: 'missed' | 'unknown'): Cell => {
    const heads = snapshot.controls
      .filter((control) => controls[control] === verdict)
      .map((control) => words.indicators[knownId(control)].head);
    return heads.length === 0 ? '–' : { text: heads.join(' · '), verdict };
  };
  return { host: instance, missed: named('missed'), unknown: named('unknown') };
}

function isOpen(verdict: string | null): boolean {
  return verdict === 'missed' || verdict === 'unknown';
}
