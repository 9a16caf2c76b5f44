import { strip } from '../charts/strip.ts';
import { valueBefore } from '../comparison.ts';
import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Cell, table } from '../pdf/table.ts';
import { type Answer, answersOf } from '../protection.ts';
import type { Indicator } from '../snapshot.ts';
import { grid } from '../tokens.ts';
import { type Drawing, targetText, valueText } from './drawing.ts';
import type { PageRow } from './leadership.ts';
import { stripKey, stripKeyWidth } from './strip-key.ts';

/** Five questions to the whole estate, each answered by every host at the end of the month and by the month as a whole. */
export const estateRow: PageRow = (drawing, y, density) => {
  const { sheet, snapshot, words } = drawing;
  const { estate } = words.protection;
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, estate.heading, grid.left, y, grid.width);
    const answers = answersOf(snapshot).filter(({ hosts }) => hosts > 0);
    if (answers.length === 0) return para(sheet, estate.noHosts, grid.left, top, grid.width, 'body');
    return table(sheet, {
      y: top,
      rowHeight: density.rowHeight + 9,
      air: density.air,
      columns: [
        {
          key: 'question',
          head: estate.heads.question,
          style: 'cellStrong',
          max: 172,
          min: 136,
          wrap: true,
          lines: 2,
        },
        {
          key: 'strip',
          head: '',
          grow: 1,
          min: stripKeyWidth(drawing) + 10,
          headScene: (width) => stripKey(drawing, width),
        },
        { key: 'inOrder', head: estate.heads.atEnd, align: 'right' },
        { key: 'value', head: estate.heads.value, align: 'right' },
        { key: 'change', head: estate.heads.change, align: 'right' },
        { key: 'target', head: estate.heads.target, align: 'right' },
        { key: 'verdict', head: estate.heads.verdict, gap: 6 },
      ],
      rows: answers.map((answer) => rowOf(drawing, answer)),
    });
  });
};

function rowOf(drawing: Drawing, answer: Answer): Readonly<Record<string, Cell>> {
  const { words } = drawing;
  const { estate } = words.protection;
  const { id, inOrder, partly, problem, unknown, hosts, indicator } = answer;
  const rest = estate.rest(answer, id);
  return {
    question: rest === '' ? estate.questions[id] : { text: estate.questions[id], note: rest },
    strip: {
      text: '',
      scene: (width) =>
        strip({
          parts: [
            { kind: 'ok', count: inOrder },
            { kind: 'ok2', count: partly },
            { kind: 'bad', count: problem },
            { kind: 'unknown', count: unknown },
          ],
          width,
        }),
    },
    inOrder: estate.of(inOrder, hosts),
    ...monthOf(drawing, indicator),
  };
}

function monthOf(
  { words }: Drawing,
  indicator: Indicator | undefined,
): Readonly<Record<'value' | 'change' | 'target' | 'verdict', Cell>> {
  if (indicator === undefined) return { value: '–', change: '–', target: '–', verdict: '–' };
  const { value, target, verdict } = indicator;
  const before = valueBefore(indicator);
  return {
    value: value === null ? '–' : { text: valueText(indicator, value, words), style: 'cellStrong' },
    change:
      value === null || before === undefined ? '–' : words.format.signed((value - before.value) * 100, 1),
    target: target === null ? '–' : targetText(indicator, target, words),
    verdict: {
      text: words.verdict[verdict],
      verdict,
      ...(verdict === 'met' ? {} : { style: 'cellStrong' }),
    },
  };
}
