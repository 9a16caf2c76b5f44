import { columns } from '../charts/columns.ts';
import { pairs } from '../charts/pairs.ts';
import { scoreOf } from '../comparison.ts';
import type { IncidentFacts } from '../facts/incidents.ts';
import { incidentsSentence } from '../narrative.ts';
import { heading, para } from '../pdf/blocks.ts';
import { figure } from '../pdf/items.ts';
import { group } from '../pdf/structure.ts';
import { columnAt, type Density, grid, span } from '../tokens.ts';
import { type Drawing, measureOn } from './drawing.ts';
import type { PageRow } from './leadership.ts';

const half = span(6);
/** Of a month: with less its count says little. */
const enough = 0.8;

/** How many incidents were opened, month by month, beside what they were about. */
export function incidentsOpened(facts: IncidentFacts): PageRow {
  return (drawing, y, density) =>
    Math.max(opened(drawing, y, density), categories(drawing, facts, y, density));
}

/** Nobody looked: that is said, and the months before are shown. */
export const incidentsUnknown: PageRow = (drawing, y, density) => opened(drawing, y, density);

function opened({ sheet, snapshot, words }: Drawing, y: number, { chart }: Density): number {
  const indicator = snapshot.indicators.find(({ id }) => id === 'incidents_opened');
  const label = words.indicators.incidents_opened.label;
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, label, grid.left, y, half);
    const sentence = incidentsSentence(snapshot, scoreOf(snapshot), words);
    const bottom = para(sheet, sentence, grid.left, top, half, 'body') + 2;
    const trend = indicator?.trend ?? [];
    const scene = columns({
      values: trend.map(({ value }) => value),
      partly: trend.map(({ time }) => time < enough),
      months: trend.map(({ month }) => ({
        letter: words.format.monthShort(month).slice(0, 1).toUpperCase(),
        year: month.slice(0, 4),
        january: month.endsWith('-01'),
      })),
      format: words.format.number,
      measure: measureOn(sheet),
      width: half,
      height: 98 * chart,
      alt: words.alt.trend(
        label,
        trend.map(({ month, value }) => ({
          month,
          value: value === null ? null : words.format.number(value),
        })),
        undefined,
      ),
    });
    return figure(sheet, scene, grid.left, bottom);
  });
}

function categories(
  { sheet, words }: Drawing,
  { categories: counts, categoriesBefore, works }: IncidentFacts,
  y: number,
  { chart }: Density,
): number {
  const say = words.incidents.categories;
  const { number, signed } = words.format;
  const x = columnAt(6);
  const compared = categoriesBefore !== null;
  const rows = order
    .map((name) => ({
      label: say.names[name],
      now: counts[name],
      before: categoriesBefore === null ? null : categoriesBefore[name],
    }))
    .toSorted((one, other) => other.now - one.now);
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, say.heading(compared), x, y, half);
    const scene = pairs({
      rows,
      format: number,
      signed,
      measure: measureOn(sheet),
      width: half,
      rowHeight: 14.5 * Math.min(1, chart),
      alt: rows
        .map(
          ({ label, now, before }) =>
            `${label} ${number(now)}${before === null ? '' : ` (${signed(now - before)})`}`,
        )
        .join(', '),
    });
    const bottom = figure(sheet, scene, x, top + 1);
    const sentence = say.works(works, compared);
    return sentence === '' ? bottom : para(sheet, sentence, x, bottom + 3, half, 'note');
  });
}

const order = ['updates', 'backups', 'disks', 'services', 'protection', 'access'] as const;
