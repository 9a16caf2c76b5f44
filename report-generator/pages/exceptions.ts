import type { Agreements } from '../facts/agreements.ts';
import { knownId } from '../objects.ts';
import { para } from '../pdf/blocks.ts';
import { type Cell, type Column, table } from '../pdf/table.ts';
import { grid } from '../tokens.ts';
import type { Words } from '../words/words.ts';
import type { Annex } from './annex.ts';
import type { Drawing } from './drawing.ts';

type Exception = Agreements['exceptions'][number];

/** Accepted risks, with who accepted them, why and until when. */
export const exceptionsAnnex: Annex = {
  letter: 'J',
  lede: ({ governance }) => governance.exceptions.lede,
  isPresent: ({ snapshot }) => snapshot.facts.agreements !== undefined,
  draw: drawExceptions,
};

function drawExceptions({ sheet, snapshot, words }: Drawing, y: number, newPage: () => number): void {
  const say = words.governance.exceptions;
  const exceptions = snapshot.facts.agreements?.exceptions ?? [];
  if (exceptions.length === 0) {
    para(sheet, say.none, grid.left, y, grid.width, 'body');
    return;
  }
  const columns: readonly Column[] = [
    { key: 'control', head: say.heads.control, style: 'cellStrong', max: 100, wrap: true, min: 60 },
    { key: 'covers', head: say.heads.covers, grow: 1, min: 80, lines: 4 },
    { key: 'reason', head: say.heads.reason, grow: 1.6, min: 110, lines: 5 },
    { key: 'owner', head: say.heads.owner, max: 80, wrap: true, min: 50 },
    { key: 'from', head: say.heads.from, align: 'right' },
    { key: 'expires', head: say.heads.expires, align: 'right' },
    { key: 'state', head: say.heads.state, gap: 4 },
  ];
  const rows = exceptions.map((one): Readonly<Record<string, Cell>> => {
    const { control, reason, owner, from, expires, state, covered } = one;
    const covers = coversText(one, words);
    return {
      control: words.indicators[knownId(control)].label,
      covers: covered === null ? covers : `${covers}: ${say.covered(covered)}`,
      reason,
      owner,
      from: from === null ? '–' : from,
      expires,
      state: { text: say.state[state], ...(state === 'ended' ? { style: 'cellStrong' } : {}) },
    };
  });
  table(sheet, { columns, rows, y, rowHeight: 14, air: 4, newPage });
}

/** The hosts, roles and objects an exception is for. */
export function coversText({ roles, instances, objects }: Exception, words: Words): string {
  const all = [...instances, ...roles, ...objects];
  return all.length === 0 ? words.governance.exceptions.everything : all.join(', ');
}
