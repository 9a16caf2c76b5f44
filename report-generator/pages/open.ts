import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Cell, type Column, table } from '../pdf/table.ts';
import { knownId } from '../objects.ts';
import { grid, page } from '../tokens.ts';
import type { Drawing } from './drawing.ts';

const rowHeight = 14;
/** Heading, head of the table and the line below it. */
const frame = 56;

/** What was not in order or not known at the end of the month, by host, as far as the page goes. */
export function drawOpen(drawing: Drawing, y: number): void {
  const { sheet, snapshot, words } = drawing;
  const hosts = snapshot.hosts.filter(({ controls }) => Object.values(controls).some(isOpen));
  const room = Math.floor((page.bottom - y - frame) / rowHeight);
  if (room < 1 || snapshot.hosts.length === 0) return;
  group(sheet, 'Sect', () => {
    const top = heading(sheet, words.sections.open, grid.left, y, grid.width);
    if (hosts.length === 0) {
      para(sheet, words.open.nothing, grid.left, top + 2, grid.width, 'note');
      return;
    }
    const columns: readonly Column[] = [
      { key: 'host', head: words.hostTable.host, style: 'cellStrong', max: 150 },
      { key: 'missed', head: words.open.missed, grow: 1, lines: 1 },
      { key: 'unknown', head: words.open.unknown, grow: 1, lines: 1 },
    ];
    const shown = hosts.slice(0, room);
    const bottom = table(sheet, {
      columns,
      rows: shown.map((host) => rowOf(drawing, host)),
      y: top,
      rowHeight,
      air: 3,
    });
    const more = hosts.length - shown.length;
    if (more > 0) para(sheet, words.open.more(more), grid.left, bottom + 3, grid.width, 'note');
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
