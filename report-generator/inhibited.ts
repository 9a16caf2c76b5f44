import { inhibitions, inhibitRules } from '../alerts/inhibitions.ts';
import { allMatch, type Labels, type Matcher, parseMatcher } from '../alerts/matchers.ts';
import type { Episode } from './episodes.ts';

/** An alert with what it did. */
export interface AlertHistory {
  readonly labels: Labels;
  readonly episodes: readonly Episode[];
}

/** The alerts that mute others. */
export const inhibitors: readonly string[] = [...new Set(inhibitions.flatMap(({ sources }) => sources))];

const rules = inhibitRules().map(({ source_matchers, target_matchers, equal = [] }) => ({
  sources: source_matchers.map(known),
  targets: target_matchers.map(known),
  equal,
}));

/** When an alert of these labels is muted by the others, as Alertmanager is told in alerts/inhibitions.ts. */
export function mutedBy(labels: Labels, histories: readonly AlertHistory[]): readonly Episode[] {
  const own = rules.filter(({ targets }) => allMatch(targets, labels));
  return histories
    .filter((source) =>
      own.some(
        ({ sources, equal }) =>
          allMatch(sources, source.labels) &&
          equal.every((name) => (labels[name] ?? '') === (source.labels[name] ?? '')),
      ),
    )
    .flatMap(({ episodes }) => episodes);
}

/**
 * The part of an episode that somebody is told of: from the first moment at which nothing mutes it. Undefined where it was
 * muted until it was over.
 * @param round seconds between evaluations: what begins in the same round of them as the alert mutes it from its beginning.
 */
export function toldPart<E extends Episode>(
  episode: E,
  muting: readonly Episode[],
  round: number,
): E | undefined {
  let { from } = episode;
  for (;;) {
    const mute = muting.find((each) => each.from < from + round && (each.to ?? Infinity) > from);
    if (mute === undefined) return { ...episode, from };
    if (mute.to === undefined || mute.to >= (episode.to ?? Infinity)) return undefined;
    from = mute.to;
  }
}

function known(text: string): Matcher {
  const matcher = parseMatcher(text);
  if (matcher === undefined) throw new Error(`alerts/inhibitions.ts writes ${text}, which is no matcher`);
  return matcher;
}
