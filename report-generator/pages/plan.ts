import { planHead, planTrack } from '../charts/plan-track.ts';
import { knownId } from '../objects.ts';
import { action, heading } from '../pdf/blocks.ts';
import { group } from '../pdf/structure.ts';
import { type Column, type Row, table } from '../pdf/table.ts';
import { planMarks, type PlanRow, planRows } from '../plan-status.ts';
import { type Density, grid } from '../tokens.ts';
import type { Words } from '../words/words.ts';
import type { Drawing } from './drawing.ts';
import { dateText, dayText, daysAfter } from './local-day.ts';

/** Baseline, targets of day 30, 60 and 90 and where each indicator is on its way, with what is furthest behind. */
export function drawPlan(drawing: Drawing, y: number, { rowHeight, air }: Density): number {
  const { sheet, snapshot, words } = drawing;
  const { plan } = snapshot.facts;
  if (plan === undefined) return y;
  const say = words.governance.plan;
  const rows = planRows(snapshot);
  const baseline =
    plan.baseline === null
      ? undefined
      : say.days(dayText(plan.baseline.from, words), dateText(plan.baseline.to, words));
  return group(sheet, 'Sect', () => {
    const aside = say.aside(baseline, dateText(daysAfter(plan.start, 90), words));
    const top = heading(sheet, say.title, grid.left, y, grid.width, { aside });
    const bottom = table(sheet, {
      columns: columnsOf(words),
      rows: rows.map((row) => rowOf(row, words)),
      y: top,
      rowHeight,
      air,
    });
    const text = actionText(rows, drawing);
    return text === undefined ? bottom : action(sheet, text, grid.left, bottom + 5, grid.width);
  });
}

function columnsOf(words: Words): readonly Column[] {
  const { heads } = words.governance.plan;
  return [
    { key: 'indicator', head: heads.indicator, style: 'cellStrong', max: 130, lines: 1 },
    { key: 'baseline', head: heads.baseline, align: 'right' },
    { key: 'day30', head: heads.day30, align: 'right' },
    { key: 'day60', head: heads.day60, align: 'right' },
    { key: 'day90', head: heads.day90, align: 'right' },
    {
      key: 'track',
      head: '',
      grow: 1,
      min: 80,
      headScene: (width) => planHead(width, heads.from, heads.to),
    },
    { key: 'now', head: heads.now, align: 'right' },
    { key: 'status', head: heads.status, gap: 6 },
  ];
}

function rowOf({ indicator, baseline, targets, now, status, progress, stages }: PlanRow, words: Words): Row {
  const { format, governance, indicators } = words;
  const share = (value: number | null): string => (value === null ? '–' : format.pctTarget(value));
  const goal = targets.findLast((target) => target !== null) ?? null;
  const [day30, day60, day90] = targets;
  return {
    indicator: indicators[knownId(indicator)].label,
    baseline:
      baseline === null ? governance.plan.none : format.pctJudged(baseline, { target: null, better: 'high' }),
    day30: share(day30),
    day60: share(day60),
    day90: share(day90),
    track: {
      text: '',
      scene: (width) =>
        planTrack({ now: progress, stages, isBehind: status === 'behind', width, height: 12 }),
    },
    now: {
      text: now === null ? '–' : format.pctJudged(now, { target: goal, better: 'high' }),
      style: 'cellStrong',
    },
    status: {
      text: governance.plan.status[status],
      verdict: planMarks[status],
      ...(status === 'behind' ? { style: 'cellStrong' } : {}),
    },
  };
}

/** The one that has the longest way to go, until the next stage or for a month more. */
function actionText(rows: readonly PlanRow[], { snapshot, words }: Drawing): string | undefined {
  const { facts, period, provider } = snapshot;
  const [worst] = rows
    .filter(({ status }) => status === 'behind')
    .toSorted((one, other) => left(other) - left(one));
  if (worst === undefined || worst.now === null || facts.plan === undefined) return undefined;
  const { stages, start } = facts.plan;
  const next = stages.findIndex((stage) => stage > period.end);
  const until = next === -1 ? daysAfter(`${snapshot.month}-01`, 60) : daysAfter(start, 30 * (next + 1));
  const target = worst.targets.find((one, index) => index >= next && one !== null && next !== -1);
  const goal = target ?? worst.targets.findLast((one) => one !== null) ?? 0;
  const { format, governance, indicators } = words;
  const owner = facts.duties?.[worst.indicator]?.owner ?? provider;
  const said = governance.plan.action(
    indicators[knownId(worst.indicator)].name,
    format.pctJudged(worst.now, { target: goal, better: 'high' }),
    format.pctTarget(goal),
  );
  return `${said} ${governance.owned(owner, dayText(until, words))}`;
}

function left({ targets, now }: PlanRow): number {
  return (targets.findLast((one) => one !== null) ?? 0) - (now ?? 0);
}
