import { findingsOf } from '../disk-findings.ts';
import type { DiskFact, DisksFacts } from '../facts/disks.ts';
import { heading } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Column, type Row, table } from '../pdf/table.ts';
import { grid, page } from '../tokens.ts';
import type { Annex } from './annex.ts';
import { annexRows, countText, dayText, hostCell, judgedCell } from './annex-cells.ts';
import type { Drawing } from './drawing.ts';

/** What a heading, a head and three rows take: they stay together. */
const least = 90;

/** Annex C: every disk and volume, and the disks of the month that are gone. */
export const disksAnnex: Annex = {
  letter: 'C',
  lede: ({ protectionAnnex }) => protectionAnnex.disks.lede,
  isPresent: ({ snapshot: { facts } }) =>
    (facts.disks?.disks.length ?? 0) + (facts.disks?.volumes.length ?? 0) > 0,
  draw: (drawing, y, newPage) => {
    const { disks: facts } = drawing.snapshot.facts;
    const { disks: say } = drawing.words.protectionAnnex;
    if (facts === undefined) return;
    const parts = [
      {
        title: say.disks,
        columns: diskColumns(drawing),
        rows: facts.disks.map((one) => diskRow(drawing, one)),
      },
      { title: say.volumes, columns: volumeColumns(drawing), rows: volumeRows(drawing, facts) },
      { title: say.retired, columns: retiredColumns(drawing), rows: retiredRows(facts) },
    ];
    let at = y;
    for (const { title, columns, rows } of parts.filter((part) => part.rows.length > 0)) {
      if (at !== y) at = at + 14 + least > page.bottom ? newPage() : at + 14;
      const from = at;
      at = group(drawing.sheet, 'Sect', () =>
        table(drawing.sheet, {
          columns,
          rows,
          y: heading(drawing.sheet, title, grid.left, from, grid.width),
          newPage,
          ...annexRows,
        }),
      );
    }
  },
};

function diskColumns({ words }: Drawing): readonly Column[] {
  const { heads } = words.protectionAnnex.disks;
  return [
    { key: 'host', head: heads.host, style: 'cellStrong', max: 96, min: 60, wrap: true },
    { key: 'model', head: heads.modelAndSerial, max: 126, min: 70, wrap: true },
    { key: 'size', head: heads.size, align: 'right' },
    { key: 'health', head: heads.health },
    { key: 'wear', head: heads.wear, align: 'right' },
    { key: 'temperature', head: heads.temperature, align: 'right' },
    { key: 'reallocated', head: heads.reallocated, align: 'right' },
    { key: 'pending', head: heads.pending, align: 'right' },
    { key: 'selfTest', head: heads.selfTest },
    { key: 'finding', head: heads.finding, grow: 1, min: 64, lines: 4 },
  ];
}

function diskRow(drawing: Drawing, disk: DiskFact): Row {
  const { words } = drawing;
  const { none, missing } = words.protectionAnnex;
  const { key } = words.hostTable;
  const named = [disk.model, disk.disk].find((name) => name !== '') ?? missing;
  const errors = (counted: DiskFact['pending']): string => {
    if (counted === null) return none;
    const grown = (counted.grown ?? 0) > 0 ? ` ${words.format.signed(counted.grown ?? 0)}` : '';
    return `${words.format.number(counted.count)}${grown}`;
  };
  return {
    host: hostCell(drawing, disk.instance, disk.gap),
    model: disk.serial === '' ? named : { text: named, note: disk.serial },
    size: countText(drawing, disk.capacity, (bytes) => sizeText(drawing, bytes)),
    health: judgedCell(drawing, disk.health, key[disk.health ?? 'unknown']),
    wear: countText(drawing, disk.wear, (wear) => words.format.pctTarget(Math.round(wear * 100) / 100)),
    temperature: countText(drawing, disk.temperature),
    reallocated: errors(disk.reallocated),
    pending: errors(disk.pending),
    selfTest: judgedCell(
      drawing,
      disk.selfTest?.verdict ?? null,
      dayText(drawing, disk.selfTest?.at ?? null),
    ),
    finding: findingsOf(disk, words.diskFindings).join(', '),
  };
}

/** As on the label of the disk. */
function sizeText({ words: { format } }: Drawing, bytes: number): string {
  const gigabytes = bytes / 1e9;
  return gigabytes >= 1000
    ? `${format.number(gigabytes / 1000, 1)}\u00a0TB`
    : `${format.number(gigabytes)}\u00a0GB`;
}

function volumeColumns({ words }: Drawing): readonly Column[] {
  const { heads } = words.protectionAnnex.disks;
  return [
    { key: 'host', head: heads.host, style: 'cellStrong', max: 150, min: 80, wrap: true },
    { key: 'volume', head: heads.volume, grow: 1 },
    { key: 'level', head: heads.level },
    { key: 'health', head: heads.health },
    { key: 'members', head: heads.members, align: 'right' },
    { key: 'scrub', head: heads.scrub, align: 'right' },
  ];
}

function volumeRows(drawing: Drawing, { volumes }: DisksFacts): readonly Row[] {
  const { disks: say, none, missing } = drawing.words.protectionAnnex;
  return volumes.map((volume) => ({
    host: hostCell(drawing, volume.instance, volume.gap),
    volume: volume.volume === '' ? missing : volume.volume,
    level: volume.level === '' ? none : volume.level,
    health: judgedCell(drawing, volume.health, drawing.words.hostTable.key[volume.health]),
    members:
      volume.members === null || volume.degraded === null
        ? none
        : say.members(volume.members - volume.degraded, volume.members),
    scrub: dayText(drawing, volume.scrubbed),
  }));
}

function retiredColumns({ words }: Drawing): readonly Column[] {
  const { heads } = words.protectionAnnex.disks;
  return [
    { key: 'host', head: heads.host, style: 'cellStrong', max: 150, min: 80, wrap: true },
    { key: 'model', head: heads.model, grow: 1 },
    { key: 'serial', head: heads.serial, max: 120 },
  ];
}

function retiredRows({ retired }: DisksFacts): readonly Row[] {
  return retired.map(({ instance, disk, model, serial }) => ({
    host: instance,
    model: model === '' ? disk : model,
    serial,
  }));
}
