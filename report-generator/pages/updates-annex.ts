import type { PendingUpdates, UpdatesFacts } from '../facts/updates.ts';
import { type Cell, type Row, table } from '../pdf/table.ts';
import type { Annex } from './annex.ts';
import { annexRows, countText, dayText, hostCell, judgedCell } from './annex-cells.ts';
import type { Drawing } from './drawing.ts';

/** Annex A: updates of every host. */
export const updatesAnnex: Annex = {
  letter: 'A',
  lede: ({ protectionAnnex }) => protectionAnnex.updates.lede,
  isPresent: ({ snapshot }) => (snapshot.facts.updates?.hosts.length ?? 0) > 0,
  draw: (drawing, y, newPage) => {
    const { heads } = drawing.words.protectionAnnex.updates;
    table(drawing.sheet, {
      columns: [
        { key: 'host', head: heads.host, style: 'cellStrong', max: 112, min: 84, wrap: true, lines: 2 },
        { key: 'system', head: heads.system, grow: 1, min: 80, lines: 2 },
        { key: 'support', head: heads.support, max: 80, min: 56, wrap: true, lines: 2 },
        { key: 'security', head: heads.security },
        { key: 'standard', head: heads.standard },
        { key: 'restart', head: heads.restart },
        { key: 'deployment', head: heads.deployment },
        { key: 'outcome', head: heads.outcome, max: 70, min: 40, wrap: true, lines: 2 },
      ],
      rows: (drawing.snapshot.facts.updates?.hosts ?? []).map((host) => rowOf(drawing, host)),
      y,
      newPage,
      ...annexRows,
    });
  },
};

function rowOf(drawing: Drawing, host: UpdatesFacts['hosts'][number]): Row {
  const { words } = drawing;
  const { updates: say, none } = words.protectionAnnex;
  const { reboot, deployment, supported } = host;
  const until = dayText(drawing, host.supportEnd);
  return {
    host: hostCell(drawing, host.instance, host.gap),
    system: host.system === '' ? none : host.system,
    support: judgedCell(drawing, supported, supported === 'missed' ? say.ended(until) : until),
    security: pendingCell(drawing, host.security),
    standard: pendingCell(drawing, host.standard),
    restart: judgedCell(
      drawing,
      reboot?.verdict ?? null,
      reboot?.age === 0 ? say.noRestart : ageText(drawing, reboot?.age ?? null),
    ),
    deployment: dayText(drawing, deployment?.at ?? null),
    outcome: deployment === null ? none : (say.outcomes[deployment.outcome] ?? deployment.outcome),
  };
}

/** How many wait, and for how long the oldest. */
function pendingCell(drawing: Drawing, pending: PendingUpdates | null): Cell {
  if (pending === null) return judgedCell(drawing, null, '');
  const { count, age, verdict } = pending;
  const parts = [
    ...(count === null ? [] : [drawing.words.format.number(count)]),
    ...(age === null || age === 0 ? [] : [drawing.words.format.duration(age)]),
  ];
  return judgedCell(drawing, verdict, parts.join(' · '));
}

function ageText(drawing: Drawing, age: number | null): string {
  return countText(drawing, age, drawing.words.format.duration);
}
