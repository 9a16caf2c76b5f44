import { strip } from '../charts/strip.ts';
import type { FrameworkReadiness } from '../facts/readiness.ts';
import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Column, type Row, table } from '../pdf/table.ts';
import { readinessCounts } from '../readiness-counts.ts';
import { type Density, grid } from '../tokens.ts';
import type { Words } from '../words/words.ts';
import type { Drawing } from './drawing.ts';

/** A row per framework, and one for all where there is more than one: what is shown as met, and what is not. */
export function drawReadiness(
  { sheet, snapshot, words }: Drawing,
  y: number,
  { rowHeight, air }: Density,
): number {
  const frameworks = snapshot.facts.readiness?.frameworks ?? [];
  const say = words.governance.readiness;
  const rows = frameworks.map((one) => rowOf(frameworkName(one, words), [one], words));
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, say.title, grid.left, y, grid.width);
    const bottom = table(sheet, {
      columns: columnsOf(words),
      rows: rows.length < 2 ? rows : [...rows, rowOf(say.all, frameworks, words)],
      y: top,
      rowHeight,
      air,
    });
    const scopes = frameworks.map((one) =>
      say.scope(one.requirements.length, one.total, frameworkName(one, words)),
    );
    return para(sheet, say.note(scopes), grid.left, bottom + 4, grid.width, 'note');
  });
}

/** As people call it; its title where this version has no name for it. */
export function frameworkName({ name, title }: FrameworkReadiness, words: Words): string {
  return words.governance.readiness.names[name] ?? title;
}

function columnsOf(words: Words): readonly Column[] {
  const { heads } = words.governance.readiness;
  return [
    { key: 'name', head: heads.framework, style: 'cellStrong', max: 110 },
    { key: 'strip', head: heads.strip, grow: 1, min: 80 },
    { key: 'met', head: heads.met, align: 'right', swatch: 'ok' },
    { key: 'partly', head: heads.partly, align: 'right', swatch: 'ok2' },
    { key: 'notMet', head: heads.notMet, align: 'right', swatch: 'bad' },
    { key: 'notAssessed', head: heads.notAssessed, align: 'right', swatch: 'unknown' },
    { key: 'share', head: heads.share, align: 'right' },
    { key: 'change', head: heads.change, align: 'right' },
  ];
}

function rowOf(name: string, frameworks: readonly FrameworkReadiness[], { format }: Words): Row {
  const { met, partly, not_met, not_assessed, in_scope } = readinessCounts(frameworks);
  const befores = frameworks.flatMap(({ before }) => before ?? []);
  const before =
    befores.length === frameworks.length && in_scope !== not_assessed
      ? befores.reduce((sum, one) => sum + one.met, 0)
      : null;
  const nothing = in_scope === not_assessed;
  return {
    name,
    strip: {
      text: '',
      scene: (width) =>
        strip({
          parts: [
            { kind: 'ok', count: met },
            { kind: 'ok2', count: partly },
            { kind: 'bad', count: not_met },
            { kind: 'unknown', count: not_assessed },
          ],
          width,
          height: 8,
        }),
    },
    met: nothing ? '–' : format.number(met),
    partly: nothing ? '–' : format.number(partly),
    notMet: nothing ? '–' : format.number(not_met),
    notAssessed: format.number(not_assessed),
    share: {
      text: nothing ? '–' : format.pctJudged(met / in_scope, { target: null, better: 'high' }),
      style: 'cellStrong',
    },
    change: before === null ? '–' : format.signed(met - before),
  };
}
