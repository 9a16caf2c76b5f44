import { monthFrom } from './format.ts';
import { knownId } from './objects.ts';
import { planRows } from './plan-status.ts';
import { readinessCounts } from './readiness-counts.ts';
import type { Snapshot } from './snapshot.ts';
import { taskCounts } from './task-counts.ts';
import type { Words } from './words/words.ts';

/** What page 4 says above all: how the plan goes, else the tasks, else readiness, else what changed. */
export function governanceFinding(snapshot: Snapshot, { governance: { finding } }: Words): string {
  const { facts, period } = snapshot;
  const plan = planRows(snapshot).filter(({ status }) => status !== 'none');
  const isOver = (facts.plan?.stages[2] ?? Infinity) <= period.end;
  const good = plan.filter(({ status }) => status === 'reached' || (!isOver && status === 'on_track')).length;
  const isJudged = plan.some(({ status }) => status !== 'under_way' && status !== 'unknown');
  if (isJudged) return finding.plan(good, plan.length, isOver);
  const { planned, on_time, unconfirmed } = taskCounts(facts.tasks);
  if (planned > unconfirmed) return finding.tasks(on_time, planned);
  const { met, in_scope, not_assessed } = readinessCounts(facts.readiness?.frameworks ?? []);
  if (in_scope > not_assessed) return finding.readiness(met, in_scope);
  const changes = facts.changes?.changes.length ?? 0;
  if (changes > 0) return finding.changes(changes);
  return facts.changes === undefined || planned > 0 ? finding.unknown : finding.nothing;
}

/** The paragraph below: readiness, tasks, and what is behind the plan. */
export function governanceLede(
  snapshot: Snapshot,
  { governance: { lede }, format, indicators }: Words,
): string {
  const { readiness, tasks } = snapshot.facts;
  const behind = planRows(snapshot).filter(({ status }) => status === 'behind');
  const isPlanned = planRows(snapshot).some(({ status }) => status !== 'none' && status !== 'under_way');
  return [
    ...(readiness === undefined ? [] : [readinessText()]),
    tasks === undefined ? lede.noTasks : lede.tasks(taskCounts(tasks)),
    ...(isPlanned ? [lede.plan(behind.map(({ indicator }) => indicators[knownId(indicator)].name))] : []),
  ].join(' ');

  function readinessText(): string {
    const frameworks = readiness?.frameworks ?? [];
    const counts = readinessCounts(frameworks);
    if (counts.in_scope === counts.not_assessed) return lede.notAssessed;
    const befores = frameworks.flatMap(({ before }) => before ?? []);
    const sum = (key: 'met' | 'inScope'): number => befores.reduce((all, one) => all + one[key], 0);
    // Of another number of requirements, fewer or more says nothing.
    const comparable = befores.length === frameworks.length && sum('inScope') === counts.in_scope;
    return lede.readiness(
      counts,
      format.pctJudged(counts.met / counts.in_scope, { target: null, better: 'high' }),
      comparable ? sum('met') : null,
      monthFrom(snapshot.month, -1),
    );
  }
}
