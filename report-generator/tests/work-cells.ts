import { type Check, none, noneReason, percent, same } from './cell.ts';

export const onTime: Check = (found, truth) => {
  const { on_time, late, missed, unconfirmed } = truth.tasks;
  const planned = on_time + late + missed + unconfirmed;
  if (found.reason !== null) {
    // Of a customer without any host nobody can tell whether it was not here yet, or is not seen.
    const why = noneReason(truth) ?? (planned === 0 ? 'nothing_happened' : 'no_series');
    const told = why === 'no_series' && planned !== unconfirmed ? [`${planned - unconfirmed} are known`] : [];
    const cell = none(found, why);
    return { ...cell, lies: [...cell.lies, ...told] };
  }
  const known = (planned - unconfirmed) / planned;
  return {
    text:
      unconfirmed === 0
        ? '='
        : `${percent(on_time / planned)}..${percent((on_time + unconfirmed) / planned)} (unconfirmed)`,
    lies: [
      ...same('numerator and denominator', [found.numerator, found.denominator], [on_time, planned]),
      ...same('coverage of objects', found.coverage.objects, known),
    ],
  };
};

function outside(value: number, least: number, most: number): boolean {
  return value < least - 1e-6 || value > most + 1e-6;
}

/**
 * What was seen lies between what was there at the looks, and what happened; what nobody saw counts as not made. The looks of
 * the scenarios are so far apart that the job of a host which left may be seen for one run more.
 */
export const backupRuns: Check = (found, truth) => {
  const reason = noneReason(truth);
  if (reason !== undefined) return none(found, reason);
  const runs = truth.protection.backup_runs;
  const sum = (part: 'due' | 'succeeded' | 'seen'): number =>
    runs.reduce((total, run) => total + run[part], 0);
  if (sum('due') === 0) return none(found, 'nothing_expected');
  const jobs = runs.filter(({ named }) => named);
  const on = (instance: string): boolean => truth.hosts.some((host) => host.instance === instance);
  const left = jobs.filter(({ instance }) => !on(instance)).length;
  // A host that must have backups and named no job all month is as one job of which no run is known.
  const silent = truth.hosts.filter(
    ({ instance, controls }) =>
      controls.backup !== undefined && !jobs.some((job) => job.instance === instance),
  );
  const declared = jobs.length / (jobs.length + silent.length);
  const { numerator: made, denominator: due, coverage } = found;
  if (made === null || due === null || coverage.objects === null)
    return { text: 'none', lies: ['there is no value'] };
  const high = made + due - (coverage.objects / declared) * due;
  return {
    text:
      coverage.objects === 1 && coverage.time === 1
        ? '='
        : `${percent(made / due)}..${percent(high / due)} (runs nobody saw)`,
    lies: [
      ...(outside(due, sum('due'), sum('due') + left) ? [`${due} were due, and truly ${sum('due')}`] : []),
      ...(outside(made, sum('seen'), sum('succeeded') + left)
        ? [`${made} succeeded, not ${sum('seen')} to ${sum('succeeded')}`]
        : []),
      ...(high < sum('succeeded') - 1e-6 ? [`at most ${high} succeeded, and truly ${sum('succeeded')}`] : []),
      ...(coverage.objects > declared + 1e-6
        ? [`coverage is ${coverage.objects}, and ${declared} of the jobs are known`]
        : []),
    ],
  };
};

export const criticalOpen: Check = (found, truth) => {
  if (truth.evaluations === 0) return none(found, 'no_evaluations');
  const { open, told } = truth.protection.critical;
  const scanned = truth.at_end['vulnerability_critical'] !== undefined;
  if (told === 0) return none(found, scanned ? 'no_series' : 'nothing_expected');
  const share = told / truth.hosts.length;
  return {
    text: share === 1 ? '=' : `>= (${told} of ${truth.hosts.length} hosts told of)`,
    lies: [
      ...same('value', found.value, open),
      ...same('coverage of objects', found.coverage.objects, share),
    ],
  };
};
