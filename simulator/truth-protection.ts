import type { Policy } from '../alerts/policy.ts';
import { intervalOf } from './backups.ts';
import { day, hour, type Month } from './calendar.ts';
import { valueAt } from './track.ts';
import { verdictsOf } from './verdicts.ts';
import { lastSeen, type JobLife, type Life, type World } from './world.ts';

/** Runs of a backup job in a month. */
interface RunTruth {
  readonly instance: string;
  readonly job: string;
  /** Whether it was to be seen in the month that there is the job. */
  readonly named: boolean;
  /** By its schedule, while it was to be seen that there is the job. A run that begins in the last hours of a month belongs to the next. */
  readonly due: number;
  readonly succeeded: number;
  /** Those of them that could be seen at a whole six hours (UTC) while their restore point was the newest. */
  readonly seen: number;
}

interface RestoreTruth {
  readonly instance: string;
  readonly job: string;
  readonly known: boolean;
  /** When the job was last restored as it should; null when it never was, or the last test failed. */
  readonly verified: number | null;
}

/** What the pages on protection tell beside the controls, at the last evaluation of the month. Instants in unix seconds. */
export interface ProtectionTruth {
  readonly backup_runs: readonly RunTruth[];
  readonly restores: readonly RestoreTruth[];
  /** Critical vulnerabilities that scanners found open, and how many hosts could be told of. */
  readonly critical: { readonly open: number; readonly told: number };
  /** Hosts by days their oldest security update is past its limit. */
  readonly overdue: Readonly<Record<'days3' | 'days7' | 'days30' | 'more' | 'unknown' | 'in_order', number>>;
}

/** @param world with the hosts of one customer. @param instants the evaluations of the month. */
export function protectionTruth(
  world: World,
  month: Month,
  instants: readonly number[],
  policy: Policy,
): ProtectionTruth {
  const last = instants.at(-1) ?? month.from;
  const there = world.lives.filter(({ up }) => valueAt(up, last) !== undefined);
  const jobs = there.flatMap((life) => life.jobs.map((job) => ({ life, job })));
  const told = there.filter(({ severityTold }) => valueAt(severityTold.critical, last) === true);
  return {
    backup_runs: jobs.flatMap(({ life, job }) => runTruth(life, job, month, instants)),
    restores: jobs.flatMap(({ life, job }) => restoreTruth(life, job, last)),
    critical: {
      open: told.reduce((sum, { scans }) => sum + (valueAt(scans, last)?.open.critical.count ?? 0), 0),
      told: told.length,
    },
    overdue: overdue(there, last, policy),
  };
}

function runTruth(
  { host, exposed, up }: Life,
  { job, runs, states }: JobLife,
  { from, to }: Month,
  instants: readonly number[],
): readonly RunTruth[] {
  if (job.since >= to) return [];
  const looks = instants.filter((at) => at % (6 * hour) === 0 && at >= job.since && valueAt(up, at) === true);
  const [first, last] = [looks[0], looks.at(-1)];
  const name = { instance: host.instance, job: job.name };
  if (first === undefined || last === undefined)
    return [{ ...name, named: false, due: 0, succeeded: 0, seen: 0 }];
  const grace = Math.min(6 * hour, intervalOf(job) / 4);
  // Of a job that was not there when the month began, the newest restore point then is the first run anybody can know of.
  const begin = first - from <= 6 * hour ? from - grace : (valueAt(states, first)?.lastSuccess ?? first);
  const over = host.left < to ? last : to;
  const own = runs.filter((run) => run.from >= Math.max(begin, from - grace) && run.from < over - grace);
  const good = runs.filter(({ success }) => success);
  const isSeen = (run: (typeof runs)[number]): boolean => {
    const next = good.find((other) => other.from > run.from)?.to ?? Infinity;
    return instants.some(
      (at) => at % (6 * hour) === 0 && at >= run.to && at < next && valueAt(exposed.restic, at) === true,
    );
  };
  const succeeded = own.filter(({ success }) => success);
  return [
    {
      ...name,
      named: true,
      due: own.length,
      succeeded: succeeded.length,
      seen: succeeded.filter(isSeen).length,
    },
  ];
}

/** Undefined of a job nobody has heard of within a day. */
function restoreTruth(
  life: Life,
  { job, proofs, proofTold }: JobLife,
  last: number,
): readonly RestoreTruth[] {
  const named = lastSeen(life.up, last);
  if (named === undefined || job.since > named) return [];
  const newest = valueAt(proofs.restore, last);
  const known = valueAt(proofTold.restore, last) === true;
  return [
    {
      instance: life.host.instance,
      job: job.name,
      known,
      verified: known && newest?.success === true ? newest.at : null,
    },
  ];
}

function overdue(lives: readonly Life[], last: number, policy: Policy): ProtectionTruth['overdue'] {
  const parts = lives.flatMap((life) =>
    verdictsOf('patch_security', life, last, policy).map(({ known, compliant, age = 0, limit = 0 }) => {
      if (!known) return 'unknown';
      if (compliant) return 'in_order';
      const days = (age - limit) / day;
      if (days <= 3) return 'days3';
      if (days <= 7) return 'days7';
      return days <= 30 ? 'days30' : 'more';
    }),
  );
  const count = (part: keyof ProtectionTruth['overdue']): number =>
    parts.filter((each) => each === part).length;
  return {
    days3: count('days3'),
    days7: count('days7'),
    days30: count('days30'),
    more: count('more'),
    unknown: count('unknown'),
    in_order: count('in_order'),
  };
}
