import { type Bucket, buckets } from '../charts/buckets.ts';
import { diskFindings } from '../disk-findings.ts';
import { monthFrom } from '../format.ts';
import { callout, heading, para } from '../pdf/blocks.ts';
import { figure } from '../pdf/items.ts';
import { group } from '../pdf/structure.ts';
import { table } from '../pdf/table.ts';
import { lateBuckets, openByAge } from '../protection.ts';
import { columnAt, type Density, span } from '../tokens.ts';
import { type Drawing, measureOn } from './drawing.ts';
import type { PageRow } from './leadership.ts';
import { countBefore } from './protection-sentences.ts';
import { bucketAlt } from './protection-updates.ts';

/** Rows of the table of disks; the annex has them all. */
const mostDisks = 4;

/** Vulnerabilities beside the disks that need attention. */
export const detailsRow: PageRow = (drawing, y, density) =>
  Math.max(vulnerabilities(drawing, y, density), disks(drawing, y, density));

function vulnerabilities(drawing: Drawing, y: number, density: Density): number {
  const { sheet, snapshot, words } = drawing;
  const say = words.protection.vulnerabilities;
  const [x, width] = [columnAt(0), span(6)];
  const { vulnerabilities: facts } = snapshot.facts;
  const indicator = snapshot.indicators.find(({ id }) => id === 'vulnerabilities_critical_open');
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, say.heading, x, y, width);
    if (facts === undefined)
      return callout(sheet, { title: say.notMeasured, text: say.notMeasuredHelp }, x, top + 2, width);
    if (indicator === undefined || indicator.value === null)
      return callout(sheet, { title: say.notMeasured, text: say.unknown }, x, top + 2, width);
    const open = openByAge(facts);
    const text = [
      say.open({
        open: indicator.value,
        before: countBefore(indicator),
        month: monthFrom(snapshot.month, -1),
        opened: facts.opened,
        closed: facts.closed,
      }),
      ...(open.exploited === null ? [] : [say.exploited(open.exploited)]),
      say.reach(open.hosts, Math.max(open.hosts, snapshot.hosts.length)),
    ].join(' ');
    const bottom = para(sheet, text, x, top, width, 'body');
    if (open.having === 0) return bottom;
    const rows: readonly Bucket[] = [
      { label: say.inside, count: open.inside, kind: 'ok' },
      ...lateBuckets.map((bucket): Bucket => ({
        label: say.past[bucket],
        count: open.buckets[bucket] ?? 0,
        kind: 'bad',
      })),
    ];
    const title = para(sheet, say.chart, x, bottom + 3, width, 'noteStrong', { maxLines: 1 });
    const scene = buckets({
      rows,
      width,
      rowHeight: 13 * Math.min(1, density.chart),
      measure: measureOn(sheet),
      alt: bucketAlt(say.chart, rows),
    });
    return figure(sheet, scene, x, title + 2);
  });
}

function disks({ sheet, snapshot, words }: Drawing, y: number, density: Density): number {
  const say = words.protection.disks;
  const [x, width] = [columnAt(6), span(6)];
  const { disks: facts } = snapshot.facts;
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, say.heading, x, y, width);
    if (facts === undefined) return para(sheet, say.notMeasured, x, top, width, 'body');
    const unknown = facts.disks.filter(({ health }) => health === 'unknown').length;
    const isBlind = [
      ...facts.disks.flatMap(({ health, selfTest }) => [health, selfTest?.verdict ?? null]),
      ...facts.volumes.map(({ health }) => health),
    ].includes('unknown');
    const found = diskFindings(facts, words.diskFindings);
    if (found.length === 0) {
      const bottom = para(sheet, isBlind ? say.noneKnown : say.none, x, top, width, 'body');
      return unknown === 0 ? bottom : para(sheet, say.unknown(unknown), x, bottom + 2, width, 'note');
    }
    const bottom = table(sheet, {
      x,
      y: top,
      width,
      rowHeight: density.rowHeight,
      air: density.air,
      columns: [
        { key: 'host', head: say.heads.host, style: 'cellStrong', max: 92 },
        { key: 'finding', head: say.heads.finding, grow: 1, lines: 2 },
      ],
      rows: found.slice(0, mostDisks).map(({ instance, verdict, text, what }) => ({
        host: { text: instance, verdict, ...(verdict === 'plain' ? {} : { label: words.verdict[verdict] }) },
        finding: what === '' ? text : `${text}: ${what}`,
      })),
    });
    const notes = [
      ...(found.length > mostDisks ? [say.more(found.length - mostDisks)] : []),
      ...(unknown === 0 ? [] : [say.unknown(unknown)]),
    ];
    return notes.length === 0 ? bottom : para(sheet, notes.join(' '), x, bottom + 3, width, 'note');
  });
}
