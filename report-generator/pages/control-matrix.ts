import type { FrameworkReadiness, RequirementVerdict } from '../facts/readiness.ts';
import { heading } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Cell, type Column, table } from '../pdf/table.ts';
import type { Verdict } from '../snapshot.ts';
import { grid, page } from '../tokens.ts';
import type { Annex } from './annex.ts';
import type { Drawing } from './drawing.ts';
import { frameworkName } from './readiness.ts';

/** What every requirement asks for, and what maintenance shows of it. */
export const controlMatrixAnnex: Annex = {
  letter: 'H',
  lede: ({ governance }) => governance.matrix.lede,
  isPresent: ({ snapshot }) => snapshot.facts.readiness !== undefined,
  draw: drawMatrix,
};

const marks: Readonly<Record<RequirementVerdict, Verdict>> = {
  met: 'met',
  partly: 'risk',
  not_met: 'missed',
  not_assessed: 'unknown',
  not_applicable: 'plain',
};

function drawMatrix(drawing: Drawing, start: number, newPage: () => number): void {
  const { sheet, snapshot, words } = drawing;
  const { heads } = words.governance.matrix;
  const columns: readonly Column[] = [
    { key: 'id', head: heads.id, style: 'cellStrong', max: 70, wrap: true, min: 34 },
    { key: 'about', head: heads.about, grow: 1, min: 120, lines: 4 },
    { key: 'evidence', head: heads.evidence, grow: 1.3, min: 140, lines: 9, style: 'note' },
    { key: 'age', head: heads.age, align: 'right' },
    { key: 'result', head: heads.result, gap: 4 },
  ];
  let y = start;
  for (const framework of snapshot.facts.readiness?.frameworks ?? []) {
    // A heading keeps the head of its table and three rows.
    if (y + 100 > page.bottom) y = newPage();
    y = group(sheet, 'Sect', () => {
      const top = heading(sheet, frameworkName(framework, words), grid.left, y, grid.width);
      const rows = framework.requirements.map((one) => rowOf(one, drawing));
      return table(sheet, { columns, rows, y: top, rowHeight: 14, air: 4, newPage });
    });
    y += 14;
  }
}

function rowOf(
  { id, about, verdict, reason, evidence }: FrameworkReadiness['requirements'][number],
  { words }: Drawing,
): Readonly<Record<string, Cell>> {
  const say = words.governance.matrix;
  const told = evidence.map((one) => {
    const text = say.evidence(one.name, one.ok, one.expected, one.known);
    return one.essential ? text : say.supporting(text);
  });
  const oldest = Math.max(...evidence.flatMap(({ age }) => age ?? []));
  return {
    id,
    about: say.about(about),
    evidence: verdict === 'not_applicable' ? reason : told.join('; '),
    age: verdict !== 'not_applicable' && Number.isFinite(oldest) ? words.format.duration(oldest) : '–',
    result: {
      text: say.result[verdict],
      verdict: marks[verdict],
      ...(verdict === 'not_met' ? { style: 'cellStrong' } : {}),
    },
  };
}
