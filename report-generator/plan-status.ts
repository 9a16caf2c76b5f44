import type { Plan } from './facts/plan.ts';
import { judge } from './judge.ts';
import type { Indicator, Snapshot, Verdict } from './snapshot.ts';

/**
 * reached: the last target is met. on_track, behind: held against the target of the last stage that is over. under_way: none is
 * over. unknown: what is not known decides. none: nothing was measured.
 */
export const planStatuses = ['reached', 'on_track', 'under_way', 'behind', 'unknown', 'none'] as const;
export type PlanStatus = (typeof planStatuses)[number];

export const planMarks: Readonly<Record<PlanStatus, Verdict>> = {
  reached: 'met',
  on_track: 'running',
  under_way: 'running',
  behind: 'missed',
  unknown: 'unknown',
  none: 'none',
};

export interface PlanRow {
  readonly indicator: string;
  readonly baseline: number | null;
  readonly targets: Plan['rows'][number]['targets'];
  readonly now: number | null;
  readonly status: PlanStatus;
  /** 0 at the baseline, 1 at the last target; null where either is not known. */
  readonly progress: number | null;
  /** The same of the targets on the way. */
  readonly stages: readonly number[];
}

/** How far each indicator of the plan is at the end of the month; none before the plan begins. */
export function planRows({ facts: { plan }, indicators, period }: Snapshot): readonly PlanRow[] {
  if (plan === undefined || plan.stages[0] - 30 * 86_400 >= period.end) return [];
  return plan.rows.map(({ indicator: id, baseline, targets }) => {
    const indicator = indicators.find((one) => one.id === id);
    const now = indicator?.value ?? null;
    const goal = targets.findLast((target) => target !== null) ?? null;
    const due =
      targets.findLast((target, index) => target !== null && isOver(plan, index, period.end)) ?? null;
    const way = (value: number | null): number | null =>
      baseline === null || goal === null || value === null || goal === baseline
        ? null
        : (value - baseline) / (goal - baseline);
    return {
      indicator: id,
      baseline,
      targets,
      now,
      status: statusOf(indicator, goal, due),
      progress: way(now),
      stages: targets.slice(0, 2).flatMap((target) => way(target) ?? []),
    };
  });
}

function isOver({ stages }: Plan, index: number, end: number): boolean {
  return (stages[index] ?? Infinity) <= end;
}

function statusOf(indicator: Indicator | undefined, goal: number | null, due: number | null): PlanStatus {
  if (indicator === undefined || indicator.value === null) return 'none';
  const against = (target: number): Verdict => judge({ ...indicator, target });
  if (goal !== null && against(goal) === 'met') return 'reached';
  if (due === null) return 'under_way';
  const verdict = against(due);
  if (verdict === 'missed') return 'behind';
  return verdict === 'met' ? 'on_track' : 'unknown';
}
