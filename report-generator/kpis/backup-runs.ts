import { recorded } from '../../alerts/records.ts';
import type { Runs } from '../facts/backups.ts';
import type { Kpi, Measured } from '../kpi.ts';
import { readMonthRuns, sumOf } from '../month-backups.ts';
import { monthValues, rangeOf } from '../month-query.ts';

/** Backup runs that made a complete restore point, of those due in the month. Those nobody saw count as not made. */
export const backupRuns: Kpi = {
  id: 'backup_runs',
  unit: 'ratio',
  better: 'high',
  measure: async (measuring): Promise<Measured> => {
    const { prometheus, customer, month, months } = measuring;
    const target = `last_over_time(${recorded('maintenance:control_target:ratio', { control: 'backup' })}${rangeOf(month.period)})`;
    const trend: Measured['trend'] = [];
    let queries: readonly string[] = [];
    let runs: Runs = { succeeded: 0, missed: 0, unknown: 0 };
    // One month after the other: the answers may be large.
    for (const { period, controls } of months) {
      const found = await readMonthRuns(prometheus, customer, period);
      runs = sumOf(found.jobs);
      ({ queries } = found);
      const value = controls.time > 0 ? shareOf(runs) : null;
      trend.push({ month: period.month, value, time: controls.time });
    }
    const { value = null, time = 0 } = trend.at(-1) ?? {};
    const due = dueOf(runs);
    const { jobs = 0, undeclared = 0 } = measuring.facts.backups?.month ?? {};
    // A job that does not say how often it runs is one of which no run is known.
    const declared = jobs + undeclared === 0 ? 1 : jobs / (jobs + undeclared);
    const targets = await monthValues(prometheus, target, 'control', month.period);
    return {
      value,
      reason:
        value !== null ? null : reasonOf(month.controls.time, measuring.facts.backups?.jobs.length ?? 0),
      numerator: value === null ? null : runs.succeeded,
      denominator: value === null ? null : due,
      target: targets.get('backup') ?? null,
      coverage: {
        objects: value === null ? null : (declared * (due - runs.unknown)) / due,
        time,
      },
      atEnd: null,
      trend,
      queries: [...queries, ...month.queries, target],
    };
  },
};

function reasonOf(time: number, jobs: number): Measured['reason'] {
  if (time === 0) return 'no_evaluations';
  return jobs === 0 ? 'nothing_expected' : 'no_series';
}

function dueOf({ succeeded, missed, unknown }: Runs): number {
  return succeeded + missed + unknown;
}

/** Null where nothing was due. */
function shareOf(runs: Runs): number | null {
  const due = dueOf(runs);
  return due === 0 ? null : runs.succeeded / due;
}
