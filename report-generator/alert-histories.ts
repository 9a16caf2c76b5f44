import { alertGroups, alertRules } from '../alerts/alert-rules.ts';
import { parseDuration } from '../alerts/duration.ts';
import type { Policy } from '../alerts/policy.ts';
import { matcherText } from '../exporter/metrics.ts';
import { type Episode, episodesOf, type Evaluations, evaluationsOf, merged } from './episodes.ts';
import type { AlertHistory } from './inhibited.ts';
import type { Prometheus, Samples } from './prometheus.ts';

/** What one answer should hold: some megabytes. */
const samplesAtOnce = 100_000;
/** One answer holds so much time, in seconds. */
const [shortest, firstPiece, longest] = [3600, 86_400, 28 * 86_400];

/** The evaluations of each rule group. */
export type Groups = ReadonlyMap<string, Evaluations>;
/** The rule group of each alert, and how long the alert is pending before it fires, in seconds. */
export type Rules = ReadonlyMap<string, { readonly group: string; readonly pending: number }>;

/** Since when each alert was active at the first evaluation of its group, by group and identity. */
export async function activeSince(
  prometheus: Prometheus,
  match: Parameters<typeof matcherText>[0],
  groups: Groups,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const { alertstate: _, ...labels } = match;
  const query = `ALERTS_FOR_STATE${matcherText(labels)}`;
  const asked = [...groups].map(async ([group, { instants }]) => {
    const [first] = instants;
    const found = first === undefined ? [] : await prometheus.values(query, first);
    return [group, new Map(found.map((one) => [identityOf(one.labels), one.value]))] as const;
  });
  return new Map(await Promise.all(asked));
}

/** Each group is evaluated at instants of its own, and its alerts are stored with them. */
export function historiesOf(
  stored: readonly Samples[],
  rules: Rules,
  groups: Groups,
  since: Awaited<ReturnType<typeof activeSince>>,
): readonly AlertHistory[] {
  return [...Map.groupBy(stored, ({ labels }) => identityOf(labels))].map(([identity, pieces]) => {
    const instants = (state: string) =>
      pieces.filter(({ labels }) => labels['alertstate'] === state).flatMap((piece) => piece.instants);
    const { __name__: _, alertstate: __, ...labels } = pieces[0]?.labels ?? {};
    const rule = rules.get(labels['alertname'] ?? '');
    const group = rule?.group ?? alertGroups[0] ?? '';
    const evaluations = groups.get(group) ?? evaluationsOf([], 1);
    const episodes = episodesOf({ firing: instants('firing'), pending: instants('pending') }, evaluations);
    const active = since.get(group)?.get(identity);
    const whole =
      active === undefined
        ? episodes
        : reachingBack(episodes, evaluations.instants[0], active + (rule?.pending ?? 0));
    return { labels, episodes: merged(whole) };
  });
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

/**
 * Stored samples from `from` up to `to`, asked for one piece after the other. How long the next piece is depends on how much
 * the one before held: a large estate has in an hour what a small one has in a week.
 */
export async function readSamples(
  prometheus: Prometheus,
  selector: string,
  from: number,
  to: number,
): Promise<readonly Samples[]> {
  const pieces: Samples[] = [];
  let length = firstPiece;
  for (let start = from; start < to;) {
    const end = Math.min(to, start + length);
    const range = `${selector}[${Math.round((end - start) * 1000)}ms]`;
    const found = await prometheus.samples(range, end - 0.001);
    for (const one of found) pieces.push(one);
    const held = found.reduce((sum, { instants }) => sum + instants.length, 0);
    const fitting = held === 0 ? longest : ((end - start) * samplesAtOnce) / held;
    // A quiet week must not make the next piece a flood.
    length = Math.ceil(Math.min(longest, 4 * length, Math.max(shortest, fitting)));
    start = end;
  }
  return pieces;
}

/** The labels of an alert, without its state and without the name ALERTS itself has. */
export function identityOf(labels: Samples['labels']): string {
  const own = Object.entries(labels).filter(([name]) => name !== 'alertstate' && name !== '__name__');
  return JSON.stringify(own.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** What the policy makes of the alerts. */
export function alertingRules(policy: Policy): Rules {
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
