/** One alert identity as stored: the instants at which it was written, unix seconds, oldest first. */
export interface AlertSamples {
  readonly firing: readonly number[];
  readonly pending: readonly number[];
}

/** A firing episode: from the first evaluation that found it firing to the first that did not; undefined while it goes on. */
export interface Episode {
  readonly from: number;
  readonly to: number | undefined;
  /** When it was last seen, where it ended while nobody looked: it was over at some time between this and `to`. */
  readonly earliest?: number;
  /** How often it was over for a short while and came back. */
  readonly flaps?: number;
}

/** When the rule group was evaluated, and where it was not. */
export interface Evaluations {
  /** Unix seconds, oldest first. */
  readonly instants: readonly number[];
  /** Of each evaluation: the instant before it is further away than one interval. */
  readonly afterOutage: readonly boolean[];
  /** Of each evaluation: it writes no ALERTS. */
  readonly blind: readonly boolean[];
}

/**
 * After a start Prometheus restores the state of alerts only after the second evaluation, and writes no ALERTS until then
 * (rules/group.go, RestoreForState).
 */
const silentEvaluations = 2;

/** Episodes of one identity that are no further apart are one incident, in seconds. */
export const mergedWithin = 900;

/** @param heartbeats unix seconds, in any order, repeated or not. @param interval seconds. */
export function evaluationsOf(heartbeats: readonly number[], interval: number): Evaluations {
  const instants = [...new Set(heartbeats)].toSorted((one, other) => one - other);
  const afterOutage = instants.map((instant, index) => {
    const before = instants[index - 1];
    return before !== undefined && instant - before > 1.5 * interval;
  });
  const blind = instants.map((_, index) =>
    afterOutage.slice(Math.max(0, index - silentEvaluations + 1), index + 1).includes(true),
  );
  return { instants, afterOutage, blind };
}

/**
 * Firing episodes from stored samples. Samples are missing where Prometheus was down and in the first evaluations after
 * it came back: an alert that is there again goes on, one that is pending again was reset by the restart and goes on
 * until it is over, one that is gone ended at the latest at the first evaluation that writes ALERTS again.
 */
export function episodesOf({ firing, pending }: AlertSamples, evaluations: Evaluations): readonly Episode[] {
  const { instants } = evaluations;
  const waiting = new Set(indicesOf(pending, instants));
  const at = (index: number): number => instants[index] ?? 0;
  const episodes: Episode[] = [];
  let open: { readonly from: number; readonly last: number } | undefined;
  for (const index of new Set(indicesOf(firing, instants))) {
    const end = open && endBetween(open.last, index, waiting, evaluations);
    if (open !== undefined && end !== undefined) episodes.push(ended(open.from, at(open.last), end));
    const goesOn = open !== undefined && end === undefined;
    open = { from: goesOn && open !== undefined ? open.from : at(index), last: index };
  }
  if (open !== undefined)
    episodes.push(
      ended(open.from, at(open.last), endBetween(open.last, instants.length, waiting, evaluations)),
    );
  return episodes;
}

interface End {
  readonly to: number;
  /** Nobody looked between the last time it was seen and its end. */
  readonly unseen: boolean;
}

function ended(from: number, last: number, end: End | undefined): Episode {
  if (end === undefined) return { from, to: undefined };
  return { from, to: end.to, ...(end.unseen ? { earliest: last } : {}) };
}

/** The end of what fired at evaluation `last` and may fire again at `next`; undefined when it goes on until then. */
function endBetween(
  last: number,
  next: number,
  pending: ReadonlySet<number>,
  { instants, afterOutage, blind }: Evaluations,
): End | undefined {
  let resumed = false;
  let reset = false;
  for (let index = last + 1; index < next; index++) {
    if (afterOutage[index] === true) resumed = true;
    if (blind[index] === true) continue;
    if (resumed && pending.has(index)) {
      reset = true;
      continue;
    }
    const to = instants[index];
    return to === undefined ? undefined : { to, unseen: !reset && resumed };
  }
  return undefined;
}

/** Merges the episodes of one identity that are close to each other. */
export function merged(episodes: readonly Episode[]): readonly Episode[] {
  const incidents: Episode[] = [];
  for (const episode of episodes) {
    const before = incidents.at(-1);
    if (before?.to !== undefined && episode.from - before.to <= mergedWithin)
      incidents.splice(-1, 1, { ...episode, from: before.from, flaps: (before.flaps ?? 0) + 1 });
    else incidents.push(episode);
  }
  return incidents;
}

/** The evaluations samples belong to; what no evaluation accounts for is left out. */
function indicesOf(samples: readonly number[], instants: readonly number[]): readonly number[] {
  const indices: number[] = [];
  let index = 0;
  for (const sample of samples) {
    while (index < instants.length && (instants[index] ?? 0) < sample) index += 1;
    if (instants[index] === sample) indices.push(index);
  }
  return indices;
}
