import type { Condition } from './conditions.ts';
import { spanAt, type Span } from './track.ts';

/** What one evaluation writes for one alert identity: ALERTS with this state, ALERTS_FOR_STATE with `activeAt`. */
export interface AlertSample {
  readonly instant: number;
  readonly state: 'pending' | 'firing';
  readonly activeAt: number;
}

/** One firing episode: from the first evaluation that found it firing to the first that did not; Infinity while open. */
export type Episode = Span;

export interface AlertHistory {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly AlertSample[];
  readonly episodes: readonly Episode[];
}

/** Prometheus restores the state of alerts after a restart when it was down for no longer, in seconds. */
const restoredWithin = 3600;
/** Only alerts with at least this `for` are restored, in seconds (--rules.alert.for-grace-period). */
const restoredFrom = 600;
/** Evaluations after a start that write no ALERTS: state is restored only after the second. */
export const silentEvaluations = 2;

/**
 * Evaluates one condition every `interval` seconds from `start` to `end` as Prometheus 2.42 does (rules/alerting.go, rules/group.go):
 * pending first, kept firing for a while, and a restart after each outage. An episode that fires on both sides of an
 * outage is one episode; one that is over at the first evaluation after it ends there.
 */
export function evaluate(
  condition: Condition,
  outages: readonly Span[],
  { start, end, interval }: { readonly start: number; readonly end: number; readonly interval: number },
): AlertHistory {
  const samples: AlertSample[] = [];
  const episodes: { from: number; to: number }[] = [];
  const grid = (instant: number): number => Math.ceil(instant / interval) * interval;
  let active: { at: number; firing: boolean; endsAt: number } | undefined;
  let before: { at: number; outage: number } | undefined;
  let evaluations = Infinity;
  for (let instant = grid(start); instant < end; instant += interval) {
    const outage = spanAt(outages, instant);
    if (outage !== undefined) {
      before = active && { at: active.at, outage: outage.to - outage.from };
      active = undefined;
      evaluations = 0;
      instant = grid(outage.to) - interval;
      continue;
    }
    evaluations += 1;
    const holds = spanAt(condition.spans, instant) !== undefined;
    if (holds) {
      active ??= { at: instant, firing: false, endsAt: Infinity };
      active = {
        ...active,
        firing: active.firing || instant - active.at >= condition.pendingFor,
        endsAt: Infinity,
      };
    } else if (active?.firing === true) {
      const endsAt = Math.min(active.endsAt, instant + condition.keepFiring);
      active = instant < endsAt ? { ...active, endsAt } : undefined;
    } else active = undefined;
    if (
      evaluations === silentEvaluations &&
      active !== undefined &&
      condition.pendingFor >= restoredFrom &&
      (before?.outage ?? Infinity) <= restoredWithin
    ) {
      active = { ...active, at: before?.at ?? active.at };
    }
    const open = episodes.at(-1);
    if (open?.to === Infinity && active === undefined) open.to = instant;
    if (active?.firing === true && open?.to !== Infinity) episodes.push({ from: instant, to: Infinity });
    if (active === undefined) {
      const next = condition.spans.find(({ from }) => from > instant)?.from ?? end;
      const pause = outages.find(({ from }) => from > instant)?.from ?? end;
      const idle = grid(Math.min(next, pause)) - interval;
      if (evaluations > silentEvaluations && idle > instant) instant = idle;
      continue;
    }
    if (evaluations <= silentEvaluations) continue;
    samples.push({ instant, state: active.firing ? 'firing' : 'pending', activeAt: active.at });
  }
  return { labels: condition.labels, samples, episodes };
}
