import { zoneAt } from '../clocks.ts';
import type { IncidentFacts } from '../facts/incidents.ts';
import { para } from '../pdf/blocks.ts';
import { type Cell, type Row, table } from '../pdf/table.ts';
import type { Snapshot } from '../snapshot.ts';
import { grid } from '../tokens.ts';
import type { Words } from '../words/words.ts';
import type { Annex } from './annex.ts';

type Entry = IncidentFacts['list'][number];

/** Every incident that was open at some moment of the month, oldest first. */
export const incidentRegister: Annex = {
  letter: 'F',
  lede: ({ incidents }) => incidents.register.lede,
  isPresent: ({ snapshot: { facts } }) => (facts.incidents?.list.length ?? 0) > 0,
  draw: ({ sheet, snapshot, words }, y, newPage) => {
    const { incidents } = snapshot.facts;
    if (incidents === undefined) return;
    const { heads, counts } = words.incidents.register;
    const { list } = incidents;
    const opened = list.filter(({ from }) => from >= snapshot.period.start).length;
    const open = list.filter(({ to }) => to === null).length;
    const top = para(sheet, counts(opened, list.length - opened, open), grid.left, y, grid.width, 'body');
    table(sheet, {
      columns: [
        { key: 'number', head: heads.number },
        { key: 'opened', head: heads.opened, align: 'right' },
        { key: 'lasted', head: heads.lasted, align: 'right', max: 76, wrap: true, min: 56 },
        { key: 'class', head: heads.class },
        { key: 'what', head: heads.what, style: 'cellStrong', grow: 1, min: 76, lines: 3 },
        { key: 'where', head: heads.where, max: 96, wrap: true, min: 60 },
        { key: 'cause', head: heads.cause, grow: 1, min: 60, lines: 6 },
        { key: 'response', head: heads.response },
      ],
      rows: list.map((entry) => rowOf(entry, incidents, snapshot, words)),
      y: top + 6,
      rowHeight: 14,
      air: 4,
      newPage,
    });
  },
};

function rowOf(entry: Entry, { clocks }: IncidentFacts, snapshot: Snapshot, words: Words): Row {
  const { register, response } = words.incidents;
  const { number, from, alertname, slaClass, labels } = entry;
  return {
    number,
    opened: words.format.stamp(from, zoneAt(clocks, from)),
    lasted: lasted(entry, words),
    class: slaClass === null ? register.noClass : response.classes[slaClass],
    what: Object.hasOwn(register.alerts, alertname) ? (register.alerts[alertname] ?? alertname) : alertname,
    where: whereOf(labels),
    cause: causeOf(number, snapshot),
    response: responseCell(entry, words),
  };
}

/** Of an end nobody saw both bounds. */
function lasted({ from, to, earliest, flaps }: Entry, words: Words): Cell {
  const { register } = words.incidents;
  const { duration } = words.format;
  const note = flaps === 0 ? {} : { note: register.flaps(flaps) };
  if (to === null) return { text: register.open, style: 'cellStrong', ...note };
  const [least, most] = [duration((earliest ?? to) - from), duration(to - from)];
  return { text: least === most ? most : register.between(least, most), ...note };
}

/** The host and what on it. */
export function whereOf({ instance, object, collector }: Entry['labels']): string {
  return [instance, object ?? collector].filter((name) => name !== undefined && name !== '').join(', ');
}

function causeOf(number: string, { facts: { notes } }: Snapshot): string {
  const note = notes?.incidents.find((one) => one.number === number);
  return note === undefined ? '–' : [note.cause, note.correction].filter((text) => text !== '').join(' ');
}

const verdicts = { met: 'met', breached: 'missed', running: 'running', unknown: 'unknown' } as const;

/** The verdict of a response as a mark and a word. */
export function responseCell({ response }: Entry, { incidents: { register } }: Words): Cell {
  if (response === null) return register.noClass;
  const { verdict, basis } = response;
  return {
    text: register.response[basis === 'resolved_first' ? basis : verdict],
    verdict: verdicts[verdict],
    style: verdict === 'breached' ? 'cellStrong' : 'cell',
  };
}
