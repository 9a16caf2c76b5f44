import { para } from '../pdf/blocks.ts';
import { type Column, table } from '../pdf/table.ts';
import { grid } from '../tokens.ts';
import type { Annex } from './annex.ts';
import { changeText } from './changes.ts';
import type { Drawing } from './drawing.ts';

/** Every change the series show, with the hosts it was on. */
export const changeLogAnnex: Annex = {
  letter: 'G',
  lede: ({ governance }) => governance.changes.lede,
  isPresent: ({ snapshot }) => snapshot.facts.changes !== undefined,
  draw: drawChangeLog,
};

function drawChangeLog({ sheet, snapshot, words }: Drawing, y: number, newPage: () => number): void {
  const say = words.governance.changes;
  const changes = snapshot.facts.changes?.changes ?? [];
  if (changes.length === 0) {
    const watched = snapshot.evaluation.some(({ evaluations }) => evaluations > 0);
    para(sheet, watched ? say.none : say.notKnown, grid.left, y, grid.width, 'body');
    return;
  }
  const columns: readonly Column[] = [
    { key: 'day', head: say.heads.day },
    { key: 'what', head: say.heads.what, style: 'cellStrong', grow: 1, min: 120, lines: 3 },
    { key: 'where', head: say.heads.where, grow: 1.2, min: 120, lines: 40 },
  ];
  const rows = changes.map((change) => ({
    day: change.day,
    what: changeText(change, words),
    where: change.instances.length < 2 ? '–' : change.instances.join(', '),
  }));
  table(sheet, { columns, rows, y, rowHeight: 14, air: 3, newPage });
}
