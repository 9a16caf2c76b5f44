import type { ServicesFacts } from '../facts/services.ts';
import { heading, para } from '../pdf/blocks.ts';
import { type Row, table } from '../pdf/table.ts';
import { grid, page } from '../tokens.ts';
import type { Drawing } from './drawing.ts';

/** Room of a heading and the first lines below it. */
const opening = 70;

/** Every outage of the month, then what was agreed of each service and what became of it. */
export function outagePart(
  facts: ServicesFacts,
): (drawing: Drawing, y: number, newPage: () => number) => number {
  return (drawing, y, newPage) => {
    const { sheet, words } = drawing;
    const { ledger } = words.services;
    const rows = rowsOf(drawing, facts);
    const { heads } = ledger;
    const head = heading(sheet, ledger.outages, grid.left, y, grid.width);
    const top = para(sheet, ledger.lede, grid.left, head, grid.width, 'note') + 4;
    const below =
      rows.length === 0
        ? para(sheet, ledger.noOutages, grid.left, top, grid.width, 'body')
        : table(sheet, {
            columns: [
              { key: 'service', head: heads.service, grow: 1, min: 90, style: 'cellStrong' },
              { key: 'start', head: heads.start },
              { key: 'end', head: heads.end },
              { key: 'lasted', head: heads.lasted, align: 'right' },
              { key: 'planned', head: heads.planned, align: 'right' },
              { key: 'counted', head: heads.counted, align: 'right' },
            ],
            rows,
            y: top,
            newPage,
          });
    const from = below + 14 + opening > page.bottom ? newPage() : below + 14;
    let at = heading(sheet, ledger.arithmetic, grid.left, from, grid.width);
    for (const service of facts.services) {
      if (at + 45 > page.bottom) at = newPage();
      at = para(sheet, ledger.service(service, facts), grid.left, at, grid.width, 'body') + 5;
    }
    return at;
  };
}

function rowsOf({ words }: Drawing, { services, clocks }: ServicesFacts): readonly Row[] {
  const { format } = words;
  const stamp = (instant: number): string =>
    format.stamp(instant, {
      offset: clocks.findLast(({ from }) => from <= instant)?.offset ?? 0,
      zoneName: '',
    });
  const lasted = (seconds: number): string => (seconds === 0 ? '–' : format.duration(seconds));
  return services.flatMap(({ name, outages, gaps }) =>
    [
      ...outages.map((outage) => ({
        at: outage.start,
        row: {
          planned: lasted(outage.planned),
          counted: lasted(outage.counted),
        },
        until: outage.end,
      })),
      ...gaps.map(({ start, end }) => ({
        at: start,
        row: { planned: '–', counted: words.services.ledger.unknown },
        until: end,
      })),
    ]
      .toSorted((one, other) => one.at - other.at)
      .map(({ at, until, row }) => ({
        service: name,
        start: stamp(at),
        end: stamp(until),
        lasted: format.duration(until - at),
        ...row,
      })),
  );
}
