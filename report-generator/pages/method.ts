import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Cell, type Column, table } from '../pdf/table.ts';
import type { Indicator } from '../snapshot.ts';
import { tileOf } from '../tile.ts';
import { grid, page } from '../tokens.ts';
import { knownId } from '../objects.ts';
import type { Annex } from './annex.ts';
import { type Drawing, indicatorsInOrder, targetText } from './drawing.ts';

const gap = 14;

/** How each number came about, what was missing, and what it takes to repeat them. */
export const methodAnnex: Annex = { letter: 'K', lede: ({ method }) => method.lede, draw: drawMethod };

function drawMethod(drawing: Drawing, start: number, newPage: NewPage): void {
  let y = start + gap - 6;
  for (const part of [figures, gaps, evaluations, facts, queries]) {
    // A heading with less than its head and three rows below it belongs on the next page.
    const least = part === queries ? heightOfQueries(drawing) : 80;
    if (y + Math.min(least, page.bottom - page.top) > page.bottom) y = newPage();
    y = group(drawing.sheet, 'Sect', () => part(drawing, y, newPage)) + gap;
  }
}

type NewPage = () => number;

function figures({ sheet, snapshot, words }: Drawing, y: number, newPage: NewPage): number {
  const { heads } = words.method;
  const top = heading(sheet, words.sections.figures, grid.left, y, grid.width);
  const columns: readonly Column[] = [
    { key: 'indicator', head: heads.indicator, style: 'cellStrong', max: 130, wrap: true, min: 90 },
    { key: 'counts', head: heads.counts, grow: 1, min: 120, lines: 8 },
    { key: 'value', head: heads.value, align: 'right', max: 60 },
    { key: 'target', head: heads.target, align: 'right', max: 50 },
    { key: 'verdict', head: heads.verdict, max: 70, gap: 6, lines: 3 },
    { key: 'known', head: heads.known, align: 'right', max: 50 },
    { key: 'watched', head: heads.watched, align: 'right', max: 50 },
  ];
  const rows = indicatorsInOrder(snapshot).map((indicator): Readonly<Record<string, Cell>> => {
    const { label, value, verdict, verdictWord } = tileOf(indicator, snapshot, words);
    const { objects, time } = indicator.coverage;
    return {
      indicator: label,
      counts: words.indicators[knownId(indicator.id)].counts,
      value,
      target: indicator.target === null ? '–' : targetText(indicator, indicator.target, words),
      verdict: { text: verdictWord, verdict },
      known: objects === null ? '–' : words.format.pctKnown(objects),
      watched: words.format.pctKnown(time),
    };
  });
  return table(sheet, { columns, rows, y: top, rowHeight: 14, air: 4, newPage });
}

function gaps({ sheet, snapshot, words }: Drawing, y: number): number {
  const top = heading(sheet, words.sections.gaps, grid.left, y, grid.width);
  const byReason = Map.groupBy(indicatorsInOrder(snapshot), (indicator) =>
    gapSentences(indicator, words).join(' '),
  );
  byReason.delete('');
  const sentences = [...byReason].map(
    ([reason, indicators]) => `**${labelsOf(indicators, words).join(', ')}.** ${reason}`,
  );
  return list(sheet, sentences.length === 0 ? [words.method.noGaps] : sentences, top + 2);
}

function list(sheet: Drawing['sheet'], entries: readonly string[], top: number): number {
  return group(sheet, 'L', () =>
    entries.reduce(
      (at, entry) =>
        group(sheet, 'LI', () => para(sheet, entry, grid.left, at, grid.width, 'note', { tag: 'LBody' })) + 2,
      top,
    ),
  );
}

function labelsOf(indicators: readonly Indicator[], words: Drawing['words']): readonly string[] {
  return indicators.map(({ id }) => words.indicators[knownId(id)].label);
}

function gapSentences(
  { reason, coverage }: Indicator,
  { gap: say, format }: Drawing['words'],
): readonly string[] {
  if (reason === 'no_evaluations' || reason === 'no_series' || reason === 'no_acknowledgements')
    return [say[reason]];
  return [
    ...(coverage.objects === null || coverage.objects === 1
      ? []
      : [say.objects(format.pctKnown(coverage.objects))]),
    ...(coverage.time === 1 ? [] : [say.time(format.pctKnown(coverage.time))]),
  ];
}

function evaluations({ sheet, snapshot, words }: Drawing, y: number, newPage: NewPage): number {
  const { evaluationHeads: heads } = words.method;
  const top = heading(sheet, words.sections.evaluations, grid.left, y, grid.width);
  const columns: readonly Column[] = [
    { key: 'group', head: heads.group, grow: 1, style: 'cellStrong' },
    { key: 'interval', head: heads.interval, align: 'right' },
    { key: 'evaluations', head: heads.evaluations, align: 'right' },
    { key: 'watched', head: heads.watched, align: 'right' },
  ];
  const rows = snapshot.evaluation.map((one): Readonly<Record<string, Cell>> => ({
    group: one.ruleGroup,
    interval: one.interval === null ? '–' : words.format.duration(one.interval),
    evaluations: words.method.evaluations(one.evaluations, one.expected),
    watched: words.format.pctKnown(one.expected === 0 ? 0 : Math.min(1, one.evaluations / one.expected)),
  }));
  return table(sheet, { columns, rows, y: top, rowHeight: 14, newPage });
}

function facts({ sheet, snapshot, words }: Drawing, y: number): number {
  const { period, customer } = snapshot;
  const names = words.method.facts;
  const top = heading(sheet, words.sections.repeat, grid.left, y, grid.width);
  const lines = [
    [names.period, words.method.period(...firstAndLastDay(snapshot.month, words))],
    [names.zone, customer.zone],
    [names.evaluated, words.format.instant(period.end, period)],
    [names.prometheus, snapshot.prometheus.version],
    [names.policy, snapshot.policySha256],
  ] as const;
  const bottom = lines.reduce(
    (at, [name, fact]) => para(sheet, `**${name}:** ${fact}`, grid.left, at, grid.width, 'note'),
    top + 2,
  );
  return para(sheet, words.method.repeat, grid.left, bottom + 3, grid.width, 'note');
}

const queryLead = 12.5;

/** Heading and the first group, which stay together. */
function heightOfQueries({ snapshot }: Drawing): number {
  return 50 + (indicatorsInOrder(snapshot)[0]?.queries.length ?? 0) * queryLead;
}

/** Indicators that come from the same queries share them. */
function queries({ sheet, snapshot, words }: Drawing, y: number, newPage: NewPage): number {
  const shared = Map.groupBy(indicatorsInOrder(snapshot), (indicator) => indicator.queries.join('\n'));
  let at = heading(sheet, words.method.heads.queries, grid.left, y, grid.width) + 2;
  for (const [text, indicators] of shared) {
    const entries = text.split('\n');
    if (at + entries.length * queryLead > page.bottom) at = newPage();
    at = para(sheet, `**${labelsOf(indicators, words).join(', ')}**`, grid.left, at, grid.width, 'note') + 2;
    at = list(sheet, entries, at) + 6;
  }
  return at;
}

/** The zone's offset may change within the month, so the days come from the calendar and not from the period's instants. */
function firstAndLastDay(month: string, { format }: Drawing['words']): readonly [string, string] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const utc = { offset: 0, zoneName: 'UTC' };
  const day = (instant: number): string => format.date(instant / 1000, utc);
  return [day(Date.UTC(year, number - 1, 1)), day(Date.UTC(year, number, 0))];
}
