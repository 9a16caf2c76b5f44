import { trend } from '../charts/trend.ts';
import { comparable, valueBefore } from '../comparison.ts';
import type { IncidentFacts } from '../facts/incidents.ts';
import { monthFrom } from '../format.ts';
import { heading, para } from '../pdf/blocks.ts';
import { figure } from '../pdf/items.ts';
import { group, leaf } from '../pdf/structure.ts';
import { baseline, fit, put } from '../pdf/text.ts';
import type { Indicator } from '../snapshot.ts';
import { columnAt, grid, span } from '../tokens.ts';
import { shownDifference } from '../value.ts';
import type { Words } from '../words/words.ts';
import { type Drawing, measureOn } from './drawing.ts';
import type { PageRow } from './leadership.ts';

const third = span(4);
const hour = 3600;

/** How long incidents took, and how long until somebody took them: three small pictures of thirteen months. */
export function times(facts: IncidentFacts): PageRow {
  return (drawing, y, { chart }) => {
    const { sheet, snapshot, words } = drawing;
    const say = words.incidents.times;
    const of = (id: string): Indicator | undefined => snapshot.indicators.find((one) => one.id === id);
    const respond = of('time_to_respond_urgent');
    const known = respond?.denominator ?? 0;
    const share = respond?.coverage.objects ?? 1;
    const panels = [
      [say.panels.resolve.urgent, of('time_to_resolve_urgent')],
      [say.panels.resolve.standard, of('time_to_resolve_standard')],
      [say.panels.respond(known, share === 0 ? known : Math.round(known / share)), respond],
    ] as const;
    return group(sheet, 'Sect', () => {
      const top = heading(sheet, say.heading, grid.left, y, grid.width);
      const bottom = para(sheet, sentenceOf(drawing, facts), grid.left, top, grid.width, 'body') + 4;
      return Math.max(
        ...panels.map(([label, indicator], index) =>
          panel(drawing, label, indicator, columnAt(index * 4), bottom, 84 * chart),
        ),
      );
    });
  };
}

function sentenceOf({ snapshot, words }: Drawing, { classes }: IncidentFacts): string {
  const indicator = snapshot.indicators.find(({ id }) => id === 'time_to_resolve_urgent');
  const say = words.incidents.times;
  const value = indicator?.value ?? null;
  if (indicator === undefined || value === null)
    return indicator?.reason === 'nothing_happened' ? say.none : words.gap.no_evaluations;
  const { duration } = words.format;
  const median = classes.find(({ slaClass }) => slaClass === 'urgent')?.medianToResolve ?? null;
  return say.urgent({
    mean: duration(value),
    median: median === null ? undefined : duration(median),
    target: indicator.target === null ? undefined : duration(indicator.target),
    change: changeOf(indicator, value, words),
    before: monthFrom(snapshot.month, -1),
  });
}

function changeOf(indicator: Indicator, value: number, { format }: Words) {
  const before = valueBefore(indicator);
  if (before === undefined || !comparable(indicator, before)) return undefined;
  const difference = value - before.value;
  const by = format.duration(Math.abs(difference));
  if (shownDifference(indicator, difference) === 0) return { by, to: 'same' } as const;
  return { by, to: difference < 0 ? 'less' : 'more' } as const;
}

function panel(
  { sheet, words }: Drawing,
  label: string,
  indicator: Indicator | undefined,
  x: number,
  y: number,
  height: number,
): number {
  const { format, incidents, alt } = words;
  const months = indicator?.trend ?? [];
  const target = indicator?.target ?? null;
  const most = Math.max(0, target ?? 0, ...months.map(({ value }) => value ?? 0));
  leaf(sheet, 'P', () =>
    put(sheet, fit(sheet, label, 'noteStrong', third), x, y + baseline('noteStrong'), 'noteStrong'),
  );
  const scene = trend({
    values: months.map(({ value }) => value),
    months: months.map(({ month }) => ({
      short: format.monthShort(month),
      year: month.slice(0, 4),
      january: month.endsWith('-01'),
    })),
    every: 6,
    target,
    targetLabel: target === null ? '' : incidents.times.target(format.duration(target)),
    format: format.duration,
    axisFormat: format.duration,
    lowest: 0,
    ...(most === 0 ? { highest: hour } : {}),
    unit: most > 2 * 24 * hour ? 24 * hour : most > 2 * hour ? hour : 60,
    noData: incidents.times.notMeasured,
    measure: measureOn(sheet),
    width: third,
    height,
    alt: alt.trend(
      label,
      months.map(({ month, value }) => ({ month, value: value === null ? null : format.duration(value) })),
      target === null ? undefined : format.duration(target),
    ),
  });
  return figure(sheet, scene, x, y + 12);
}
