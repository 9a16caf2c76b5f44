import { para } from '../pdf/blocks.ts';
import { mark } from '../pdf/items.ts';
import { leaf } from '../pdf/structure.ts';
import { baseline, put, width } from '../pdf/text.ts';
import { type Cell, type Column, table } from '../pdf/table.ts';
import { grid } from '../tokens.ts';
import { knownId } from '../objects.ts';
import type { Annex } from './annex.ts';
import type { Drawing } from './drawing.ts';

/** The controls with a column of their own; the others share one. */
const columned: ReadonlySet<string> = new Set([
  'host_reporting',
  'patch_security',
  'patch_standard',
  'reboot',
  'os_supported',
  'backup',
  'av_definitions',
  'av_protection',
  'disk_health',
]);

function hasColumn(control: string): boolean {
  return columned.has(control);
}

type Host = Drawing['snapshot']['hosts'][number];
type HostVerdict = Host['controls'][string];

/** Every host at the end of the month with one mark per control, worst first; as many pages as it takes. */
export const hostsAnnex: Annex = { letter: 'I', lede: () => '', draw: drawHosts };

function drawHosts(drawing: Drawing, y: number, newPage: () => number): void {
  const { sheet, snapshot, words } = drawing;
  if (snapshot.hosts.length === 0) {
    para(sheet, words.captions.noHosts, grid.left, y, grid.width, 'body');
    return;
  }
  table(sheet, {
    columns: columnsOf(drawing),
    rows: snapshot.hosts.map((host) => rowOf(drawing, host)),
    y: key(drawing, y) + 6,
    rowHeight: 14,
    air: 3,
    newPage,
  });
}

/** What the marks mean, in one line, since no word stands beside them in the table. */
function key({ sheet, words }: Drawing, y: number): number {
  leaf(sheet, 'P', () => {
    let x = grid.left;
    const base = y + baseline('note');
    for (const verdict of ['met', 'missed', 'unknown'] as const) {
      mark(sheet, verdict, x + 3.6, y + 5.2);
      x += 11 + put(sheet, words.hostTable.key[verdict], x + 11, base, 'note') + 14;
    }
    put(sheet, '–', x, base, 'note');
    put(sheet, words.hostTable.notExpected, x + width(sheet, '–', 'note') + 5, base, 'note');
  });
  return y + 11;
}

function columnsOf({ snapshot, words }: Drawing): readonly Column[] {
  return [
    { key: 'host', head: words.hostTable.host, grow: 1, min: 76, style: 'cellStrong' },
    { key: 'role', head: words.hostTable.role, min: 58, max: 70, wrap: true },
    ...snapshot.controls.filter(hasColumn).map((control): Column => ({
      key: control,
      head: words.indicators[knownId(control)].head,
      align: 'middle',
      max: 46,
    })),
    ...(snapshot.hosts.some((host) => worstOther(host) !== null)
      ? [{ key: 'others', head: words.hostTable.others, align: 'middle', max: 46 } as const]
      : []),
  ];
}

function rowOf({ snapshot, words }: Drawing, host: Host): Readonly<Record<string, Cell>> {
  const { instance, role, controls } = host;
  const markOf = (verdict: HostVerdict): Cell =>
    verdict === null
      ? { text: '–', label: words.hostTable.notExpected }
      : { text: '', verdict, label: words.hostTable.key[verdict] };
  const marks = snapshot.controls
    .filter(hasColumn)
    .map((control) => [control, markOf(controls[control] ?? null)] as const);
  return {
    host: instance,
    role: role === '' ? words.hostTable.noRole : role,
    ...Object.fromEntries(marks),
    others: markOf(worstOther(host)),
  };
}

/** Of the controls that have no column: one out of order outweighs one that is unknown. */
function worstOther({ controls }: Host): HostVerdict {
  const others = Object.entries(controls).flatMap(([control, verdict]) =>
    hasColumn(control) ? [] : [verdict],
  );
  return (['missed', 'unknown', 'met'] as const).find((verdict) => others.includes(verdict)) ?? null;
}
