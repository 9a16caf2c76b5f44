import type { BackupJob, BackupsFacts } from '../facts/backups.ts';
import { heading, para } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Cell, type Column, type Row, table } from '../pdf/table.ts';
import { grid, page } from '../tokens.ts';
import type { Annex } from './annex.ts';
import { annexRows, countText, dayText, hostCell, judgedCell, momentText } from './annex-cells.ts';
import type { Drawing } from './drawing.ts';

const day = 86_400;
/** What a heading, a head and three rows take: they stay together. */
const least = 90;

/** Annex B: every backup job, and the restores of the month. */
export const backupsAnnex: Annex = {
  letter: 'B',
  lede: ({ protectionAnnex }) => protectionAnnex.backups.lede,
  isPresent: ({ snapshot: { facts } }) => (facts.backups?.jobs.length ?? 0) > 0,
  draw: (drawing, y, newPage) => {
    const { sheet, snapshot, words } = drawing;
    const { backups: facts } = snapshot.facts;
    const { backups: say } = words.protectionAnnex;
    if (facts === undefined) return;
    const jobsEnd = group(sheet, 'Sect', () =>
      table(sheet, {
        columns: jobColumns(drawing),
        rows: facts.jobs.map((job) => jobRow(drawing, job)),
        y: heading(sheet, say.jobs, grid.left, y, grid.width),
        newPage,
        ...annexRows,
      }),
    );
    const at = jobsEnd + 14 + least > page.bottom ? newPage() : jobsEnd + 14;
    group(sheet, 'Sect', () => {
      const top = heading(sheet, say.restores, grid.left, at, grid.width);
      if (facts.restores.length === 0) return para(sheet, say.noRestore, grid.left, top, grid.width, 'body');
      return table(sheet, {
        columns: restoreColumns(drawing),
        rows: facts.restores.map((restore) => restoreRow(drawing, restore)),
        y: top,
        newPage,
        ...annexRows,
      });
    });
  },
};

function jobColumns({ words }: Drawing): readonly Column[] {
  const { heads } = words.protectionAnnex.backups;
  return [
    { key: 'host', head: heads.host, style: 'cellStrong', max: 100, min: 56, wrap: true },
    { key: 'job', head: heads.job, max: 84, min: 44, wrap: true, style: 'cellStrong' },
    { key: 'tool', head: heads.tool, max: 52, min: 36, wrap: true },
    { key: 'critical', head: heads.critical },
    { key: 'runs', head: heads.runs, align: 'right' },
    { key: 'success', head: heads.success },
    { key: 'structure', head: heads.structure },
    { key: 'data', head: heads.data },
    { key: 'restored', head: heads.restored },
    { key: 'proof', head: heads.proof, grow: 1, min: 68, lines: 2 },
  ];
}

function jobRow(drawing: Drawing, job: BackupJob): Row {
  const { words } = drawing;
  const { backups: say, none, missing } = words.protectionAnnex;
  const { runs, restore } = job;
  const due = runs === null ? 0 : runs.succeeded + runs.missed + runs.unknown;
  const all = runs?.succeeded === due;
  return {
    host: hostCell(drawing, job.instance, job.gap),
    job: job.job === '' ? missing : job.job,
    tool: job.tool === '' ? none : job.tool,
    critical: job.critical ? say.critical : none,
    runs:
      due === 0 ? none : { text: say.runs(runs?.succeeded ?? 0, due), style: all ? 'cell' : 'cellStrong' },
    success: judgedCell(drawing, job.backup, momentText(drawing, job.lastSuccess)),
    structure: checkCell(drawing, job.structure),
    data: checkCell(drawing, job.data),
    restored: dayText(drawing, restore?.verified ?? null),
    proof: judgedCell(drawing, restore?.verdict ?? null, proofText(drawing, restore)),
  };
}

function checkCell(drawing: Drawing, check: BackupJob['structure']): Cell {
  if (check === null) return drawing.words.protectionAnnex.none;
  return judgedCell(drawing, check.success ? 'met' : 'missed', momentText(drawing, check.at).slice(0, 5));
}

/** How long a verified restore is still good for, or what is wrong with it. */
function proofText({ snapshot, words }: Drawing, restore: BackupJob['restore']): string {
  const { backups: say, none } = words.protectionAnnex;
  if (restore === null || restore.verdict === 'unknown') return none;
  const { verified, limit, success } = restore;
  if (verified === null) return success === false ? say.failed : say.never;
  const left = (limit ?? 0) - (snapshot.period.end - verified);
  return left >= 0 ? say.left(Math.floor(left / day)) : say.late(Math.ceil(-left / day));
}

function restoreColumns({ words }: Drawing): readonly Column[] {
  const { heads } = words.protectionAnnex.backups;
  return [
    { key: 'at', head: heads.at },
    { key: 'host', head: heads.host, style: 'cellStrong', max: 140, min: 60, wrap: true },
    { key: 'job', head: heads.job, grow: 1 },
    { key: 'tool', head: heads.tool, max: 70 },
    { key: 'size', head: heads.size, align: 'right' },
    { key: 'duration', head: heads.duration, align: 'right' },
    { key: 'result', head: heads.result },
  ];
}

function restoreRow(drawing: Drawing, restore: BackupsFacts['restores'][number]): Row {
  const { snapshot, words } = drawing;
  const { backups: say } = words.protectionAnnex;
  const { success } = restore;
  return {
    at: words.format.stamp(restore.at, snapshot.period),
    host: restore.instance,
    job: restore.job,
    tool: restore.tool,
    size: countText(drawing, restore.bytes, (bytes) => words.format.number(bytes / 1e9, 1)),
    duration: countText(drawing, restore.duration, words.format.duration),
    result: judgedCell(
      drawing,
      success === null ? 'unknown' : success ? 'met' : 'missed',
      success === true ? say.identical : say.differs,
    ),
  };
}
