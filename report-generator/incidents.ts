import { agreementAlerts } from '../alerts/agreement-alerts.ts';
import { alertGroups, alertRules } from '../alerts/alert-rules.ts';
import { parseDuration } from '../alerts/duration.ts';
import type { Policy } from '../alerts/policy.ts';
import { recorded } from '../alerts/records.ts';
import { matcherText } from '../exporter/metrics.ts';
import {
  type AlertSamples,
  type Episode,
  episodesOf,
  evaluationsOf,
  merged,
  mergedWithin,
} from './episodes.ts';
import type { Period } from './period.ts';
import type { Prometheus, Samples } from './prometheus.ts';

/** The incidents of one month. */
export interface MonthIncidents {
  readonly opened: number;
  readonly resolved: number;
  readonly openAtEnd: number;
  /** Sum over those resolved in the month, whole durations in seconds. */
  readonly secondsToResolve: number;
  readonly queries: readonly string[];
}

const day = 86_400;
/** They tell of an incident, or of the calendar, and are none themselves. */
const agreements: readonly string[] = agreementAlerts.map(({ name }) => name);
/** How long before the first month an incident may have begun, in seconds. */
const lookBack = 40 * day;
/** One answer holds at most so much time, in seconds: a week of one alert is ten thousand samples. */
const atATime = 7 * day;

/**
 * How long after a month its incidents can still change, in seconds: an alert that ended just before midnight and fires
 * again just after has not been resolved.
 */
export const settling = mergedWithin + 300;

/**
 * The incidents of each month, from the stored samples of ALERTS: every firing episode of a critical or warning alert.
 * What still fires at the first evaluation that is stored began when ALERTS_FOR_STATE says.
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
  const match = { customer, severity: ['critical', 'warning'] };
  const alerts = `ALERTS${matcherText(match)}`;
  const from = (periods[0]?.start ?? 0) - lookBack;
  const to = (periods.at(-1)?.end ?? 0) + settling;
  const [beats, stored] = await Promise.all([
    readSamples(prometheus, heartbeat, from, to),
    readSamples(prometheus, alerts, from, to),
  ]);
  const rules = alertingRules(policy);
  const incidents = await Promise.all(
    // Each group is evaluated at instants of its own, and its alerts are stored with them.
    alertGroups.map(async (group) => {
      const evaluations = evaluationsOf(
        beats.filter(({ labels }) => labels['rule_group'] === group).flatMap(({ instants }) => instants),
        interval,
      );
      const [first] = evaluations.instants;
      const since =
        first === undefined ? [] : await prometheus.values(`ALERTS_FOR_STATE${matcherText(match)}`, first);
      const activeSince = new Map(since.map(({ labels, value }) => [identityOf(labels), value]));
      return [...byIdentity(stored)].flatMap(([identity, { alertname, samples }]) => {
        if (agreements.includes(alertname)) return [];
        const rule = rules.get(alertname);
        if ((rule?.group ?? alertGroups[0]) !== group) return [];
        const episodes = episodesOf(samples, evaluations);
        const active = activeSince.get(identity);
        return merged(
          active === undefined ? episodes : reachingBack(episodes, first, active + (rule?.pending ?? 0)),
        );
      });
    }),
  );
  return periods.map((period) => ({
    ...incidentsIn(incidents.flat(), period),
    queries: [heartbeat, alerts],
  }));
}

/** What a month counts: incidents that began in it, that ended in it, and that were going on when it ended. */
export function incidentsIn(
  incidents: readonly Episode[],
  { start, end }: Pick<Period, 'start' | 'end'>,
): Omit<MonthIncidents, 'queries'> {
  const inside = (instant: number): boolean => start <= instant && instant < end;
  const durations = incidents.flatMap(({ from, to }) => (to !== undefined && inside(to) ? [to - from] : []));
  return {
    opened: incidents.filter(({ from }) => inside(from)).length,
    resolved: durations.length,
    openAtEnd: incidents.filter(({ from, to }) => from < end && (to === undefined || to >= end)).length,
    secondsToResolve: durations.reduce((sum, seconds) => sum + seconds, 0),
  };
}

/** An episode that was firing at the first evaluation began before it. */
export function reachingBack(
  episodes: readonly Episode[],
  first: number | undefined,
  began: number,
): readonly Episode[] {
  return episodes.map((episode) =>
    episode.from === first ? { ...episode, from: Math.min(episode.from, began) } : episode,
  );
}

/** Stored samples from `from` up to `to`, asked for in pieces. */
async function readSamples(
  prometheus: Prometheus,
  selector: string,
  from: number,
  to: number,
): Promise<readonly Samples[]> {
  const pieces: Promise<readonly Samples[]>[] = [];
  for (let start = from; start < to; start += atATime) {
    const end = Math.min(to, start + atATime);
    pieces.push(prometheus.samples(`${selector}[${Math.round((end - start) * 1000)}ms]`, end - 0.001));
  }
  return (await Promise.all(pieces)).flat();
}

function byIdentity(
  stored: readonly Samples[],
): ReadonlyMap<string, { readonly alertname: string; readonly samples: AlertSamples }> {
  const groups = Map.groupBy(stored, ({ labels }) => identityOf(labels));
  return new Map(
    [...groups].map(([identity, pieces]) => {
      const instants = (state: string) =>
        pieces.filter(({ labels }) => labels['alertstate'] === state).flatMap((piece) => piece.instants);
      const alertname = pieces[0]?.labels['alertname'] ?? '';
      return [identity, { alertname, samples: { firing: instants('firing'), pending: instants('pending') } }];
    }),
  );
}

/** The labels of an alert, without its state and without the name ALERTS itself has. */
function identityOf(labels: Samples['labels']): string {
  const own = Object.entries(labels).filter(([name]) => name !== 'alertstate' && name !== '__name__');
  return JSON.stringify(own.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** The rule group of each alert, and how long the alert is pending before it fires, in seconds. */
function alertingRules(
  policy: Policy,
): ReadonlyMap<string, { readonly group: string; readonly pending: number }> {
  return new Map(
    alertRules(policy).groups.flatMap(({ name, rules }) =>
      rules.flatMap((rule) =>
        'alert' in rule
          ? [[rule.alert, { group: name, pending: parseDuration(rule.for ?? '0s') ?? 0 }] as const]
          : [],
      ),
    ),
  );
}
