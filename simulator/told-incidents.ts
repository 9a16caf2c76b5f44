import { type Inhibition, inhibitions } from '../alerts/inhibitions.ts';
import type { AlertHistory, Episode } from './alerting.ts';
import { merged } from './incidents.ts';

/** An incident: what somebody is told of. */
export interface ToldIncident extends Episode {
  readonly labels: AlertHistory['labels'];
  /** When the alert fired first; it was muted from then to `from`. */
  readonly fired: number;
}

/**
 * Critical and warning alerts, from the first evaluation on at which no other alert mutes them. Found by looking at one
 * evaluation after the other.
 * @param end of the history and interval of the alerts, in seconds.
 */
export function toldIncidents(
  alerts: readonly AlertHistory[],
  { end, interval }: { readonly end: number; readonly interval: number },
): readonly ToldIncident[] {
  const all = alerts.map(({ labels, episodes }) => ({ labels, incidents: merged(episodes) }));
  return all
    .filter(({ labels }) => ['critical', 'warning'].includes(labels['severity'] ?? ''))
    .flatMap(({ labels, incidents }) => {
      const mutes = all.filter((other) => inhibitions.some((one) => mutesBy(one, other.labels, labels)));
      const muted = (instant: number): boolean =>
        mutes.some((mute) => mute.incidents.some(({ from, to }) => from <= instant && instant < to));
      return incidents.flatMap(({ from, to }): readonly ToldIncident[] => {
        for (let instant = from; instant < Math.min(to, end); instant += interval)
          if (!muted(instant)) return [{ labels, from: instant, to, fired: from }];
        return [];
      });
    });
}

type Labels = AlertHistory['labels'];

function mutesBy(
  { sources, targets, equal, mutesCritical, where }: Inhibition,
  source: Labels,
  target: Labels,
): boolean {
  return (
    sources.includes(source['alertname'] ?? '') &&
    targets.includes(target['alertname'] ?? '') &&
    equal.every((name) => source[name] === target[name]) &&
    (mutesCritical === true || target['severity'] !== 'critical') &&
    holds(where, target)
  );
}

/** Only the one condition there is: a label that is none of a few. */
function holds(where: string | undefined, labels: Labels): boolean {
  if (where === undefined) return true;
  const [, name, values] = /^(\w+)!~"([\w|]+)"$/.exec(where) ?? [];
  if (name === undefined || values === undefined) throw new Error(`the simulator cannot read ${where}`);
  return !values.split('|').includes(labels[name] ?? '');
}
