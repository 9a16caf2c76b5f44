import { zoneAt } from '../clocks.ts';
import type { IncidentFacts } from '../facts/incidents.ts';
import { heading, para } from '../pdf/blocks.ts';
import { type Row, table } from '../pdf/table.ts';
import { grid, page } from '../tokens.ts';
import type { Words } from '../words/words.ts';
import type { Drawing } from './drawing.ts';
import { responseCell } from './incident-register.ts';

/** Heading, paragraph, head of the table and its first rows. */
const opening = 110;

/** Incidents whose response counts in the month: who answered when, and until when somebody had to. */
export function responsePart(facts: IncidentFacts) {
  return ({ sheet, words }: Drawing, y: number, newPage: () => number): number => {
    const { heading: title, lede, heads } = words.incidents.ledger;
    const start = y + opening > page.bottom ? newPage() : y;
    const below = para(
      sheet,
      lede,
      grid.left,
      heading(sheet, title, grid.left, start, grid.width),
      grid.width,
      'note',
    );
    return table(sheet, {
      columns: [
        { key: 'number', head: heads.number, style: 'cellStrong' },
        { key: 'class', head: heads.class },
        { key: 'opened', head: heads.opened, align: 'right' },
        { key: 'deadline', head: heads.deadline, align: 'right' },
        { key: 'answered', head: heads.answered, align: 'right' },
        { key: 'by', head: heads.by, grow: 1, min: 70, gap: 4 },
        { key: 'used', head: heads.used, align: 'right' },
        { key: 'verdict', head: heads.verdict, gap: 4 },
      ],
      rows: counted(facts).map((entry) => rowOf(entry, facts, words)),
      y: below + 4,
      rowHeight: 14,
      air: 4,
      newPage,
    });
  };
}

/** Those the ledger lists. */
export function counted({ list }: IncidentFacts): IncidentFacts['list'] {
  return list.filter(({ response }) => response?.counts === true);
}

function rowOf(entry: IncidentFacts['list'][number], { clocks }: IncidentFacts, words: Words): Row {
  const { ledger, response: say } = words.incidents;
  const { number, slaClass, from, response } = entry;
  const stamp = (instant: number): string => words.format.stamp(instant, zoneAt(clocks, instant));
  const answer = response?.answer ?? null;
  const deadline = response?.deadline ?? null;
  return {
    number,
    class: slaClass === null ? '–' : say.classes[slaClass],
    opened: stamp(from),
    deadline: deadline === null ? ledger.noDeadline : stamp(deadline),
    answered: answer === null ? '–' : stamp(answer.at),
    by: answer === null ? '–' : `${answer.by} (${answer.source})`,
    used: answer === null ? '–' : words.format.duration(answer.seconds),
    verdict: responseCell(entry, words),
  };
}
