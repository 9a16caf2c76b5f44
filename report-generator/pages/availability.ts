import { availabilityHead, availabilityRow, availabilityScale } from '../charts/availability.ts';
import type { ServiceFacts, ServicesFacts } from '../facts/services.ts';
import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Cell, type Column, table } from '../pdf/table.ts';
import { grid } from '../tokens.ts';
import type { Drawing } from './drawing.ts';
import { type LeadershipPage, type PageRow, titled } from './leadership.ts';

const nothing = '–';
/** The others are in annex E. */
const mostServices = 12;

/** Page 2 begins with the services, where there are any, and its headline is about them. */
export function withServices(page: LeadershipPage, { snapshot: { facts }, words }: Drawing): LeadershipPage {
  const { services } = facts;
  if (services === undefined) return page;
  const { finding, lede } = words.services;
  const head = titled(page.section, finding(services.services), lede(services));
  return { ...page, head, rows: [availabilitySection(services), ...page.rows] };
}

/** Each service against what was promised, what that costs, and how fast it was. */
function availabilitySection(facts: ServicesFacts): PageRow {
  return ({ sheet, snapshot, words }, y, density) =>
    group(sheet, 'Sect', () => {
      const say = words.services;
      const { start, end } = snapshot.period;
      const aside = say.aside(snapshot.month, Math.round((end - start) / 3600));
      const shown = facts.services.slice(0, mostServices);
      const top = heading(sheet, say.heading, grid.left, y, grid.width, { aside });
      const below = table(sheet, {
        columns: columnsOf(words, shown),
        rows: shown.map((service) => rowOf(service, shown, facts, words)),
        y: top,
        rowHeight: density.rowHeight,
        air: density.air,
      });
      const key = para(sheet, say.key, grid.left, below + 4, grid.width, 'note') + 2;
      const credits = para(sheet, say.credits(facts), grid.left, key, grid.width, 'body');
      const speed = say.speed(shown);
      return speed === '' ? credits : para(sheet, speed, grid.left, credits + 2, grid.width, 'body');
    });
}

function columnsOf(
  { services: { heads }, format }: Drawing['words'],
  services: readonly ServiceFacts[],
): readonly Column[] {
  return [
    { key: 'name', head: heads.name, style: 'cellStrong', max: 110 },
    {
      key: 'plot',
      head: '',
      grow: 1,
      min: 70,
      headScene: (width) => availabilityHead(availabilityScale(services, width), format),
    },
    { key: 'agreed', head: heads.agreed, align: 'right' },
    { key: 'slo', head: heads.slo, align: 'right' },
    { key: 'unplanned', head: heads.unplanned, align: 'right' },
    { key: 'planned', head: heads.planned, align: 'right' },
    { key: 'verdict', head: heads.verdict, gap: 6 },
    { key: 'credit', head: heads.credit, align: 'right', gap: 4 },
  ];
}

function rowOf(
  service: ServiceFacts,
  services: readonly ServiceFacts[],
  { credits: { currency, digits } }: ServicesFacts,
  { services: say, format, verdict: verdicts, tile }: Drawing['words'],
): Readonly<Record<string, Cell>> {
  const { name, slo, agreed, away, awayPlanned, verdict, credit } = service;
  const goal = { target: slo, better: 'high' } as const;
  const money = (amount: number): string => format.money(amount, currency, digits);
  const lasted = (seconds: number): string => (seconds > 0 ? format.duration(seconds) : nothing);
  const known = verdict !== 'none';
  const share =
    agreed.worst === agreed.best
      ? format.pctJudged(agreed.best, goal, 2)
      : format.pctRange(agreed.worst, agreed.best, goal);
  return {
    name,
    plot: {
      text: '',
      scene: (width, height) =>
        availabilityRow(service, availabilityScale(services, width), height, say.alt(service)),
    },
    agreed: known ? share : tile.noData,
    slo: format.pctTarget(slo),
    unplanned: known ? lasted(away) : nothing,
    planned: known ? lasted(awayPlanned) : nothing,
    verdict: { text: verdicts[verdict], verdict },
    credit: creditCell(credit, money, say.upTo),
  };
}

function creditCell(
  credit: ServiceFacts['credit'],
  money: (amount: number) => string,
  upTo: (amount: string) => string,
): Cell {
  if (credit === null) return nothing;
  if (credit.due > 0) return { text: money(credit.due), style: 'cellStrong' };
  return credit.possible > 0 ? upTo(money(credit.possible)) : nothing;
}
