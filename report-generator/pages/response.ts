import { strip } from '../charts/strip.ts';
import type { IncidentFacts } from '../facts/incidents.ts';
import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Cell, type Column, type Row, table } from '../pdf/table.ts';
import { grid } from '../tokens.ts';
import type { ResponseFacts } from '../words/incident-words.ts';
import type { Words } from '../words/words.ts';
import type { PageRow } from './leadership.ts';

type Tally = IncidentFacts['all'];

/** Whether incidents were answered as promised, by class, with everything that is not known in sight. */
export function response(facts: IncidentFacts): PageRow {
  return ({ sheet, words }, y, { rowHeight, air }) => {
    const say = words.incidents.response;
    const { all, classes } = facts;
    const promises = classes.map(({ slaClass, response: within, clock }) => ({
      slaClass,
      within: words.format.duration(within),
      inHours: clock === 'working_hours',
    }));
    return group(sheet, 'Sect', () => {
      const top = heading(sheet, say.heading, grid.left, y, grid.width, { aside: say.aside(promises) });
      const bottom = para(sheet, responseSentence(facts, words), grid.left, top, grid.width, 'body') + 2;
      if (decidedOf(all) + all.running === 0) return bottom;
      const rows = [...classes.map((one) => [one.slaClass, one] as const), ['all', all] as const];
      return table(sheet, {
        columns: columnsOf(all, words),
        rows: rows.map(([name, tally]) => rowOf(say.classes[name], tally, words)),
        y: bottom,
        rowHeight,
        air,
      });
    });
  };
}

/** What the month says of answers, and never more than is known. */
export function responseSentence({ all, acknowledgements }: IncidentFacts, words: Words): string {
  const { format, incidents } = words;
  const say = incidents.response;
  const { measured, worst, best, target, breached, unknown, running } = all;
  const goal = target === null ? null : target;
  const judged = (value: number): string => format.pctJudged(value, { target: goal, better: 'high' });
  const decided = decidedOf(all);
  if (decided === 0) return running === 0 ? say.none : say.waiting(running);
  const facts: ResponseFacts = {
    measured: measured === null ? undefined : judged(measured),
    worst: judged(worst ?? 0),
    best: judged(best ?? 0),
    target: target === null ? undefined : format.pctTarget(target),
    breached,
    unknown,
    decided,
    running,
  };
  if (unknown > 0) return acknowledgements === null ? say.notGiven(facts) : say.range(facts);
  return breached === 0 ? say.all : say.measured(facts);
}

function decidedOf({ answered, resolvedFirst, breached, unknown }: Tally): number {
  return answered + resolvedFirst + breached + unknown;
}

function columnsOf({ target }: Tally, { format, incidents }: Words): readonly Column[] {
  const { heads } = incidents.response;
  return [
    { key: 'class', head: heads.class, style: 'cellStrong' },
    {
      key: 'strip',
      head: heads.strip(target === null ? undefined : format.pctTarget(target)),
      grow: 1,
      min: 90,
    },
    { key: 'answered', head: heads.answered, align: 'right', swatch: 'ok' },
    { key: 'resolvedFirst', head: heads.resolvedFirst, align: 'right', swatch: 'ok2' },
    { key: 'unknown', head: heads.unknown, align: 'right', swatch: 'unknown' },
    { key: 'breached', head: heads.breached, align: 'right', swatch: 'bad' },
    { key: 'running', head: heads.running, align: 'right' },
    { key: 'verdict', head: heads.verdict, gap: 6 },
  ];
}

function rowOf(label: string, tally: Tally, { format, verdict, incidents }: Words): Row {
  const { answered, resolvedFirst, unknown, breached, running, target } = tally;
  const parts = [
    { kind: 'ok', count: answered },
    { kind: 'ok2', count: resolvedFirst },
    { kind: 'unknown', count: unknown },
    { kind: 'bad', count: breached },
  ] as const;
  const picture: Cell =
    decidedOf(tally) === 0 ? '–' : { text: '', scene: (width) => strip({ parts, target, width, height: 8 }) };
  const judged = decidedOf(tally) > 0 && tally.verdict !== 'plain';
  return {
    class: label,
    strip: picture,
    answered: format.number(answered),
    resolvedFirst: format.number(resolvedFirst),
    unknown: format.number(unknown),
    breached: format.number(breached),
    running: format.number(running),
    verdict: judged
      ? { text: verdict[tally.verdict], verdict: tally.verdict }
      : decidedOf(tally) === 0 && running > 0
        ? { text: incidents.response.heads.running, verdict: 'running' }
        : '–',
  };
}
