import { type Bucket, buckets } from '../charts/buckets.ts';
import { action, heading, para } from '../pdf/blocks.ts';
import { figure } from '../pdf/items.ts';
import { group } from '../pdf/structure.ts';
import { fit } from '../pdf/text.ts';
import { lateBuckets, overdueHosts } from '../protection.ts';
import { columnAt, type Density, span } from '../tokens.ts';
import { type Drawing, measureOn } from './drawing.ts';
import { indicatorTrend } from './indicator-trend.ts';
import type { PageRow } from './leadership.ts';

/** Names in an action line; the annex has them all. */
const mostNames = 2;
export const longestName = 40;

/** Security updates over thirteen months, beside the hosts that are overdue now. */
export const updatesRow: PageRow = (drawing, y, density) =>
  Math.max(trendSection(drawing, y, density), overdueSection(drawing, y, density));

function trendSection(drawing: Drawing, y: number, density: Density): number {
  const { sheet, snapshot, words } = drawing;
  const { updates } = words.protection;
  const indicator = snapshot.indicators.find(({ id }) => id === 'patch_security');
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, updates.trend, columnAt(0), y, span(6));
    if (indicator === undefined) return para(sheet, updates.notMeasured, columnAt(0), top, span(6), 'body');
    return figure(sheet, indicatorTrend(drawing, indicator, span(6), 106 * density.chart), columnAt(0), top);
  });
}

function overdueSection(drawing: Drawing, y: number, density: Density): number {
  const { sheet, snapshot, words } = drawing;
  const { updates: say } = words.protection;
  const overdue = snapshot.facts.updates === undefined ? undefined : overdueHosts(snapshot.facts.updates);
  const [x, width] = [columnAt(6), span(6)];
  return group(sheet, 'Sect', () => {
    const hosts = overdue?.hosts ?? [];
    const top = heading(sheet, say.overdue(hosts.length), x, y, width);
    if (overdue === undefined || overdue.unknown === overdue.expected)
      return para(sheet, say.notMeasured, x, top, width, 'body');
    if (hosts.length === 0) {
      const text = overdue.unknown === 0 ? say.none : say.noneKnown(overdue.unknown);
      return para(sheet, text, x, top, width, 'body');
    }
    const rows = lateBuckets.map((bucket): Bucket => ({
      label: say.bucket[bucket],
      count: overdue.buckets[bucket] ?? 0,
      kind: 'bad',
    }));
    const scene = buckets({
      rows,
      width,
      rowHeight: 15 * Math.min(1, density.chart),
      measure: measureOn(sheet),
      alt: bucketAlt(say.overdue(hosts.length), rows),
    });
    const chart = figure(sheet, scene, x, top + 2);
    const noted =
      overdue.unknown === 0 ? chart : para(sheet, say.unknown(overdue.unknown), x, chart + 3, width, 'note');
    const names = hosts.slice(0, mostNames).map(({ instance }) => cut(drawing, instance));
    const restart = hosts.filter((host) => host.restart).length;
    const text = say.action(names, hosts.length - names.length, restart, snapshot.provider);
    return action(sheet, text, x, noted + 6, width);
  });
}

/** What the picture says. */
export function bucketAlt(title: string, rows: readonly Bucket[]): string {
  return `${title}. ${rows.map(({ label, count }) => `${label}: ${count}`).join('; ')}.`;
}

/** A name as it stands inside a sentence. */
export function cut({ sheet }: Pick<Drawing, 'sheet'>, name: string): string {
  return fit(sheet, name, 'body', longestName * 4.2);
}
