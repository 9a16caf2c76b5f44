import { agreementAlerts } from '../alerts/agreement-alerts.ts';
import { alertGroups } from '../alerts/alert-rules.ts';
import type { Policy } from '../alerts/policy.ts';
import { recorded } from '../alerts/records.ts';
import { matcherText } from '../exporter/metrics.ts';
import type { Labels } from '../alerts/matchers.ts';
import { activeSince, alertingRules, historiesOf, identityOf, readSamples } from './alert-histories.ts';
import { type Episode, evaluationsOf, mergedWithin } from './episodes.ts';
import { inhibitors, mutedBy, toldPart } from './inhibited.ts';
import type { Period } from './period.ts';
import type { Prometheus } from './prometheus.ts';

/** One incident: a firing episode of a critical or warning alert that somebody is told of. */
export interface Incident extends Episode {
  /** Of the alert, its name included. */
  readonly labels: Labels;
  /** The rule group that evaluates the alert; undefined when the alert is of nobody known. */
  readonly ruleGroup: string | undefined;
  /** When it fired first; before `from` where another alert muted it then. */
  readonly fired: number;
}

/** The incidents of one month. */
export interface MonthIncidents {
  readonly opened: number;
  readonly resolved: number;
  readonly openAtEnd: number;
  /** Sum over those resolved in the month, whole durations in seconds. */
  readonly secondsToResolve: number;
  /** All that were open at some moment of the month, oldest first. */
  readonly incidents: readonly Incident[];
  readonly queries: readonly string[];
}

const day = 86_400;
/** They tell of an incident, or of the calendar, and are none themselves. */
const agreements: readonly string[] = agreementAlerts.map(({ name }) => name);
/** How long before the first month an incident may have begun, in seconds. */
const lookBack = 40 * day;

/**
 * How long after a month its incidents can still change, in seconds: an alert that ended just before midnight and fires
 * again just after has not been resolved.
 */
export const settling = mergedWithin + 300;

/**
 * The incidents of each month, from the stored samples of ALERTS: every firing episode of a critical or warning alert, from
 * the moment on at which no other alert mutes it. What still fires at the first evaluation that is stored began when
 * ALERTS_FOR_STATE says.
 * @param interval of the rule groups of alerts in seconds.
 */
export async function readIncidents(
  prometheus: Prometheus,
  policy: Policy,
  customer: string,
  periods: readonly Period[],
  interval: number,
): Promise<readonly MonthIncidents[]> {
  const heartbeat = recorded('maintenance:evaluation_timestamp_seconds', {
    rule_group: alertGroups,
  });
  // A loss of all hosts is nobody's own.
  const muting = { alertname: inhibitors, customer: [customer, ''], alertstate: 'firing' };
  const own = { customer, severity: ['critical', 'warning'] };
  const asked = [`ALERTS${matcherText(own)}`, `ALERTS${matcherText(muting)}`] as const;
  const from = (periods[0]?.start ?? 0) - lookBack;
  const to = (periods.at(-1)?.end ?? 0) + settling;
  const [beats, ...stored] = await Promise.all(
    [heartbeat, ...asked].map((selector) => readSamples(prometheus, selector, from, to)),
  );
  const groups = new Map(
    alertGroups.map((group) => {
      const instants = (beats ?? []).flatMap((beat) =>
        beat.labels['rule_group'] === group ? beat.instants : [],
      );
      return [group, evaluationsOf(instants, interval)] as const;
    }),
  );
  const rules = alertingRules(policy);
  const [alerts = [], inhibiting = []] = await Promise.all(
    stored.map(async (samples, index) => {
      const since = await activeSince(prometheus, index === 0 ? own : muting, groups);
      return historiesOf(samples, rules, groups, since);
    }),
  );
  const incidents = alerts
    .filter(({ labels }) => !agreements.includes(labels['alertname'] ?? ''))
    .flatMap(({ labels, episodes }) => {
      const mutes = mutedBy(labels, inhibiting);
      return episodes.flatMap((episode): readonly Incident[] => {
        const told = toldPart(episode, mutes, interval);
        const ruleGroup = rules.get(labels['alertname'] ?? '')?.group;
        return told === undefined ? [] : [{ ...told, labels, ruleGroup, fired: episode.from }];
      });
    })
    .toSorted(
      (one, other) => one.from - other.from || (identityOf(one.labels) < identityOf(other.labels) ? -1 : 1),
    );
  return periods.map((period) => ({
    ...incidentsIn(incidents, period),
    incidents: incidents.filter((one) => one.from < period.end && (one.to ?? Infinity) > period.start),
    queries: [heartbeat, ...asked],
  }));
}

/** What a month counts: incidents that began in it, that ended in it, and that were going on when it ended. */
export function incidentsIn(
  incidents: readonly Episode[],
  { start, end }: Pick<Period, 'start' | 'end'>,
): Omit<MonthIncidents, 'queries' | 'incidents'> {
  const inside = (instant: number): boolean => start <= instant && instant < end;
  const durations = incidents.flatMap(({ from, to }) => (to !== undefined && inside(to) ? [to - from] : []));
  return {
    opened: incidents.filter(({ from }) => inside(from)).length,
    resolved: durations.length,
    openAtEnd: incidents.filter(({ from, to }) => from < end && (to === undefined || to >= end)).length,
    secondsToResolve: durations.reduce((sum, seconds) => sum + seconds, 0),
  };
}
