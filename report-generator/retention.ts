import type { Policy } from '../alerts/policy.ts';
import { recorded } from '../alerts/records.ts';
import { readEvaluations } from './evaluation.ts';
import { askedAt, rangeOf } from './month-query.ts';
import type { Period } from './period.ts';
import type { PrometheusServer } from './prometheus.ts';

/** Of the time between the start of a month and its first evaluation: a restart may fall there, seconds. */
const restart = 900;
const heartbeat = recorded('maintenance:evaluation_timestamp_seconds', {
  rule_group: 'maintenance-controls',
});

/**
 * Whether Prometheus can tell of the whole month, asked before anything else. A month it has forgotten in part counts as
 * not watched there, and never as good.
 * @param now unix seconds.
 * @returns what is missing and what to do about it, a sentence each.
 * @throws Error that says what to do, when it has nothing of our rules at all.
 */
export async function forgottenOf(
  prometheus: PrometheusServer,
  policy: Policy,
  period: Period,
  now: number,
): Promise<readonly string[]> {
  const { controls } = await readEvaluations(prometheus, period, policy.evaluation_interval);
  if (controls.evaluations === 0) await refuseWithoutRules(prometheus, period, now);
  const first = await oldest(prometheus, period);
  const interval = controls.interval ?? policy.evaluation_interval;
  if (first !== undefined && first - period.start <= 2 * interval + restart) return [];
  const what =
    first === undefined
      ? `Prometheus has no evaluation of the rules in ${period.month}`
      : `Prometheus has no evaluation of the rules in ${period.month} before ${textOf(first)}`;
  return [`${what}${await reasonOf(prometheus, period, now)}. What is missing counts as not watched.`];
}

/** The first evaluation in the month, unix seconds. */
async function oldest(prometheus: PrometheusServer, period: Period): Promise<number | undefined> {
  const [found] = await prometheus.values(`min_over_time(${heartbeat}${rangeOf(period)})`, askedAt(period));
  return found?.value;
}

/** Rules that never ran and a month that was forgotten look alike from inside the month, and ask for different things. */
async function refuseWithoutRules(
  prometheus: PrometheusServer,
  { start, month }: Period,
  now: number,
): Promise<void> {
  const since = `[${Math.max(3600, Math.ceil(now - start))}s]`;
  if ((await prometheus.values(`count(last_over_time(${heartbeat}${since}))`, now)).length > 0) return;
  const [targets] = await prometheus.values('count(last_over_time(up[1h]))', now);
  throw new Error(
    targets === undefined
      ? `this Prometheus has nothing since ${month} began, neither targets nor rules. Is it the one with our rules? Check --prometheus.`
      : `this Prometheus has targets and no record of our rules since ${month} began: the rules are not loaded. Add alerts/generated/records.yaml and alerts.yaml to its rule_files.`,
  );
}

async function reasonOf(prometheus: PrometheusServer, { start }: Period, now: number): Promise<string> {
  const kept = await prometheus.retention();
  const seconds = kept === undefined ? undefined : retentionSeconds(kept);
  if (kept !== undefined && seconds !== undefined && now - seconds > start)
    return `; it keeps ${kept}. Start it with --storage.tsdb.retention.time=400d, and make the report in the first days of a month`;
  const [lowest] = await prometheus.values('min(prometheus_tsdb_lowest_timestamp_seconds)', now);
  if (lowest !== undefined && lowest.value > start)
    return `; its storage begins on ${textOf(lowest.value)}, when it was set up or what its disk holds`;
  return kept === undefined ? '' : `; it keeps ${kept}, so it did not run then, or without our rules`;
}

const units: Readonly<Record<string, number>> = {
  y: 365 * 86_400,
  w: 7 * 86_400,
  d: 86_400,
  h: 3600,
  m: 60,
  s: 1,
};

/** Of `15d`, `1y2w or 50GiB`; undefined where it is limited by size only, or not at all (`0s`). */
export function retentionSeconds(text: string): number | undefined {
  const [duration = ''] = text.split(' ');
  if (!/^(\d+[ywdhms])+$/.test(duration)) return undefined;
  const parts = [...duration.matchAll(/(\d+)([ywdhms])/g)];
  const seconds = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0);
  return seconds === 0 ? undefined : seconds;
}

function textOf(instant: number): string {
  return new Date(instant * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
