import { restoreAges } from '../charts/restore-ages.ts';
import { action, heading, para } from '../pdf/blocks.ts';
import { figure } from '../pdf/items.ts';
import { group } from '../pdf/structure.ts';
import { type RestoreProof, restoreProofs } from '../protection.ts';
import { columnAt, type Density, grid, span } from '../tokens.ts';
import { type Drawing, measureOn, valueText } from './drawing.ts';
import { indicatorTrend } from './indicator-trend.ts';
import type { PageRow } from './leadership.ts';
import { cut } from './protection-updates.ts';

const day = 86_400;
/** A restore that runs out before the next report is named. */
const soon = 31;
const mostNames = 2;

/** What backups made, and whether they can be restored. */
export const backupsRow: PageRow = (drawing, y, density) => {
  const { sheet, snapshot, words } = drawing;
  const say = words.protection.backups;
  return group(sheet, 'Sect', () => {
    const top = heading(sheet, say.heading, grid.left, y, grid.width);
    const { backups } = snapshot.facts;
    if (backups === undefined || (backups.jobs.length === 0 && backups.month.jobs === 0))
      return para(sheet, say.none, grid.left, top, grid.width, 'body');
    const proofs = restoreProofs(backups, snapshot.period.end);
    const text = [runsSentence(drawing), ...proofSentences(drawing, proofs)].join(' ');
    const charts = para(sheet, text, grid.left, top, grid.width, 'body') + 4;
    const bottom = Math.max(runs(drawing, charts, density), ages(drawing, proofs, charts, density));
    return todo(drawing, proofs, bottom + 4);
  });
};

function runsSentence({ snapshot, words }: Drawing): string {
  const say = words.protection.backups;
  const indicator = snapshot.indicators.find(({ id }) => id === 'backup_runs');
  const { month } = snapshot.facts.backups ?? {};
  if (indicator === undefined || indicator.value === null || month === undefined) return say.runsUnknown;
  const { succeeded, missed, unknown } = month;
  const share = valueText(indicator, indicator.value, words);
  return say.runs({ succeeded, missed, unknown, due: succeeded + missed + unknown, share });
}

function proofSentences(drawing: Drawing, proofs: readonly RestoreProof[]): readonly string[] {
  const { snapshot, words } = drawing;
  const say = words.protection.backups;
  if (proofs.length === 0) return [];
  const count = (state: RestoreProof['state']): number => proofs.filter((one) => one.state === state).length;
  const counts = say.proofs({
    jobs: proofs.length,
    verified: count('verified'),
    late: count('late'),
    never: count('never'),
    failed: count('failed'),
    unknown: count('unknown'),
  });
  const oldest = oldestOf(proofs);
  if (oldest?.age === undefined) return [counts];
  const { name, critical, age, limit, state } = oldest;
  const until =
    state === 'verified' ? words.format.day(snapshot.period.end - age + limit, snapshot.period) : undefined;
  return [counts, say.oldest(cut(drawing, name), critical, words.format.duration(age), until)];
}

/** The oldest among critical jobs, where any is marked so; else among all. */
function oldestOf(proofs: readonly RestoreProof[]): RestoreProof | undefined {
  const critical = proofs.filter((one) => one.critical);
  return (critical.length === 0 ? proofs : critical)
    .filter(({ age }) => age !== undefined)
    .toSorted((one, other) => (other.age ?? 0) - (one.age ?? 0))[0];
}

function runs(drawing: Drawing, y: number, density: Density): number {
  const { sheet, snapshot, words } = drawing;
  const indicator = snapshot.indicators.find(({ id }) => id === 'backup_runs');
  if (indicator === undefined) return y;
  const below = para(sheet, words.protection.backups.trend, grid.left, y, span(4) - 12, 'noteStrong', {
    maxLines: 1,
  });
  const height = Math.max(72, 86 * density.chart);
  return figure(sheet, indicatorTrend(drawing, indicator, span(4) - 12, height), grid.left, below + 1);
}

function ages(drawing: Drawing, proofs: readonly RestoreProof[], y: number, density: Density): number {
  const { sheet, words } = drawing;
  const say = words.protection.backups;
  const x = columnAt(4);
  const told = proofs.filter(({ state }) => state !== 'unknown');
  const below = para(sheet, say.ages(told.length), x, y, span(8), 'noteStrong', { maxLines: 1 });
  const unknown = proofs.length - told.length;
  if (told.length === 0)
    return unknown === 0 ? below : para(sheet, say.unknownAges(unknown), x, below + 1, span(8), 'note');
  const limit = Math.round(usualLimit(told) / day);
  const scene = restoreAges({
    jobs: told.map(({ name, critical, state, age }) => ({
      name,
      critical,
      days: age === undefined ? null : age / day,
      late: state !== 'verified',
    })),
    limit,
    soon,
    labels: { axis: say.axis, limit: say.limit(limit), never: say.never },
    measure: measureOn(sheet),
    width: span(8),
    height: Math.max(72, 86 * density.chart),
    alt: proofSentences(drawing, proofs).join(' '),
  });
  const bottom = figure(sheet, scene, x, below + 1);
  return unknown === 0 ? bottom : para(sheet, say.unknownAges(unknown), x, bottom + 1, span(8), 'note');
}

/** The limit that most jobs have. */
function usualLimit(proofs: readonly RestoreProof[]): number {
  const counts = Map.groupBy(proofs, ({ limit }) => limit);
  const [usual] = [...counts].toSorted(
    ([one, first], [other, second]) => second.length - first.length || other - one,
  );
  return usual?.[0] ?? 0;
}

/** What is not proven comes first; else what runs out before the next report. */
function todo(drawing: Drawing, proofs: readonly RestoreProof[], y: number): number {
  const { sheet, snapshot, words } = drawing;
  const open = proofs.filter(({ state }) => state === 'late' || state === 'never' || state === 'failed');
  const ending = proofs.filter((one) => one.state === 'verified' && secondsLeft(one) < soon * day);
  const due = (open.length > 0 ? open : ending).toSorted(
    (one, other) =>
      Number(other.critical) - Number(one.critical) || (other.age ?? Infinity) - (one.age ?? Infinity) || 0,
  );
  if (due.length === 0) return y - 4;
  const first = Math.min(...due.map(secondsLeft));
  const by = open.length > 0 ? undefined : words.format.day(snapshot.period.end + first, snapshot.period);
  const names = due.slice(0, mostNames).map(({ name }) => cut(drawing, name));
  const text = words.protection.backups.action(names, due.length - names.length, snapshot.provider, by);
  return action(sheet, text, grid.left, y, grid.width);
}

function secondsLeft({ age = 0, limit }: RestoreProof): number {
  return limit - age;
}
