import { governanceFinding, governanceLede } from '../governance-finding.ts';
import { planRows } from '../plan-status.ts';
import { columnAt, type Density, grid, span } from '../tokens.ts';
import { drawAhead } from './ahead.ts';
import { drawCalendar } from './calendar.ts';
import { drawChanges } from './changes.ts';
import type { Drawing } from './drawing.ts';
import { drawDuties } from './duties.ts';
import { type LeadershipPage, type PageRow, titled } from './leadership.ts';
import { drawPlan } from './plan.ts';
import { drawReadiness } from './readiness.ts';

/** Page 4: readiness, the plan, what was done, and who does what. */
export function governance({ snapshot, words }: Drawing): LeadershipPage {
  const section = words.sections.governance;
  const { readiness } = snapshot.facts;
  const rows: readonly PageRow[] = [
    ...(readiness === undefined ? [] : [drawReadiness]),
    ...(planRows(snapshot).length === 0 ? [] : [drawPlan]),
    drawCalendar,
    people,
  ];
  const finding = governanceFinding(snapshot, words);
  return { section, head: titled(section, finding, governanceLede(snapshot, words)), rows };
}

/** Beside who does what, what changed and what comes; without duties, these two beside each other. */
function people(drawing: Drawing, y: number, density: Density): number {
  const { responsibilities = [] } = drawing.snapshot.facts.agreements ?? {};
  const [right, half] = [columnAt(6), span(6)];
  const changed = drawChanges(drawing, grid.left, y, half);
  if (responsibilities.length === 0) return Math.max(changed, drawAhead(drawing, right, y, half));
  const ahead = drawAhead(drawing, grid.left, changed + 6, half);
  return Math.max(ahead, drawDuties(drawing, right, y, half, density));
}
